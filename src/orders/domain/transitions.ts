import { isDeepStrictEqual } from 'node:util';
import { applyEvent, begin } from './apply-event.js';
import type { Approval, RequiredApproval, SecondSending, Voided } from './approval.js';
import {
  type CarrierOrder,
  type CarrierRefusal,
  type CarrierReport,
  type Heard,
  isFinalReport,
} from './carrier-report.js';
import { isEditAnnouncement } from './editions.js';
import type { Unheld } from './hold.js';
import { isActive } from './holds.js';
import {
  type AnnouncementKind,
  type Asking,
  type CardPlace,
  type DirectAnnouncement,
  type Facts,
  leavesNoTrace,
  MAX_FAILED_LOOKUPS,
  type Order,
  type OrderIn,
} from './order.js';
import type { HeldNumber, OrderEvent } from './order-event.js';
import type { PhoneNumber } from './phone-number.js';
import { namedNumbers, type OrderId, type OrderRequest, type Person, type Timestamp } from './request.js';
import { requestDigest } from './request-digest.js';

/*
 * Every transition of an order. Decisions, actions and anything people would see become events; the rest is written
 * without one. Each transition counts as one write.
 */

const oneApproval: RequiredApproval = { required: 1, standing: {} };

export function newOrder(given: {
  id: OrderId;
  request: OrderRequest;
  requester: Person;
  channelId: string;
  workspaceId?: string | undefined;
  now: Timestamp;
  expiresAt: Timestamp;
  /** Absent: one approval, and no limits. */
  needs?: RequiredApproval;
}): OrderIn<'awaiting-approval'> {
  const { id, request, requester, channelId, workspaceId, now, expiresAt, needs = oneApproval } = given;
  return begin(id, {
    what: 'requested',
    at: now,
    by: requester,
    channelId,
    ...(workspaceId === undefined ? {} : { workspaceId }),
    request,
    expiresAt,
    needs,
  });
}

function after(order: Order, event: OrderEvent): Order {
  return { ...applyEvent(order, event), version: order.version + 1 };
}

/** Returns the next version of an order, with no visible change. */
function quietly(order: Order, change: Partial<Facts>): Order {
  return { ...order, ...change, version: order.version + 1 };
}

/** Returns the order with new polling state, which isn't part of what was decided. */
function asking(order: Order, change: Partial<Omit<Asking, 'trouble'>>): Order {
  return 'asking' in order ? { ...order, asking: { ...order.asking, ...change } } : order;
}

/**
 * @param actAt the order isn't placed before this time; until then it can be undone.
 * @param voids people whose earlier approvals no longer count.
 */
export function approved(
  order: OrderIn<'awaiting-approval'>,
  by: Person,
  now: Timestamp,
  actAt: Timestamp = now,
  voids: readonly Voided[] = [],
): Order {
  return after(order, {
    what: 'approved',
    at: now,
    by,
    seen: requestDigest(order),
    actAt,
    ...voiding(voids),
  });
}

const voiding = (voids: readonly Voided[]) => (voids.length === 0 ? {} : { voids });

/** A policy rule approves it; no person needs to. */
export function approvedByRule(
  order: OrderIn<'awaiting-approval'>,
  rule: string,
  now: Timestamp,
  actAt: Timestamp,
): Order {
  return after(order, { what: 'approved-by-rule', at: now, rule, actAt });
}

/** Someone approves an order that needs more approvals. */
export function approvalGiven(
  order: OrderIn<'awaiting-approval'>,
  by: Person,
  needs: RequiredApproval,
  now: Timestamp,
  voids: readonly Voided[] = [],
): Order {
  const seen = requestDigest(order);
  return after(order, { what: 'approval-given', at: now, by, seen, needs, ...voiding(voids) });
}

export function declined(
  order: OrderIn<'awaiting-approval'>,
  by: Person,
  why: string,
  now: Timestamp,
): Order {
  return after(order, { what: 'declined', at: now, by, why });
}

/** Replaces the request. What the thread was told about the previous one has to be announced again. */
export function edited(
  order: OrderIn<'awaiting-approval'>,
  by: Person,
  request: OrderRequest,
  now: Timestamp,
  expiresAt: Timestamp,
  needs = oneApproval,
): Order {
  const next = after(order, { what: 'edited', at: now, by, request, expiresAt, needs });
  // An unchanged list of numbers isn't posted again.
  const listed = namedNumbers(order.request).join() === namedNumbers(request).join();
  return {
    ...next,
    told: order.told.filter((kind) => isEditAnnouncement(kind) || (kind === 'numbers' && listed)),
  };
}

export function expired(order: OrderIn<'awaiting-approval'>, now: Timestamp): Order {
  return after(order, { what: 'expired', at: now });
}

export function cancelled(
  order: OrderIn<'awaiting-approval' | 'approved'>,
  by: Person,
  now: Timestamp,
): Order {
  return after(order, { what: 'cancelled', at: now, by });
}

/** Saved before the POST is sent: from here on the order may exist at Bandwidth. */
export function placing(order: OrderIn<'approved'>, now: Timestamp): Order {
  return after(order, { what: 'placing', at: now });
}

/**
 * Bandwidth certainly didn't accept this request, so trying again is safe; if it was the second, after the first has
 * been looked up.
 */
export function notTaken(
  order: OrderIn<'placing'>,
  advice: string,
  now: Timestamp,
  nextAt: Timestamp,
  failures: number,
): Order {
  return asking(after(order, { what: 'not-taken', at: now, advice }), { nextAt, failures });
}

/** Approved, but not to be placed for now; nothing was sent. */
export function heldBack(
  order: OrderIn<'approved'>,
  advice: string,
  now: Timestamp,
  nextAt: Timestamp,
): Order {
  const failures = order.asking.failures + 1;
  const news = order.asking.trouble !== advice;
  const next = news ? after(order, { what: 'held-back', at: now, advice }) : quietly(order, {});
  return asking(next, { nextAt, failures });
}

/**
 * To be resubmitted once Slack can say whether that is allowed; nothing was sent.
 *
 * @param looks how many failed lookups count so far.
 */
export function heldBackAgain(
  order: OrderIn<'placing'>,
  advice: string,
  now: Timestamp,
  nextAt: Timestamp,
  looks: number,
): Order {
  const failures = order.asking.failures + 1;
  const news = order.asking.trouble !== advice || order.heldBack !== true;
  const next = news
    ? after(order, { what: 'held-back', at: now, advice, looks })
    : quietly({ ...order, soughtInVain: looks }, {});
  return asking(next, { nextAt, failures });
}

/** It isn't sent again by itself: people are asked again, and hear why. */
export function notSentAgain(
  order: OrderIn<'placing'>,
  advice: string,
  now: Timestamp,
  nextAt: Timestamp,
): Order {
  const { times } = order.asking;
  const next = after(order, { what: 'not-sent-again', at: now, advice });
  return asking(unheard(next, ['nowhere']), { times: times + 1, nextAt });
}

/** Its approval is no longer sufficient: it waits again, with the approvals that still count. */
export function reopened(
  order: OrderIn<'approved'>,
  given: {
    readonly needs: RequiredApproval;
    readonly expiresAt: Timestamp;
    readonly voids: readonly Voided[];
    readonly requesterNotMember?: true;
  },
  now: Timestamp,
): Order {
  const { needs, expiresAt, voids, requesterNotMember } = given;
  const { rule } = order.approval;
  const next = after(order, {
    what: 'reopened',
    at: now,
    needs,
    expiresAt,
    ...voiding(voids),
    ...(rule === undefined ? {} : { rule }),
    ...(rule === undefined || requesterNotMember === undefined ? {} : { requesterNotMember }),
  });
  const kept = next.status === 'awaiting-approval' ? next.approvals.length : 0;
  const outdated: readonly AnnouncementKind[] = ['approved', 'reopened', 'reminder-half', 'reminder-hour'];
  const told = order.told.filter((kind) => !outdated.includes(kind) && !kind.startsWith('approval-'));
  // The thread has already announced these.
  const heard = Array.from({ length: kept }, (_, index): AnnouncementKind => `approval-${index + 1}`);
  return { ...unheard(next, outdated), told: [...told, ...heard] };
}

/** The record had lost that the order was sent. It is looked up like any other without an answer. */
export function sentBefore(
  order: Order,
  sent: {
    readonly approval: Approval;
    readonly sentAt: Timestamp;
    readonly request: OrderRequest | undefined;
  },
  now: Timestamp,
): OrderIn<'placing'> {
  const { approval, sentAt, request } = sent;
  const other = request === undefined ? {} : { request };
  const next = after(order, { what: 'sent-before', at: now, approval, sentAt, ...other });
  if (next.status !== 'placing') throw new Error(`order ${order.id} became ${next.status}`);
  return next;
}

/** Before it was sent, a lookup found that Bandwidth already has it. */
export function foundBefore(
  order: OrderIn<'approved'>,
  carrierOrderId: string,
  now: Timestamp,
  nextAt: Timestamp,
): Order {
  return asking(after(order, { what: 'found-before', at: now, carrierOrderId }), { nextAt });
}

/** The POST ended without a reliable answer. */
export function answerUnknown(
  order: OrderIn<'placing'>,
  now: Timestamp,
  nextAt: Timestamp,
  { heard, faults = [] }: Heard = {},
): Order {
  const { times } = order.asking;
  const known = {
    ...(heard === undefined ? {} : { heard }),
    ...(faults.length === 0 ? {} : { faults }),
  };
  return asking(after(order, { what: 'answer-unknown', at: now, ...known }), { times, nextAt });
}

export function refused(order: OrderIn<'placing'>, refusal: CarrierRefusal, now: Timestamp): Order {
  const { advice, faults } = refusal;
  return after(order, { what: 'refused', at: now, advice, faults });
}

/** The second request was refused. That isn't the end: the first may have the numbers. */
export function secondRefused(order: OrderIn<'placing'>, refusal: CarrierRefusal, now: Timestamp): Order {
  const { advice, faults } = refusal;
  return after(order, { what: 'second-refused', at: now, advice, faults });
}

export function placed(
  order: OrderIn<'placing' | 'given-up'>,
  carrierOrderId: string,
  now: Timestamp,
  nextAt: Timestamp,
  match: { readonly byNumbers?: true } = {},
): Order {
  return asking(after(order, { what: 'placed', at: now, carrierOrderId, ...match }), { nextAt });
}

/**
 * Bandwidth reported on the order.
 *
 * @param joint for an order with several carrier orders: which one is the outcome, and the others.
 */
export function reported(
  order: OrderIn<'placed'>,
  report: CarrierReport,
  now: Timestamp,
  nextAt: Timestamp,
  joint: { readonly carrierOrderId?: string; readonly twins?: readonly string[] } = {},
): Order {
  const times = order.asking.times + 1;
  if (saysNothingNew(order, report)) return asking(quietly(order, {}), { times, nextAt, failures: 0 });
  return asking(after(order, { what: 'reported', at: now, report, ...joint }), { times, nextAt });
}

/** Of several carrier orders for one request, this one hasn't ended yet. */
export function followed(
  order: OrderIn<'placed'>,
  carrierOrder: Omit<CarrierOrder, 'placedAt'>,
  now: Timestamp,
  nextAt: Timestamp,
): Order {
  const times = order.asking.times + 1;
  return asking(after(order, { what: 'followed', at: now, carrierOrder }), { times, nextAt });
}

/**
 * It failed, but the first request may yet turn up with the numbers, so nothing is concluded and it is polled again.
 */
export function notConcluded(order: OrderIn<'placed'>, nextAt: Timestamp): Order {
  return asking(quietly(order, {}), { times: order.asking.times + 1, nextAt, failures: 0 });
}

/** Bandwidth may list the numbers in a different order each time. */
function saysNothingNew(order: OrderIn<'placed'>, report: CarrierReport): boolean {
  const { status, completed } = order.carrierOrder;
  return (
    !isFinalReport(report.status) &&
    report.status === status &&
    isDeepStrictEqual(new Set(report.completed), new Set(completed)) &&
    report.completedQuantity === order.carrierOrder.completedQuantity &&
    report.unread === order.carrierOrder.unread &&
    report.unknownStatus === order.carrierOrder.unknownStatus &&
    order.asking.trouble === undefined
  );
}

/** How many lookups in a row must fail before the card mentions it. */
const FAILURES_WORTH_SAYING = 3;

/**
 * Bandwidth couldn't be asked. The known state stays, and the card mentions it once it lasts. For a lost order this
 * doesn't count as a failed lookup and doesn't postpone the next one.
 */
export function notAnswered(
  order: OrderIn<'placing' | 'placed' | 'given-up'>,
  advice: string,
  now: Timestamp,
  nextAt: Timestamp,
): Order {
  const failures = order.asking.failures + 1;
  // A lookup is made only when no attempt can be under way anymore.
  const lost = order.status === 'placing' && order.answer === 'sent';
  const known = lost ? after(order, { what: 'answer-unknown', at: now }) : order;
  const news = failures >= FAILURES_WORTH_SAYING && advice !== order.asking.trouble;
  const told = news ? after(known, { what: 'not-answered', at: now, advice }) : known;
  const times = order.status === 'placed' ? order.asking.times + 1 : order.asking.times;
  return asking({ ...told, version: order.version + 1 }, { times, nextAt, failures });
}

/** Half a minute has passed and no one can say where the order is, so people are asked. */
export function notKnown(order: OrderIn<'placing'>, now: Timestamp): Order {
  const { times, nextAt, failures } = order.asking;
  return asking(after(order, { what: 'not-known', at: now }), { times, nextAt, failures });
}

/** **Give up**: no one wants it resubmitted. It may have arrived anyway, so it is looked up for a while longer. */
export function givenUp(
  order: OrderIn<'placing'>,
  by: Person,
  now: Timestamp,
  soughtUntil: Timestamp,
  nextAt: Timestamp,
): Order {
  const noTrace = leavesNoTrace(order);
  return asking(after(order, { what: 'given-up', at: now, by, noTrace, soughtUntil }), { nextAt });
}

/** Given up, and not found (yet). */
export function notTurnedUp(order: OrderIn<'given-up'>, now: Timestamp, nextAt: Timestamp): Order {
  const news = order.asking.trouble !== undefined || !order.noTrace;
  const next = news
    ? after(order, { what: 'not-found', at: now, looks: MAX_FAILED_LOOKUPS })
    : quietly(order, {});
  return asking(next, { times: order.asking.times + 1, nextAt, failures: 0 });
}

/** Given up, looked up long enough, and not found. */
export function soughtOut(order: OrderIn<'given-up'>, now: Timestamp): Order {
  return after(order, { what: 'sought-out', at: now });
}

/**
 * Looked up by CustomerOrderId and not found (yet).
 *
 * @param looks how many failed lookups count so far.
 */
export function notFound(
  order: OrderIn<'placing'>,
  now: Timestamp,
  nextAt: Timestamp,
  looks = order.soughtInVain + 1,
): Order {
  const soughtAgain: OrderIn<'placing'> = { ...order, soughtInVain: looks };
  const news = order.asking.trouble !== undefined || leavesNoTrace(soughtAgain) !== leavesNoTrace(order);
  const next = news ? after(order, { what: 'not-found', at: now, looks }) : quietly(soughtAgain, {});
  return asking(next, { times: order.asking.times + 1, nextAt, failures: 0 });
}

/** Schedules the next lookup for this time, replacing any plan: now for **Check again** and for a notice. */
export function scheduleLookup(order: OrderIn<'placing' | 'placed' | 'given-up'>, at: Timestamp): Order {
  return asking(quietly(order, {}), { nextAt: at });
}

/** **Order again**: look it up once more, and if it still isn't found, resubmit it. */
export function wantedAgain(order: OrderIn<'placing'>, by: Person, now: Timestamp): Order {
  return asking(after(order, { what: 'wanted-again', at: now, by }), { nextAt: now });
}

/**
 * Saved before the second POST is sent, as {@link placing} is before the first. If Bandwidth didn't accept an earlier
 * one, the thread has already announced the resubmission.
 */
export function placingAgain(order: OrderIn<'placing'>, again: SecondSending, now: Timestamp): Order {
  const news: readonly AnnouncementKind[] = ['unknown', 'not-known', 'nowhere', 'again'];
  const next = after(order, { what: 'placing-again', at: now, again });
  if (order.secondNotTaken) return next;
  return unheard(next, news);
}

/** Saved before each request for these holds is sent: from here on they may exist at Bandwidth. */
export function holding(
  order: Order,
  numbers: readonly PhoneNumber[],
  now: Timestamp,
  sentAt: Timestamp,
): Order {
  return after(order, { what: 'holding', at: now, numbers, sentAt });
}

export function held(order: Order, holds: readonly HeldNumber[], now: Timestamp): Order {
  return holds.length === 0 ? order : after(order, { what: 'held', at: now, holds });
}

/** Someone else has these numbers, or they don't exist. */
export function gone(order: Order, numbers: readonly PhoneNumber[], now: Timestamp): Order {
  return numbers.length === 0 ? order : after(order, { what: 'gone', at: now, numbers });
}

export function notHeld(
  order: Order,
  numbers: readonly PhoneNumber[],
  because: Unheld,
  now: Timestamp,
): Order {
  return numbers.length === 0 ? order : after(order, { what: 'not-held', at: now, numbers, because });
}

/** These holds expired. */
export function lapsed(order: Order, numbers: readonly PhoneNumber[], now: Timestamp): Order {
  return numbers.length === 0 ? order : after(order, { what: 'lapsed', at: now, numbers });
}

/** Bandwidth no longer holds these numbers for us. */
export function released(order: Order, numbers: readonly PhoneNumber[], now: Timestamp): Order {
  const bound = numbers.filter((number) =>
    order.holds.some((hold) => hold.number === number && isActive(hold)),
  );
  return bound.length === 0 ? order : after(order, { what: 'released', at: now, numbers: bound });
}

/** **Close back-order**: Bandwidth is to stop looking for numbers. */
export function closeWanted(order: OrderIn<'placed'>, by: Person, now: Timestamp): Order {
  const news: readonly AnnouncementKind[] = ['closing', 'not-closed'];
  const next = after(order, { what: 'close-wanted', at: now, by });
  return asking(unheard(next, news), { nextAt: now });
}

/** Bandwidth refused to close it, so it stays as it is. */
export function notClosed(order: OrderIn<'placed'>, refusal: CarrierRefusal, now: Timestamp): Order {
  const { advice, faults } = refusal;
  return order.closing === undefined ? order : after(order, { what: 'not-closed', at: now, advice, faults });
}

/** The card at this location now shows this revision. */
export function drawn(order: Order, place: CardPlace, revision: number): Order {
  const { channelId, toldDirectly } = order.card;
  const direct = toldDirectly === undefined ? {} : { toldDirectly };
  return quietly(order, { card: { channelId, place, drawn: revision, ...direct } });
}

/** The card couldn't be posted, and the requester was told why. */
export function cardUnreachable(order: Order, why: string): Order {
  return quietly(order, { card: { ...order.card, unreachable: why } });
}

/** The requester was told this in a direct message because it couldn't be posted. */
export function toldDirectly(order: Order, kind: DirectAnnouncement): Order {
  const before = order.card.toldDirectly ?? [];
  return before.includes(kind)
    ? order
    : quietly(order, { card: { ...order.card, toldDirectly: [...before, kind] } });
}

/** Marks these as not yet announced. */
function unheard(order: Order, kinds: readonly AnnouncementKind[]): Order {
  const { toldDirectly: direct, ...card } = order.card;
  return {
    ...order,
    told: order.told.filter((kind) => !kinds.includes(kind)),
    card:
      direct === undefined ? card : { ...card, toldDirectly: direct.filter((kind) => !isOneOf(kinds, kind)) },
  };
}

const isOneOf = (kinds: readonly AnnouncementKind[], kind: DirectAnnouncement): boolean =>
  kind !== 'held-back' && kinds.includes(kind);

/**
 * Requests a redraw of the card, because someone pressed a button it shouldn't have had. Takes a new revision, because
 * a drawing under way may be the one they saw.
 */
export function mistrusted(order: Order): Order {
  return quietly(order, { revision: order.revision + 1 });
}

/**
 * @param edition the edition that the announcement described. If the request was edited since, the new edition still
 *   has to be announced.
 */
export function told(order: Order, kind: AnnouncementKind, edition = order.edition): Order {
  const outdated = edition !== order.edition && !isEditAnnouncement(kind);
  return outdated || order.told.includes(kind) ? order : quietly(order, { told: [...order.told, kind] });
}

/** The number of its events that are in the journal. */
export function journaled(order: Order, events: number): Order {
  return quietly(order, { journaled: events });
}
