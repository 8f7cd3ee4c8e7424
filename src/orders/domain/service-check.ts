import type { Order, OrderIn } from './order.js';
import type { PhoneNumber } from './phone-number.js';
import { type Activatable, activatable, type Timestamp } from './request.js';
import { numbersWith, type ServiceCheck } from './service-states.js';

/* When Bandwidth is asked what works on the numbers of an order, and what it said. */

/** An order that delivered numbers. */
type Delivered = OrderIn<'complete' | 'partial' | 'failed'>;

/**
 * Returns the numbers to check: all that Bandwidth lists as delivered or, for an activation, all it is about, because
 * its end doesn't say on which of them it worked.
 */
export function numbersToCheck(order: Order): readonly PhoneNumber[] {
  // The lines of an order are checked together.
  if (!('outcome' in order) || order.part !== undefined) return [];
  switch (order.request.kind) {
    case 'purchase':
      return order.outcome.completed;
    case 'activation':
      return order.request.numbers;
    default:
      return [];
  }
}

/** Whether Bandwidth can be asked what works on the order's numbers. */
export const hasNumbersToCheck = (order: Order): order is Delivered => numbersToCheck(order).length > 0;

/** How long after the last answer Bandwidth is asked again: services may start a little after the order is complete. */
const PAUSES_MS = [15_000, 60_000, 240_000];

const checksOf = ({ events }: Order) => events.filter((event) => event.what === 'services-checked');

/** Returns the last answer about the order's numbers; undefined before the first. */
export const serviceCheckOf = (order: Order): ServiceCheck | undefined => checksOf(order).at(-1)?.check;

/** Returns when Bandwidth is to be asked what works on the delivered numbers; undefined once it won't be. */
export function nextServiceCheckAt(order: Order): Timestamp | undefined {
  if (!hasNumbersToCheck(order)) return undefined;
  const checks = checksOf(order);
  const last = checks.at(-1);
  if (last === undefined) return isAnnouncedUnchecked(order) ? undefined : order.at;
  const pause = last.check.again === true ? PAUSES_MS[checks.length - 1] : undefined;
  return pause === undefined ? undefined : last.at + pause;
}

/** An earlier version told people the outcome without asking. */
const isAnnouncedUnchecked = ({ announced, announcedDirectly = [] }: Order): boolean =>
  announced.includes('outcome') || announcedDirectly.includes('outcome');

/** Services that can be activated on the numbers of a purchase; none until Bandwidth was asked. */
export const readyServices = (order: Order): readonly Activatable[] =>
  order.request.kind === 'purchase'
    ? activatable.filter((service) => readyOn(order, service).length > 0)
    : [];

const readyOn = (order: Order, service: Activatable): readonly PhoneNumber[] => {
  const check = serviceCheckOf(order);
  return check === undefined ? [] : numbersWith(check, service, 'ready');
};

/** Returns the numbers on which all of these services can be activated, or are active, and at least one isn't. */
export function numbersToActivate(order: Order, services: readonly Activatable[]): readonly PhoneNumber[] {
  const { groups } = serviceCheckOf(order) ?? { groups: [] };
  return groups.flatMap((group) => {
    const states = services.map((service) => group[service].state);
    const isPossible = states.every((state) => state === 'ready' || state === 'works');
    return isPossible && states.includes('ready') ? group.numbers : [];
  });
}

/** Whether the results of the service checks are due in the thread, because they came after the outcome. */
export const isServiceUpdateDue = (order: Order): boolean =>
  checksOf(order).length > 1 && nextServiceCheckAt(order) === undefined;
