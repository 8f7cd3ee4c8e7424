import type { OrderFilter } from '../../orders/domain/order-filter.js';
import { asTyped } from '../text/typed-text.js';

/** Which orders a person wants to see; `mine` are those of the person who looks. */
export interface OrdersQuestion extends Omit<OrderFilter, 'teamId' | 'requestedBy'> {
  readonly requestedBy?: 'me' | string;
}

export interface OrdersWordsProblem {
  readonly why: 'no-such-person' | 'several-people' | 'several-states' | 'channel' | 'too-long';
  readonly typed: string;
}

export type OrdersWords = { readonly orders: OrdersQuestion } | { readonly fault: OrdersWordsProblem };

type State = NonNullable<OrdersQuestion['state']>;

const states: Readonly<Record<State, readonly string[]>> = {
  waiting: ['waiting', 'pending', 'inbox', 'queue', 'requests', 'awaiting'],
  open: ['open', 'active', 'running', 'current'],
  done: ['done', 'finished', 'closed', 'completed', 'ended', 'history'],
};
const own = new Set(['mine', 'my', 'me', 'myself', 'own']);
const fillers = new Set('all order orders for from by of in list show the number numbers'.split(' '));

/** Nobody means more than this, and a button has to carry it. */
const MAX_LENGTH = 150;

/** Parses what follows `/numbers orders`. Slack sends a person as `<@U…|name>`. */
export function readOrdersWords(text: string): OrdersWords {
  const about: string[] = [];
  let state: State | undefined;
  let requestedBy: string | undefined;
  const fault = (why: OrdersWordsProblem['why'], typed: string): OrdersWords => ({
    fault: { why, typed: asTyped(typed) },
  });
  for (const word of text
    .trim()
    .split(/[\s,]+/u)
    .filter(Boolean)) {
    const plain = asTyped(word).toLowerCase();
    const [, userId] = /^<@([UW][A-Z0-9]{1,30})(?:\|[^>]*)?>$/.exec(word) ?? [];
    const named = stateNamed(plain);
    const isMaine = word === 'ME' && /^\p{L}/u.test(about.at(-1) ?? '');
    const person = userId ?? (own.has(plain) && !isMaine ? 'me' : undefined);
    if (person !== undefined) {
      if ((requestedBy ?? person) !== person) return fault('several-people', word);
      requestedBy = person;
    } else if (named !== undefined) {
      if ((state ?? named) !== named) return fault('several-states', word);
      state = named;
    } else if (plain.startsWith('@')) return fault('no-such-person', word);
    else if (/^<?#/.test(plain)) return fault('channel', word);
    else if (!fillers.has(plain)) about.push(asTyped(word));
  }
  const words = about.join(' ').trim();
  if (words.length > MAX_LENGTH) return fault('too-long', words);
  return {
    orders: {
      ...(state === undefined ? {} : { state }),
      ...(requestedBy === undefined ? {} : { requestedBy }),
      ...(words === '' ? {} : { about: words }),
    },
  };
}

const stateNamed = (word: string): State | undefined =>
  (Object.keys(states) as State[]).find((state) => states[state].includes(word));

/** Formats a question so that it can be typed again. */
export function printOrders({ state, requestedBy, about }: OrdersQuestion): string {
  const who = requestedBy === undefined || requestedBy === 'me' ? requestedBy && 'mine' : `<@${requestedBy}>`;
  return [state, who, about].filter(Boolean).join(' ');
}

/** What people type for `orders …`, alone. */
export const ordersShorthand: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['pending', 'waiting', 'inbox', 'queue', 'requests'].map((word) => [word, 'waiting']),
  ),
  ...Object.fromEntries(['mine', 'my'].map((word) => [word, 'mine'])),
  open: 'open',
  done: 'done',
};
