import type { Order } from '../domain/order.js';
import type { Reason } from '../domain/reason.js';
import type { OrderId, Timestamp } from '../domain/request.js';
import { nextServiceCheckAt, numbersToCheck, serviceCheckOf } from '../domain/service-check.js';
import { groupedStates, NOTHING_KNOWN, type ServiceCheck, statesByNumber } from '../domain/service-states.js';
import { servicesChecked, servicesSeen } from '../domain/transitions.js';
import { inTimeOr } from '../in-time.js';
import { type Carrier, CarrierError, type CarrierTrouble } from '../ports/carrier.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import { readFailure } from './carrier-failure.js';
import type { OrderChanges } from './order-changes.js';

/** Asks Bandwidth what works on the numbers that an order delivered, and saves the answer. Throws StoreError. */
export interface ServiceChecks {
  /** Returns false if no lookup is left for it now, and nothing needs to be saved. */
  check(order: Order): Promise<boolean>;
}

/** The thread hears the outcome after the first answer, so people don't wait longer than this for it. */
const SERVICES_TIMEOUT_MS = 8_000;

/** A missing role, or an address that doesn't exist, won't change within a minute. */
const lasting: readonly CarrierTrouble[] = ['forbidden', 'missing', 'refused'];

export function makeServiceChecks(deps: {
  readonly carrier: Pick<Carrier, 'checkServices' | 'lookups'>;
  readonly changes: Pick<OrderChanges, 'change'>;
  readonly clock: Clock;
  readonly log: Log;
}): ServiceChecks {
  const { carrier, changes, clock, log } = deps;

  async function ask(order: Order): Promise<ServiceCheck> {
    const numbers = numbersToCheck(order);
    const unknown = (notKnown: Reason, again: boolean): ServiceCheck => ({
      groups: [{ numbers, ...NOTHING_KNOWN }],
      notKnown,
      ...(again ? { again: true } : {}),
    });
    if (carrier.lookups().left < 1) return unknown({ why: 'lookups-used-up' }, true);
    try {
      const asking = carrier.checkServices(numbers);
      return await inTimeOr(
        () => unknown({ why: 'no-answer-yet' }, true),
        SERVICES_TIMEOUT_MS,
        asking,
        clock,
      );
    } catch (error) {
      const { level, reason } = readFailure(error);
      log[level]({ orderId: order.id, err: error }, 'services of delivered numbers could not be looked up');
      return unknown(reason, !(error instanceof CarrierError && lasting.includes(error.trouble)));
    }
  }

  /** The order that bought the numbers shows what works on them, too. */
  async function showOnPurchase(
    purchaseId: OrderId,
    { groups }: ServiceCheck,
    now: Timestamp,
  ): Promise<void> {
    await changes.change(purchaseId, (purchase) => {
      const before = statesByNumber(serviceCheckOf(purchase));
      const known = groups.filter(({ voice }) => voice.state !== 'not-known');
      const fresh = statesByNumber({ groups: known });
      const states = numbersToCheck(purchase).map(
        (number) => [number, fresh.get(number) ?? before.get(number) ?? NOTHING_KNOWN] as const,
      );
      return known.length === 0 ? purchase : servicesSeen(purchase, { groups: groupedStates(states) }, now);
    });
  }

  return {
    async check(order) {
      if (carrier.lookups().left < 1 && serviceCheckOf(order) !== undefined) return false;
      const check = await ask(order);
      const now = clock.now();
      // First: after a crash in between, both are written again.
      if (order.request.kind === 'activation') await showOnPurchase(order.request.purchaseId, check, now);
      // Another instance may have asked in the meantime.
      await changes.change(order.id, (current) =>
        nextServiceCheckAt(current) === nextServiceCheckAt(order)
          ? servicesChecked(current, check, now)
          : current,
      );
      return true;
    },
  };
}
