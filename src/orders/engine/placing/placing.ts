import { asWhole, wholeOf } from '../../domain/lines.js';
import type { Order, OrderIn } from '../../domain/order.js';
import { type OrderId, requestedQuantity, type Timestamp } from '../../domain/request.js';
import { heldBack, placing, reopened } from '../../domain/transitions.js';
import type { CheckApproval, Unsent } from '../../policy/check-approval.js';
import type { Limits } from '../../policy/limits.js';
import type { Clock } from '../../ports/clock.js';
import type { Log } from '../../ports/log.js';
import type { OrderStore } from '../../ports/order-store.js';
import type { HoldNumbers } from '../holds/hold-numbers.js';
import { nextCarrierStep } from '../next-carrier-step.js';
import type { OrderChanges } from '../order-changes.js';
import { nextTryAt } from '../schedule.js';
import { type EarlierAttempts, lookBeforeSendingAt } from './earlier-attempts.js';
import type { LookBeforeSending } from './look-before-sending.js';
import type { OrderPace } from './order-pace.js';
import { MAX_CONFLICTS, type SendOrder } from './send-order.js';
import { whyOnHold } from './why-not-sent.js';

/**
 * Sends an approved order to Bandwidth, unless a check keeps it from being sent. Returns when to try again if it is too
 * early. Throws StoreError.
 */
export type PlaceOrder = (order: OrderIn<'approved'>) => Promise<Timestamp | undefined>;

interface PlacingDeps {
  readonly orders: Pick<OrderStore, 'get'>;
  readonly changes: OrderChanges;
  readonly limits: Pick<Limits, 'withdraw'>;
  /** Whether an order may be sent with the approval it has. */
  readonly checkApproval: CheckApproval;
  readonly sent: Pick<EarlierAttempts, 'isUntriedByOthers' | 'isCertainlyUnsent'>;
  readonly holds: Pick<HoldNumbers, 'plan'>;
  readonly pace: Pick<OrderPace, 'take' | 'giveBack'>;
  readonly lookBeforeSending: LookBeforeSending;
  readonly sendOrder: SendOrder;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** How long after a POST an order without an answer is looked up; longer than the POST may take. */
  readonly lookupAfterMs: number;
}

export const makePlace = (deps: PlacingDeps): PlaceOrder => inPace(deps.pace, makeAttempt(deps));

/** Whether an order was sent, or when to try again if it is too early. */
type Placed = 'sent' | 'not sent' | Timestamp;

/** Sends an order when the rate limit has room for it. */
function inPace(
  pace: Pick<OrderPace, 'take' | 'giveBack'>,
  place: (order: OrderIn<'approved'>) => Promise<Placed>,
): PlaceOrder {
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

function makeAttempt(deps: PlacingDeps): (order: OrderIn<'approved'>) => Promise<Placed> {
  const { orders, sent, holds, lookBeforeSending, sendOrder, clock, lookupAfterMs } = deps;
  const doNotSend = makeDoNotSend(deps);

  return async (order) => {
    // It may be at Bandwidth already, sent by another process or before the store lost it.
    const isLookupFirst = !sent.isCertainlyUnsent(order);
    if (isLookupFirst) {
      const at = sent.isUntriedByOthers(order) ? clock.now() : lookBeforeSendingAt(order, clock.now());
      if (at > clock.now()) return at;
      if (!(await lookBeforeSending(order))) return 'not sent';
    }
    const check = await deps.checkApproval(asWhole(order));
    for (let losses = 0; losses < MAX_CONFLICTS; losses += 1) {
      // That the card was drawn in the meantime is no reason to start over; another decision is.
      const seen = isLookupFirst || losses > 0 ? await orders.get(order.id) : order;
      if (seen?.status !== 'approved' || seen.approval.at !== order.approval.at) return 'not sent';
      const now = clock.now();
      // If the clock was set back in the meantime, the requester can undo the order again.
      if (nextCarrierStep(seen, now, lookupAfterMs, holds.plan(order.id)).do !== 'place') return 'not sent';
      if (check.verdict !== 'sufficient') {
        await doNotSend(seen, check, now);
        return 'not sent';
      }
      if (await sendOrder(seen, now, placing(seen, now))) return 'sent';
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
    const reason = whyOnHold(check, requestedQuantity(whole.request));
    log.warn({ orderId: id, ...check }, 'approved order on hold');
    const nextAt = nextTryAt(order.asking.failures + 1, now);
    await changeApproved(id, (current) => heldBack(current, reason, now, nextAt));
  };
}
