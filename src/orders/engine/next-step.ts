import { cardFor, isCardDue, UNDRAWN } from '../domain/cards.js';
import type { CarrierReport } from '../domain/carrier-report.js';
import { dueAnnouncements, newsOfMoreLines } from '../domain/due-announcements.js';
import { askedAt } from '../domain/editions.js';
import { dueReminder, isOver, nextReminderAt, type WaitingTime } from '../domain/expiry.js';
import type { Hold, HoldIn } from '../domain/hold.js';
import { arrivedBy, holdsOf, isActive, isHold, notYetHeld, USUAL_HOLD_MS } from '../domain/holds.js';
import {
  type AnnouncementKind,
  type Card,
  isFinal,
  leavesNoTrace,
  type Order,
  type OrderIn,
} from '../domain/order.js';
import { kindRules } from '../domain/order-kinds.js';
import type { PhoneNumber } from '../domain/phone-number.js';
import type { Timestamp } from '../domain/request.js';
import { nextServiceCheckAt } from '../domain/service-check.js';

/**
 * What an order needs next, decided without touching anything. `engine.ts` carries it out.
 *
 * Each order has two independent lines of work, one with Bandwidth and one with Slack. A slow card must never hold up
 * an order, nor a slow carrier a card.
 */
export type CarrierStep =
  | { readonly do: 'place'; readonly order: OrderIn<'approved'> }
  /** The POST may or may not have been accepted: look it up by CustomerOrderId before anything else. */
  | { readonly do: 'find'; readonly order: OrderIn<'placing' | 'given-up'> }
  /** Half a minute has passed and no one knows the outcome. */
  | { readonly do: 'ask people'; readonly order: OrderIn<'placing'> }
  | { readonly do: 'ask'; readonly order: OrderIn<'placed'> }
  /** Someone wants the back-order closed: check its status, and if it still is back-ordered, tell Bandwidth. */
  | { readonly do: 'close'; readonly order: OrderIn<'placed'> }
  /** Hold these numbers while people decide, or check whether they are held already. */
  | { readonly do: 'hold'; readonly numbers: readonly PhoneNumber[] }
  /** No order waits for these numbers anymore. */
  | { readonly do: 'release'; readonly holds: readonly HoldIn<'asked' | 'held'>[] }
  /** What to do about this number's hold depends on Bandwidth's clock, which isn't known right now. */
  | { readonly do: 'ask the time'; readonly number: PhoneNumber }
  /** These holds seem to have expired. */
  | { readonly do: 'lapse'; readonly holds: readonly HoldIn<'asked' | 'held'>[] }
  /** Ask what works on the delivered numbers. */
  | { readonly do: 'check services'; readonly order: Order }
  /** No one decided in time. */
  | { readonly do: 'expire' }
  | { readonly do: 'wait'; readonly until: Timestamp }
  | { readonly do: 'nothing' };

export type BoardStep =
  | { readonly do: 'draw'; readonly card: Card }
  | { readonly do: 'tell'; readonly kind: AnnouncementKind }
  | { readonly do: 'nothing' };

/** What failed just now and isn't tried yet: the list of numbers, or what is posted in a channel. */
export type BoardTrouble = 'numbers' | { readonly channelId: string };

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Nothing waits longer than this, except a disconnect that can be undone and a request that waits for approval. */
const LONGEST_WAIT = HOUR;

/** The state of holding. None of it is stored, because it can be tried again after a restart. */
export interface HoldPlan {
  /** The maximum number of numbers held for one requester's orders; 0 turns holds off. */
  readonly most: number;
  readonly trouble?: HoldTrouble | undefined;
  /** The time by Bandwidth's clock, which all times of holds use. If it isn't known right now, ours has to do. */
  readonly there?: Timestamp | undefined;
}

export interface HoldTrouble {
  readonly failures: number;
  /** When the last attempt failed. */
  readonly at: Timestamp;
  readonly nextAt: Timestamp;
}

/**
 * @param placeWithinMs how long one POST may take. Until then a request without an answer is still under way, perhaps
 *   in another process, and must not be looked up, let alone repeated.
 */
export function nextCarrierStep(
  order: Order,
  now: Timestamp,
  placeWithinMs: number,
  plan: HoldPlan = { most: 0 },
): CarrierStep {
  const { there = now } = plan;
  // Each line has its own next step.
  if (order.lines !== undefined && !isFinal(order)) return { do: 'nothing' };
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
      const lookup: CarrierStep = due(order.asking.nextAt, now) ?? due(from, now) ?? { do: 'find', order };
      return askPeople(order, now, lookup);
    }
    case 'given-up': {
      const over = endHolds(order, now, placeWithinMs, plan);
      if (order.endedAt !== undefined || !(over.do === 'wait' || over.do === 'nothing')) return over;
      const lookup: CarrierStep = due(order.asking.nextAt, now) ?? { do: 'find', order };
      return over.do === 'wait' && lookup.do === 'wait' ? earlier(lookup, over.until) : lookup;
    }
    case 'placed':
      return due(order.asking.nextAt, now) ?? { do: order.closing === undefined ? 'ask' : 'close', order };
    case 'ordering':
      return { do: 'nothing' };
    case 'declined':
    case 'expired':
    case 'cancelled':
    case 'refused':
      return endHolds(order, now, placeWithinMs, plan);
    case 'complete':
    case 'partial':
    case 'failed':
      return checkServices(order, now, endHolds(order, now, placeWithinMs, plan));
  }
}

/** Asks what works on the delivered numbers, once nothing else is due. */
function checkServices(order: Order, now: Timestamp, before: CarrierStep): CarrierStep {
  const at = nextServiceCheckAt(order);
  if (at === undefined || !(before.do === 'wait' || before.do === 'nothing')) return before;
  const check = due(at, now) ?? { do: 'check services', order };
  return before.do === 'wait' && check.do === 'wait' ? earlier(check, before.until) : check;
}

/** Releases what is still held for an order that needs nothing else. */
function endHolds(order: Order, now: Timestamp, placeWithinMs: number, plan: HoldPlan): CarrierStep {
  const lapsing = lapse(order.holds, plan.there ?? now, placeWithinMs);
  return firstDue([lapsing, release(order.holds.filter(isActive), plan.there, placeWithinMs)], now, plan);
}

/**
 * How long a request may simply not be listed yet, however often it was looked up. Lookups are planned to take as long,
 * but a notice or a person may trigger them sooner.
 */
export const LOST_AFTER_MS = 30 * SECOND;

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
    : (due(order.asking.nextAt, now) ?? { do: 'place', order });
}

/** Numbers are requested in batches of this size; between batches we check whether the order still waits. */
const HOLDS_AT_ONCE = 5;
/** After this many failed attempts an order is placed although its numbers may be held without it. */
const ATTEMPTS_BEFORE_PLACING = 3;

/** Limits a wait to this time. */
function earlier(step: CarrierStep, end: Timestamp): CarrierStep {
  if (step.do === 'nothing') return { do: 'wait', until: end };
  return step.do === 'wait' ? { do: 'wait', until: Math.min(step.until, end) } : step;
}

/** Something to do about holds, at a time by Bandwidth's clock. */
interface Duty {
  readonly at: Timestamp;
  readonly step: CarrierStep;
}

/** Returns the first step that is due. After a failure nothing is tried before its retry time. */
function firstDue(
  duties: readonly (Duty | undefined)[],
  now: Timestamp,
  { trouble, there = now }: HoldPlan,
): CarrierStep {
  const all = duties.filter((each) => each !== undefined);
  if (all.length === 0) return { do: 'nothing' };
  const due = all.find(({ at }) => at <= there);
  // Setting a clock back must not prolong the pause.
  const mayTry = trouble === undefined || now < trouble.at || isDue(trouble.nextAt, now);
  if (due !== undefined && mayTry) return due.step;
  const first = now + Math.min(...all.map(({ at }) => at)) - there;
  return { do: 'wait', until: mayTry ? first : Math.max(first, trouble.nextAt) };
}

/** A time further away than the app ever sets comes from a wrong clock, so it counts as passed. */
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
 * Schedules the lookup of an unanswered request: soon, while it may still take effect. After that, a lookup is followed
 * by the next request, with growing pauses.
 */
function seekAt(each: HoldIn<'asked'>, there: Timestamp, requestWithinMs: number): Timestamp {
  if (sane(arrivedBy(each, requestWithinMs), there) > there) return there;
  const pause = Math.min(requestWithinMs * 2 ** ((each.times ?? 1) - 1), LONGEST_WAIT);
  return sane(each.at + pause, there);
}

/**
 * Looks up unanswered holds before the order is placed, but not for long, because no approval waits for a hold. A
 * reservation whose answer was lost, or that the order doesn't name, would make its number unavailable to the order.
 */
function askAfter(order: OrderIn<'approved'>, now: Timestamp, plan: HoldPlan): CarrierStep | undefined {
  const { trouble } = plan;
  if ((trouble?.failures ?? 0) >= ATTEMPTS_BEFORE_PLACING) return undefined;
  const unanswered = holdsOf(order).filter(isHold('asked')).slice(0, HOLDS_AT_ONCE);
  if (unanswered.length > 0) {
    const numbers = unanswered.map(({ number }) => number);
    return firstDue([atOnce({ do: 'hold', numbers })], now, plan);
  }
  // Only Bandwidth's clock tells which holds the order may name.
  const held = holdsOf(order).find(isHold('held'));
  if (held === undefined || plan.there !== undefined) return undefined;
  return firstDue([atOnce({ do: 'ask the time', number: held.number })], now, plan);
}

/** Returns the active holds of numbers that the request no longer names. */
function unwanted(order: Order): readonly HoldIn<'asked' | 'held'>[] {
  const named = holdsOf(order);
  return order.holds.filter((each) => !named.includes(each)).filter(isActive);
}

/** An unanswered hold is looked up only once, when its request can no longer take effect. */
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

/** Numbers held one after the other expire together, so that the card isn't updated twice within a second. */
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
 * Returns when a reservation expires by itself. For one we never got an answer about, that is the latest possible time,
 * as if its request had taken effect at the last moment.
 */
export function endOf(each: HoldIn<'asked' | 'held'>, requestWithinMs: number): Timestamp {
  return each.state === 'held' ? each.until : arrivedBy(each, requestWithinMs) + USUAL_HOLD_MS;
}

/**
 * Returns what is due in Slack. New cards come first, then the mention of the people who can decide.
 *
 * @param mayTry whether this may be tried now. The list of numbers comes before other announcements, but a bot that may
 *   not upload files must still announce the outcome; and no channel holds up another.
 */
export function nextBoardStep(
  order: Order,
  now: Timestamp,
  mayTry: (what: BoardTrouble) => boolean = () => true,
): BoardStep {
  const due = order.cards.filter((card) => isCardDue(order, card));
  const announcements = [
    ...dueAnnouncements(order),
    ...newsOfMoreLines(order).flatMap(({ kind, at }) => (isDue(at, now) ? kind : [])),
    ...dueReminders(order, now),
  ];
  const isJustPosted = (kind: AnnouncementKind) => {
    const { place, renderedRevision } = cardFor(order, kind);
    return place !== undefined && renderedRevision === UNDRAWN;
  };
  const steps: readonly Exclude<BoardStep, { do: 'nothing' }>[] = [
    ...due.filter(({ place }) => place === undefined).map((card) => ({ do: 'draw', card }) as const),
    ...announcements
      .filter((kind) => kind === 'call' && isJustPosted(kind))
      .map((kind) => ({ do: 'tell', kind }) as const),
    ...due.map((card) => ({ do: 'draw', card }) as const),
    ...announcements.map((kind) => ({ do: 'tell', kind }) as const),
  ];
  return steps.find((step) => troublesOf(order, step).every(mayTry)) ?? { do: 'nothing' };
}

/** Returns what keeps a step waiting after a failure; the first is what fails if the step does. */
export function troublesOf(
  order: Order,
  step: Exclude<BoardStep, { do: 'nothing' }>,
): readonly [BoardTrouble, ...BoardTrouble[]] {
  if (step.do === 'draw') return [{ channelId: step.card.channelId }];
  const { channelId } = cardFor(order, step.kind);
  const isFile = step.kind === 'numbers' || step.kind === 'delivered';
  return isFile ? ['numbers', { channelId }] : [{ channelId }];
}

/** Returns when the board has something to do next if the order doesn't change; infinite for never. */
export function nextBoardAt(order: Order, now: Timestamp): Timestamp {
  if (nextBoardStep(order, now).do !== 'nothing') return now;
  if (order.status !== 'awaiting-approval') return Math.min(...newsOfMoreLines(order).map(({ at }) => at));
  return nextReminderAt(waitingTime(order), now) ?? Number.POSITIVE_INFINITY;
}

function dueReminders(order: Order, now: Timestamp): readonly AnnouncementKind[] {
  if (order.status !== 'awaiting-approval') return [];
  const reminder = dueReminder(waitingTime(order), now);
  return reminder === undefined || order.announced.includes(reminder) ? [] : [reminder];
}

/** The holds end by Bandwidth's clock; for a reminder, the difference doesn't matter. */
function waitingTime(order: OrderIn<'awaiting-approval'>): WaitingTime {
  const held = holdsOf(order).filter(isHold('held'));
  return {
    since: askedAt(order),
    expiresAt: order.expiresAt,
    ...(held.length === 0 ? {} : { heldUntil: Math.min(...held.map(({ until }) => until)) }),
  };
}

function due(at: Timestamp, now: Timestamp): CarrierStep | undefined {
  return isDue(at, now) ? undefined : { do: 'wait', until: at };
}

/**
 * Whether the time for something has come. A time further away than any wait was set by a clock that has since been
 * corrected, so it counts as passed.
 */
export function isDue(at: Timestamp, now: Timestamp): boolean {
  return at <= now || at > now + LONGEST_WAIT;
}

/**
 * The longest pause between lookups of an order that Bandwidth is working on, so that a status is at most half a minute
 * old unless the rate limit forbids it.
 */
const LONGEST_UNKNOWN = 15 * SECOND;

/** Most orders end within seconds while people watch the card, so the first lookups come quickly after the POST. */
const QUICK_LOOKUPS = [300, 700, 1_200, 1_900, 2_800, 3_900, 5_200, 7_000, 10_000];

/** Schedules the next lookup of an order placed at `placedAt` that Bandwidth just reported in this status. */
export function nextAskAt(placedAt: Timestamp, status: CarrierReport['status'], now: Timestamp): Timestamp {
  const age = now - placedAt;
  // Missed quick lookups (downtime, a slow Bandwidth) aren't made up for; nor are any if the clock was set back to
  // before the order was placed.
  const quick = age < 0 ? undefined : QUICK_LOOKUPS.find((after) => after > age);
  if (quick !== undefined) return placedAt + quick;
  // A back-order waits days for a number to become available; anything else takes minutes at most.
  return status === 'backordered'
    ? now + between(age / 10, MINUTE, LONGEST_WAIT)
    : now + between(age / 4, 5 * SECOND, LONGEST_UNKNOWN);
}

/** Like {@link nextAskAt}, but sooner when someone wants the back-order closed and is waiting. */
export function nextLookupAt(
  { closing, carrierOrder, asking }: OrderIn<'placed'>,
  status: CarrierReport['status'],
  now: Timestamp,
): Timestamp {
  return closing === undefined
    ? nextAskAt(carrierOrder.placedAt, status, now)
    : nextFindAt(asking.times, now);
}

export function firstAskAt(now: Timestamp): Timestamp {
  return now + (QUICK_LOOKUPS[0] ?? 0);
}

/** Bandwidth may list an order a moment after accepting it, so one empty answer proves nothing. */
export function nextFindAt(times: number, now: Timestamp): Timestamp {
  return now + between(SECOND * 2 ** times, SECOND, 5 * MINUTE);
}

/**
 * Returns when to try again after `failures` failures in a row.
 *
 * @param named the time Bandwidth asked us to wait for, if any. If it has passed we still pause, and since Bandwidth's
 *   limits reset within minutes, a distant time is taken for a misunderstanding.
 */
export function nextTryAt(failures: number, now: Timestamp, named: Timestamp = now): Timestamp {
  const ours = now + between(SECOND * 2 ** failures, 2 * SECOND, MINUTE);
  return Math.max(ours, Math.min(named, now + LONGEST_WAIT));
}

function between(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
