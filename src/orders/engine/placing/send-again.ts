import type { Decider, Resubmission } from '../../domain/approval.js';
import { asWhole } from '../../domain/lines.js';
import type { Order, OrderIn } from '../../domain/order.js';
import { heldBackAgain, notSentAgain, placingAgain } from '../../domain/transitions.js';
import type { CheckApproval, Unsent } from '../../policy/check-approval.js';
import type { Clock } from '../../ports/clock.js';
import type { Log } from '../../ports/log.js';
import type { OrderStore } from '../../ports/order-store.js';
import { failedLookups, nextSearchAt } from '../lost-order.js';
import type { OrderChanges } from '../order-changes.js';
import { nextTryAt } from '../schedule.js';

import { MAX_CONFLICTS, type SendOrder } from './send-order.js';
import { whyNotResubmitted } from './why-not-sent.js';

/**
 * Sends an order a second time that left no trace at Bandwidth, if enough people still approve it. Throws StoreError.
 */
export type SendAgain = (order: OrderIn<'placing'>, again: Resubmission) => Promise<void>;

export function makeSendAgain(deps: {
  orders: Pick<OrderStore, 'get'>;
  changes: OrderChanges;
  /** Whether an order may be sent with the approval it has. */
  checkApproval: CheckApproval;
  sendOrder: SendOrder;
  clock: Pick<Clock, 'now'>;
  log: Log;
}): SendAgain {
  const { orders, changes, checkApproval, sendOrder, clock, log } = deps;

  /** Asks people again and says why. Only if Slack couldn't be asked, the order is tried again without them. */
  async function doNotSendAgain(order: OrderIn<'placing'>, check: Unsent): Promise<void> {
    log.warn({ orderId: order.id, ...check }, 'untraced order not resubmitted');
    const now = clock.now();
    await changes.changePlacing(order.id, (current) => {
      if (!waitsAsBefore(current, order)) return current;
      if (check.verdict !== 'not-known') {
        return notSentAgain(current, whyNotResubmitted(check), now, nextSearchAt(current, now));
      }
      const nextAt = nextTryAt(current.asking.failures + 1, now);
      return heldBackAgain(current, { why: 'people-not-known' }, now, nextAt, failedLookups(current, now));
    });
  }

  return async (order, again) => {
    const check = await checkApproval(asWhole(order), resubmittedBy(again));
    if (check.verdict !== 'sufficient') return doNotSendAgain(order, check);
    log.warn({ orderId: order.id, resubmittedBy: again.by?.userId }, 'order untraced, resubmitting it');
    // The card may be drawn during the check, which is no reason to look the order up once more.
    for (let losses = 0; losses < MAX_CONFLICTS; losses += 1) {
      const seen = await orders.get(order.id);
      if (seen === undefined || !waitsAsBefore(seen, order)) return;
      const now = clock.now();
      if (await sendOrder(seen, now, placingAgain(seen, again, now))) return;
    }
  };
}

const resubmittedBy = ({ by, for: away }: Resubmission): Decider | undefined =>
  by === undefined ? undefined : { by, ...(away === undefined ? {} : { for: away }) };

/** Whether this is still the request that the lookup didn't find, and no one has decided about it since. */
const waitsAsBefore = (order: Order, before: OrderIn<'placing'>): order is OrderIn<'placing'> =>
  order.status === 'placing' &&
  order.answer === before.answer &&
  order.sentAt === before.sentAt &&
  order.failedLookups === before.failedLookups &&
  order.sendAgain?.at === before.sendAgain?.at &&
  order.secondNotTaken === before.secondNotTaken;
