import { dueAnnouncements } from './due-announcements.js';
import { askedAt } from './editions.js';
import { dueReminder, isOver, nextReminderAt } from './expiry.js';
import { binds, type Hold, type HoldIn, holdsOf, isHold, notYetHeld, USUAL_HOLD_MS } from './holds.js';
import {
  type AnnouncementKind,
  type CarrierReport,
  leavesNoTrace,
  type Order,
  type OrderIn,
  type Timestamp,
} from './order.js';
import type { PhoneNumber } from './phone-number.js';

/**
 * What an order needs next, decided without touching anything. `settle.ts` carries it out.
 *
 * Two independent lines of work hang on an order: one speaks with Bandwidth, the other with Slack. A slow card must
 * never hold up an order, nor a slow carrier a card.
 */
export type CarrierStep =
  | { readonly do: 'place'; readonly order: OrderIn<'approved'> }
  /** The POST may or may not have been taken: look for it by CustomerOrderId before anything else. */
  | { readonly do: 'find'; readonly order: OrderIn<'placing' | 'given-up'> }
  /** Nobody can say what became of it, and half a minute is over. */
  | { readonly do: 'ask people'; readonly order: OrderIn<'placing'> }
  | { readonly do: 'ask'; readonly order: OrderIn<'placed'> }
  /** Somebody wants the back-order closed: look how it stands, and if it still is one, say so to Bandwidth. */
  | { readonly do: 'close'; readonly order: OrderIn<'placed'> }
  /** Keep these numbers aside while people decide. */
  | { readonly do: 'hold'; readonly numbers: readonly PhoneNumber[] }
  /** Nobody waits for these numbers any more. */
  | { readonly do: 'release'; readonly holds: readonly HoldIn<'asked' | 'held'>[] }
  /** The time of these holds is up. */
  | { readonly do: 'lapse'; readonly numbers: readonly PhoneNumber[] }
  /** Nobody decided in time. */
  | { readonly do: 'expire' }
  | { readonly do: 'wait'; readonly until: Timestamp }
  | { readonly do: 'nothing' };

export type BoardStep =
  | { readonly do: 'draw' }
  | { readonly do: 'tell'; readonly kind: AnnouncementKind }
  | { readonly do: 'nothing' };

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Nothing is put off for longer, but a disconnect that can be undone and a request that waits for approval. */
const LONGEST_WAIT = HOUR;

/** How holding goes; nothing of it on record, for it may as well be tried again after a restart. */
export interface HoldPlan {
  /** The most numbers that one person's orders hold together; with 0 none is held. */
  readonly most: number;
  readonly trouble?: HoldTrouble | undefined;
}

export interface HoldTrouble {
  readonly failures: number;
  readonly nextAt: Timestamp;
}

/**
 * @param placeWithinMs how long one POST may take; until then a request without an answer is still under way, perhaps
 *   in another process, and must not be looked up, let alone repeated.
 */
export function nextCarrierStep(
  order: Order,
  now: Timestamp,
  placeWithinMs: number,
  plan: HoldPlan = { most: 0 },
): CarrierStep {
  const { trouble } = plan;
  switch (order.status) {
    case 'awaiting-approval':
      if (isOver(order.expiresAt, now)) return { do: 'expire' };
      return earlier(
        lapse(order.holds, now) ?? release(unwanted(order), now, 0, trouble) ?? hold(order, now, plan),
        order.expiresAt,
      );
    case 'approved': {
      const step = placeStep(order, now);
      return step.do === 'place' ? (askAfter(order, now, trouble) ?? step) : step;
    }
    case 'placing': {
      const from = order.answer === 'unknown' ? order.asking.nextAt : order.sentAt + placeWithinMs;
      const look: CarrierStep = due(order.asking.nextAt, now) ?? due(from, now) ?? { do: 'find', order };
      return askPeople(order, now, look);
    }
    case 'given-up': {
      const over = lapse(order.holds, now) ?? release(order.holds.filter(binds), now, placeWithinMs, trouble);
      if (over !== undefined && over.do !== 'wait') return over;
      if (order.endedAt !== undefined) return over ?? { do: 'nothing' };
      const look: CarrierStep = due(order.asking.nextAt, now) ?? { do: 'find', order };
      return over !== undefined && look.do === 'wait' ? earlier(look, over.until) : look;
    }
    case 'placed':
      return due(order.asking.nextAt, now) ?? { do: order.closing === undefined ? 'ask' : 'close', order };
    case 'declined':
    case 'expired':
    case 'cancelled':
    case 'refused':
    case 'complete':
    case 'partial':
    case 'failed':
      return (
        lapse(order.holds, now) ??
        release(order.holds.filter(binds), now, placeWithinMs, trouble) ?? { do: 'nothing' }
      );
  }
}

/**
 * How long a request counts as perhaps only not listed yet, however often it was looked for. Looks are planned to take
 * as long, but a notice or a person may have them come sooner.
 */
export const LOST_AFTER_MS = 30 * SECOND;

/** Where the last look failed, nothing is known after half a minute; people need not wait until the next succeeds. */
function askPeople(order: OrderIn<'placing'>, now: Timestamp, look: CarrierStep): CarrierStep {
  const { answer, asking, notKnown, sendAgain, secondNotTaken, sentAt } = order;
  if (look.do !== 'wait' || answer !== 'unknown' || asking.failures === 0) return look;
  // Of these people have decided, or it is the sending that failed.
  if (sendAgain !== undefined || secondNotTaken === true) return look;
  if (notKnown === true || leavesNoTrace(order)) return look;
  const at = sentAt + LOST_AFTER_MS;
  return isDue(at, now) ? { do: 'ask people', order } : { do: 'wait', until: Math.min(look.until, at) };
}

function placeStep(order: OrderIn<'approved'>, now: Timestamp): CarrierStep {
  // Whatever the clock says, nobody's time for Undo is cut short.
  return order.request.kind === 'disconnect' && order.asking.nextAt > now
    ? { do: 'wait', until: order.asking.nextAt }
    : (due(order.asking.nextAt, now) ?? { do: 'place', order });
}

/** So many numbers are asked for at a time; in between it is seen whether the order still waits. */
const HOLDS_AT_ONCE = 5;
/** After so many vain attempts an order is placed although its numbers may be kept aside from it. */
const ATTEMPTS_BEFORE_PLACING = 3;

/** Whatever there is to wait for, not for longer than this. */
function earlier(step: CarrierStep, end: Timestamp): CarrierStep {
  if (step.do === 'nothing') return { do: 'wait', until: end };
  return step.do === 'wait' ? { do: 'wait', until: Math.min(step.until, end) } : step;
}

function hold(order: Order, now: Timestamp, { most, trouble }: HoldPlan): CarrierStep {
  const unanswered = holdsOf(order).filter(isHold('asked'));
  const numbers = [...unanswered.map(({ number }) => number), ...(most > 0 ? notYetHeld(order) : [])];
  if (numbers.length === 0) return untilLapse(order.holds);
  if (trouble !== undefined && !isDue(trouble.nextAt, now)) return { do: 'wait', until: trouble.nextAt };
  return { do: 'hold', numbers: numbers.slice(0, HOLDS_AT_ONCE) };
}

/**
 * A reservation whose answer was lost would keep the number from its own order, so before that is placed it is asked
 * about once more: but not for long, because nobody's approval waits for a hold.
 */
function askAfter(
  order: OrderIn<'approved'>,
  now: Timestamp,
  trouble: HoldTrouble | undefined,
): CarrierStep | undefined {
  const unanswered = holdsOf(order).filter(isHold('asked'));
  if (unanswered.length === 0 || (trouble?.failures ?? 0) >= ATTEMPTS_BEFORE_PLACING) return undefined;
  if (trouble !== undefined && !isDue(trouble.nextAt, now)) return { do: 'wait', until: trouble.nextAt };
  return { do: 'hold', numbers: unanswered.slice(0, HOLDS_AT_ONCE).map(({ number }) => number) };
}

/** What is kept aside for a request that does not name it any more. */
function unwanted(order: Order): readonly HoldIn<'asked' | 'held'>[] {
  const named = holdsOf(order);
  return order.holds.filter((each) => !named.includes(each)).filter(binds);
}

/** @param settledMs only after this time does a request without an answer count as over. */
function release(
  holds: readonly HoldIn<'asked' | 'held'>[],
  now: Timestamp,
  settledMs: number,
  trouble: HoldTrouble | undefined,
): CarrierStep | undefined {
  if (holds.length === 0) return undefined;
  if (trouble !== undefined && !isDue(trouble.nextAt, now)) return { do: 'wait', until: trouble.nextAt };
  const overAt = (each: HoldIn<'asked' | 'held'>) => (each.state === 'asked' ? each.at + settledMs : now);
  const ready = holds.filter((each) => isDue(overAt(each), now));
  return ready.length > 0
    ? { do: 'release', holds: ready.slice(0, HOLDS_AT_ONCE) }
    : { do: 'wait', until: Math.min(...holds.map(overAt)) };
}

/** Numbers held one after the other lapse together: who looks at the card then is not shown two cards in a second. */
const LAPSE_TOGETHER = 5 * SECOND;

function lapse(holds: readonly Hold[], now: Timestamp): CarrierStep | undefined {
  const at = lapseAt(holds);
  if (at === undefined || at > now) return undefined;
  const over = holds.filter(binds).filter((each) => endOf(each) <= now);
  return { do: 'lapse', numbers: over.map(({ number }) => number) };
}

function untilLapse(holds: readonly Hold[]): CarrierStep {
  const at = lapseAt(holds);
  return at === undefined ? { do: 'nothing' } : { do: 'wait', until: at };
}

function lapseAt(holds: readonly Hold[]): Timestamp | undefined {
  const ends = holds
    .filter(binds)
    .map(endOf)
    .sort((one, other) => one - other);
  return ends.find((end, index) => !((ends[index + 1] ?? Number.POSITIVE_INFINITY) <= end + LAPSE_TOGETHER));
}

/** Nobody knows until when a number is kept that we never heard of; not for longer than it would be at best. */
function endOf(each: HoldIn<'asked' | 'held'>): Timestamp {
  return each.state === 'held' ? each.until : each.at + USUAL_HOLD_MS;
}

/**
 * @param listWaits the list of numbers could not be uploaded just now. It comes first whenever it can, but a bot that
 *   may not upload files must still tell what became of an order.
 */
export function nextBoardStep(order: Order, now: Timestamp, listWaits = false): BoardStep {
  if (order.card.drawn !== order.revision) return { do: 'draw' };
  const [kind] = [...dueAnnouncements(order), ...dueReminders(order, now)].filter(
    (due) => !(listWaits && due === 'numbers'),
  );
  return kind === undefined ? { do: 'nothing' } : { do: 'tell', kind };
}

/** When there is something to do on the board, if nothing of the order changes until then; infinite for never. */
export function nextBoardAt(order: Order, now: Timestamp): Timestamp {
  if (nextBoardStep(order, now).do !== 'nothing') return now;
  if (order.status !== 'awaiting-approval') return Number.POSITIVE_INFINITY;
  const waiting = { since: askedAt(order), expiresAt: order.expiresAt };
  return nextReminderAt(waiting, now) ?? Number.POSITIVE_INFINITY;
}

function dueReminders(order: Order, now: Timestamp): readonly AnnouncementKind[] {
  if (order.status !== 'awaiting-approval') return [];
  const reminder = dueReminder({ since: askedAt(order), expiresAt: order.expiresAt }, now);
  return reminder === undefined || order.told.includes(reminder) ? [] : [reminder];
}

function due(at: Timestamp, now: Timestamp): CarrierStep | undefined {
  return isDue(at, now) ? undefined : { do: 'wait', until: at };
}

/**
 * Whether the time to do something has come. One that is further off than anything is put off was set by a clock that
 * has been put right since; nobody shall wait until it is reached again.
 */
export function isDue(at: Timestamp, now: Timestamp): boolean {
  return at <= now || at > now + LONGEST_WAIT;
}

/** However long Bandwidth works on an order: a status is older than half a minute only where Bandwidth's limit is. */
const LONGEST_UNKNOWN = 15 * SECOND;

/** Most orders end within seconds, and people watch the card: so the first looks come quickly after the POST. */
const QUICK_LOOKS = [300, 700, 1_200, 1_900, 2_800, 3_900, 5_200, 7_000, 10_000];

/** When to ask next about an order placed at `placedAt` that Bandwidth just reported in this status. */
export function nextAskAt(placedAt: Timestamp, status: CarrierReport['status'], now: Timestamp): Timestamp {
  const age = now - placedAt;
  // Quick looks that were missed (we were down, Bandwidth was slow) are not made up for, nor any where the clock has
  // been set back behind the time of placing.
  const quick = age < 0 ? undefined : QUICK_LOOKS.find((look) => look > age);
  if (quick !== undefined) return placedAt + quick;
  // A back-order waits for somebody to give numbers back, which takes days; anything else is minutes at most.
  return status === 'backordered'
    ? now + between(age / 10, MINUTE, LONGEST_WAIT)
    : now + between(age / 4, 5 * SECOND, LONGEST_UNKNOWN);
}

/** The same, but where somebody wants a back-order closed, who waits for it. */
export function nextLookAt(
  { closing, carrierOrder, asking }: OrderIn<'placed'>,
  status: CarrierReport['status'],
  now: Timestamp,
): Timestamp {
  return closing === undefined
    ? nextAskAt(carrierOrder.placedAt, status, now)
    : nextFindAt(asking.times, now);
}

export function firstAskAt(now: Timestamp): Timestamp {
  return now + (QUICK_LOOKS[0] ?? 0);
}

/** Bandwidth may list an order a moment after taking it, so one empty answer proves nothing. */
export function nextFindAt(times: number, now: Timestamp): Timestamp {
  return now + between(SECOND * 2 ** times, SECOND, 5 * MINUTE);
}

/**
 * When to try again after something failed `failures` times in a row.
 *
 * @param named the time Bandwidth asked us to wait for, if it did. It may have passed already, which must not have us
 *   ask without a pause; and as its limits reset within minutes, one far off is a misunderstanding.
 */
export function nextTryAt(failures: number, now: Timestamp, named: Timestamp = now): Timestamp {
  const ours = now + between(SECOND * 2 ** failures, 2 * SECOND, MINUTE);
  return Math.max(ours, Math.min(named, now + LONGEST_WAIT));
}

function between(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
