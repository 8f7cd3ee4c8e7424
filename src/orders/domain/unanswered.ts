import type { CarrierRefusal } from './carrier-report.js';
import type { Order, OrderIn } from './order.js';

/* What is known of an order whose request got no reliable answer, and what people may do about it. */

/** After this many failed lookups, which take half a minute, an order counts as lost. */
export const MAX_FAILED_LOOKUPS = 5;

/** Whether it was sent and not found, so that it very likely never arrived. Only people may act on "very likely". */
export function isUntraced(order: OrderIn<'placing'>): boolean {
  return leavesNoTrace(order) && isLeftAlone(order);
}

/** Whether people are asked what to do, because the order is untraced or Bandwidth can't be asked. */
export function asksPeople(order: OrderIn<'placing'>): boolean {
  return (leavesNoTrace(order) || order.notKnown === true) && isLeftAlone(order);
}

/** Whether Bandwidth said often enough that it has no such order. */
export function leavesNoTrace({
  answer,
  failedLookups,
}: Pick<OrderIn<'placing'>, 'answer' | 'failedLookups'>): boolean {
  return answer === 'unknown' && failedLookups >= MAX_FAILED_LOOKUPS;
}

/** Whether nothing will happen to it without a person. */
const isLeftAlone = (order: OrderIn<'placing'>): boolean =>
  order.answer === 'unknown' &&
  order.sendAgain === undefined &&
  order.secondNotTaken === undefined &&
  order.heldBack === undefined &&
  order.secondRefused === undefined;

/**
 * Whether someone may give it up: not while a request may be under way, nor during the first half minute of lookups,
 * because it may still turn up.
 */
export function mayBeGivenUp(order: OrderIn<'placing'>): boolean {
  const { answer, notKnown, sendAgain, secondNotTaken } = order;
  if (answer !== 'unknown') return false;
  return leavesNoTrace(order) || notKnown === true || sendAgain !== undefined || secondNotTaken === true;
}

/** Returns the carrier order that a disconnect is followed as, if it has the same numbers but not our ID. */
export function matchedByNumbers(order: Order): string | undefined {
  const current =
    order.status === 'placed' ? order.carrierOrder.id : 'carrierOrderId' in order && order.carrierOrderId;
  const event = order.events.findLast(({ what }) => what === 'placed');
  const matched = event?.what === 'placed' && event.byNumbers === true && event.carrierOrderId === current;
  return matched ? event.carrierOrderId : undefined;
}

/** Returns Bandwidth's refusal of the second request, if that was the last: the first may have arrived all the same. */
export function refusalOfSecond({ events }: Order): CarrierRefusal | undefined {
  const event = events.findLast(({ what }) => what === 'placing-again' || what === 'second-refused');
  return event?.what === 'second-refused' ? event : undefined;
}

/** Returns who gave the order up, and what was known then, even if it turned up after all. */
export function givingUp(
  order: Order,
): Pick<OrderIn<'given-up'>, 'by' | 'noTrace' | 'soughtUntil'> | undefined {
  if (order.status === 'given-up') return order;
  const event = order.events.findLast(({ what }) => what === 'given-up');
  return event?.what === 'given-up' ? event : undefined;
}
