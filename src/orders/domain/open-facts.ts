import type { Hold } from './hold.js';
import { isActive, numbersToHold } from './holds.js';
import { isFinal, type Order } from './order.js';
import type { PhoneNumber } from './phone-number.js';
import { namedNumbers } from './request.js';

/** Which open orders somebody has to read. */
export type OpenQuestion =
  /** Those that name or hold one of these numbers. */
  | { readonly numbers: readonly PhoneNumber[] }
  /** Those that hold numbers for this Slack user, or have yet to. */
  | { readonly holdsFor: string };

/** What is known of an order without reading it again, as long as nobody edits it. */
export interface OpenFacts {
  readonly requesterId: string;
  /** Those it names, and those of earlier editions that it has tried to hold. */
  readonly numbers: readonly PhoneNumber[];
  /** Once false it stays false: a hold that has ended is never made again. */
  readonly mayHold: boolean;
}

const ended: readonly Hold['state'][] = ['gone', 'lapsed', 'unavailable', 'beyond-limit', 'used'];

export function factsOf(order: Order): OpenFacts {
  const { holds, request, requester } = order;
  const over = new Set(holds.filter(({ state }) => ended.includes(state)).map(({ number }) => number));
  const isOver = isFinal(order) || numbersToHold(request).every((number) => over.has(number));
  return {
    requesterId: requester.userId,
    numbers: [...new Set([...namedNumbers(request), ...holds.map(({ number }) => number)])],
    mayHold: holds.some(isActive) || !isOver,
  };
}

/** A test of many orders against one question. */
export function answers(question: OpenQuestion): (facts: OpenFacts) => boolean {
  if ('holdsFor' in question) {
    return ({ requesterId, mayHold }) => mayHold && requesterId === question.holdsFor;
  }
  const asked = new Set(question.numbers);
  return ({ numbers }) => numbers.some((number) => asked.has(number));
}
