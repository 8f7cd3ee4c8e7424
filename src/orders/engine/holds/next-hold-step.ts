import type { Hold, HoldIn } from '../../domain/hold.js';
import { arrivedBy, holdsOf, isActive, isHold, notYetHeld, USUAL_HOLD_MS } from '../../domain/holds.js';
import type { Order, OrderIn } from '../../domain/order.js';
import type { PhoneNumber } from '../../domain/phone-number.js';
import type { Timestamp } from '../../domain/request.js';
import { isDue, MAX_WAIT_MS } from '../schedule.js';

/** What to do about the holds of an order. `hold-numbers.ts` carries it out. */
export type HoldStep =
  /** Hold these numbers while people decide, or check whether they are held already. */
  | { readonly do: 'hold'; readonly numbers: readonly PhoneNumber[] }
  /** No order waits for these numbers anymore. */
  | { readonly do: 'release'; readonly holds: readonly HoldIn<'asked' | 'held'>[] }
  /** What to do about this number's hold depends on Bandwidth's clock, which isn't known right now. */
  | { readonly do: 'read Bandwidth clock'; readonly number: PhoneNumber }
  /** These holds seem to have expired. */
  | { readonly do: 'lapse'; readonly holds: readonly HoldIn<'asked' | 'held'>[] };

/** Nothing is due now. */
export type Idle = { readonly do: 'wait'; readonly until: Timestamp } | { readonly do: 'nothing' };

/** The state of holding. None of it is stored, because it can be tried again after a restart. */
export interface HoldPlan {
  /** The maximum number of numbers held for one requester's orders; 0 turns holds off. */
  readonly most: number;
  readonly trouble?: HoldTrouble | undefined;
  /** The time by Bandwidth's clock, which all times of holds use. If it isn't known right now, ours has to do. */
  readonly carrierNow?: Timestamp | undefined;
}

export interface HoldTrouble {
  readonly failures: number;
  /** When the last attempt failed. */
  readonly at: Timestamp;
  readonly nextAt: Timestamp;
}

/** Numbers are requested in batches of this size; between batches we check whether the order still waits. */
const HOLDS_AT_ONCE = 5;
/** After this many failed attempts an order is placed although its numbers may be held without it. */
const ATTEMPTS_BEFORE_PLACING = 3;

/** Holds the numbers of an order that waits for approval, and releases those that an edit removed. */
export function holdWhileWaiting(
  order: Order,
  now: Timestamp,
  requestWithinMs: number,
  plan: HoldPlan,
): HoldStep | Idle {
  const { carrierNow = now } = plan;
  return firstDue(
    [
      lapse(order.holds, carrierNow, requestWithinMs),
      release(unwanted(order), plan.carrierNow, requestWithinMs),
      hold(order, carrierNow, requestWithinMs, plan.most),
    ],
    now,
    plan,
  );
}

/**
 * Looks up unanswered holds before the order is placed, but not for long, because no approval waits for a hold. A
 * reservation whose answer was lost, or that the order doesn't name, would make its number unavailable to the order.
 */
export function holdBeforePlacing(
  order: OrderIn<'approved'>,
  now: Timestamp,
  plan: HoldPlan,
): HoldStep | Idle | undefined {
  const { trouble } = plan;
  if ((trouble?.failures ?? 0) >= ATTEMPTS_BEFORE_PLACING) return undefined;
  const unanswered = holdsOf(order).filter(isHold('asked')).slice(0, HOLDS_AT_ONCE);
  if (unanswered.length > 0) {
    const numbers = unanswered.map(({ number }) => number);
    return firstDue([atOnce({ do: 'hold', numbers })], now, plan);
  }
  // Only Bandwidth's clock tells which holds the order may name.
  const held = holdsOf(order).find(isHold('held'));
  if (held === undefined || plan.carrierNow !== undefined) return undefined;
  return firstDue([atOnce({ do: 'read Bandwidth clock', number: held.number })], now, plan);
}

/** Releases what is still held for an order that needs nothing else. */
export function endHolds(
  order: Order,
  now: Timestamp,
  requestWithinMs: number,
  plan: HoldPlan,
): HoldStep | Idle {
  const lapsing = lapse(order.holds, plan.carrierNow ?? now, requestWithinMs);
  return firstDue(
    [lapsing, release(order.holds.filter(isActive), plan.carrierNow, requestWithinMs)],
    now,
    plan,
  );
}

/**
 * Returns when a reservation expires by itself. For one we never got an answer about, that is the latest possible time,
 * as if its request had taken effect at the last moment.
 */
export function endOf(each: HoldIn<'asked' | 'held'>, requestWithinMs: number): Timestamp {
  return each.state === 'held' ? each.until : arrivedBy(each, requestWithinMs) + USUAL_HOLD_MS;
}

/** Something to do about holds, at a time by Bandwidth's clock. */
interface Duty {
  readonly at: Timestamp;
  readonly step: HoldStep;
}

const atOnce = (step: HoldStep): Duty => ({ at: Number.NEGATIVE_INFINITY, step });

/** Returns the first step that is due. After a failure nothing is tried before its retry time. */
function firstDue(
  duties: readonly (Duty | undefined)[],
  now: Timestamp,
  { trouble, carrierNow = now }: HoldPlan,
): HoldStep | Idle {
  const all = duties.filter((each) => each !== undefined);
  if (all.length === 0) return { do: 'nothing' };
  const due = all.find(({ at }) => at <= carrierNow);
  // Setting a clock back must not prolong the pause.
  const mayTry = trouble === undefined || now < trouble.at || isDue(trouble.nextAt, now);
  if (due !== undefined && mayTry) return due.step;
  const first = now + Math.min(...all.map(({ at }) => at)) - carrierNow;
  return { do: 'wait', until: mayTry ? first : Math.max(first, trouble.nextAt) };
}

/** A time further away than the app ever sets comes from a wrong clock, so it counts as passed. */
const sane = (at: Timestamp, carrierNow: Timestamp): Timestamp =>
  isDue(at, carrierNow) ? Math.min(at, carrierNow) : at;

function hold(order: Order, carrierNow: Timestamp, requestWithinMs: number, most: number): Duty | undefined {
  const unanswered = holdsOf(order).filter(isHold('asked'));
  const all = [
    ...unanswered.map((each) => ({ number: each.number, at: lookUpAt(each, carrierNow, requestWithinMs) })),
    ...(most > 0 ? notYetHeld(order) : []).map((number) => ({ number, at: carrierNow })),
  ].sort((one, other) => one.at - other.at);
  const [first] = all;
  if (first === undefined) return undefined;
  const due = all.filter(({ at }) => at <= carrierNow).slice(0, HOLDS_AT_ONCE);
  return { at: first.at, step: { do: 'hold', numbers: due.map(({ number }) => number) } };
}

/**
 * Schedules the lookup of an unanswered request: at once, while it may still take effect. After that, a lookup is
 * followed by the next request, with growing pauses.
 */
function lookUpAt(each: HoldIn<'asked'>, carrierNow: Timestamp, requestWithinMs: number): Timestamp {
  if (sane(arrivedBy(each, requestWithinMs), carrierNow) > carrierNow) return carrierNow;
  const pause = Math.min(requestWithinMs * 2 ** ((each.times ?? 1) - 1), MAX_WAIT_MS);
  return sane(each.at + pause, carrierNow);
}

/** Returns the active holds of numbers that the request no longer names. */
function unwanted(order: Order): readonly HoldIn<'asked' | 'held'>[] {
  const named = holdsOf(order);
  return order.holds.filter((each) => !named.includes(each)).filter(isActive);
}

/** An unanswered hold is looked up only once, when its request can no longer take effect. */
function release(
  holds: readonly HoldIn<'asked' | 'held'>[],
  carrierNow: Timestamp | undefined,
  requestWithinMs: number,
): Duty | undefined {
  const held = holds.filter(isHold('held'));
  if (held.length > 0) return atOnce({ do: 'release', holds: held.slice(0, HOLDS_AT_ONCE) });
  const asked = holds.filter(isHold('asked'));
  const [first] = asked;
  if (first === undefined) return undefined;
  if (carrierNow === undefined) return atOnce({ do: 'read Bandwidth clock', number: first.number });
  const readyAt = (each: HoldIn<'asked'>) => sane(arrivedBy(each, requestWithinMs), carrierNow);
  const ready = asked.filter((each) => readyAt(each) <= carrierNow);
  return {
    at: Math.min(...asked.map(readyAt)),
    step: { do: 'release', holds: ready.slice(0, HOLDS_AT_ONCE) },
  };
}

/** Numbers held one after the other expire together, so that the card isn't updated twice within a second. */
const LAPSE_TOGETHER_MS = 5_000;

function lapse(holds: readonly Hold[], carrierNow: Timestamp, requestWithinMs: number): Duty | undefined {
  const active = holds.filter(isActive).map((each) => ({ each, end: endOf(each, requestWithinMs) }));
  const ends = active.map(({ end }) => end).sort((one, other) => one - other);
  const at = ends.find(
    (end, index) => !((ends[index + 1] ?? Number.POSITIVE_INFINITY) <= end + LAPSE_TOGETHER_MS),
  );
  if (at === undefined) return undefined;
  const over = active.filter(({ end }) => end <= carrierNow);
  return { at, step: { do: 'lapse', holds: over.map(({ each }) => each) } };
}
