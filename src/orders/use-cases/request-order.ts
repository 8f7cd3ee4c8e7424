import { isDeepStrictEqual } from 'node:util';
import { changeOrder } from '../change-order.js';
import type { Order } from '../domain/order.js';
import { namedNumbers, type OrderId, type OrderRequest, type Person } from '../domain/request.js';
import type { Circumstances } from '../domain/standing.js';
import { approvedByRule, newOrder } from '../domain/transitions.js';
import type { Engine } from '../engine/engine.js';
import type { CircumstancesOf } from '../policy/circumstances.js';
import type { Limits } from '../policy/limits.js';
import type { Policy } from '../policy/policy.js';
import type { Refusal } from '../policy/refusal.js';
import { actAt, needsOf, type PassingRuling } from '../policy/ruling.js';
import { type Clock, type Log, type OrderStore, OutcomeUnknown } from '../ports.js';

export type RequestOrder = (asked: {
  /** Made when the form was opened, so a form sent twice is one order. */
  readonly id: OrderId;
  readonly request: OrderRequest;
  readonly requester: Person;
  readonly channelId: string;
}) => Promise<Order | Refusal>;

/**
 * Puts a request on record and lets its card be posted. Once this resolves the request survives a crash.
 * Throws StoreError, and then nothing was asked; or OutcomeUnknown.
 */
export function makeRequestOrder(deps: {
  orders: OrderStore;
  engine: Pick<Engine, 'ask'>;
  policy: Policy;
  limits: Limits;
  circumstances: CircumstancesOf;
  clock: Pick<Clock, 'now'>;
  log: Log;
}): RequestOrder {
  return async ({ id, request, requester, channelId }) => {
    const asked = { id, request, requester, card: { channelId } };
    const judged = await judgeRequest(deps, asked);
    if ('refused' in judged) return judged;
    const { ruling, circumstances } = judged;
    const now = deps.clock.now();
    const order = newOrder({
      id,
      request,
      requester,
      channelId,
      workspaceId: circumstances.workspaceId,
      now,
      expiresAt: now + ruling.terms.approvalTtlMs,
      needs: needsOf(ruling),
    });
    const isNew = await deps.orders.insert(order);
    const kept = (isNew ? undefined : await savedBefore(deps.orders, id)) ?? order;
    if (isNew) {
      deps.log.info({ orderId: id, requestedBy: requester.userId, channelId }, 'an order was requested');
    }
    if (isNew && ruling.verdict === 'automatic') await approveByRule(deps, id, circumstances);
    deps.engine.ask(id);
    // Slack may have told the person that the form did not arrive, who then put something else into it.
    return sameWish(kept.request, request) ? kept : { refused: 'sent-before', order: kept };
  };
}

/** The form was sent before: something is on record, and nobody may hear that it is not. */
async function savedBefore(orders: Pick<OrderStore, 'get'>, id: OrderId): Promise<Order | undefined> {
  try {
    return await orders.get(id);
  } catch (cause) {
    throw new OutcomeUnknown(`what was saved as order ${id} cannot be read`, {
      cause,
      saving: 'your request',
    });
  }
}

/** Where no person is to approve it, Slack is asked afresh who asks: money is released at once. */
async function judgeRequest(
  { limits, circumstances }: Pick<Parameters<typeof makeRequestOrder>[0], 'limits' | 'circumstances'>,
  asked: Pick<Order, 'id' | 'request' | 'requester'> & { readonly card: { readonly channelId: string } },
): Promise<{ readonly ruling: PassingRuling; readonly circumstances: Circumstances } | Refusal> {
  const place = { requester: asked.requester, channelId: asked.card.channelId };
  for (const age of ['recent', 'fresh'] as const) {
    const found = await circumstances.request(place, age);
    const { workspaceId } = found;
    const ruling = await limits.askFor(
      { ...asked, ...(workspaceId === undefined ? {} : { workspaceId }) },
      found,
    );
    if (ruling.verdict === 'barred') return { refused: 'barred', bar: ruling.bar };
    if (ruling.verdict === 'refused') return { refused: 'too-many', over: ruling.because };
    if (ruling.verdict !== 'automatic' || age === 'fresh') return { ruling, circumstances: found };
  }
  throw new Error('unreachable: the second look is the last');
}

/**
 * If the rule still allows it once the numbers are counted. Should that fail, or we die before it, a person decides:
 * the request is on record, and its requester must not hear that it is not.
 */
async function approveByRule(
  { orders, limits, policy, clock, log }: Parameters<typeof makeRequestOrder>[0],
  id: OrderId,
  circumstances: Circumstances,
): Promise<void> {
  const approval = changeOrder(orders, id, async (order) => {
    if (order.status !== 'awaiting-approval') return order;
    const now = clock.now();
    const ruling = await limits.count(order, { at: now }, circumstances);
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
