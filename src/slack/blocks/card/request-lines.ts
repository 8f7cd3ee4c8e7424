import type { Order } from '../../../orders/domain/order.js';
import type { OrderRequest } from '../../../orders/domain/request.js';
import { mention, moment, typed } from '../format.js';
import { kindDrawings } from '../kinds/table.js';
import type { Labeled, Paragraph, Room } from '../order/card-lines.js';

/** Who requested what: only what differs from the usual, and nothing that the headline says. */
export function requestParagraphs(order: Order, room: Room): Paragraph[] {
  const { request } = order;
  return kindDrawings[request.kind].paragraphs(request, requestedBy(order), room);
}

export const requestedBy = ({ requester, requestedAt }: Order): Labeled => ({
  label: 'Requested by',
  value: `${mention(requester)}, ${moment(requestedAt)}`,
});

/** Enough of a reason to recognize it, for a card that nobody decides on anymore. */
export const reasonInALine = ({ reason }: OrderRequest): Labeled => ({
  label: 'Reason',
  value: typed(reason.trim(), 150),
});
