import type { MoveRequest } from '../../../orders/domain/request.js';
import type { Labeled } from '../order/card-lines.js';
import type { KindDrawing } from './kind.js';
import { numbersTouched } from './numbers-touched.js';
import { differing, nameColumns, place, shortPlace } from './request-columns.js';

export const moveDrawing: KindDrawing = {
  paragraphs: (request: MoveRequest, askedBy, room) => [
    { columns: [askedBy, ...targetColumns(request), ...nameColumns(request)] },
    ...numbersTouched(request, room),
    [MAY_BREAK],
  ],
  placeColumns: (request: MoveRequest) => targetColumns(request),
  outcomeNotes: () => [],
  waitingNotes: () => [],
  changes: (before: MoveRequest, after: MoveRequest) =>
    before.location.id === after.location.id && before.site.id === after.site.id
      ? []
      : differing('To', targetOf(before), targetOf(after)),
};

/** A location decides the rest: which trunk rings, whether messages work, and the default emergency settings. */
const MAY_BREAK =
  'Calls go to the trunk of the new location. Check that it is set up for what is marked ⚠️; Bandwidth may refuse to move numbers whose messaging would stop.';

const targetColumns = ({ site, location }: MoveRequest): Labeled[] => [
  { label: 'To sub-account', value: place(site) },
  { label: 'To location', value: place(location) },
];

const targetOf = ({ site, location }: MoveRequest): string =>
  `${shortPlace(location)} in ${shortPlace(site)}`;
