import { isOver } from '../domain/expiry.js';
import { isFinal, type Order, type OrderIn } from '../domain/order.js';
import { kindRules } from '../domain/order-kinds.js';
import type { Timestamp } from '../domain/request.js';
import { nextServiceCheckAt } from '../domain/service-check.js';
import { leavesNoTrace } from '../domain/unanswered.js';
import {
  endHolds,
  type HoldPlan,
  type HoldStep,
  holdBeforePlacing,
  holdWhileWaiting,
  type Idle,
} from './holds/next-hold-step.js';
import { LOST_AFTER_MS } from './lost-order.js';
import { isDue } from './schedule.js';

/** What an order needs of Bandwidth next, decided without touching anything. `carrier-work.ts` carries it out. */
export type CarrierStep =
  | { readonly do: 'place'; readonly order: OrderIn<'approved'> }
  /** The POST may or may not have been accepted: look it up by CustomerOrderId before anything else. */
  | { readonly do: 'find'; readonly order: OrderIn<'placing' | 'given-up'> }
  /** Half a minute has passed and no one knows the outcome. */
  | { readonly do: 'ask people'; readonly order: OrderIn<'placing'> }
  | { readonly do: 'look up status'; readonly order: OrderIn<'placed'> }
  /** Someone wants the back-order closed: check its status, and if it still is back-ordered, tell Bandwidth. */
  | { readonly do: 'close'; readonly order: OrderIn<'placed'> }
  /** Ask what works on the delivered numbers. */
  | { readonly do: 'check services'; readonly order: Order }
  /** No one decided in time. */
  | { readonly do: 'expire' }
  | HoldStep
  | Idle;

/**
 * @param lookupAfterMs how long after a POST the order is looked up. Until then a request without an answer is still under way, perhaps
 *   in another process, and must not be looked up, let alone repeated.
 */
export function nextCarrierStep(
  order: Order,
  now: Timestamp,
  lookupAfterMs: number,
  plan: HoldPlan = { most: 0 },
): CarrierStep {
  // Each line has its own next step.
  if (order.lines !== undefined && !isFinal(order)) return { do: 'nothing' };
  switch (order.status) {
    case 'awaiting-approval':
      if (isOver(order.expiresAt, now)) return { do: 'expire' };
      return earlier(holdWhileWaiting(order, now, lookupAfterMs, plan), order.expiresAt);
    case 'approved': {
      const step = placeStep(order, now);
      return step.do === 'place' ? (holdBeforePlacing(order, now, plan) ?? step) : step;
    }
    case 'placing': {
      const from = order.answer === 'unknown' ? order.asking.nextAt : order.sentAt + lookupAfterMs;
      const lookup = waitUntil(order.asking.nextAt, now) ?? waitUntil(from, now) ?? { do: 'find', order };
      return askPeople(order, now, lookup);
    }
    case 'given-up': {
      const over = endHolds(order, now, lookupAfterMs, plan);
      if (order.endedAt !== undefined || !isIdle(over)) return over;
      return andThen(over, waitUntil(order.asking.nextAt, now) ?? { do: 'find', order });
    }
    case 'placed':
      return (
        waitUntil(order.asking.nextAt, now) ?? {
          do: order.closing === undefined ? 'look up status' : 'close',
          order,
        }
      );
    case 'ordering':
      return { do: 'nothing' };
    case 'declined':
    case 'expired':
    case 'cancelled':
    case 'refused':
      return endHolds(order, now, lookupAfterMs, plan);
    case 'complete':
    case 'partial':
    case 'failed':
      return checkServices(order, now, endHolds(order, now, lookupAfterMs, plan));
  }
}

/** Asks what works on the delivered numbers, once nothing else is due. */
function checkServices(order: Order, now: Timestamp, before: CarrierStep): CarrierStep {
  const at = nextServiceCheckAt(order);
  if (at === undefined || !isIdle(before)) return before;
  return andThen(before, waitUntil(at, now) ?? { do: 'check services', order });
}

/**
 * If the last lookup failed, nothing is known after half a minute; people are asked without waiting for the next one.
 */
function askPeople(order: OrderIn<'placing'>, now: Timestamp, lookup: CarrierStep): CarrierStep {
  const { answer, asking, notKnown, sendAgain, secondNotTaken, sentAt } = order;
  if (lookup.do !== 'wait' || answer !== 'unknown' || asking.failures === 0) return lookup;
  // People have decided about these, or it is the sending that failed.
  if (sendAgain !== undefined || secondNotTaken === true) return lookup;
  if (notKnown === true || leavesNoTrace(order)) return lookup;
  const at = sentAt + LOST_AFTER_MS;
  return isDue(at, now) ? { do: 'ask people', order } : { do: 'wait', until: Math.min(lookup.until, at) };
}

function placeStep(order: OrderIn<'approved'>, now: Timestamp): CarrierStep {
  // No clock change may shorten the time for Undo.
  return kindRules[order.request.kind].undoWindow && order.asking.nextAt > now
    ? { do: 'wait', until: order.asking.nextAt }
    : (waitUntil(order.asking.nextAt, now) ?? { do: 'place', order });
}

/** Limits a wait to this time. */
function earlier(step: CarrierStep, end: Timestamp): CarrierStep {
  if (step.do === 'nothing') return { do: 'wait', until: end };
  return step.do === 'wait' ? { do: 'wait', until: Math.min(step.until, end) } : step;
}

/** Returns the step, or a wait for whichever of the two comes first. */
function andThen(before: Idle, step: CarrierStep): CarrierStep {
  return before.do === 'wait' && step.do === 'wait' ? earlier(step, before.until) : step;
}

const isIdle = (step: CarrierStep): step is Idle => step.do === 'wait' || step.do === 'nothing';

/** Returns undefined if the time has come. */
function waitUntil(at: Timestamp, now: Timestamp): Idle | undefined {
  return isDue(at, now) ? undefined : { do: 'wait', until: at };
}
