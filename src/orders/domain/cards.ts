import type { AnnouncementKind } from './announcement.js';
import type { Card, CardPlace, Facts, Order } from './order.js';

// The cards of one order: the first is where it was requested and has the thread; the others are copies of it.

/** No revision: the card is due for a redraw. */
export const UNDRAWN = 0;

/** Whether this card has to be posted or redrawn. A copy is posted only while people have to decide. */
export function isCardDue(order: Order, card: Card): boolean {
  const isWanted = !isCopy(order, card) || card.place !== undefined || order.status === 'awaiting-approval';
  return isWanted && card.renderedRevision !== order.revision;
}

export const isCopy = ({ cards }: Pick<Order, 'cards'>, { channelId }: Pick<Card, 'channelId'>): boolean =>
  cards[0].channelId !== channelId;

export function cardIn({ cards }: Pick<Order, 'cards'>, channelId: string): Card | undefined {
  return cards.find((card) => card.channelId === channelId);
}

/** Returns the copies that can't be posted, so that people don't wait for someone to see them. */
export function unreachableCopies({ cards }: Order): readonly (Card & { readonly unreachable: string })[] {
  const [, ...copies] = cards;
  return copies.flatMap((card) =>
    card.unreachable === undefined ? [] : [{ ...card, unreachable: card.unreachable }],
  );
}

/** Returns the card whose thread gets this message: people who can decide are reached at the copy, if there is one. */
export function cardFor(order: Order, kind: AnnouncementKind): Card {
  if (kind !== 'call' && !kind.startsWith('reminder-')) return order.cards[0];
  const channelId = order.status === 'awaiting-approval' ? order.needs.approvalsChannel : undefined;
  const copy = channelId === undefined ? undefined : cardIn(order, channelId);
  return copy === undefined || copy.unreachable !== undefined ? order.cards[0] : copy;
}

/** Returns the cards with one more in this channel, unless there is one. */
export function withCardIn(cards: Facts['cards'], channelId: string | undefined): Facts['cards'] {
  if (channelId === undefined || cardIn({ cards }, channelId) !== undefined) return cards;
  return [...cards, { channelId, renderedRevision: UNDRAWN }];
}

/** Returns the cards with the one in this channel changed. */
export function withCard(
  cards: Facts['cards'],
  channelId: string,
  change: (card: Card) => Card,
): Facts['cards'] {
  const [first, ...copies] = cards;
  const changed = (card: Card) => (card.channelId === channelId ? change(card) : card);
  return [changed(first), ...copies.map(changed)];
}

/** Returns the cards when the one in this channel is at `place`. Copies link to the first, wherever that is. */
export function withPlace(
  cards: Facts['cards'],
  channelId: string,
  place: CardPlace,
  renderedRevision: number,
): Facts['cards'] {
  const before = cardIn({ cards }, channelId)?.place;
  const placed = withCard(cards, channelId, ({ link }) => ({
    channelId,
    place,
    renderedRevision,
    ...(link?.ts === place.ts ? { link } : {}),
  }));
  const [first, ...copies] = placed;
  const isMoved = first.channelId === channelId && before?.ts !== place.ts;
  return isMoved ? [first, ...copies.map((copy) => ({ ...copy, renderedRevision: UNDRAWN }))] : placed;
}
