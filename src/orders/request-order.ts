import { isDeepStrictEqual } from 'node:util';
import type { Limits } from './limits.js';
import { namedNumbers, type Order, type OrderId, type OrderRequest, type Person } from './order.js';
import type { Clock, Log, OrderStore } from './ports.js';
import type { Refusal } from './refusal.js';
import type { Engine } from './settle.js';
import { newOrder } from './transitions.js';

export type RequestOrder = (asked: {
  /** Made when the form was opened, so a form sent twice is one order. */
  readonly id: OrderId;
  readonly request: OrderRequest;
  readonly requester: Person;
  readonly channelId: string;
}) => Promise<Order | Refusal>;

/**
 * Puts a request on record and lets its card be posted. Once this resolves the request survives a crash.
 * Throws StoreError, and then nothing was asked.
 */
export function makeRequestOrder(needs: {
  orders: OrderStore;
  engine: Pick<Engine, 'ask'>;
  limits: Limits;
  clock: Pick<Clock, 'now'>;
  log: Log;
}): RequestOrder {
  return async ({ id, request, requester, channelId }) => {
    const order = newOrder({ id, request, requester, channelId, now: needs.clock.now() });
    const ruling = await needs.limits.askFor(order);
    if (ruling.verdict === 'refused') return { refused: 'too-many', over: ruling.because };
    const isNew = await needs.orders.insert(order);
    const kept = (isNew ? undefined : await needs.orders.get(id)) ?? order;
    if (isNew) {
      needs.log.info({ orderId: id, requestedBy: requester.userId, channelId }, 'an order was requested');
    }
    needs.engine.ask(id);
    // Slack may have told the person that the form did not arrive, who then put something else into it.
    return isDeepStrictEqual(wish(kept), wish(order)) ? kept : { refused: 'sent-before', order: kept };
  };
}

/** What somebody filled in, as it comes back from JSON: what a look-up said of the numbers may differ from the next. */
function wish({ request }: Order): unknown {
  const numbers = request.kind === 'disconnect' ? { inService: namedNumbers(request) } : {};
  return JSON.parse(JSON.stringify({ ...request, ...numbers }));
}
