import type { Decider, SecondSending } from '../domain/approval.js';
import { reservationIds } from '../domain/holds.js';
import { asWhole, wholeOf } from '../domain/lines.js';
import type { Order, OrderIn } from '../domain/order.js';
import { askedQuantity, type OrderId, type Timestamp } from '../domain/request.js';
import {
  answerUnknown,
  foundBefore,
  heldBack,
  heldBackAgain,
  notSentAgain,
  notTaken,
  placed,
  placing,
  placingAgain,
  refused,
  reopened,
  secondRefused,
} from '../domain/transitions.js';
import type { CheckApproval, Unsent } from '../policy/check-approval.js';
import type { Limits } from '../policy/limits.js';
import type { Carrier, Clock, Log, OrderStore, Placement } from '../ports.js';
import { readFailure } from './carrier-failure.js';
import { type EarlierAttempts, lookBeforeSendingAt } from './earlier-attempts.js';
import type { HoldNumbers } from './hold-numbers.js';
import { failedLookups, nextSearchAt } from './lost-order.js';
import { nextCarrierStep } from './next-carrier-step.js';
import {
  heldBackAdvice,
  LINE_NEEDS_APPROVAL,
  notResubmittedAdvice,
  SAVED_TOO_SLOWLY,
  sameDisconnectAdvice,
} from './not-sent-advice.js';
import type { OrderChanges } from './order-changes.js';
import type { OrderPace } from './order-pace.js';
import { firstAskAt, nextFindAt, nextTryAt } from './schedule.js';

/** Sends orders to Bandwidth. Every method throws StoreError. */
export interface Placing {
  /** Sends an approved order, unless something speaks against it. Returns when to try again if it is too early. */
  place(order: OrderIn<'approved'>): Promise<Timestamp | undefined>;
  /** Sends an order a second time that left no trace, if it is still approved by enough people. */
  sendAgain(order: OrderIn<'placing'>, again: SecondSending): Promise<void>;
}

interface PlacingDeps {
  readonly orders: Pick<OrderStore, 'get'>;
  readonly carrier: Pick<Carrier, 'place' | 'findLike' | 'now'>;
  readonly changes: OrderChanges;
  readonly limits: Pick<Limits, 'withdraw'>;
  /** Whether an order may be sent with the approval it has. */
  readonly checkApproval: CheckApproval;
  readonly sent: Pick<EarlierAttempts, 'isUntriedByOthers' | 'isCertainlyUnsent'>;
  readonly holds: Pick<HoldNumbers, 'plan'>;
  readonly pace: OrderPace;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** The longest one POST to Bandwidth may take. */
  readonly placeWithinMs: number;
}

/** How often a write may lose because the card was drawn at that moment. Then the order is looked at once more. */
const MAX_LOST_WRITES = 5;
/**
 * The part of `placeWithinMs` in which the POST must leave once it is on record. The client's timeout is the rest, and
 * begins only when the POST leaves. When both are over, other instances look the order up.
 */
const LEAVES_WITHIN = 1 / 5;

export function makePlacing(deps: PlacingDeps): Placing {
  const send = makeSender(deps);
  const place = makePlace(deps, send);
  return { place: inPace(deps.pace, place), sendAgain: makeSendAgain(deps, send) };
}

/** Whether an order was sent, or when to try again if it is too early. */
type Placed = 'sent' | 'not sent' | Timestamp;

/** Sends an order when the rate limit has room for it. */
function inPace(pace: OrderPace, place: (order: OrderIn<'approved'>) => Promise<Placed>): Placing['place'] {
  return async (order) => {
    const at = pace.take(order);
    if (at !== undefined) return at;
    let placed: Placed = 'not sent';
    try {
      placed = await place(order);
    } finally {
      if (placed !== 'sent') pace.giveBack(order);
    }
    return typeof placed === 'number' ? placed : undefined;
  };
}

function makePlace(deps: PlacingDeps, send: Send): (order: OrderIn<'approved'>) => Promise<Placed> {
  const { orders, sent, holds, clock, placeWithinMs } = deps;
  const isUnknownToBandwidth = makeDuplicateCheck(deps);
  const doNotSend = makeDoNotSend(deps);

  return async (order) => {
    // It may be at Bandwidth already, sent by another process or before the store lost it.
    const isLookupFirst = !sent.isCertainlyUnsent(order);
    if (isLookupFirst) {
      const at = sent.isUntriedByOthers(order) ? clock.now() : lookBeforeSendingAt(order, clock.now());
      if (at > clock.now()) return at;
      if (!(await isUnknownToBandwidth(order))) return 'not sent';
    }
    const check = await deps.checkApproval(asWhole(order));
    for (let losses = 0; losses < MAX_LOST_WRITES; losses += 1) {
      // That the card was drawn in the meantime is no reason to start over; another decision is.
      const seen = isLookupFirst || losses > 0 ? await orders.get(order.id) : order;
      if (seen?.status !== 'approved' || seen.approval.at !== order.approval.at) return 'not sent';
      const now = clock.now();
      // If the clock was set back in the meantime, the requester can undo the order again.
      if (nextCarrierStep(seen, now, placeWithinMs, holds.plan(order.id)).do !== 'place') return 'not sent';
      if (check.verdict !== 'sufficient') {
        await doNotSend(seen, check, now);
        return 'not sent';
      }
      if (await send(seen, now, placing(seen, now))) return 'sent';
    }
    return 'not sent';
  };
}

/** Says why an approved order isn't sent, and has it wait: for people, a limit, or Slack. */
function makeDoNotSend({ changes, limits, log }: PlacingDeps) {
  return async (order: OrderIn<'approved'>, check: Unsent, now: Timestamp): Promise<void> => {
    const { id, approval } = order;
    const whole = wholeOf(order);
    const changeApproved = (orderId: OrderId, next: (current: OrderIn<'approved'>) => Order) =>
      changes.change(orderId, (current) =>
        current.status === 'approved' && current.approval.at === approval.at ? next(current) : current,
      );
    // An order can't wait for approval again when one of its lines was sent.
    if (check.verdict === 'needs-approval' && whole.status === 'approved') {
      log.warn(
        { orderId: whole.id, required: check.needs.required },
        'approval no longer sufficient, order waits again',
      );
      await changeApproved(whole.id, (current) => reopened(current, check, now));
      return limits.withdraw(whole.id, approval.at);
    }
    const advice = adviceFor(check, askedQuantity(whole.request));
    log.warn({ orderId: id, ...check }, 'approved order on hold');
    const nextAt = nextTryAt(order.asking.failures + 1, now);
    await changeApproved(id, (current) => heldBack(current, advice, now, nextAt));
  };
}

function adviceFor(check: Unsent, quantity: number): string {
  switch (check.verdict) {
    case 'needs-approval':
      return LINE_NEEDS_APPROVAL;
    case 'refused':
      return heldBackAdvice(check.because, quantity);
    default:
      return check.advice;
  }
}

/**
 * Asks Bandwidth for an order that is about to be sent. If Bandwidth has its ID, the order is followed from there. A
 * disconnect of the same numbers may be someone else's, made in Bandwidth, so it only puts ours on hold. If Bandwidth
 * can't be asked, the order isn't sent either.
 */
function makeDuplicateCheck({ carrier, changes, clock, log }: PlacingDeps) {
  async function hold(order: OrderIn<'approved'>, advice: string, retryAt?: Timestamp): Promise<void> {
    const now = clock.now();
    const nextAt = nextTryAt(order.asking.failures + 1, now, retryAt);
    await changes.change(order.id, (current) =>
      current.status === 'approved' ? heldBack(current, advice, now, nextAt) : current,
    );
  }

  async function look(order: OrderIn<'approved'>): Promise<boolean> {
    const { id, request, approval } = order;
    const { ours, sameNumbers } = await carrier.findLike({ id, request, sentAt: approval.at });
    const [carrierOrderId, ...others] = ours;
    if (carrierOrderId === undefined) {
      if (sameNumbers.length === 0) return true;
      log.warn({ orderId: id, sameNumbers }, 'bandwidth already has a disconnect of the same numbers');
      await hold(order, sameDisconnectAdvice(sameNumbers));
      return false;
    }
    log.error({ orderId: id, carrierOrderId, others }, 'order found at bandwidth before it was sent');
    const now = clock.now();
    await changes.change(id, (current) =>
      current.status === 'approved' ? foundBefore(current, carrierOrderId, now, now) : current,
    );
    return false;
  }

  return async (order: OrderIn<'approved'>): Promise<boolean> => {
    try {
      return await look(order);
    } catch (error) {
      const { level, advice, retryAt } = readFailure(error);
      log[level]({ orderId: order.id, err: error }, 'order lookup before sending failed');
      await hold(
        order,
        `Before I send this, I check that Bandwidth doesn't have it already. ${advice}`,
        retryAt,
      );
      return false;
    }
  };
}

/**
 * Saves the intent, then sends the order and saves the answer. Returns false if saving the intent lost: someone else is
 * placing or canceling this order, or its card was drawn at that moment.
 */
type Send = (order: OrderIn<'approved' | 'placing'>, sentAt: Timestamp, intent: Order) => Promise<boolean>;

function makeSender({ carrier, changes, pace, clock, log, placeWithinMs }: PlacingDeps): Send {
  /**
   * For when this process was suspended, or the store was slow: by the time an answer came, another instance could have
   * looked the order up, found nothing and sent it a second time. Unless it has started to, nothing was sent.
   */
  async function notSent(order: OrderIn<'approved' | 'placing'>, sentAt: Timestamp): Promise<void> {
    log.warn({ orderId: order.id }, 'order saved too slowly, not sent now');
    const now = clock.now();
    const failures = order.asking.failures + 1;
    await changes.changePlacing(order.id, (current) =>
      current.answer === 'sent' && current.sentAt === sentAt
        ? notTaken(current, SAVED_TOO_SLOWLY, now, nextTryAt(failures, now), failures)
        : current,
    );
  }

  return async (order, sentAt, intent) => {
    if (!(await changes.replace(order, intent))) return false;
    if (clock.now() - sentAt > placeWithinMs * LEAVES_WITHIN) {
      await notSent(order, sentAt);
      return true;
    }
    log.info(
      { orderId: order.id, approvedBy: order.approval.by?.userId ?? order.approval.rule },
      'placing order',
    );
    const reservations = reservationIds(order, carrier.now() ?? clock.now());
    const placement = await carrier
      .place(order.id, order.request, reservations)
      .catch((error: unknown): Placement => {
        log.error({ orderId: order.id, err: error }, 'placing order interrupted');
        return { outcome: 'unknown', advice: 'Something broke while the order was on its way.' };
      });
    log.info({ orderId: order.id, ...placement }, 'order sent to bandwidth');
    if (placement.outcome === 'not-taken' && placement.retryAt !== undefined)
      pace.blockUntil(placement.retryAt);
    const now = clock.now();
    const failures = order.asking.failures + 1;
    await changes.changePlacing(order.id, (current) => withPlacement(current, placement, now, failures));
    return true;
  };
}

/** @param failures how many attempts in a row failed, should this one have failed too. */
function withPlacement(
  order: OrderIn<'placing'>,
  placement: Placement,
  now: Timestamp,
  failures: number,
): Order {
  switch (placement.outcome) {
    case 'taken':
      return placed(order, placement.carrierOrderId, now, firstAskAt(now));
    case 'refused':
      return order.approval.again === undefined
        ? refused(order, placement, now)
        : secondRefused(order, placement, now);
    case 'not-taken':
      return notTaken(order, placement.advice, now, nextTryAt(failures, now, placement.retryAt), failures);
    case 'unknown':
      return answerUnknown(order, now, nextFindAt(0, now), placement);
  }
}

function makeSendAgain(deps: PlacingDeps, send: Send): Placing['sendAgain'] {
  const { orders, changes, checkApproval, clock, log } = deps;

  /** Asks people again and says why. Only if Slack couldn't be asked, it is tried again without them. */
  async function doNotSendAgain(order: OrderIn<'placing'>, check: Unsent): Promise<void> {
    log.warn({ orderId: order.id, ...check }, 'untraced order not resubmitted');
    const now = clock.now();
    await changes.changePlacing(order.id, (current) => {
      if (!waitsAsBefore(current, order)) return current;
      if (check.verdict !== 'not-known') {
        return notSentAgain(current, notResubmittedAdvice(check), now, nextSearchAt(current, now));
      }
      const nextAt = nextTryAt(current.asking.failures + 1, now);
      return heldBackAgain(current, check.advice, now, nextAt, failedLookups(current, now));
    });
  }

  return async (order, again) => {
    const check = await checkApproval(asWhole(order), resubmittedBy(again));
    if (check.verdict !== 'sufficient') return doNotSendAgain(order, check);
    log.warn({ orderId: order.id, onTheWordOf: again.by?.userId }, 'order untraced, resubmitting it');
    // The card may be drawn during the check, which is no reason to look the order up once more.
    for (let losses = 0; losses < MAX_LOST_WRITES; losses += 1) {
      const seen = await orders.get(order.id);
      if (seen === undefined || !waitsAsBefore(seen, order)) return;
      const now = clock.now();
      if (await send(seen, now, placingAgain(seen, again, now))) return;
    }
  };
}

const resubmittedBy = ({ by, for: away }: SecondSending): Decider | undefined =>
  by === undefined ? undefined : { by, ...(away === undefined ? {} : { for: away }) };

/** Whether this is still the request that the lookup didn't find, and no one has decided about it since. */
const waitsAsBefore = (order: Order, before: OrderIn<'placing'>): order is OrderIn<'placing'> =>
  order.status === 'placing' &&
  order.answer === before.answer &&
  order.sentAt === before.sentAt &&
  order.failedLookups === before.failedLookups &&
  order.sendAgain?.at === before.sendAgain?.at &&
  order.secondNotTaken === before.secondNotTaken;
