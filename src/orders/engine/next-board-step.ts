import type { AnnouncementKind } from '../domain/announcement.js';
import { cardFor, isCardDue, UNDRAWN } from '../domain/cards.js';
import { announcementsOfMoreLines, dueAnnouncements } from '../domain/due-announcements.js';
import { lastRequestedAt } from '../domain/editions.js';
import { dueReminder, nextReminderAt, type WaitingTime } from '../domain/expiry.js';
import { holdsOf, isHold } from '../domain/holds.js';
import type { Card, Order, OrderIn } from '../domain/order.js';
import type { Timestamp } from '../domain/request.js';
import { isDue } from './schedule.js';

/** What an order needs in Slack next, decided without touching anything. `board-steps.ts` carries it out. */
export type BoardStep = DueBoardStep | { readonly do: 'nothing' };

export type DueBoardStep =
  | { readonly do: 'draw'; readonly card: Card }
  | { readonly do: 'tell'; readonly kind: AnnouncementKind };

/** What failed just now and isn't tried yet: the list of numbers, or what is posted in a channel. */
export type BoardTrouble = 'numbers' | { readonly channelId: string };

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
    ...announcementsOfMoreLines(order).flatMap(({ kind, at }) => (isDue(at, now) ? kind : [])),
    ...dueReminders(order, now),
  ];
  const isJustPosted = (kind: AnnouncementKind) => {
    const { place, renderedRevision } = cardFor(order, kind);
    return place !== undefined && renderedRevision === UNDRAWN;
  };
  const steps: readonly DueBoardStep[] = [
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
export function troublesOf(order: Order, step: DueBoardStep): readonly [BoardTrouble, ...BoardTrouble[]] {
  if (step.do === 'draw') return [{ channelId: step.card.channelId }];
  const { channelId } = cardFor(order, step.kind);
  const isFile = step.kind === 'numbers' || step.kind === 'delivered';
  return isFile ? ['numbers', { channelId }] : [{ channelId }];
}

/** Returns when the board has something to do next if the order doesn't change; infinite for never. */
export function nextBoardAt(order: Order, now: Timestamp): Timestamp {
  if (nextBoardStep(order, now).do !== 'nothing') return now;
  if (order.status !== 'awaiting-approval')
    return Math.min(...announcementsOfMoreLines(order).map(({ at }) => at));
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
    since: lastRequestedAt(order),
    expiresAt: order.expiresAt,
    ...(held.length === 0 ? {} : { heldUntil: Math.min(...held.map(({ until }) => until)) }),
  };
}
