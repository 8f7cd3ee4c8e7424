import { randomUUID } from 'node:crypto';
import type { Numbers } from './numbers.js';
import {
  noneAvailable,
  type OrderPlan,
  type OrderStatus,
  onlyPart,
  outcome,
  supply,
} from './order-outcome.js';
import { type Echo, type OrderRequest, quantityOf } from './order-request.js';
import type { Reservations } from './reservations.js';
import type { Timers } from './timers.js';
import type { CarrierFault } from './write-xml.js';

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
