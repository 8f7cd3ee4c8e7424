import type { AnnouncementKind, EditNews, Order, OrderRequest, Person, Timestamp } from './order.js';

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

/** The news of every edit, oldest first. */
export function editNews({ edition }: Order): readonly EditNews[] {
  return Array.from({ length: edition - 1 }, (_, index): EditNews => `edited-${index + 2}`);
}

export function isEditNews(kind: AnnouncementKind): kind is EditNews {
  return kind.startsWith('edited-');
}

export interface Edit {
  readonly before: OrderRequest;
  readonly after: OrderRequest;
  /** Whose approvals were of the request as it was before, and do not count any more. */
  readonly dropped: readonly Person[];
}

/** What an edit did. Throws when the order never was edited so often. */
export function editOf(order: Order, news: EditNews): Edit {
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
