import type { AnnouncementKind, EditAnnouncement } from './announcement.js';
import type { Order } from './order.js';
import type { OrderRequest, Person, Timestamp } from './request.js';

// The requester may edit a waiting request; each version of it is an edition.

/** Returns when the current wait began: when the request was last edited, or when it lost its approval. */
export function lastRequestedAt(order: Order): Timestamp {
  return (
    order.events.findLast((event) => isRequestEvent(event) || event.what === 'reopened')?.at ??
    order.requestedAt
  );
}

/** Returns the most recent loss of approval of the current edition, if any. */
export function reopening({ events }: Pick<Order, 'events'>): Reopening | undefined {
  const last = events.findLast((event) => isRequestEvent(event) || event.what === 'reopened');
  return last?.what === 'reopened' ? last : undefined;
}

type Reopening = Extract<Order['events'][number], { what: 'reopened' }>;

/** The record keeps every edition, and approvers have to read each one. */
export const MAX_EDITS = 50;
/** Edits up to this one are always announced in the thread. */
const EDITS_ALWAYS_ANNOUNCED = 10;

/** Whether the request can't be edited any further. */
export const isEditedOut = ({ edition }: Pick<Order, 'edition'>): boolean => edition > MAX_EDITS;

/** Whether later edits are announced only if they dropped an approval. The card shows all of them. */
export const isLastAlwaysAnnounced = (kind: EditAnnouncement): boolean =>
  kind === `edited-${EDITS_ALWAYS_ANNOUNCED + 1}`;

/** Returns the edits to announce, oldest first: the first few, and later ones that need another approval. */
export function editAnnouncement(order: Order): readonly EditAnnouncement[] {
  return Array.from(
    { length: order.edition - 1 },
    (_, index): EditAnnouncement => `edited-${index + 2}`,
  ).filter((kind, index) => index < EDITS_ALWAYS_ANNOUNCED || editOf(order, kind).dropped.length > 0);
}

export function isEditAnnouncement(kind: AnnouncementKind): kind is EditAnnouncement {
  return kind.startsWith('edited-');
}

export interface Edit {
  readonly before: OrderRequest;
  readonly after: OrderRequest;
  /** People whose approvals were of an earlier edition and no longer count. */
  readonly dropped: readonly Person[];
}

/** Returns what an edit changed. Throws if the order has no such edit. */
export function editOf(order: Order, kind: EditAnnouncement): Edit {
  const edition = Number(kind.slice('edited-'.length));
  const requestEvents = order.events.flatMap((event, index) =>
    isRequestEvent(event) ? [{ event, index }] : [],
  );
  const [before, after] = requestEvents.slice(edition - 2, edition);
  if (before === undefined || after === undefined) {
    throw new Error(`order ${order.id} has ${requestEvents.length} editions: there is no "${kind}"`);
  }
  const between = order.events.slice(before.index, after.index);
  const dropped = between.flatMap((event) =>
    event.what === 'approval-given' || event.what === 'approved' ? [event.by] : [],
  );
  return { before: before.event.request, after: after.event.request, dropped };
}

type RequestEvent = Extract<Order['events'][number], { what: 'requested' | 'edited' }>;

const isRequestEvent = (event: Order['events'][number]): event is RequestEvent =>
  event.what === 'requested' || event.what === 'edited';
