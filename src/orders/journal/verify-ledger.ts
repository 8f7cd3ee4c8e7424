import { orderKinds } from '../domain/order-kinds.js';
import type { OrderId } from '../domain/request.js';
import { type CountedNumbers, countedAs, monthOf, type Tally, tallyOf } from '../domain/tally.js';
import type { LedgerArchive } from '../ports/ledger.js';
import type { OrderArchive } from '../ports/order-store.js';

/** A problem with what is counted against the limits. */
export type LedgerProblem =
  /** Orders of this month count against the limits, but its tally is missing or unreadable. */
  | { readonly what: 'tally missing'; readonly month: string }
  /** The tally counts less than the orders come to, so more could be approved than the limits allow. */
  | {
      readonly what: 'tally too low';
      readonly month: string;
      /** The order, the requester's day, or the whole month. */
      readonly of: string;
      readonly counted: number;
      readonly onRecord: number;
    };

/**
 * Finds tallies that would let people exceed the limits. A tally that is too high is no problem: the app corrects it
 * before it refuses anyone. The app may be writing at the same time, so a problem has to be found twice.
 */
export async function verifyLedger(deps: {
  orders: OrderArchive;
  ledger: LedgerArchive;
}): Promise<readonly LedgerProblem[]> {
  const first = await problemsNow(deps);
  if (first.length === 0) return first;
  const again = new Set((await problemsNow(deps)).map(nameOf));
  return first.filter((problem) => again.has(nameOf(problem)));
}

const nameOf = (problem: LedgerProblem): string =>
  JSON.stringify([problem.what, problem.month, 'of' in problem ? problem.of : '']);

/** Reads the orders first, because an order is counted before its approval is written. */
async function problemsNow({
  orders,
  ledger,
}: {
  orders: OrderArchive;
  ledger: LedgerArchive;
}): Promise<readonly LedgerProblem[]> {
  const months = new Map<string, Map<OrderId, CountedNumbers>>();
  for await (const { id, order } of orders.all()) {
    const numbers = order instanceof Error ? undefined : countedAs(order);
    if (numbers === undefined) continue;
    const month = monthOf(numbers.at);
    const counted = months.get(month) ?? new Map<OrderId, CountedNumbers>();
    months.set(month, counted.set(id, numbers));
  }
  const tallies = await ledger.months();
  return [...months].flatMap(([month, counted]): readonly LedgerProblem[] => {
    const tally = tallies.get(month);
    return tally === undefined ? [{ what: 'tally missing', month }] : tooLow(tally, tallyOf(month, counted));
  });
}

function tooLow(tally: Tally, record: Tally): readonly LedgerProblem[] {
  const { month } = tally;
  const compared = (of: string, counted: number, onRecord: number): readonly LedgerProblem[] =>
    counted < onRecord ? [{ what: 'tally too low', month, of, counted, onRecord }] : [];
  return [
    ...Object.entries(record.counted).flatMap(([id, { quantity }]) =>
      compared(`order ${id}`, tally.counted[id]?.quantity ?? 0, quantity),
    ),
    ...Object.entries(record.days).flatMap(([key, { numbers, automatic }]) => [
      ...compared(`day ${key}`, tally.days[key]?.numbers ?? 0, numbers),
      ...compared(`automatic approvals of day ${key}`, tally.days[key]?.automatic ?? 0, automatic),
    ]),
    ...orderKinds.flatMap((kind) => compared(`${kind}s`, tally.totals[kind], record.totals[kind])),
  ];
}
