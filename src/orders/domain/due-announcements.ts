import type { Announcement, AnnouncementKind, DirectAnnouncement } from './announcement.js';
import type { Approval } from './approval.js';
import { closeRequestOf } from './back-order.js';
import { isCardDue } from './cards.js';
import { editAnnouncement, isEditAnnouncement, reopening } from './editions.js';
import { holdsOf, isActive, isHold } from './holds.js';
import { hasTurnedUp, linesOf } from './lines.js';
import { isFinal, NUMBERS_ON_A_CARD, type Order, type OrderIn } from './order.js';
import { isInService, type Timestamp } from './request.js';
import {
  hasNumbersToCheck,
  isServiceUpdateDue,
  nextServiceCheckAt,
  serviceCheckOf,
} from './service-check.js';
import { givingUp, isUntraced } from './unanswered.js';
import { isCalled } from './who-decides.js';

/**
 * Whether nothing is left to do: the order is final, everything was announced, no number is held and the journal is
 * complete.
 */
export function isSettled(order: Order): boolean {
  return (
    isFinal(order) &&
    !order.cards.some((card) => isCardDue(order, card)) &&
    dueAnnouncements(order).length === 0 &&
    nextServiceCheckAt(order) === undefined &&
    !order.holds.some(isActive) &&
    order.journaled === order.events.length
  );
}

/**
 * Whether people would mind a repetition of this announcement: it mentions many people, or is a file. It is on record
 * before it is posted, so that after a crash the thread is searched for it first.
 */
export const isPostedOnce = (kind: AnnouncementKind): boolean =>
  kind === 'call' || kind === 'numbers' || kind === 'delivered' || kind.startsWith('reminder-');

/** Returns the announcements that are due in the thread, oldest first. */
export function dueAnnouncements(order: Order): readonly Announcement[] {
  return announcements(order).filter((kind) => !order.announced.includes(kind));
}

/**
 * Returns the direct messages that are due when the channel can't be posted to: outcomes and questions, but not what
 * the requester did themselves.
 */
export function dueDirectAnnouncements(order: Order): readonly DirectAnnouncement[] {
  const held =
    order.status === 'approved' && order.asking.trouble !== undefined ? ['held-back' as const] : [];
  const told = order.announcedDirectly ?? [];
  return [...dueAnnouncements(order).filter((kind) => isForRequester(order, kind)), ...held].filter(
    (kind) => !told.includes(kind),
  );
}

function isForRequester(order: Order, kind: Announcement): boolean {
  if (isEditAnnouncement(kind) || kind.startsWith('approval-')) return false;
  switch (kind) {
    case 'approved':
    case 'call':
      return false;
    case 'cancelled':
      return order.status === 'cancelled' && order.by.userId !== order.requester.userId;
    case 'given-up':
      return givingUp(order)?.by.userId !== order.requester.userId;
    case 'closing':
      return closeRequestOf(order)?.by.userId !== order.requester.userId;
    default:
      return true;
  }
}

function announcements(order: Order): readonly Announcement[] {
  const { request } = order;
  // Approvers must be able to read every number that would stop working.
  const list = isInService(request) && request.inService.length > NUMBERS_ON_A_CARD;
  return [
    ...editAnnouncement(order),
    ...(list ? ['numbers' as const] : []),
    ...(reopening(order) === undefined ? [] : ['reopened' as const]),
    ...announcementsOfStatus(order),
  ];
}

function announcementsOfStatus(order: Order): readonly Announcement[] {
  switch (order.status) {
    case 'awaiting-approval':
      return [
        ...(isCalled(order) ? ['call' as const] : []),
        ...approvalAnnouncements(order.approvals),
        ...(holdsOf(order).some(isHold('lapsed')) ? ['holds-lapsed' as const] : []),
      ];
    case 'declined':
      return ['declined'];
    case 'expired':
      return ['expired'];
    case 'cancelled':
      return ['cancelled'];
    case 'approved':
      return afterApproval(order.approval);
    case 'placing':
      return [
        ...afterApproval(order.approval),
        ...(isUnanswered(order) ? ['unknown' as const] : []),
        ...(order.notKnown === true ? ['not-known' as const] : []),
        ...(isUntraced(order) ? ['untraced' as const] : []),
      ];
    case 'given-up':
      return [...afterApproval(order.approval), 'given-up'];
    case 'refused':
      return [...afterApproval(order.approval), 'refused'];
    case 'placed':
      return [
        ...afterApproval(order.approval),
        ...afterGivingUp(order),
        ...(order.carrierOrder.status === 'backordered' ? ['backordered' as const] : []),
        ...(order.closing === undefined ? [] : ['closing' as const]),
        ...(order.notClosed === undefined ? [] : ['closing' as const, 'not-closed' as const]),
      ];
    case 'ordering':
      return announcementsOfLines(order);
    case 'complete':
    case 'partial':
    case 'failed':
      return [
        ...afterApproval(order.approval),
        ...afterGivingUp(order),
        ...(order.closed === undefined ? [] : ['closing' as const]),
        ...(isOutcomeKnown(order) ? afterOutcome(order) : []),
      ];
  }
}

/** Announcements about some of the lines. How each line ended is announced once, when all have. */
const ofLines: readonly Announcement[] = [
  'again',
  'unknown',
  'not-known',
  'untraced',
  'given-up',
  'turned-up',
  'backordered',
  'closing',
  'not-closed',
];

function announcementsOfLines(order: OrderIn<'ordering'>): readonly Announcement[] {
  const due = ofLines.filter((kind) => linesThatSay(order, kind).length > 0);
  return [...approvalAnnouncements(order.approval.also ?? []), 'approved', ...due];
}

/**
 * Returns the lines of an order that an announcement is about and the thread hasn't heard it of; none if it is about the
 * order as a whole.
 */
export function linesThatSay(order: Order, kind: AnnouncementKind): readonly Order[] {
  if (order.status !== 'ordering' || !ofLines.some((each) => each === kind)) return [];
  const heard = order.announcedLines?.find((each) => each.kind === kind);
  if (heard === undefined && order.announced.includes(kind)) return [];
  return linesOf(order).filter(
    (line, index) =>
      !isFinal(line) &&
      heard?.lines.includes(index + 1) !== true &&
      announcementsOfStatus(line).some((each) => each === kind),
  );
}

/* Many lines change one after the other, so what happens to them is announced together. */
const LINES_ANNOUNCED_EVERY_MS = 60_000;
const ANNOUNCED_TOGETHER_MS = 15_000;

/** Returns what was announced about some lines and is due for others, and when to announce it. */
export function announcementsOfMoreLines(
  order: Order,
): readonly { readonly kind: Announcement; readonly at: Timestamp }[] {
  if (order.status !== 'ordering') return [];
  return ofLines.flatMap((kind) => {
    const heard = order.announcedLines?.find((each) => each.kind === kind);
    if (heard === undefined || !order.announced.includes(kind)) return [];
    const since = linesThatSay(order, kind).map(({ events }) => events.at(-1)?.at ?? heard.at);
    if (since.length === 0) return [];
    return [
      { kind, at: Math.max(heard.at + LINES_ANNOUNCED_EVERY_MS, Math.min(...since) + ANNOUNCED_TOGETHER_MS) },
    ];
  });
}

function afterOutcome(order: Order): readonly Announcement[] {
  return [
    'outcome',
    ...(isServiceUpdateDue(order) ? ['services' as const] : []),
    ...(order.request.kind === 'purchase' &&
    'outcome' in order &&
    (order.lines !== undefined || order.outcome.completed.length > NUMBERS_ON_A_CARD)
      ? ['delivered' as const]
      : []),
  ];
}

/** The outcome says what works on the numbers, so it waits the few seconds until Bandwidth was first asked. */
const isOutcomeKnown = (order: Order): boolean =>
  !hasNumbersToCheck(order) || serviceCheckOf(order) !== undefined;

/** Whether the outcome of the last request is unknown and the thread hasn't heard why it isn't resubmitted. */
const isUnanswered = (order: OrderIn<'placing'>): boolean =>
  order.answer === 'unknown' &&
  order.secondNotTaken === undefined &&
  order.secondRefused === undefined &&
  order.notSentAgain === undefined;

const afterApproval = ({ also, again }: Approval): readonly Announcement[] => [
  ...approvalAnnouncements(also ?? []),
  'approved',
  ...(again === undefined ? [] : ['again' as const]),
];

/** Announcements for an order, or a line of one, that was given up and then perhaps turned up. */
const afterGivingUp = (order: Order): readonly Announcement[] => [
  ...(givingUp(order) === undefined ? [] : ['given-up' as const]),
  ...(hasTurnedUp(order) ? ['turned-up' as const] : []),
];

const approvalAnnouncements = (given: readonly Approval[]): readonly Announcement[] =>
  given.map((_, index): Announcement => `approval-${index + 1}`);
