import { isDeepStrictEqual } from 'node:util';
import { changeOrder } from '../change-order.js';
import { destinationKey } from '../domain/destinations.js';
import type { Order } from '../domain/order.js';
import {
  type ActivationRequest,
  isInService,
  type MessagingRequest,
  namedNumbers,
  type OrderId,
  type OrderRequest,
  type Person,
  type PurchaseRequest,
  severalLines,
} from '../domain/request.js';
import type { Circumstances } from '../domain/standing.js';
import { approvedByRule, newOrder } from '../domain/transitions.js';
import type { Engine } from '../engine/engine.js';
import type { CircumstancesOf } from '../policy/circumstances.js';
import type { Limits } from '../policy/limits.js';
import type { Policy } from '../policy/policy.js';
import type { Refusal } from '../policy/refusal.js';
import { needsOf } from '../policy/required-approval.js';
import { actAt, barUnseen, type PassingRuling } from '../policy/ruling.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { OrderStore } from '../ports/order-store.js';
import { OutcomeUnknown } from '../ports/store-errors.js';

export type RequestOrder = (asked: {
  /** Generated when the form was opened, so a form sent twice is one order. */
  readonly id: OrderId;
  readonly request: OrderRequest;
  readonly requester: Person;
  readonly channelId: string;
}) => Promise<Order | Refusal>;

/**
 * Records a request and has its card posted. Once this resolves, the request survives a crash. Throws StoreError if
 * nothing was recorded, or OutcomeUnknown.
 */
export function makeRequestOrder(deps: {
  orders: OrderStore;
  engine: Pick<Engine, 'settleSoon'>;
  policy: Policy;
  limits: Limits;
  circumstances: CircumstancesOf;
  clock: Pick<Clock, 'now'>;
  log: Log;
}): RequestOrder {
  return async ({ id, request, requester, channelId }) => {
    const asked = { id, request, requester, channelId };
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
      needs: needsOf(ruling, circumstances.requesterGroups),
    });
    const isNew = await deps.orders.insert(order);
    const kept = (isNew ? undefined : await savedBefore(deps.orders, id)) ?? order;
    if (isNew && ruling.verdict === 'automatic') await approveByRule(deps, id, circumstances);
    deps.engine.settleSoon(id);
    // Slack may have told the person that the form didn't arrive, and they changed it before sending it again.
    return isSameRequest(kept.request, request) ? kept : { refused: 'sent-before', order: kept };
  };
}

/** Finds out whether the form was sent before: then a request is on record, and the answer must not deny that. */
async function savedBefore(orders: Pick<OrderStore, 'get'>, id: OrderId): Promise<Order | undefined> {
  try {
    return await orders.get(id);
  } catch (cause) {
    throw new OutcomeUnknown(`what was saved as order ${id} cannot be read`, {
      cause,
      saving: 'requested',
    });
  }
}

/** If no approval is needed, asks Slack for a fresh answer about the requester, because money is spent at once. */
async function judgeRequest(
  { limits, circumstances }: Pick<Parameters<typeof makeRequestOrder>[0], 'limits' | 'circumstances'>,
  asked: Pick<Order, 'id' | 'request' | 'requester' | 'channelId'>,
): Promise<{ readonly ruling: PassingRuling; readonly circumstances: Circumstances } | Refusal> {
  const place = { requester: asked.requester, channelId: asked.channelId };
  for (const age of ['recent', 'fresh'] as const) {
    const found = await circumstances.request(place, age);
    const { workspaceId } = found;
    const judged = await limits.evaluateOrder(
      { ...asked, ...(workspaceId === undefined ? {} : { workspaceId }) },
      found,
    );
    const ruling = barUnseen(judged, { ...found, requester: asked.requester });
    if (ruling.verdict === 'barred') return { refused: 'barred', bar: ruling.bar };
    if (ruling.verdict === 'refused') return { refused: 'too-many', over: ruling.because };
    if (ruling.verdict !== 'automatic' || age === 'fresh') return { ruling, circumstances: found };
  }
  throw new Error('unreachable: the second look is the last');
}

/**
 * Approves the order if the rule still allows it once the numbers are counted. If that fails, or the process dies
 * first, a person decides; either way the request is on record, and the requester must not be told otherwise.
 */
async function approveByRule(
  { orders, limits, clock, log }: Parameters<typeof makeRequestOrder>[0],
  id: OrderId,
  circumstances: Circumstances,
): Promise<void> {
  const approval = changeOrder(orders, id, async (order) => {
    if (order.status !== 'awaiting-approval') return order;
    const now = clock.now();
    const ruling = await limits.count(order, { at: now }, circumstances);
    if (ruling.verdict !== 'automatic') return order;
    return approvedByRule(order, ruling.rule, now, actAt(order, ruling.terms, now));
  });
  await approval.catch((err: unknown) =>
    log.error({ err, orderId: id }, 'approval by policy rule failed, waiting for a person'),
  );
}

/** Whether two forms were filled in the same way. Looked-up details of numbers and places may differ. */
export function isSameRequest(one: OrderRequest, other: OrderRequest): boolean {
  return isDeepStrictEqual(comparable(one), comparable(other));
}

/** Without what Bandwidth's list says of the campaign. */
const changeOf = ({ change }: MessagingRequest): string =>
  change.to === 'campaign' ? `campaign ${change.campaign.id}` : change.to;

/** Without Bandwidth's names of the places that only some of the numbers go to. */
function otherDestinations(request: PurchaseRequest | ActivationRequest) {
  if (request.kind === 'activation') return { alsoTo: request.alsoTo?.map(destinationKey) };
  const lines = severalLines(request);
  if (lines.length === 0) return {};
  return { wanted: lines.map(({ to, ...line }) => ({ ...line, to: to && destinationKey(to) })) };
}

/** As it is after being written to JSON and read back. */
function comparable(request: OrderRequest): unknown {
  const lookedUp = isInService(request)
    ? {
        inService: namedNumbers(request),
        ...(request.kind === 'messaging' ? { change: changeOf(request) } : {}),
        ...(request.kind === 'move' ? { site: request.site.id, location: request.location.id } : {}),
      }
    : { site: request.site.id, location: request.location?.id, ...otherDestinations(request) };
  return JSON.parse(JSON.stringify({ ...request, ...lookedUp }));
}
