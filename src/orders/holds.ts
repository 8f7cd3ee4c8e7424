import type { Facts, Order, OrderRequest, Timestamp } from './order.js';
import type { PhoneNumber } from './phone-number.js';

/** What became of keeping one number aside while its order waits for approval. */
export type Hold = { readonly number: PhoneNumber } & (
  | {
      /** The reservation was asked for, and what came of it is not known (yet). */
      readonly state: 'asked';
      readonly at: Timestamp;
    }
  | { readonly state: 'held'; readonly reservationId: string; readonly until: Timestamp }
  | { readonly state: 'gone' }
  | Unheld
  /** Its time was up before the order was decided. */
  | { readonly state: 'lapsed' }
  | { readonly state: 'released' }
  /** The order took the number, and with it the hold. */
  | { readonly state: 'used' }
);

/** Why a number is not held although it may well be on offer. */
export type Unheld =
  /** This account may not reserve numbers, or, in `advice`, Bandwidth refuses for another reason. */
  | { readonly state: 'unavailable'; readonly advice?: string }
  /** The requester's orders hold as many as one person's may. */
  | { readonly state: 'beyond-limit'; readonly most: number };

export type HoldIn<S extends Hold['state']> = Hold & { readonly state: S };

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
export function binds(hold: Hold): hold is HoldIn<'asked' | 'held'> {
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

/** What the order has to name so that its numbers are not unavailable to itself. */
export function reservationIds(order: Holding, now: Timestamp): readonly string[] {
  return holdsOf(order)
    .filter(isHold('held'))
    .filter(({ until }) => until > now)
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
    return other.holds.filter(binds).length + (waits ? notYetHeld(other).length : 0);
  });
  const own = order.holds.filter(binds).length;
  return Math.max(0, most - own - taken.reduce((sum, each) => sum + each, 0));
}

function isEarlier(one: Order, other: Order): boolean {
  return one.requestedAt < other.requestedAt || (one.requestedAt === other.requestedAt && one.id < other.id);
}

/** How long Bandwidth keeps a number aside, unless it says otherwise. */
export const USUAL_HOLD_MS = 4 * 60 * 60_000;
/** Clocks differ, a request takes its time, and Bandwidth need not count to the second. */
const SLACK_MS = 2 * 60_000;

/**
 * Whether a reservation found by its number is one we asked for, at one of these times, and never heard of: no other
 * order has it or may have it, and it was made at such a time. Bandwidth says no more of whose it is than the account,
 * and one that somebody made by hand is theirs to end.
 */
export function isTheLostOne(
  number: PhoneNumber,
  found: { readonly reservationId: string; readonly until: Timestamp },
  askedAt: readonly Timestamp[],
  others: readonly Order[],
): boolean {
  const owned = others.some(({ holds }) =>
    holds.some(
      (hold) =>
        (hold.state === 'held' && hold.reservationId === found.reservationId) ||
        (hold.state === 'asked' && hold.number === number),
    ),
  );
  const madeAt = found.until - USUAL_HOLD_MS;
  return !owned && askedAt.some((at) => Math.abs(madeAt - at) <= SLACK_MS);
}
