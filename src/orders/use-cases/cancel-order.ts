import { changeOrder } from '../change-order.js';
import { withExpiry } from '../domain/expiry.js';
import type { Order, OrderIn } from '../domain/order.js';
import type { OrderId, Person } from '../domain/request.js';
import { cancelled, foundBefore } from '../domain/transitions.js';
import type { SentOrders } from '../engine/sent-orders.js';
import { mayCancelNow } from '../policy/choose-decider.js';
import { isRefusal, type Refusal } from '../policy/refusal.js';
import { isRequester } from '../policy/ruling.js';
import type { Carrier } from '../ports.js';
import { concludeAction, type DecisionDeps } from './conclude-action.js';

export type CancelOrder = (id: OrderId, by: Person) => Promise<Order | Refusal>;

interface CancelDeps extends DecisionDeps {
  readonly carrier: Pick<Carrier, 'findLike'>;
  readonly sent: Pick<SentOrders, 'mayBeAtBandwidth'>;
}

/**
 * Cancels a request while it waits for approval, or after approval while Bandwidth certainly doesn't have it. Where
 * that isn't certain, Bandwidth is asked first: the card of a canceled order says that nothing was ordered.
 * Throws StoreError, and then nothing was changed; or OutcomeUnknown.
 */
export function makeCancelOrder(deps: CancelDeps): CancelOrder {
  return async (id, by) => {
    const lookUp = makeLookup(deps);
    const result = await changeOrder<Refusal>(deps.orders, id, async (stored) => {
      const order = withExpiry(stored, deps.clock.now());
      if (order.status !== 'awaiting-approval' && order.status !== 'approved') {
        return { refused: 'already-decided', order };
      }
      // The requester needs no one's permission, so an outage of the group lookup must not keep them from canceling.
      const own = isRequester(order, by);
      if (!own && !(await mayCancelNow(deps, order, by))) return { refused: 'not-yours', order };
      const there = order.status === 'approved' ? await lookUp(order) : 'not there';
      const now = deps.clock.now();
      if (there === 'not known') return { refused: 'perhaps-sent', order };
      if (order.status === 'approved' && there !== 'not there') {
        return foundBefore(order, there.carrierOrderId, now, now);
      }
      return cancelled(order, by, now);
    });
    const isFound = result !== undefined && !isRefusal(result) && result.status === 'placed';
    return concludeAction(
      deps,
      { id, by, action: 'cancel' },
      isFound ? { refused: 'already-decided', order: result } : result,
    );
  };
}

type Whereabouts = 'not there' | 'not known' | { readonly carrierOrderId: string };

/** Looks up an approved order at Bandwidth if it may be there. Asks only once, even if the order is read again. */
function makeLookup({ carrier, sent, log }: CancelDeps) {
  let answer: Promise<Whereabouts> | undefined;

  async function ask({ id, request, approval }: OrderIn<'approved'>): Promise<Whereabouts> {
    try {
      const { ours } = await carrier.findLike({ id, request, sentAt: approval.at });
      const [carrierOrderId] = ours;
      if (carrierOrderId === undefined) return 'not there';
      log.error({ orderId: id, carrierOrderId }, 'order found at bandwidth before it was sent');
      return { carrierOrderId };
    } catch (err) {
      log.warn({ err, orderId: id }, 'order lookup before canceling failed');
      return 'not known';
    }
  }

  return async (order: OrderIn<'approved'>): Promise<Whereabouts> => {
    const maybe = sent.mayBeAtBandwidth(order);
    if (maybe === 'no') return 'not there';
    if (maybe === 'too-early') return 'not known';
    answer ??= ask(order);
    return answer;
  };
}
