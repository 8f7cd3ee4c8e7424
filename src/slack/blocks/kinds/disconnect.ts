import type { DisconnectRequest } from '../../../orders/domain/request.js';
import { modeWords, protectedWords } from '../disconnect-options.js';
import type { Labeled } from '../order/card-lines.js';
import type { KindDrawing } from './kind.js';
import { numbersTouched } from './numbers-touched.js';
import { differing, nameColumns } from './request-columns.js';

export const disconnectDrawing: KindDrawing = {
  paragraphs: (request: DisconnectRequest, askedBy, room) => [
    { columns: [askedBy, ...optionColumns(request)] },
    ...numbersTouched(request, room),
  ],
  placeColumns: () => [],
  // A released number ages at Bandwidth (status Aging), and its former account may reorder it during that time. Other
  // modes remove more, so nothing is promised for them.
  outcomeNotes: ({ request, outcome }) =>
    'mode' in request && request.mode === 'normal' && outcome.completed.length > 0
      ? ['A released number can usually be reordered for about 30 days.']
      : [],
  waitingNotes: () => [],
  changes: (before: DisconnectRequest, after: DisconnectRequest) => [
    ...differing('Mode', modeWords[before.mode].label, modeWords[after.mode].label),
    ...differing('Protected', protectedWords[before.protected].label, protectedWords[after.protected].label),
  ],
};

function optionColumns(request: DisconnectRequest): Labeled[] {
  const { label, meaning } = modeWords[request.mode];
  return [
    ...nameColumns(request),
    ...(request.mode === 'normal' ? [] : [{ label: 'Mode', value: `⚠️ ${label}. ${meaning}` }]),
    ...(request.protected === 'UNCHANGED'
      ? []
      : [{ label: 'Protected', value: protectedWords[request.protected].label }]),
  ];
}
