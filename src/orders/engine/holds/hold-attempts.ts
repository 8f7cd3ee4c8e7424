import { notYetHeld } from '../../domain/holds.js';
import type { Order } from '../../domain/order.js';
import type { HeldNumber } from '../../domain/order-event.js';
import type { PhoneNumber } from '../../domain/phone-number.js';
import type { Timestamp } from '../../domain/request.js';
import { gone, held, notHeld, released } from '../../domain/transitions.js';
import type { Reservation } from '../../ports/carrier.js';

/* What came of requests to hold numbers, and how it goes on record. No side effects. */

/** The outcome of one request for a number; `at`, when it was sent, tells which request. */
export type Attempt = { readonly number: PhoneNumber; readonly at: Timestamp } & (
  | ({ readonly outcome: 'held' } & Reservation)
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'unavailable'; readonly advice?: string }
  /** It had no effect and never will. */
  | { readonly outcome: 'no-effect' }
  /** No one can know yet. */
  | { readonly outcome: 'not-yet' }
  | { readonly outcome: 'no-answer'; readonly error: unknown }
);

/** Combines the events of one batch, whose numbers may have different outcomes, into one write. */
export function asOneWrite(before: Order, after: Order): Order {
  return after === before ? before : { ...after, version: before.version + 1 };
}

/**
 * Returns the order once these attempts have ended. A hold that succeeded is never lost, even if the order was decided
 * in the meantime.
 */
export function recorded(order: Order, attempts: readonly Attempt[], now: Timestamp): Order {
  const ended = attempts.filter((each) => isAwaited(order, each));
  const got = attempts.flatMap((each): HeldNumber[] =>
    each.outcome === 'held' && (ended.includes(each) || isUnrecorded(order, each))
      ? [{ number: each.number, reservationId: each.reservationId, until: each.until }]
      : [],
  );
  const numbersThat = (outcome: Attempt['outcome']) =>
    ended.filter((each) => each.outcome === outcome).map(({ number }) => number);
  const withAnswers = released(
    gone(held(order, got, now), numbersThat('gone'), now),
    numbersThat('no-effect'),
    now,
  );
  const refusal = ended.find((each) => each.outcome === 'unavailable');
  if (refusal === undefined) return withAnswers;
  // A refusal concerns the whole account, so the other numbers aren't tried.
  const { advice } = refusal;
  const because = { state: 'unavailable', ...(advice === undefined ? {} : { advice }) } as const;
  const others = advice === undefined ? notYetHeld(withAnswers) : [];
  return notHeld(withAnswers, [...numbersThat('unavailable'), ...others], because, now);
}

/** Whether the order is still waiting for this request. */
function isAwaited(order: Order, { number, at }: Attempt): boolean {
  return order.holds.some((hold) => hold.number === number && hold.state === 'asked' && hold.at === at);
}

/**
 * Whether this hold is recorded nowhere else, although no one waits for it anymore. It has to be recorded here, or it
 * is never released.
 */
function isUnrecorded(order: Order, { number, reservationId }: Attempt & { outcome: 'held' }): boolean {
  const isUsed = order.holds.some((hold) => hold.number === number && hold.state === 'used');
  const isKnown = order.events.some(
    (event) => event.what === 'held' && event.holds.some((each) => each.reservationId === reservationId),
  );
  return !isUsed && !isKnown;
}
