import { type Basket, type BasketMark, markOf } from '../../orders/domain/basket.js';

/** What a button below picked numbers remembers: the channel that the order's card goes to, and what was picked. */
export interface BasketPress {
  readonly channelId: string;
  readonly shown: BasketMark;
}

export function writeBasketPress(basket: Basket): string {
  const { basketId, upTo } = markOf(basket);
  return `${basket.channelId} ${basketId} ${upTo}`;
}

/** Undefined for anything that {@link writeBasketPress} didn't write. */
export function readBasketPress(value: string | undefined): BasketPress | undefined {
  const [, channelId, basketId, upTo] = /^([A-Z0-9]+) ([0-9a-f-]{36}) (\d{1,9})$/.exec(value ?? '') ?? [];
  return channelId === undefined || basketId === undefined
    ? undefined
    : { channelId, shown: { basketId, upTo: Number(upTo) } };
}
