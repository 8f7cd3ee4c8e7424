import { createHash } from 'node:crypto';
import { destinationsOf, distinct } from '../domain/destinations.js';
import { linesOf } from '../domain/lines.js';
import { listedNumbers } from '../domain/number-outcome.js';
import { isFinal, type Order } from '../domain/order.js';
import type { Activatable, ActivationRequest, Destination, OrderId, Person } from '../domain/request.js';
import { isDisconnectedBy } from '../domain/retention.js';
import { numbersToActivate, readyServices } from '../domain/service-check.js';
import { isRefusal, type Refusal } from '../policy/refusal.js';
import type { OrderIndex } from '../ports/order-index.js';
import type { OrderStore } from '../ports/order-store.js';
import { concludeAction, type DecisionDeps } from './conclude-action.js';
import type { RequestOrder } from './request-order.js';

/** An activation that can be requested for a finished purchase. */
export interface PossibleActivation {
  readonly purchase: Order;
  /** The same for everyone until it has ended, so that two people who request it make one order. */
  readonly id: OrderId;
  readonly services: readonly Activatable[];
}

/** Returns what can be activated on the numbers of a purchase, or why nothing can. Throws StoreError. */
export type MayActivate = (purchaseId: OrderId, by: Person) => Promise<PossibleActivation | Refusal>;

/** Requests it. The numbers and the place follow from the purchase. Throws StoreError or OutcomeUnknown. */
export type RequestActivation = (asked: {
  readonly id: OrderId;
  readonly purchaseId: OrderId;
  readonly services: readonly Activatable[];
  readonly name: (numbers: ActivationRequest['numbers']) => string;
  readonly reason: string;
  readonly requester: Person;
}) => Promise<Order | Refusal>;

type Deps = Pick<DecisionDeps, 'orders' | 'engine' | 'removed' | 'log'> & {
  readonly index: Pick<OrderIndex, 'ofNumbers'>;
};

/** For a large purchase, this many numbers are enough to find its activations and disconnects. */
const NUMBERS_READ = 500;

export function makeMayActivate(deps: Deps): MayActivate {
  return async (purchaseId, by) => {
    const purchase = await deps.orders.get(purchaseId);
    const later = purchase === undefined ? [] : await ordersAbout(deps, purchase);
    const services =
      purchase === undefined
        ? []
        : readyServices(purchase).filter((each) => stillToActivate(purchase, later, [each]).length > 0);
    const refusal = purchase && whyNot(purchase, later, services);
    const action = 'activate the delivered numbers';
    const result = await concludeAction(deps, { id: purchaseId, by, action }, refusal ?? purchase);
    if (isRefusal(result)) return result;
    return { purchase: result, id: await unusedId(deps, purchaseId), services };
  };
}

function whyNot(
  purchase: Order,
  later: readonly Order[],
  services: readonly Activatable[],
): Refusal | undefined {
  const open = later.find(
    (order) =>
      order.request.kind === 'activation' && order.request.purchaseId === purchase.id && !isFinal(order),
  );
  if (open !== undefined) return { refused: 'activation-under-way', order: purchase, other: open };
  if (services.length > 0) return undefined;
  const wasReady = readyServices(purchase).length > 0;
  return { refused: wasReady ? 'disconnected-since' : 'already-decided', order: purchase };
}

/** Leaves out numbers that another order has disconnected since. */
const stillToActivate = (purchase: Order, later: readonly Order[], services: readonly Activatable[]) =>
  numbersToActivate(purchase, services).filter(
    (number) => !later.some((other) => isDisconnectedBy(other, purchase, number)),
  );

/** Returns where the purchase sent these numbers, each place once. */
function whereDelivered(purchase: Order, numbers: ActivationRequest['numbers']): readonly Destination[] {
  const activated = new Set(numbers);
  const lines = linesOf(purchase).filter((line) => listedNumbers(line).some((each) => activated.has(each)));
  return distinct(lines.flatMap(({ request }) => destinationsOf(request)));
}

/** The other orders that name the delivered numbers. */
async function ordersAbout(
  {
    index,
    orders,
  }: { readonly index: Pick<OrderIndex, 'ofNumbers'>; readonly orders: Pick<OrderStore, 'get'> },
  purchase: Order,
): Promise<readonly Order[]> {
  const numbers = 'outcome' in purchase ? purchase.outcome.completed.slice(0, NUMBERS_READ) : [];
  const ids = new Set([...(await index.ofNumbers(numbers)).values()].flat());
  ids.delete(purchase.id);
  const read = await Promise.all([...ids].map((id) => orders.get(id)));
  return read.filter((order): order is Order => order !== undefined);
}

/** Returns the first id that no activation has had, not even one that is no longer kept: the journal has its events. */
async function unusedId({ orders, removed }: Deps, purchaseId: OrderId): Promise<OrderId> {
  for (let earlier = 0; ; earlier += 1) {
    const id = activationId(purchaseId, earlier);
    const isUsed = (await orders.get(id)) !== undefined || (await removed?.(id)) !== undefined;
    if (!isUsed) return id;
  }
}

/** A UUID, like every order's id, derived from the purchase and the number of earlier activations. */
function activationId(purchaseId: OrderId, earlier: number): OrderId {
  const hash = createHash('sha256').update(`activation ${earlier} of ${purchaseId}`).digest('hex');
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `a${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-');
}

export function makeRequestActivation(
  deps: Deps & { readonly requestOrder: RequestOrder },
): RequestActivation {
  return async ({ id, purchaseId, services, name, reason, requester }) => {
    const purchase = await deps.orders.get(purchaseId);
    if (purchase === undefined || purchase.request.kind !== 'purchase') return { refused: 'no-such-order' };
    const before = await deps.orders.get(id);
    // Someone else submitted the same form first.
    if (before !== undefined && before.requester.userId !== requester.userId) {
      return { refused: 'activation-under-way', order: purchase, other: before };
    }
    const numbers = stillToActivate(purchase, await ordersAbout(deps, purchase), services);
    if (numbers.length === 0) return { refused: 'nothing-to-activate', order: purchase };
    const [to, ...alsoTo] = whereDelivered(purchase, numbers);
    const { site, location } = to ?? purchase.request;
    return deps.requestOrder({
      id,
      request: {
        kind: 'activation',
        name: name(numbers),
        numbers,
        services,
        purchaseId,
        site,
        ...(location === undefined ? {} : { location }),
        ...(alsoTo.length === 0 ? {} : { alsoTo }),
        reason,
      },
      requester,
      channelId: purchase.channelId,
    });
  };
}
