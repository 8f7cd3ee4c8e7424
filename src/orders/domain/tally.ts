import { deliveredQuantity } from './carrier-report.js';
import { linesOf } from './lines.js';
import { isFinal, type Order, type OrderIn } from './order.js';
import { kindRules, type OrderKind, orderKinds } from './order-kinds.js';
import { namedNumbers, type OrderId, requestedQuantity, type Timestamp } from './request.js';

/** An order's numbers as they count against the limits. */
export interface CountedNumbers {
  readonly kind: OrderKind;
  readonly userId: string;
  readonly quantity: number;
  /** When they were counted: the time of approval. */
  readonly at: Timestamp;
  /** Approved by a rule, not by a person. */
  readonly automatic?: true;
}

/** Totals of one requester's orders of one kind on one day. */
export interface DayUse {
  readonly numbers: number;
  /** The part that no person approved. */
  readonly automatic: number;
}

/**
 * What is counted in one month: the totals, and the single orders and days it was read for. A day belongs to one month,
 * so one tally decides both limits.
 */
export interface Tally {
  /** `2026-11`, in UTC. */
  readonly month: string;
  /** For everyone, this month. */
  readonly totals: Readonly<Record<OrderKind, number>>;
  readonly days: Readonly<Record<DayKey, DayUse>>;
  /** An order with no numbers was counted once and given back. */
  readonly counted: Readonly<Record<OrderId, CountedNumbers>>;
}

/** Identifies a day of one requester, each kind apart: `25/purchase/U0ANA`. */
export type DayKey = string;

/** Which orders and days to read of a tally. */
export interface TallyScope {
  readonly orders: readonly OrderId[];
  readonly days: readonly DayKey[];
}

/** For a month in which nothing is counted, or a tally from before a kind existed. */
export const noTotals = Object.fromEntries(orderKinds.map((kind) => [kind, 0])) as Tally['totals'];

/** Returns the tally of a month in which exactly this is counted. */
export function tallyOf(month: string, counted: ReadonlyMap<OrderId, CountedNumbers>): Tally {
  const totals: Record<OrderKind, number> = { ...noTotals };
  const days: Record<DayKey, DayUse> = {};
  for (const numbers of counted.values()) {
    const { kind, quantity, automatic } = numbers;
    const key = dayKeyOf(numbers);
    const day = days[key] ?? noUse;
    totals[kind] += quantity;
    days[key] = {
      numbers: day.numbers + quantity,
      automatic: day.automatic + (automatic === true ? quantity : 0),
    };
  }
  return { month, totals, days, counted: Object.fromEntries(counted) };
}

/** How many numbers are counted, without those of the order in question. Each kind counts separately. */
export interface Usage {
  /** Of this requester, on this day. */
  readonly today: number;
  /** The part that no person approved. */
  readonly automaticToday: number;
  /** Of everyone, this month. */
  readonly thisMonth: number;
}

/** Days and months are in UTC, because the people of one team live in several time zones. */
export const monthOf = (at: Timestamp): string => new Date(at).toISOString().slice(0, 7);

export function nextDay(at: Timestamp): Timestamp {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1);
}

export function nextMonth(at: Timestamp): Timestamp {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}

export const dayKeyOf = ({ kind, userId, at }: Pick<CountedNumbers, 'kind' | 'userId' | 'at'>): DayKey =>
  `${String(new Date(at).getUTCDate()).padStart(2, '0')}/${kind}/${userId}`;

/** @param except an order whose own numbers are left out. */
export function usageIn(
  tally: Tally,
  of: { readonly kind: OrderKind; readonly userId: string; readonly at: Timestamp },
  except?: OrderId,
): Usage {
  const own = except === undefined ? undefined : tally.counted[except];
  const { totals, days } = own === undefined ? tally : added(tally, own, -1);
  const { numbers, automatic } = days[dayKeyOf(of)] ?? noUse;
  return { today: numbers, automaticToday: automatic, thisMonth: totals[of.kind] };
}

const noUse: DayUse = { numbers: 0, automatic: 0 };

/** Returns the tally with this order counted as given, replacing any earlier count. */
export function withCounted(tally: Tally, id: OrderId, numbers: CountedNumbers): Tally {
  const before = tally.counted[id];
  const without = before === undefined ? tally : added(tally, before, -1);
  return { ...added(without, numbers, 1), counted: { ...tally.counted, [id]: numbers } };
}

function added(tally: Tally, numbers: CountedNumbers, times: 1 | -1): Tally {
  const { kind, quantity, automatic } = numbers;
  const key = dayKeyOf(numbers);
  const day = tally.days[key] ?? noUse;
  const more = times * quantity;
  return {
    ...tally,
    totals: { ...tally.totals, [kind]: tally.totals[kind] + more },
    days: {
      ...tally.days,
      [key]: { numbers: day.numbers + more, automatic: day.automatic + (automatic === true ? more : 0) },
    },
  };
}

/** Returns how an order counts, and in which month; undefined if no one approved it or it delivered nothing. */
export function countedAs(order: Order): CountedNumbers | undefined {
  const quantity = countsFor(order);
  if (quantity === 0 || !('approval' in order) || order.approval === undefined) return undefined;
  const { at, by } = order.approval;
  const { request, requester } = order;
  return {
    kind: request.kind,
    userId: requester.userId,
    quantity,
    at,
    ...(by === undefined ? { automatic: true } : {}),
  };
}

/**
 * Returns how many numbers an order counts for. If Bandwidth doesn't say how many a finished order delivered, all
 * requested numbers count: a spending limit errs on the safe side.
 */
export function countsFor(order: Order): number {
  if (kindRules[order.request.kind].uncounted) return 0;
  if (order.lines !== undefined && isFinal(order)) {
    return linesOf(order).reduce((sum, line) => sum + countsFor(line), 0);
  }
  switch (order.status) {
    case 'approved':
    case 'placing':
    case 'placed':
    case 'ordering':
      return requestedQuantity(order.request);
    case 'given-up':
      // While it is still looked up it may have arrived.
      return order.endedAt === undefined ? requestedQuantity(order.request) : 0;
    case 'complete':
    case 'partial':
    case 'failed':
      return delivered(order) * carrierOrders(order);
    default:
      return 0;
  }
}

type Finished = OrderIn<'complete' | 'partial' | 'failed'>;

/** If the delivered quantity isn't known, all requested numbers count. */
function delivered({ status, request, outcome }: Finished): number {
  return deliveredQuantity(status, outcome) ?? requestedQuantity(request);
}

/**
 * How often a request counts. A search that was sent twice may deliver twice: the outcome is that of the better order,
 * and the other delivered at most as many. A named number is delivered once.
 */
function carrierOrders({ request, duplicates = [] }: Finished): number {
  return namedNumbers(request).length > 0 ? 1 : 1 + duplicates.length;
}
