import type { OrderIn } from '../../domain/order.js';
import type { Reason } from '../../domain/reason.js';
import type { Timestamp } from '../../domain/request.js';
import { foundBefore, heldBack } from '../../domain/transitions.js';
import type { Carrier } from '../../ports/carrier.js';
import type { Clock } from '../../ports/clock.js';
import type { Log } from '../../ports/log.js';
import { readFailure } from '../carrier-failure.js';
import type { OrderChanges } from '../order-changes.js';
import { nextTryAt } from '../schedule.js';
import { sameDisconnect } from './why-not-sent.js';

/**
 * Looks up at Bandwidth an order that is about to be sent, and returns whether it may be. If Bandwidth has its ID, the
 * order is followed from there. A disconnect of the same numbers may be someone else's, made in Bandwidth, so it only
 * puts ours on hold. If Bandwidth can't be asked, the order isn't sent either. Throws StoreError.
 */
export type LookBeforeSending = (order: OrderIn<'approved'>) => Promise<boolean>;

export function makeLookBeforeSending(deps: {
  carrier: Pick<Carrier, 'findLike'>;
  changes: OrderChanges;
  clock: Pick<Clock, 'now'>;
  log: Log;
}): LookBeforeSending {
  const { carrier, changes, clock, log } = deps;

  async function hold(order: OrderIn<'approved'>, reason: Reason, retryAt?: Timestamp): Promise<void> {
    const now = clock.now();
    const nextAt = nextTryAt(order.asking.failures + 1, now, retryAt);
    await changes.change(order.id, (current) =>
      current.status === 'approved' ? heldBack(current, reason, now, nextAt) : current,
    );
  }

  async function look(order: OrderIn<'approved'>): Promise<boolean> {
    const { id, request, approval } = order;
    const { ours, sameNumbers } = await carrier.findLike({ id, request, sentAt: approval.at });
    const [carrierOrderId, ...others] = ours;
    if (carrierOrderId === undefined) {
      if (sameNumbers.length === 0) return true;
      log.warn({ orderId: id, sameNumbers }, 'bandwidth already has a disconnect of the same numbers');
      await hold(order, sameDisconnect(sameNumbers));
      return false;
    }
    log.error({ orderId: id, carrierOrderId, others }, 'order found at bandwidth before it was sent');
    const now = clock.now();
    await changes.change(id, (current) =>
      current.status === 'approved' ? foundBefore(current, carrierOrderId, now, now) : current,
    );
    return false;
  }

  return async (order) => {
    try {
      return await look(order);
    } catch (error) {
      const { level, reason, retryAt } = readFailure(error);
      log[level]({ orderId: order.id, err: error }, 'order lookup before sending failed');
      await hold(order, { why: 'looked-up-first', because: reason }, retryAt);
      return false;
    }
  };
}
