import type { Hold, HoldIn } from './hold.js';
import type { Facts, Order } from './order.js';
import type { PhoneNumber } from './phone-number.js';
import type { OrderId, OrderRequest, Timestamp } from './request.js';

type Holding = Pick<Facts, 'request' | 'holds'>;

/** The holds of the numbers that the request names now. */
export function holdsOf({ request, holds }: Holding): readonly Hold[] {
  const named = new Set(numbersToHold(request));
  return holds.filter(({ number }) => named.has(number));
}

/** Only numbers somebody picked can be kept aside, not those that Bandwidth is to choose. */
export function numbersToHold(request: OrderRequest): readonly PhoneNumber[] {
  return request.kind === 'purchase' && request.wanted.by === 'numbers' ? request.wanted.numbers : [];
}

/** Bandwidth may keep this number aside for us. */
export function isActive(hold: Hold): hold is HoldIn<'asked' | 'held'> {
  return hold.state === 'asked' || hold.state === 'held';
}

export function isHold<S extends Hold['state']>(...states: readonly S[]): (hold: Hold) => hold is HoldIn<S> {
  return (hold): hold is HoldIn<S> => states.some((state) => state === hold.state);
}

/** The named numbers nobody has asked Bandwidth to keep aside yet. */
export function notYetHeld(order: Holding): readonly PhoneNumber[] {
  // Released while it waits was what an edit had left out; a later one may name it again.
  const known = new Set(order.holds.filter(({ state }) => state !== 'released').map(({ number }) => number));
  return numbersToHold(order.request).filter((number) => !known.has(number));
}

/**
 * What the order has to name so that its numbers are not unavailable to itself.
 *
 * @param there what Bandwidth's clock says.
 */
export function reservationIds(order: Holding, there: Timestamp): readonly string[] {
  return holdsOf(order)
    .filter(isHold('held'))
    .filter(({ until }) => until > there)
    .map(({ reservationId }) => reservationId);
}

/** The named numbers that were held or thought to be on offer, and are not any more. */
export function lostNumbers(order: Holding, ...states: ('gone' | 'lapsed')[]): readonly PhoneNumber[] {
  return holdsOf(order)
    .filter(isHold(...states))
    .map(({ number }) => number);
}

/** Every number somebody picked is gone: an approval would order nothing. */
export function isNothingLeft(order: Holding): boolean {
  const picked = numbersToHold(order.request);
  return picked.length > 0 && lostNumbers(order, 'gone').length === picked.length;
}

/**
 * How many more numbers this order may hold: of what one person's orders may hold together, what the others hold, and
 * what those asked for earlier have yet to hold, is taken. So of two orders at one moment each knows which comes first.
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

/** How long Bandwidth keeps a number aside where it does not say: "Default 4 hours". */
export const USUAL_HOLD_MS = 4 * 60 * 60_000;
/** A request takes its time on the way, and Bandwidth doesn't count to the second. */
const TOLERANCE_MS = 2 * 60_000;

/** From this time of Bandwidth's clock on, the last request for this hold has either taken effect or never will. */
export function arrivedBy({ at }: HoldIn<'asked'>, requestWithinMs: number): Timestamp {
  return at + requestWithinMs;
}

/** A reservation that the account has for a number. */
export interface FoundReservation {
  readonly reservationId: string;
  readonly until: Timestamp;
}

/** `not-known`: another order's request for the number may still be answered with this very reservation. */
export type Owner = 'ours' | 'not-ours' | 'not-known';

/**
 * Whose reservation a lookup by number has found: that of this hold, whose request was never answered, or another's.
 *
 * Bandwidth tells the account of a reservation and the seconds it has left, so its age; not who made it. It is ours if
 * it was made within two minutes of our request and no other order has it. All times are those of Bandwidth's clock, so
 * clocks that are wrong, or set, on our side don't matter.
 *
 * What Bandwidth can't tell apart: a colleague, or another program, that reserves the same number on the same account
 * within those two minutes, while our own request had no effect. That reservation passes for ours; the order buys with
 * it, or releases it. And if two of our orders asked for the number within two minutes of each other and neither got an
 * answer, it goes to the one whose request is nearer: to either it is a reservation of our account.
 *
 * @param others the other open orders that name or hold the number.
 */
export function ownerOf(
  found: FoundReservation,
  hold: HoldIn<'asked'>,
  order: Pick<Order, 'id'>,
  others: readonly Order[],
  times: {
    readonly there: Timestamp;
    readonly requestWithinMs: number;
    /** How long Bandwidth keeps a number of this account aside, as it was seen lately. */
    readonly keptForMs: number;
  },
): Owner {
  const madeAt = [USUAL_HOLD_MS, times.keptForMs].map((kept) => found.until - kept);
  const distance = ({ at }: HoldIn<'asked'>) => Math.min(...madeAt.map((made) => Math.abs(made - at)));
  const isTaken = others.some(({ holds }) =>
    holds.some((each) => each.state === 'held' && each.reservationId === found.reservationId),
  );
  if (isTaken || distance(hold) > TOLERANCE_MS) return 'not-ours';
  const rivals = others.flatMap(({ id, holds }) =>
    holds
      .filter(isHold('asked'))
      .filter((each) => each.number === hold.number && distance(each) <= TOLERANCE_MS)
      .map((each) => ({ id, each })),
  );
  if (rivals.some(({ each }) => arrivedBy(each, times.requestWithinMs) > times.there)) return 'not-known';
  const isNearer = ({ id, each }: { id: OrderId; each: HoldIn<'asked'> }) =>
    distance(each) < distance(hold) || (distance(each) === distance(hold) && id < order.id);
  return rivals.some(isNearer) ? 'not-ours' : 'ours';
}
