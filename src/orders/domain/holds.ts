import type { Hold, HoldIn } from './hold.js';
import type { Facts, Order } from './order.js';
import type { PhoneNumber } from './phone-number.js';
import {
  namedNumbers,
  type OrderId,
  type OrderRequest,
  requestedQuantity,
  type Timestamp,
} from './request.js';

type Holding = Pick<Facts, 'request' | 'holds'>;

/** Returns the holds of the numbers in the current request. */
export function holdsOf({ request, holds }: Holding): readonly Hold[] {
  const named = new Set(numbersToHold(request));
  return holds.filter(({ number }) => named.has(number));
}

/** Returns the numbers that can be held: the ones a person picked, not the ones Bandwidth is to choose. */
export function numbersToHold(request: OrderRequest): readonly PhoneNumber[] {
  return request.kind === 'purchase' ? namedNumbers(request) : [];
}

/** Whether Bandwidth may be holding this number for us. */
export function isActive(hold: Hold): hold is HoldIn<'asked' | 'held'> {
  return hold.state === 'asked' || hold.state === 'held';
}

export function isHold<S extends Hold['state']>(...states: readonly S[]): (hold: Hold) => hold is HoldIn<S> {
  return (hold): hold is HoldIn<S> => states.some((state) => state === hold.state);
}

/** Returns the requested numbers that we haven't tried to hold yet. */
export function notYetHeld(order: Holding): readonly PhoneNumber[] {
  // A hold released while the order waits belongs to a number that an edit removed; a later edit may add it back.
  const known = new Set(order.holds.filter(({ state }) => state !== 'released').map(({ number }) => number));
  return numbersToHold(order.request).filter((number) => !known.has(number));
}

/**
 * Returns the reservations that the order has to name, or its own holds would make its numbers unavailable to it.
 *
 * @param there the time by Bandwidth's clock.
 */
export function reservationIds(order: Holding, carrierNow: Timestamp): readonly string[] {
  return holdsOf(order)
    .filter(isHold('held'))
    .filter(({ until }) => until > carrierNow)
    .map(({ reservationId }) => reservationId);
}

/** Returns the requested numbers that were held or thought available and no longer are. */
export function lostNumbers(order: Holding, ...states: ('gone' | 'lapsed')[]): readonly PhoneNumber[] {
  return holdsOf(order)
    .filter(isHold(...states))
    .map(({ number }) => number);
}

/** Whether every number is picked and gone, so that an approval would order nothing. */
export function isNothingLeft(order: Holding): boolean {
  const picked = numbersToHold(order.request);
  if (picked.length === 0 || picked.length < requestedQuantity(order.request)) return false;
  return lostNumbers(order, 'gone').length === picked.length;
}

/**
 * Returns how many more numbers this order may hold: the requester's maximum, minus what their other orders hold, minus
 * what their earlier orders have yet to hold. That way two simultaneous orders agree on which comes first.
 */
export function roomToHold(order: Order, others: readonly Order[], most: number): number {
  const mine = others.filter(
    ({ requester, id }) => requester.userId === order.requester.userId && id !== order.id,
  );
  const taken = mine.map((other) => {
    const waits = other.status === 'awaiting-approval' && isEarlier(other, order);
    return other.holds.filter(isActive).length + (waits ? notYetHeld(other).length : 0);
  });
  const own = order.holds.filter(isActive).length;
  return Math.max(0, most - own - taken.reduce((sum, each) => sum + each, 0));
}

function isEarlier(one: Order, other: Order): boolean {
  return one.requestedAt < other.requestedAt || (one.requestedAt === other.requestedAt && one.id < other.id);
}

/** How long Bandwidth holds a number if it doesn't say: "Default 4 hours". */
export const USUAL_HOLD_MS = 4 * 60 * 60_000;
/** Allows for the request's travel time and Bandwidth's coarse timestamps. */
const TOLERANCE_MS = 2 * 60_000;

/**
 * Returns the time, by Bandwidth's clock, after which the last request for this hold either took effect or never will.
 */
export function arrivedBy({ at }: HoldIn<'asked'>, requestWithinMs: number): Timestamp {
  return at + requestWithinMs;
}

/** A reservation of this account for a number. */
export interface FoundReservation {
  readonly reservationId: string;
  readonly until: Timestamp;
}

/** `not-known`: another order's request for the number may still be answered with this reservation. */
export type Owner = 'ours' | 'not-ours' | 'not-known';

/**
 * Decides whose reservation a lookup by number found: the one that this unanswered hold requested, or someone else's.
 *
 * Bandwidth reports a reservation and the seconds it has left, which gives its age, but not who made it. It is ours if
 * it was made within two minutes of our request and no other order has it. All times are by Bandwidth's clock, so wrong
 * clocks on our side don't matter.
 *
 * Not detectable: a colleague or another program that reserves the same number on the same account within those two
 * minutes, while our own request had no effect. That reservation passes for ours, and the order buys with it or
 * releases it. If two of our orders requested the number within two minutes and neither got an answer, the reservation
 * goes to the one whose request is closer.
 *
 * @param others the other open orders that name or hold the number.
 */
export function ownerOf(
  found: FoundReservation,
  hold: HoldIn<'asked'>,
  order: Pick<Order, 'id'>,
  others: readonly Order[],
  times: {
    readonly carrierNow: Timestamp;
    readonly requestWithinMs: number;
    /** How long Bandwidth holds a number for this account, as last observed. */
    readonly keptForMs: number;
  },
): Owner {
  const madeAt = [USUAL_HOLD_MS, times.keptForMs].map((kept) => found.until - kept);
  const distance = ({ at }: HoldIn<'asked'>) => Math.min(...madeAt.map((made) => Math.abs(made - at)));
  const isTaken = others.some(({ holds }) =>
    holds.some((each) => each.state === 'held' && each.reservationId === found.reservationId),
  );
  if (isTaken || distance(hold) > TOLERANCE_MS) return 'not-ours';
  const competing = others.flatMap(({ id, holds }) =>
    holds
      .filter(isHold('asked'))
      .filter((each) => each.number === hold.number && distance(each) <= TOLERANCE_MS)
      .map((each) => ({ id, each })),
  );
  if (competing.some(({ each }) => arrivedBy(each, times.requestWithinMs) > times.carrierNow))
    return 'not-known';
  const isNearer = ({ id, each }: { id: OrderId; each: HoldIn<'asked'> }) =>
    distance(each) < distance(hold) || (distance(each) === distance(hold) && id < order.id);
  return competing.some(isNearer) ? 'not-ours' : 'ours';
}
