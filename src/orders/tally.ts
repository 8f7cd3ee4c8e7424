import {
  askedQuantity,
  deliveredQuantity,
  namedNumbers,
  type Order,
  type OrderId,
  type OrderIn,
  type OrderRequest,
  type Timestamp,
} from './order.js';

/** One order's numbers, as they count against the limits. */
export interface CountedNumbers {
  readonly kind: OrderRequest['kind'];
  readonly userId: string;
  readonly quantity: number;
  /** When they were counted: the moment of the approval. */
  readonly at: Timestamp;
  /** Granted by a rule, not by a person. */
  readonly automatic?: true;
}

/** Everything counted in one month. A day belongs to one month, so both limits hang on this one record. */
export interface Tally {
  /** `2026-11`, in UTC. */
  readonly month: string;
  readonly counted: Readonly<Record<OrderId, CountedNumbers>>;
}

/** How many numbers are counted, apart from those of the order in question. Orders and disconnects count separately. */
export interface Usage {
  /** Of this requester on this day. */
  readonly today: number;
  /** The part of it that no person approved. */
  readonly automaticToday: number;
  /** Of everybody in this month. */
  readonly thisMonth: number;
}

export const nothingUsed: Usage = { today: 0, automaticToday: 0, thisMonth: 0 };

/** Days and months are those of UTC: people of one team live in several time zones. */
export const monthOf = (at: Timestamp): string => new Date(at).toISOString().slice(0, 7);
const DAY_MS = 24 * 60 * 60_000;
/** Which day of the calendar, as a number: those of UTC are all of one length. */
const dayOf = (at: Timestamp): number => Math.floor(at / DAY_MS);

export function nextDay(at: Timestamp): Timestamp {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1);
}

export function nextMonth(at: Timestamp): Timestamp {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}

/** @param except an order whose own numbers are left out. */
export function usageIn(
  tally: Tally,
  of: { readonly kind: OrderRequest['kind']; readonly userId: string; readonly at: Timestamp },
  except?: OrderId,
): Usage {
  const day = dayOf(of.at);
  let [today, automaticToday, thisMonth] = [0, 0, 0];
  for (const [id, { kind, userId, quantity, at, automatic }] of Object.entries(tally.counted)) {
    if (id === except || kind !== of.kind) continue;
    thisMonth += quantity;
    if (userId !== of.userId || dayOf(at) !== day) continue;
    today += quantity;
    if (automatic === true) automaticToday += quantity;
  }
  return { today, automaticToday, thisMonth };
}

/** The tally with this order counted so; one of no numbers is taken out. */
export function withCounted(tally: Tally, id: OrderId, numbers: CountedNumbers): Tally {
  const { [id]: _before, ...others } = tally.counted;
  return { ...tally, counted: numbers.quantity > 0 ? { ...others, [id]: numbers } : others };
}

/**
 * How many numbers an order counts for as it stands. Where Bandwidth does not say how many of a finished order it
 * delivered, all that were asked for: a limit on spending errs on the safe side.
 */
export function countsFor(order: Order): number {
  switch (order.status) {
    case 'approved':
    case 'placing':
    case 'placed':
      return askedQuantity(order.request);
    case 'complete':
    case 'partial':
    case 'failed':
      return delivered(order) * carrierOrders(order);
    default:
      return 0;
  }
}

type Finished = OrderIn<'complete' | 'partial' | 'failed'>;

/** What isn't known counts as if it had come. */
function delivered({ status, request, outcome }: Finished): number {
  return deliveredQuantity(status, outcome) ?? askedQuantity(request);
}

/**
 * Sent twice, a search may bring numbers twice. Its outcome is what the better of the two brought; of the other is known
 * only that it was no more. A named number comes once.
 */
function carrierOrders({ request, twins = [] }: Finished): number {
  return namedNumbers(request).length > 0 ? 1 : 1 + twins.length;
}
