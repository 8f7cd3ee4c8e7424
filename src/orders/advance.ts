import { dueAnnouncements } from './due-announcements.js';
import { askedAt } from './editions.js';
import { dueReminder, isOver } from './expiry.js';
import type { AnnouncementKind, CarrierReport, Order, OrderIn, Timestamp } from './order.js';

/**
 * What an order needs next, decided without touching anything. `settle.ts` carries it out.
 *
 * Two independent lines of work hang on an order: one speaks with Bandwidth, the other with Slack. A slow card must
 * never hold up an order, nor a slow carrier a card.
 */
export type CarrierStep =
  | { readonly do: 'place'; readonly order: OrderIn<'approved'> }
  /** The POST may or may not have been taken: look for it by CustomerOrderId before anything else. */
  | { readonly do: 'find'; readonly order: OrderIn<'placing'> }
  | { readonly do: 'ask'; readonly order: OrderIn<'placed'> }
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

/**
 * @param placeWithinMs how long one POST may take; until then a request without an answer is still under way, perhaps
 *   in another process, and must not be looked up, let alone repeated.
 */
export function nextCarrierStep(order: Order, now: Timestamp, placeWithinMs: number): CarrierStep {
  switch (order.status) {
    case 'approved':
      // Whatever the clock says, nobody's time for Undo is cut short.
      return order.request.kind === 'disconnect' && order.asking.nextAt > now
        ? { do: 'wait', until: order.asking.nextAt }
        : (due(order.asking.nextAt, now) ?? { do: 'place', order });
    case 'placing': {
      const from = order.answer === 'unknown' ? order.asking.nextAt : order.sentAt + placeWithinMs;
      return due(order.asking.nextAt, now) ?? due(from, now) ?? { do: 'find', order };
    }
    case 'placed':
      return due(order.asking.nextAt, now) ?? { do: 'ask', order };
    case 'awaiting-approval':
      return isOver(order.expiresAt, now) ? { do: 'expire' } : { do: 'wait', until: order.expiresAt };
    case 'declined':
    case 'expired':
    case 'cancelled':
    case 'refused':
    case 'complete':
    case 'partial':
    case 'failed':
      return { do: 'nothing' };
  }
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

export function firstAskAt(now: Timestamp): Timestamp {
  return now + (QUICK_LOOKS[0] ?? 0);
}

/** Bandwidth may list an order a moment after taking it, so one empty answer proves nothing. */
export function nextFindAt(times: number, now: Timestamp): Timestamp {
  return now + between(SECOND * 2 ** times, SECOND, 5 * MINUTE);
}

/**
 * How long after the second request the first may yet turn up. Bandwidth's list leaves out orders it has only just
 * received, so until then a bad end of the second proves nothing: the first may have the numbers.
 */
const FIRST_TURNS_UP_WITHIN = MINUTE;

/** Whether this order was sent twice, and the first request may still turn up. */
export function firstMayTurnUp(
  { approval: { again } }: OrderIn<'placing' | 'placed'>,
  now: Timestamp,
): boolean {
  return again !== undefined && !isDue(again.at + FIRST_TURNS_UP_WITHIN, now);
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
