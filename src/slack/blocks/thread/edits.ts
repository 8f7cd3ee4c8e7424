import type { EditAnnouncement } from '../../../orders/domain/announcement.js';
import { editOf, isLastAlwaysAnnounced } from '../../../orders/domain/editions.js';
import type { Order } from '../../../orders/domain/order.js';
import { namedNumbers, type OrderRequest } from '../../../orders/domain/request.js';
import { listNumbers, mention, quoted, typed } from '../format.js';
import { kindWords } from '../kind-words.js';
import { differing } from '../kinds/request-columns.js';
import { kindDrawings } from '../kinds/table.js';
import { defaultName } from '../order/describe-request.js';

/** How many numbers to list per change. */
const NUMBERS_SHOWN = 20;

/** Says who changed the request, and what they changed. */
export function editedText(order: Order, kind: EditAnnouncement): string[] {
  const { before, after, dropped } = editOf(order, kind);
  return [
    `${mention(order.requester)} changed this ${kindWords[order.request.kind].title.toLowerCase()}:`,
    ...changeLines(before, after),
    dropped.length === 0
      ? 'The new version needs approval.'
      : `The new version needs approval; ${droppedInWords(dropped.map(mention))}.`,
    ...(isLastAlwaysAnnounced(kind)
      ? [
          'From now on, this thread mentions an edit only if it drops an approval. The card shows every change.',
        ]
      : []),
  ];
}

function droppedInWords(approvers: readonly string[]): string {
  return approvers.length === 1
    ? `${approvers[0]}'s approval no longer counts`
    : `the approvals of ${approvers.join(', ')} no longer count`;
}

/** Describes the changes, one line each. For a long text only the new version. An edit never changes the kind. */
function changeLines(before: OrderRequest, after: OrderRequest): string[] {
  return [
    ...numberLines(before, after),
    ...nameLines(before, after),
    ...(before.kind === after.kind ? kindDrawings[after.kind].changes(before, after) : []),
    ...(before.reason === after.reason ? [] : [`• *Reason:*\n${quoted(after.reason, 1000)}`]),
  ];
}

/** A suggested name changes with the request, so the other lines already say it. */
function nameLines(before: OrderRequest, after: OrderRequest): string[] {
  const isSuggested = [before, after].every((request) => request.name === defaultName(request));
  return isSuggested ? [] : differing('Name', typed(before.name, 100), typed(after.name, 100));
}

function numberLines(before: OrderRequest, after: OrderRequest): string[] {
  const [had, has] = [new Set(namedNumbers(before)), new Set(namedNumbers(after))];
  const gone = [...had].filter((number) => !has.has(number));
  const added = [...has].filter((number) => !had.has(number));
  return [
    ...(gone.length === 0 ? [] : [`• *Removed:* ${listNumbers(gone, NUMBERS_SHOWN)}`]),
    ...(added.length === 0 ? [] : [`• *Added:* ${listNumbers(added, NUMBERS_SHOWN)}`]),
  ];
}
