import type { AnnouncementKind, EditAnnouncement, Order } from './order.js';
import type { OrderRequest, Person, Timestamp } from './request.js';

// A waiting request may be changed by its requester; each form it takes is an edition.

/** Since when the request waits as it does: when it took the form it has now, or lost its approval. */
export function askedAt(order: Order): Timestamp {
  return (
    order.events.findLast((event) => isAsking(event) || event.what === 'reopened')?.at ?? order.requestedAt
  );
}

/** How the request, in the form it has now, lost its approval; the last time, if it did. */
export function reopening({ events }: Pick<Order, 'events'>): Reopening | undefined {
  const last = events.findLast((event) => isAsking(event) || event.what === 'reopened');
  return last?.what === 'reopened' ? last : undefined;
}

type Reopening = Extract<Order['events'][number], { what: 'reopened' }>;

/** An order keeps every form it ever had, and its approvers read each anew. */
export const MOST_EDITS = 50;
/** So many edits the thread hears of, whatever they are. */
const EDITS_TOLD = 10;

/** Whether the request may be changed no more. */
export const isEditedOut = ({ edition }: Pick<Order, 'edition'>): boolean => edition > MOST_EDITS;

/** Whether the thread hears of later edits only where they dropped an approval; the card shows them all. */
export const isLastToldAnyway = (news: EditAnnouncement): boolean => news === `edited-${EDITS_TOLD + 1}`;

/** The edits that the thread hears of, oldest first: the first few, and those that somebody has to approve again. */
export function editAnnouncement(order: Order): readonly EditAnnouncement[] {
  return Array.from(
    { length: order.edition - 1 },
    (_, index): EditAnnouncement => `edited-${index + 2}`,
  ).filter((news, index) => index < EDITS_TOLD || editOf(order, news).dropped.length > 0);
}

export function isEditAnnouncement(kind: AnnouncementKind): kind is EditAnnouncement {
  return kind.startsWith('edited-');
}

export interface Edit {
  readonly before: OrderRequest;
  readonly after: OrderRequest;
  /** Whose approvals were of the request as it was before, and do not count any more. */
  readonly dropped: readonly Person[];
}

/** What an edit did. Throws when the order never was edited so often. */
export function editOf(order: Order, news: EditAnnouncement): Edit {
  const edition = Number(news.slice('edited-'.length));
  const askings = order.events.flatMap((event, index) => (isAsking(event) ? [{ event, index }] : []));
  const [before, after] = askings.slice(edition - 2, edition);
  if (before === undefined || after === undefined) {
    throw new Error(`order ${order.id} has ${askings.length} editions: there is no "${news}"`);
  }
  const between = order.events.slice(before.index, after.index);
  const dropped = between.flatMap((event) =>
    event.what === 'approval-given' || event.what === 'approved' ? [event.by] : [],
  );
  return { before: before.event.request, after: after.event.request, dropped };
}

type Asking = Extract<Order['events'][number], { what: 'requested' | 'edited' }>;

const isAsking = (event: Order['events'][number]): event is Asking =>
  event.what === 'requested' || event.what === 'edited';
