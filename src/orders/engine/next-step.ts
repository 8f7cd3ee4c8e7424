import type { CarrierReport } from '../domain/carrier-report.js';
import { dueAnnouncements } from '../domain/due-announcements.js';
import { askedAt } from '../domain/editions.js';
import { dueReminder, isOver, nextReminderAt } from '../domain/expiry.js';
import type { Hold, HoldIn } from '../domain/hold.js';
import { arrivedBy, holdsOf, isActive, isHold, notYetHeld, USUAL_HOLD_MS } from '../domain/holds.js';
import { type AnnouncementKind, leavesNoTrace, type Order, type OrderIn } from '../domain/order.js';
import type { PhoneNumber } from '../domain/phone-number.js';
import type { Timestamp } from '../domain/request.js';

/**
 * What an order needs next, decided without touching anything. `engine.ts` carries it out.
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
  /** Keep these numbers aside while people decide, or see whether they are kept aside already. */
  | { readonly do: 'hold'; readonly numbers: readonly PhoneNumber[] }
  /** Nobody waits for these numbers any more. */
  | { readonly do: 'release'; readonly holds: readonly HoldIn<'asked' | 'held'>[] }
  /** What is to be done about this number's hold depends on what Bandwidth's clock says, and that isn't known just now. */
  | { readonly do: 'ask the time'; readonly number: PhoneNumber }
  /** The time of these holds seems to be up. */
  | { readonly do: 'lapse'; readonly holds: readonly HoldIn<'asked' | 'held'>[] }
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
  /** What Bandwidth's clock says: all times of holds are its. Where it isn't known just now, ours has to do. */
  readonly there?: Timestamp | undefined;
}

export interface HoldTrouble {
  readonly failures: number;
  /** When the last attempt failed. */
  readonly at: Timestamp;
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
  const { there = now } = plan;
  switch (order.status) {
    case 'awaiting-approval':
      if (isOver(order.expiresAt, now)) return { do: 'expire' };
      return earlier(
        firstDue(
          [
            lapse(order.holds, there, placeWithinMs),
            release(unwanted(order), plan.there, placeWithinMs),
            hold(order, there, placeWithinMs, plan.most),
          ],
          now,
          plan,
        ),
        order.expiresAt,
      );
    case 'approved': {
      const step = placeStep(order, now);
      return step.do === 'place' ? (askAfter(order, now, plan) ?? step) : step;
    }
    case 'placing': {
      const from = order.answer === 'unknown' ? order.asking.nextAt : order.sentAt + placeWithinMs;
      const look: CarrierStep = due(order.asking.nextAt, now) ?? due(from, now) ?? { do: 'find', order };
      return askPeople(order, now, look);
    }
    case 'given-up': {
      const over = endHolds(order, now, placeWithinMs, plan);
      if (order.endedAt !== undefined || !(over.do === 'wait' || over.do === 'nothing')) return over;
      const look: CarrierStep = due(order.asking.nextAt, now) ?? { do: 'find', order };
      return over.do === 'wait' && look.do === 'wait' ? earlier(look, over.until) : look;
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
      return endHolds(order, now, placeWithinMs, plan);
  }
}

/** What is still kept aside for an order that needs nothing any more. */
function endHolds(order: Order, now: Timestamp, placeWithinMs: number, plan: HoldPlan): CarrierStep {
  const lapsing = lapse(order.holds, plan.there ?? now, placeWithinMs);
  return firstDue([lapsing, release(order.holds.filter(isActive), plan.there, placeWithinMs)], now, plan);
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

/** Something to do about holds, at a time of Bandwidth's clock. */
interface Duty {
  readonly at: Timestamp;
  readonly step: CarrierStep;
}

/** The first of these that is due. After a failure nothing is tried before its time. */
function firstDue(
  duties: readonly (Duty | undefined)[],
  now: Timestamp,
  { trouble, there = now }: HoldPlan,
): CarrierStep {
  const all = duties.filter((each) => each !== undefined);
  if (all.length === 0) return { do: 'nothing' };
  const due = all.find(({ at }) => at <= there);
  // A clock that was set back must not prolong the pause.
  const mayTry = trouble === undefined || now < trouble.at || isDue(trouble.nextAt, now);
  if (due !== undefined && mayTry) return due.step;
  const first = now + Math.min(...all.map(({ at }) => at)) - there;
  return { do: 'wait', until: mayTry ? first : Math.max(first, trouble.nextAt) };
}

/** A time that none of ours can be was set by a wrong clock: it has come. */
const sane = (at: Timestamp, there: Timestamp): Timestamp => (isDue(at, there) ? Math.min(at, there) : at);

function hold(order: Order, there: Timestamp, requestWithinMs: number, most: number): Duty | undefined {
  const unanswered = holdsOf(order).filter(isHold('asked'));
  const all = [
    ...unanswered.map((each) => ({ number: each.number, at: seekAt(each, there, requestWithinMs) })),
    ...(most > 0 ? notYetHeld(order) : []).map((number) => ({ number, at: there })),
  ].sort((one, other) => one.at - other.at);
  const [first] = all;
  if (first === undefined) return undefined;
  const due = all.filter(({ at }) => at <= there).slice(0, HOLDS_AT_ONCE);
  return { at: first.at, step: { do: 'hold', numbers: due.map(({ number }) => number) } };
}

/**
 * When to look for an unanswered request: soon, while it may take effect. Once it can't any more, a lookup is followed by
 * the next request, and these leave ever more rarely.
 */
function seekAt(each: HoldIn<'asked'>, there: Timestamp, requestWithinMs: number): Timestamp {
  if (sane(arrivedBy(each, requestWithinMs), there) > there) return there;
  const pause = Math.min(requestWithinMs * 2 ** ((each.times ?? 1) - 1), LONGEST_WAIT);
  return sane(each.at + pause, there);
}

/**
 * A reservation whose answer was lost would keep the number from its own order, as would one that the order doesn't
 * name. So before it is placed they are looked for, but not for long: nobody's approval waits for a hold.
 */
function askAfter(order: OrderIn<'approved'>, now: Timestamp, plan: HoldPlan): CarrierStep | undefined {
  const { trouble } = plan;
  if ((trouble?.failures ?? 0) >= ATTEMPTS_BEFORE_PLACING) return undefined;
  const unanswered = holdsOf(order).filter(isHold('asked')).slice(0, HOLDS_AT_ONCE);
  if (unanswered.length > 0) {
    const numbers = unanswered.map(({ number }) => number);
    return firstDue([atOnce({ do: 'hold', numbers })], now, plan);
  }
  // Which holds the order may name only Bandwidth's clock tells.
  const held = holdsOf(order).find(isHold('held'));
  if (held === undefined || plan.there !== undefined) return undefined;
  return firstDue([atOnce({ do: 'ask the time', number: held.number })], now, plan);
}

/** What is kept aside for a request that does not name it any more. */
function unwanted(order: Order): readonly HoldIn<'asked' | 'held'>[] {
  const named = holdsOf(order);
  return order.holds.filter((each) => !named.includes(each)).filter(isActive);
}

/** One that was never answered is looked for when its request can't take effect any more, and then only once. */
function release(
  holds: readonly HoldIn<'asked' | 'held'>[],
  there: Timestamp | undefined,
  requestWithinMs: number,
): Duty | undefined {
  const held = holds.filter(isHold('held'));
  if (held.length > 0) return atOnce({ do: 'release', holds: held.slice(0, HOLDS_AT_ONCE) });
  const asked = holds.filter(isHold('asked'));
  const [first] = asked;
  if (first === undefined) return undefined;
  if (there === undefined) return atOnce({ do: 'ask the time', number: first.number });
  const readyAt = (each: HoldIn<'asked'>) => sane(arrivedBy(each, requestWithinMs), there);
  const ready = asked.filter((each) => readyAt(each) <= there);
  return {
    at: Math.min(...asked.map(readyAt)),
    step: { do: 'release', holds: ready.slice(0, HOLDS_AT_ONCE) },
  };
}

const atOnce = (step: CarrierStep): Duty => ({ at: Number.NEGATIVE_INFINITY, step });

/** Numbers held one after the other lapse together: who looks at the card then is not shown two cards in a second. */
const LAPSE_TOGETHER = 5 * SECOND;

function lapse(holds: readonly Hold[], there: Timestamp, requestWithinMs: number): Duty | undefined {
  const binding = holds.filter(isActive).map((each) => ({ each, end: endOf(each, requestWithinMs) }));
  const ends = binding.map(({ end }) => end).sort((one, other) => one - other);
  const at = ends.find(
    (end, index) => !((ends[index + 1] ?? Number.POSITIVE_INFINITY) <= end + LAPSE_TOGETHER),
  );
  if (at === undefined) return undefined;
  const over = binding.filter(({ end }) => end <= there);
  return { at, step: { do: 'lapse', holds: over.map(({ each }) => each) } };
}

/**
 * When a reservation ends by itself. Nobody knows until when a number is kept that we never heard of; not for longer
 * than if its request took effect at the last moment.
 */
export function endOf(each: HoldIn<'asked' | 'held'>, requestWithinMs: number): Timestamp {
  return each.state === 'held' ? each.until : arrivedBy(each, requestWithinMs) + USUAL_HOLD_MS;
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
