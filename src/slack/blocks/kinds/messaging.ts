import type { MessagingChange, MessagingRequest } from '../../../orders/domain/request.js';
import { listNumbers, typed } from '../format.js';
import type { KindDrawing } from './kind.js';
import { numbersTouched } from './numbers-touched.js';
import { differing, nameColumns } from './request-columns.js';

export const messagingDrawing: KindDrawing = {
  paragraphs: (request: MessagingRequest, askedBy, room) => [
    { columns: [askedBy, changeColumn(request), ...nameColumns(request)] },
    ...numbersTouched(request, room),
    [consequences[request.change.to]],
  ],
  placeColumns: (request: MessagingRequest) => [changeColumn(request)],
  outcomeNotes({ request, outcome: { completed, unprovisioned = [] } }) {
    if (request.kind !== 'messaging' || request.change.to !== 'campaign' || completed.length === 0) return [];
    return unprovisioned.length === 0
      ? ['Bandwidth reports the campaign as fully provisioned, so text messages can be sent.']
      : [
          `⚠️ Bandwidth doesn't report the campaign as fully provisioned for ${listNumbers(unprovisioned, NUMBERS_SHOWN)}. Text messages from them may not be delivered yet.`,
        ];
  },
  waitingNotes: ({ request, carrierOrder }) =>
    request.kind === 'messaging' && request.change.to === 'campaign' && carrierOrder.completed.length > 0
      ? [
          'Waiting until Bandwidth reports the campaign as fully provisioned. Until then, text messages may not be delivered.',
        ]
      : [],
  changes: (before: MessagingRequest, after: MessagingRequest) =>
    differing('Messaging', wordsOf(before.change), wordsOf(after.change)),
};

const NUMBERS_SHOWN = 20;

const changeColumn = ({ change }: MessagingRequest) => ({ label: 'Messaging', value: wordsOf(change) });

function wordsOf(change: MessagingChange): string {
  if (change.to !== 'campaign') return change.to;
  const { id, description } = change.campaign;
  return `on, campaign ${typed(id, 40)}${description === undefined ? '' : ` (${typed(description, 100)})`}`;
}

/** What happens to text messages, for the approver. */
const consequences: Readonly<Record<MessagingChange['to'], string>> = {
  on: 'Text messages are turned on. Local numbers also need a campaign to send them.',
  off: '⚠️ Text messages to and from these numbers stop.',
  campaign: 'Text messages are turned on and sent under this campaign, in place of any other.',
};
