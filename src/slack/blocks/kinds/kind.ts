import type { OrderIn } from '../../../orders/domain/order.js';
import type { OrderRequest } from '../../../orders/domain/request.js';
import type { Labeled, Paragraph, Room } from '../order/card-lines.js';
import type { Finished } from '../order/outcome.js';

/**
 * How a kind of order is drawn. Its words are in `kind-words.ts`, its form in `forms/form-of-order.ts`. Each row gets
 * requests of its own kind only.
 */
export interface KindDrawing {
  /** Everything that approvers must see: what is requested, and only the options that differ from the usual. */
  paragraphs(request: OrderRequest, askedBy: Labeled, room: Room): Paragraph[];
  /** Where the numbers are after the order, for its finished card. */
  placeColumns(request: OrderRequest): Labeled[];
  /** What the thread adds about numbers that were done. */
  outcomeNotes(order: Finished): string[];
  /** What Bandwidth is working on, if its status doesn't say. */
  waitingNotes(order: OrderIn<'placed'>): string[];
  /** What an edit changed, one line each, except the numbers, the name and the reason. */
  changes(before: OrderRequest, after: OrderRequest): string[];
}
