import type { AnnouncementKind, EditNews, Order, OrderRequest, Timestamp } from './order.js';

// A waiting request may be changed by its requester; each form it takes is an edition.

/** When the request took the form it has now. */
export function askedAt(order: Order): Timestamp {
  return order.events.findLast(isAsking)?.at ?? order.requestedAt;
}

/** The news of every edit, oldest first. */
export function editNews({ edition }: Order): readonly EditNews[] {
  return Array.from({ length: edition - 1 }, (_, index): EditNews => `edited-${index + 2}`);
}

export function isEditNews(kind: AnnouncementKind): kind is EditNews {
  return kind.startsWith('edited-');
}

/** The request before and after an edit. Throws when the order never was edited so often. */
export function changeOf(order: Order, news: EditNews): { before: OrderRequest; after: OrderRequest } {
  const requests = order.events.filter(isAsking).map(({ request }) => request);
  const edition = Number(news.slice('edited-'.length));
  const [before, after] = requests.slice(edition - 2, edition);
  if (before === undefined || after === undefined) {
    throw new Error(`order ${order.id} has ${requests.length} editions: there is no "${news}"`);
  }
  return { before, after };
}

type Asking = Extract<Order['events'][number], { what: 'requested' | 'edited' }>;

const isAsking = (event: Order['events'][number]): event is Asking =>
  event.what === 'requested' || event.what === 'edited';
