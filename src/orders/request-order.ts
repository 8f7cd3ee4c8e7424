import { isDeepStrictEqual } from 'node:util';
import { changeOrder } from './change-order.js';
import type { Limits } from './limits.js';
import { namedNumbers, type Order, type OrderId, type OrderRequest, type Person } from './order.js';
import type { Policy } from './policy.js';
import type { Clock, Log, OrderStore } from './ports.js';
import type { Refusal } from './refusal.js';
import { actAt, needsOf } from './ruling.js';
import type { Engine } from './settle.js';
import { approvedByRule, newOrder } from './transitions.js';

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
    const ruling = await needs.limits.askFor({ id, request, requester, card: { channelId } });
    if (ruling.verdict === 'refused') return { refused: 'too-many', over: ruling.because };
    const expiresAt = now + ruling.terms.approvalTtlMs;
    const order = newOrder({ id, request, requester, channelId, now, expiresAt, needs: needsOf(ruling) });
    const isNew = await needs.orders.insert(order);
    const kept = (isNew ? undefined : await needs.orders.get(id)) ?? order;
    if (isNew) {
      needs.log.info({ orderId: id, requestedBy: requester.userId, channelId }, 'an order was requested');
    }
    if (isNew && ruling.verdict === 'automatic') await approveByRule(needs, id);
    needs.engine.ask(id);
    // Slack may have told the person that the form did not arrive, who then put something else into it.
    return sameWish(kept.request, request) ? kept : { refused: 'sent-before', order: kept };
  };
}

/**
 * If the rule still allows it once the numbers are counted. Should that fail, or we die before it, a person decides:
 * the request is on record, and its requester must not hear that it is not.
 */
async function approveByRule(
  { orders, limits, policy, clock, log }: Parameters<typeof makeRequestOrder>[0],
  id: OrderId,
): Promise<void> {
  const approval = changeOrder(orders, id, async (order) => {
    if (order.status !== 'awaiting-approval') return order;
    const now = clock.now();
    const ruling = await limits.count(order, { at: now });
    if (ruling.verdict !== 'automatic') return order;
    log.info({ orderId: id, rule: ruling.rule }, 'a rule of the policy approves this order');
    return approvedByRule(order, ruling.rule, now, actAt(order, policy, now));
  });
  await approval.catch((err: unknown) =>
    log.error({ err, orderId: id }, 'a rule could not approve this order, which waits for a person'),
  );
}

/** Whether somebody filled in the same twice. What a look-up said of the numbers and places may differ from the next. */
export function sameWish(one: OrderRequest, other: OrderRequest): boolean {
  return isDeepStrictEqual(wish(one), wish(other));
}

/** As it comes back from JSON. */
function wish(request: OrderRequest): unknown {
  const lookedUp =
    request.kind === 'disconnect'
      ? { inService: namedNumbers(request) }
      : { site: request.site.id, location: request.location?.id };
  return JSON.parse(JSON.stringify({ ...request, ...lookedUp }));
}
