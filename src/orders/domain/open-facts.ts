import type { Hold } from './hold.js';
import { isActive, numbersToHold } from './holds.js';
import { isFinal, type Order } from './order.js';
import type { PhoneNumber } from './phone-number.js';
import { namedNumbers } from './request.js';

/** Selects the open orders that have to be read. */
export type OpenQuestion =
  /** Orders that name or hold any of these numbers. */
  | { readonly numbers: readonly PhoneNumber[] }
  /** Orders that hold numbers for this Slack user, or have yet to. */
  | { readonly holdsFor: string };

/** What is known about an order without reading it again, valid until someone edits it. */
export interface OpenFacts {
  readonly requesterId: string;
  /** Its current numbers, and those of earlier editions that it tried to hold. */
  readonly numbers: readonly PhoneNumber[];
  /** Once false it stays false: an ended hold is never renewed. */
  readonly mayHold: boolean;
}

const ended: readonly Hold['state'][] = ['gone', 'lapsed', 'unavailable', 'beyond-limit', 'used'];

export function openFactsOf(order: Order): OpenFacts {
  const { holds, request, requester } = order;
  const over = new Set(holds.filter(({ state }) => ended.includes(state)).map(({ number }) => number));
  const isOver = isFinal(order) || numbersToHold(request).every((number) => over.has(number));
  return {
    requesterId: requester.userId,
    numbers: [...new Set([...namedNumbers(request), ...holds.map(({ number }) => number)])],
    mayHold: holds.some(isActive) || !isOver,
  };
}

/** Returns a filter for many orders that answers one question. */
export function answers(question: OpenQuestion): (facts: OpenFacts) => boolean {
  if ('holdsFor' in question) {
    return ({ requesterId, mayHold }) => mayHold && requesterId === question.holdsFor;
  }
  const asked = new Set(question.numbers);
  return ({ numbers }) => numbers.some((number) => asked.has(number));
}
