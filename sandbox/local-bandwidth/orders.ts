import { randomUUID } from 'node:crypto';
import { type Criteria, matching } from './criteria.js';
import { createNumber } from './made-to-measure.js';
import type { Numbers } from './numbers.js';
import type { Echo, OrderRequest } from './order-request.js';
import type { Reservations } from './reservations.js';
import type { Timers } from './timers.js';
import type { CarrierFault } from './write-xml.js';

export type OrderStatus = 'RECEIVED' | 'PROCESSING' | 'BACKORDERED' | 'COMPLETE' | 'PARTIAL' | 'FAILED';

/** How the next order goes, regardless of the inventory. */
export interface OrderPlan {
  /**
   * COMPLETE delivers numbers even if none are available. PARTIAL delivers half (for one number: FAILED). If absent,
   * the inventory decides.
   */
  readonly ends?: 'COMPLETE' | 'PARTIAL' | 'FAILED' | 'BACKORDERED';
  readonly delayMs?: number | 'manual';
  readonly processing?: boolean;
  /** Replaces the default errors of that end. */
  readonly errors?: readonly CarrierFault[];
}

export interface CarrierOrder {
  readonly id: string;
  readonly request: OrderRequest;
  readonly echo: Echo;
  readonly requestXml: string;
  readonly status: OrderStatus;
  readonly numbers: readonly string[];
  readonly failed: readonly string[];
  readonly faults: readonly CarrierFault[];
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** The user that created it; absent for our own. */
  readonly createdBy?: string;
}

export function quantityOf({ wants }: OrderRequest): number {
  return 'named' in wants ? wants.named.length : wants.quantity;
}

export function isOver(status: OrderStatus): boolean {
  return status === 'COMPLETE' || status === 'PARTIAL' || status === 'FAILED';
}

export interface Orders {
  place(read: { readonly request: OrderRequest; readonly echo: Echo }, requestXml: string): CarrierOrder;
  /** Another user of the account orders in the Bandwidth App, and gets it at once. */
  placeElsewhere(
    read: { readonly request: OrderRequest; readonly echo: Echo },
    createdBy: string,
  ): CarrierOrder;
  get(id: string): CarrierOrder | undefined;
  /** Whether an undecided order uses this reservation. */
  uses(reservationId: string): boolean;
  /** Newest last. */
  all(): readonly CarrierOrder[];
  plan(plan: OrderPlan): void;
  /** Decides a pending order now; fills a backordered one. */
  finish(id: string): void;
  /** Closes a backordered order, which keeps the numbers it has. */
  close(id: string): CarrierFault | undefined;
  /** Returns the plans that haven't been used yet. */
  planned(): readonly OrderPlan[];
  /** Restores orders of an earlier run. Pending ones take as long as new ones. */
  restore(earlier: readonly CarrierOrder[]): void;
}

export function makeOrders(deps: {
  readonly accountId: string;
  readonly numbers: Numbers;
  readonly reservations: Reservations;
  readonly now: () => number;
  readonly timers: Timers;
  readonly changed: (id: string) => void;
  readonly usually: () => {
    readonly delayMs: number | 'manual';
    readonly backorderDelayMs: number | 'manual';
    readonly processing: boolean;
  };
}): Orders {
  const { accountId, numbers, reservations, now, timers, changed, usually } = deps;
  const orders = new Map<string, CarrierOrder>();
  const planned = new Map<string, OrderPlan>();
  const plans: OrderPlan[] = [];

  const change = (order: CarrierOrder, changes: Partial<CarrierOrder>) => {
    orders.set(order.id, { ...order, ...changes, modifiedAt: now() });
    changed(order.id);
  };
  const take = (order: CarrierOrder, taken: readonly string[]) => {
    const { request } = order;
    const ids = 'named' in request.wants ? request.wants.reservationIds : [];
    for (const fullNumber of taken) {
      reservations.release(ids, fullNumber);
      const isProtected = request.isProtected || numbers.get(fullNumber)?.isProtected === true;
      const { siteId, peerId } = request;
      numbers.activate(fullNumber, { accountId, siteId, peerId, orderId: order.id, at: now() }, isProtected);
    }
  };
  const decide = (id: string) => {
    const order = orders.get(id);
    if (order === undefined || isOver(order.status) || order.status === 'BACKORDERED') return;
    const plan = planned.get(id) ?? {};
    const end = outcome(order.request, plan, numbers, reservations);
    take(order, end.numbers);
    change(order, { ...end, ...(plan.errors === undefined ? {} : { faults: plan.errors }) });
    if (end.status === 'BACKORDERED') timers.after(usually().backorderDelayMs, () => fill(id));
  };
  const fill = (id: string) => {
    const order = orders.get(id);
    if (order?.status !== 'BACKORDERED') return;
    const missing = quantityOf(order.request) - order.numbers.length;
    const more = supply(order.request, missing, numbers);
    take(order, more);
    change(order, { status: 'COMPLETE', numbers: [...order.numbers, ...more], faults: [] });
  };

  return {
    place({ request, echo }, requestXml) {
      const plan = plans.shift() ?? {};
      const id = randomUUID();
      const order: CarrierOrder = {
        id,
        request,
        echo,
        requestXml,
        status: 'RECEIVED',
        numbers: [],
        failed: [],
        faults: [],
        createdAt: now(),
        modifiedAt: now(),
      };
      orders.set(id, order);
      planned.set(id, plan);
      const delayMs = plan.delayMs ?? usually().delayMs;
      if (plan.processing ?? usually().processing) {
        timers.after(delayMs === 'manual' ? 0 : delayMs / 2, () => {
          const current = orders.get(id);
          if (current?.status === 'RECEIVED') change(current, { status: 'PROCESSING' });
        });
      }
      timers.after(delayMs, () => decide(id));
      changed(id);
      return order;
    },
    placeElsewhere({ request, echo }, createdBy) {
      const order: CarrierOrder = {
        id: randomUUID(),
        request,
        echo,
        requestXml: '',
        status: 'RECEIVED',
        numbers: [],
        failed: [],
        faults: [],
        createdAt: now(),
        modifiedAt: now(),
        createdBy,
      };
      orders.set(order.id, order);
      decide(order.id);
      return orders.get(order.id) ?? order;
    },
    get: (id) => orders.get(id),
    uses: (reservationId) =>
      [...orders.values()].some(
        ({ status, request: { wants } }) =>
          !isOver(status) && 'named' in wants && wants.reservationIds.includes(reservationId),
      ),
    all: () => [...orders.values()],
    planned: () => plans,
    restore(earlier) {
      for (const order of earlier) {
        orders.set(order.id, order);
        if (order.status === 'BACKORDERED') timers.after(usually().backorderDelayMs, () => fill(order.id));
        else if (!isOver(order.status)) timers.after(usually().delayMs, () => decide(order.id));
      }
    },
    plan: (plan) => plans.push(plan),
    finish(id) {
      if (orders.get(id)?.status === 'BACKORDERED') fill(id);
      else decide(id);
    },
    close(id) {
      const order = orders.get(id);
      if (order?.status !== 'BACKORDERED') {
        return { code: '5060', description: 'Only Backordered order can be closed.' };
      }
      if (order.numbers.length > 0) change(order, { status: 'PARTIAL', faults: [onlyPart] });
      else change(order, { status: 'FAILED', faults: [noneAvailable] });
      return undefined;
    },
  };
}

const noneAvailable: CarrierFault = {
  code: '5018',
  description: 'The entire quantity of telephone numbers ordered is unavailable',
};
const onlyPart: CarrierFault = {
  code: '5017',
  description: 'Only a partial quantity of the total telephone numbers ordered could be fulfilled',
};

interface Outcome {
  readonly status: OrderStatus;
  readonly numbers: readonly string[];
  readonly failed: readonly string[];
  readonly faults: readonly CarrierFault[];
}

function outcome(
  request: OrderRequest,
  plan: OrderPlan,
  numbers: Numbers,
  reservations: Reservations,
): Outcome {
  const quantity = quantityOf(request);
  const { wants } = request;
  const found =
    'named' in wants
      ? wants.named.filter((each) => isFree(each, numbers, wants.reservationIds, reservations))
      : findNumbers(wants.criteria, wants.quantity, wants.widen, numbers);
  switch (plan.ends) {
    case 'COMPLETE': {
      const made =
        'named' in wants ? wants.named : [...found, ...supply(request, quantity - found.length, numbers)];
      if ('named' in wants)
        for (const each of made) numbers.add(numbers.get(each) ?? createNumber(each, {}, numbers));
      return { status: 'COMPLETE', numbers: made, failed: [], faults: [] };
    }
    case 'PARTIAL': {
      const half = found.slice(0, Math.floor(quantity / 2));
      return half.length === 0 ? failure(request, []) : delivered(request, half);
    }
    case 'FAILED':
      return failure(request, 'named' in wants ? wants.named : []);
    case 'BACKORDERED':
      return backorder(request, found.slice(0, Math.floor(quantity / 2)));
    case undefined:
      break;
  }
  if (found.length === quantity) return delivered(request, found);
  if (request.backOrderRequested) return backorder(request, found);
  if (!request.partialAllowed || found.length === 0) {
    return failure(request, 'named' in wants ? wants.named.filter((each) => !found.includes(each)) : []);
  }
  return delivered(request, found);
}

function isFree(
  fullNumber: string,
  numbers: Numbers,
  reservationIds: readonly string[],
  reservations: Reservations,
): boolean {
  const number = numbers.get(fullNumber);
  return number?.status === 'Available' || reservations.holds(reservationIds, fullNumber);
}

function findNumbers(
  criteria: Criteria,
  quantity: number,
  widen: boolean,
  numbers: Numbers,
): readonly string[] {
  return matching(numbers.available(), criteria, widen, numbers.all())
    .slice(0, quantity)
    .map((number) => number.fullNumber);
}

/** Creates available numbers that match the order. */
function supply(request: OrderRequest, count: number, numbers: Numbers): readonly string[] {
  const { wants } = request;
  if ('named' in wants) {
    return [];
  }
  return Array.from({ length: count }, () => {
    const number = createNumber(undefined, wants.criteria, numbers);
    numbers.add(number);
    return number.fullNumber;
  });
}

/** All or part of it. */
function delivered(request: OrderRequest, taken: readonly string[]): Outcome {
  const { wants } = request;
  if (taken.length === quantityOf(request))
    return { status: 'COMPLETE', numbers: taken, failed: [], faults: [] };
  const failed = 'named' in wants ? wants.named.filter((each) => !taken.includes(each)) : [];
  return {
    status: 'PARTIAL',
    numbers: taken,
    failed,
    faults: 'named' in wants ? failed.map(unavailableNumber) : [onlyPart],
  };
}

/** One unavailable number fails all of them, but only unavailable ones are named with an error. */
function failure(request: OrderRequest, unavailable: readonly string[]): Outcome {
  const { wants } = request;
  if (!('named' in wants)) return { status: 'FAILED', numbers: [], failed: [], faults: [noneAvailable] };
  const culprits = unavailable.length === 0 ? wants.named : unavailable;
  return { status: 'FAILED', numbers: [], failed: wants.named, faults: culprits.map(unavailableNumber) };
}

function backorder(request: OrderRequest, found: readonly string[]): Outcome {
  return request.partialAllowed && found.length > 0
    ? {
        status: 'BACKORDERED',
        numbers: found,
        failed: [],
        faults: [{ code: '5520', description: 'Order backordered - awaiting additional numbers' }],
      }
    : {
        status: 'BACKORDERED',
        numbers: [],
        failed: [],
        faults: [
          {
            code: '5521',
            description:
              'Order Backordered - no numbers allocated, awaiting available inventory to completely fulfill order',
          },
        ],
      };
}

function unavailableNumber(telephoneNumber: string): CarrierFault {
  return { code: '5005', description: 'The telephone number is unavailable for ordering', telephoneNumber };
}
