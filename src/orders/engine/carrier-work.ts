import { withExpiry } from '../domain/expiry.js';
import { wholeOf } from '../domain/lines.js';
import { isFinal, type Order } from '../domain/order.js';
import type { OrderId, Timestamp } from '../domain/request.js';
import { notKnown } from '../domain/transitions.js';
import { asksPeople } from '../domain/unanswered.js';
import type { Limits } from '../policy/limits.js';
import type { Carrier } from '../ports/carrier.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { OrderStore } from '../ports/order-store.js';
import type { ServiceChecks } from './check-services.js';
import type { Following } from './following.js';
import type { HoldNumbers } from './holds/hold-numbers.js';
import { type LeaseGuard, retryLeaseAt } from './lease-guard.js';
import { makeLoopGuard } from './loop-guard.js';
import { type CarrierStep, nextCarrierStep } from './next-carrier-step.js';
import type { OrderChanges } from './order-changes.js';
import type { PlaceOrder } from './placing/placing.js';

interface StepDeps {
  readonly changes: OrderChanges;
  readonly place: PlaceOrder;
  readonly following: Following;
  readonly holds: HoldNumbers;
  readonly services: ServiceChecks;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

interface CarrierWorkDeps extends StepDeps {
  readonly orders: Pick<OrderStore, 'get'>;
  readonly carrier: Pick<Carrier, 'lookups'>;
  readonly limits: Pick<Limits, 'giveBack'>;
  /** Orders to ask about now, whatever their record says. Each is removed when that begins. */
  readonly lookUpNow: Set<OrderId>;
  /** Has the journal catch up with the order if it is behind. */
  readonly updateJournal: (order: Order) => void;
  /** A placed order is to be looked up at its time. */
  readonly lookSoon: () => void;
  /** Has the order worked on again at that time. */
  readonly wakeAt: (id: OrderId, at: Timestamp) => void;
  readonly stopped: () => boolean;
  readonly lookupAfterMs: number;
}

/** Does everything that is due at Bandwidth for an order or a line, one step after the other. Throws StoreError. */
export function makeCarrierWork(deps: CarrierWorkDeps): (id: OrderId, guard: LeaseGuard) => Promise<void> {
  const { orders, carrier, limits, holds, lookUpNow, clock, wakeAt, stopped } = deps;
  const carryOut = makeCarryOut(deps);

  function nextStep(order: Order): CarrierStep {
    if (lookUpNow.has(order.id) && order.status === 'placed') return { do: 'look up status', order };
    return nextCarrierStep(order, clock.now(), deps.lookupAfterMs, holds.plan(order.id));
  }

  function wait(order: Order, until: Timestamp): void {
    const isLookedUp = order.status === 'placed' && order.closing === undefined;
    if (isLookedUp) deps.lookSoon();
    else wakeAt(order.id, until);
  }

  /**
   * Numbers that weren't delivered no longer count against the limits. This includes an order that no one approved: a
   * process may have counted it and died before it saved the approval.
   */
  async function giveBack(line: Order): Promise<void> {
    const order = wholeOf(line);
    if (!isFinal(order) || !('at' in order)) return;
    const approval = 'approval' in order ? order.approval : undefined;
    await limits.giveBack(order.id, approval?.at ?? order.at);
  }

  return async (id, guard) => {
    const loop = makeLoopGuard();
    while (!stopped()) {
      const order = await orders.get(id);
      if (order === undefined || stopped()) return;
      loop.check(order);
      deps.updateJournal(order);
      const step = nextStep(order);
      if (step.do === 'nothing') {
        holds.forget(id);
        if (order.part !== undefined && isFinal(order.part.of)) wakeAt(order.part.of.id, clock.now());
        return giveBack(order);
      }
      if (step.do === 'wait') {
        await giveBack(order);
        return wait(order, step.until);
      }
      if (step.do === 'look up status' && !lookUpNow.has(id) && carrier.lookups().left < 1) return;
      const lease = await guard.acquire();
      if (lease === 'taken') return wakeAt(id, retryLeaseAt(clock.now()));
      if (lease === 'acquired') continue;
      lookUpNow.delete(id);
      const later = await carryOut(order, step);
      if (later !== undefined) return wakeAt(id, later);
    }
  };
}

type DueStep = Exclude<CarrierStep, { do: 'wait' | 'nothing' }>;

/** How soon a service check is tried again if no lookup was left for it. */
const NO_LOOKUP_LEFT_MS = 15_000;

/** Carries out one step. Returns when to try again if it is too early. */
function makeCarryOut({ changes, place, following, holds, services, clock, log }: StepDeps) {
  async function askPeople({ id }: Order): Promise<void> {
    log.warn({ orderId: id }, 'order outcome unknown while bandwidth is unavailable, asking people');
    await changes.changePlacing(id, (current) =>
      asksPeople(current) ? current : notKnown(current, clock.now()),
    );
  }

  /** Someone may decide at the last moment: what is written first counts. */
  async function expire({ id }: Order): Promise<void> {
    await changes.change(id, (current) => withExpiry(current, clock.now()));
  }

  async function doStep(
    order: Order,
    step: Exclude<DueStep, { do: 'place' | 'check services' }>,
  ): Promise<void> {
    switch (step.do) {
      case 'find':
        return step.order.status === 'placing'
          ? following.find(step.order)
          : following.findGivenUp(step.order);
      case 'ask people':
        return askPeople(order);
      case 'look up status':
        return following.lookUpStatus(step.order);
      case 'close':
        return following.close(step.order);
      case 'hold':
        return holds.hold(order, step.numbers);
      case 'release':
        return holds.release(order, step.holds);
      case 'read Bandwidth clock':
        return holds.readCarrierClock(order, step.number);
      case 'lapse':
        return holds.lapse(order, step.holds);
      case 'expire':
        return expire(order);
    }
  }

  return async (order: Order, step: DueStep): Promise<Timestamp | undefined> => {
    if (step.do === 'place') return place(step.order);
    if (step.do === 'check services') {
      return (await services.check(order)) ? undefined : clock.now() + NO_LOOKUP_LEFT_MS;
    }
    await doStep(order, step);
    return undefined;
  };
}
