import { changeOrder } from '../change-order.js';
import { withExpiry } from '../domain/expiry.js';
import { linesOf } from '../domain/lines.js';
import type { Order, OrderIn } from '../domain/order.js';
import type { OrderId, Person } from '../domain/request.js';
import { cancelled, changeLines, foundBefore } from '../domain/transitions.js';
import type { SentOrders } from '../engine/placing/sent-orders.js';
import { mayCancelNow } from '../policy/choose-decider.js';
import { isRefusal, type Refusal } from '../policy/refusal.js';
import { isRequester } from '../policy/ruling.js';
import type { Carrier } from '../ports/carrier.js';
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
      const unsent = linesOf(order).filter((line) => line.status === 'approved');
      if (!isCancelable(order) || (order.status === 'ordering' && unsent.length === 0)) {
        return { refused: 'already-decided', order };
      }
      // The requester needs no one's permission, so an outage of the group lookup must not keep them from canceling.
      const own = isRequester(order, by);
      if (!own && !(await mayCancelNow(deps, order, by))) return { refused: 'not-yours', order };
      const there = await lookUp(unsent);
      const now = deps.clock.now();
      if (there === 'not known') return { refused: 'perhaps-sent', order };
      const found = changeLines(order, (line) => {
        const carrierOrderId = line.status === 'approved' ? there.get(line.id) : undefined;
        return carrierOrderId === undefined || line.status !== 'approved'
          ? line
          : foundBefore(line, carrierOrderId, now, now);
      });
      return isCancelable(found) && there.size < Math.max(unsent.length, 1)
        ? cancelled(found, by, now)
        : found;
    });
    const isFound =
      result !== undefined &&
      !isRefusal(result) &&
      result.events.findLast(({ what }) => what === 'cancelled' || what === 'found-before')?.what !==
        'cancelled';
    return concludeAction(
      deps,
      { id, by, action: 'cancel' },
      isFound ? { refused: 'already-decided', order: result } : result,
    );
  };
}

/** Whether it is waiting, or may have lines that weren't sent. */
const isCancelable = (order: Order): order is OrderIn<'awaiting-approval' | 'approved' | 'ordering'> =>
  order.status === 'awaiting-approval' || order.status === 'approved' || order.status === 'ordering';

type Whereabouts = 'not there' | 'not known' | { readonly carrierOrderId: string };

/**
 * Looks up approved orders, or lines, at Bandwidth if they may be there: returns the carrier orders by our ids. Asks only
 * once about each, even if the order is read again.
 */
function makeLookup({ carrier, sent, log }: CancelDeps) {
  const answers = new Map<OrderId, Promise<Whereabouts>>();

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

  async function lookUp(order: OrderIn<'approved'>): Promise<Whereabouts> {
    const maybe = sent.mayBeAtBandwidth(order);
    if (maybe === 'no') return 'not there';
    if (maybe === 'too-early') return 'not known';
    const answer = answers.get(order.id) ?? ask(order);
    answers.set(order.id, answer);
    return answer;
  }

  return async (unsent: readonly OrderIn<'approved'>[]) => {
    const found = new Map<OrderId, string>();
    for (const order of unsent) {
      const there = await lookUp(order);
      if (there === 'not known') return there;
      if (there !== 'not there') found.set(order.id, there.carrierOrderId);
    }
    return found;
  };
}
