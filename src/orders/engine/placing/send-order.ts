import { reservationIds } from '../../domain/holds.js';
import type { Order, OrderIn } from '../../domain/order.js';
import type { Timestamp } from '../../domain/request.js';
import { answerUnknown, notTaken, placed, refused, secondRefused } from '../../domain/transitions.js';
import type { Carrier, Placement } from '../../ports/carrier.js';
import type { Clock } from '../../ports/clock.js';
import type { Log } from '../../ports/log.js';
import type { OrderChanges } from '../order-changes.js';
import { firstStatusLookupAt, nextFindAt, nextTryAt } from '../schedule.js';
import type { OrderPace } from './order-pace.js';

/**
 * Saves the intent to send an order, sends it, and saves the answer. Returns false if the intent wasn't saved: someone
 * else is placing or canceling this order, or its card was drawn at that moment. Throws StoreError.
 */
export type SendOrder = (
  order: OrderIn<'approved' | 'placing'>,
  sentAt: Timestamp,
  intent: Order,
) => Promise<boolean>;

/** How often saving the intent is tried while the card is being drawn. After that, the next step is decided again. */
export const MAX_CONFLICTS = 5;

/**
 * The part of `lookupAfterMs` in which the POST must leave once it is on record. The client's timeout is the rest, and
 * begins only when the POST leaves. When both are over, other instances look the order up.
 */
const LEAVES_WITHIN = 1 / 5;

export function makeSendOrder(deps: {
  carrier: Pick<Carrier, 'place' | 'now'>;
  changes: OrderChanges;
  pace: Pick<OrderPace, 'blockUntil'>;
  clock: Pick<Clock, 'now'>;
  log: Log;
  /** How long after a POST an order without an answer is looked up; longer than the POST may take. */
  lookupAfterMs: number;
}): SendOrder {
  const { carrier, changes, pace, clock, log, lookupAfterMs } = deps;

  /**
   * Gives up an attempt that this process was suspended in, or that a slow store delayed: by the time an answer came,
   * another instance could have looked the order up, found nothing and sent it a second time.
   */
  async function notSent(order: OrderIn<'approved' | 'placing'>, sentAt: Timestamp): Promise<void> {
    log.warn({ orderId: order.id }, 'order saved too slowly, not sent now');
    const now = clock.now();
    const failures = order.asking.failures + 1;
    await changes.changePlacing(order.id, (current) =>
      current.answer === 'sent' && current.sentAt === sentAt
        ? notTaken(current, { why: 'saved-too-slowly' }, now, nextTryAt(failures, now), failures)
        : current,
    );
  }

  return async (order, sentAt, intent) => {
    if (!(await changes.replace(order, intent))) return false;
    if (clock.now() - sentAt > lookupAfterMs * LEAVES_WITHIN) {
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
        return { outcome: 'unknown' };
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
      return placed(order, placement.carrierOrderId, now, firstStatusLookupAt(now));
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
