import type { AnnouncementKind, DirectAnnouncement } from '../announcement.js';
import { isCopy, UNDRAWN, unreachableCopies, withCard, withPlace } from '../cards.js';
import { isEditAnnouncement } from '../editions.js';
import type { AnnouncedLines, BegunPost, CardPlace, Order } from '../order.js';
import type { Timestamp } from '../request.js';
import { withoutEvent } from './write.js';

/* What is on record about the card, the thread and the journal. None of it is an event. */

/** The card of this channel is at this location and shows this revision. */
export function rendered(
  order: Order,
  place: CardPlace,
  revision: number,
  channelId = order.channelId,
): Order {
  const cards = withPlace(order.cards, channelId, place, revision);
  const wasUnreachable = unreachableCopies(order).some((copy) => copy.channelId === channelId);
  return withoutEvent(order, { cards, ...(wasUnreachable ? anotherRevision(order) : {}) });
}

/** The card of this channel is about to be posted. */
export function cardBegun(order: Order, channelId: string, begunAt: Timestamp): Order {
  return withoutEvent(order, { cards: withCard(order.cards, channelId, (card) => ({ ...card, begunAt })) });
}

/** Keeps the link to the card where the order was requested, unless that card has been replaced since. */
export function cardLinked(order: Order, { ts }: CardPlace, url: string): Order {
  const [{ place, link }] = order.cards;
  if (place?.ts !== ts || link?.ts === ts) return order;
  const cards = withCard(order.cards, order.cards[0].channelId, (card) => ({ ...card, link: { ts, url } }));
  return withoutEvent(order, { cards });
}

/** The card of this channel couldn't be posted. The requester was told why; about a copy, the other cards say so. */
export function cardUnreachable(order: Order, why: string, channelId = order.channelId): Order {
  const cards = withCard(order.cards, channelId, (card) => ({ ...card, unreachable: why }));
  return withoutEvent(order, { cards, ...(isCopy(order, { channelId }) ? anotherRevision(order) : {}) });
}

const anotherRevision = ({ revision }: Order) => ({ revision: revision + 1 });

/** The copy in this channel was deleted after the order was decided, so it isn't posted again. */
export function copyForgotten(order: Order, channelId: string): Order {
  const forgotten = { channelId, renderedRevision: UNDRAWN };
  return withoutEvent(order, { cards: withCard(order.cards, channelId, () => forgotten) });
}

/** This person was asked in a direct message to decide on this edition, or can't be. */
export function notified(order: Order, userId: string, edition: number): Order {
  const { notified: before = [] } = order;
  return edition !== order.edition || before.includes(userId)
    ? order
    : withoutEvent(order, { notified: [...before, userId] });
}

/** The requester was told this in a direct message because it couldn't be posted. */
export function announcedDirectly(order: Order, kind: DirectAnnouncement): Order {
  const { announcedDirectly: before = [] } = order;
  return before.includes(kind) ? order : withoutEvent(order, { announcedDirectly: [...before, kind] });
}

/**
 * Requests a redraw of the card, because someone pressed a button it shouldn't have had. Takes a new revision, because
 * a drawing under way may be the one they saw.
 */
export function redrawRequested(order: Order): Order {
  return withoutEvent(order, anotherRevision(order));
}

/**
 * @param edition the edition that the announcement described. If the request was edited since, the new edition still
 *   has to be announced.
 * @param about the lines that it was about, if it was about some of several.
 */
export function announced(
  order: Order,
  kind: AnnouncementKind,
  edition = order.edition,
  about: Omit<AnnouncedLines, 'kind'> = { lines: [], at: 0 },
): Order {
  const outdated = edition !== order.edition && !isEditAnnouncement(kind);
  const isKnown = order.announced.includes(kind) && about.lines.length === 0;
  if (outdated || isKnown) return order;
  return withoutEvent(order, {
    announced: order.announced.includes(kind) ? order.announced : [...order.announced, kind],
    ...(about.lines.length === 0 ? {} : { announcedLines: withLinesOf(order, { kind, ...about }) }),
    ...(order.begun === undefined ? {} : { begun: order.begun.filter((each) => each.kind !== kind) }),
  });
}

function withLinesOf({ announcedLines = [] }: Order, { kind, lines, at }: AnnouncedLines) {
  const before = announcedLines.find((each) => each.kind === kind)?.lines ?? [];
  const others = announcedLines.filter((each) => each.kind !== kind);
  return [...others, { kind, lines: [...new Set([...before, ...lines])], at }];
}

/** This announcement of this edition is about to be posted. */
export function postBegun(order: Order, post: BegunPost, edition: number): Order {
  const { begun = [] } = order;
  return edition !== order.edition || begun.some(({ kind }) => kind === post.kind)
    ? order
    : withoutEvent(order, { begun: [...begun, post] });
}

/** The number of its events that are in the journal. */
export function journaled(order: Order, events: number): Order {
  return withoutEvent(order, { journaled: events });
}
