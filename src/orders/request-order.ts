import { isDeepStrictEqual } from 'node:util';
import type { Limits } from './limits.js';
import { namedNumbers, type Order, type OrderId, type OrderRequest, type Person } from './order.js';
import { type Policy, termsFor } from './policy.js';
import type { Clock, Log, OrderStore } from './ports.js';
import type { Refusal } from './refusal.js';
import { askedOf } from './ruling.js';
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
  policy: Policy;
  limits: Limits;
  clock: Pick<Clock, 'now'>;
  log: Log;
}): RequestOrder {
  return async ({ id, request, requester, channelId }) => {
    const now = needs.clock.now();
    const asked = askedOf({ request, requester, card: { channelId } });
    const expiresAt = now + termsFor(needs.policy, asked).approvalTtlMs;
    const order = newOrder({ id, request, requester, channelId, now, expiresAt });
    const ruling = await needs.limits.askFor(order);
    if (ruling.verdict === 'refused') return { refused: 'too-many', over: ruling.because };
    const isNew = await needs.orders.insert(order);
    const kept = (isNew ? undefined : await needs.orders.get(id)) ?? order;
    if (isNew) {
      needs.log.info({ orderId: id, requestedBy: requester.userId, channelId }, 'an order was requested');
    }
    needs.engine.ask(id);
    // Slack may have told the person that the form did not arrive, who then put something else into it.
    return sameWish(kept.request, request) ? kept : { refused: 'sent-before', order: kept };
  };
}

/** Whether somebody filled in the same twice. What a look-up said of the numbers may differ from the next. */
export function sameWish(one: OrderRequest, other: OrderRequest): boolean {
  return isDeepStrictEqual(wish(one), wish(other));
}

/** As it comes back from JSON. */
function wish(request: OrderRequest): unknown {
  const numbers = request.kind === 'disconnect' ? { inService: namedNumbers(request) } : {};
  return JSON.parse(JSON.stringify({ ...request, ...numbers }));
}
