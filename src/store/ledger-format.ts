import { isOrderKind } from '../orders/domain/order-kinds.js';
import type { OrderId } from '../orders/domain/request.js';
import {
  type CountedNumbers,
  type DayKey,
  type DayUse,
  noTotals,
  type Tally,
  tallyOf,
} from '../orders/domain/tally.js';
import { UnreadableEntry } from './namespace.js';

// How a month's tally is stored.

export const FORMAT_VERSION = 2;

/** `n` is the write that last changed it: the higher, the later. */
export type Numbered<T> = T & { readonly n: number };

/**
 * The head of a month: its totals and what was counted last. Older entries are separate, and the head overrides them.
 * Only the head decides what counts, so one conditional write of this small entry is enough.
 */
export interface Head {
  readonly v: typeof FORMAT_VERSION;
  /** Identifies its entries, as opposed to those of an earlier tally of the month that was lost. */
  readonly generation: string;
  /** Counts the writes. */
  readonly n: number;
  readonly totals: Tally['totals'];
  readonly days: Readonly<Record<DayKey, Numbered<DayUse>>>;
  readonly counted: Readonly<Record<OrderId, Numbered<CountedNumbers>>>;
  /** The write that last moved something out of it. Until the next such write, the other entries don't change. */
  readonly tidied: number;
  /** Whether the next month may have, or have had, a tally. */
  readonly followed: boolean;
}

/** The older format: all orders of a month in one entry. The store rewrites it when it's read. */
interface FirstVersion {
  readonly v: 1;
  readonly counted: Readonly<Record<OrderId, CountedNumbers>>;
}

export const headKey = /^\d{4}-\d{2}$/;
export const dayRowKey = (month: string, { generation }: Head, key: DayKey) =>
  `${month}/${generation}/d/${key}`;
export const orderRowKey = (month: string, { generation }: Head, id: OrderId) =>
  `${month}/${generation}/o/${id}`;

/** Returns a month's tally from its head and all other entries; undefined if the head can't be read. */
export function wholeTally(
  month: string,
  head: unknown,
  rows: readonly (readonly [string, unknown])[],
): Tally | undefined {
  if (isFirstVersion(head)) return tallyOf(month, new Map(Object.entries(head.counted)));
  if (!isHead(head)) return undefined;
  const [days, orders] = [dayRowKey(month, head, ''), orderRowKey(month, head, '')];
  const use: Record<DayKey, DayUse> = {};
  const counted: Record<OrderId, CountedNumbers> = {};
  for (const [key, row] of rows) {
    if (!isNumbered(row)) continue;
    if (key.startsWith(days)) use[key.slice(days.length)] = withoutNumber(row as Numbered<DayUse>);
    if (key.startsWith(orders)) {
      counted[key.slice(orders.length)] = withoutNumber(row as Numbered<CountedNumbers>);
    }
  }
  return {
    month,
    totals: { ...noTotals, ...head.totals },
    days: { ...use, ...withoutNumbers(head.days) },
    counted: { ...counted, ...withoutNumbers(head.counted) },
  };
}

/** Returns a head in which exactly this is counted. */
export function newHead(given: {
  readonly month: string;
  readonly generation: string;
  readonly counted: ReadonlyMap<OrderId, CountedNumbers>;
  readonly followed: boolean;
}): Head {
  const { month, generation, counted, followed } = given;
  const whole = tallyOf(month, counted);
  return {
    v: FORMAT_VERSION,
    generation,
    n: 1,
    totals: whole.totals,
    days: changed({}, whole.days, 1),
    counted: changed({}, whole.counted, 1),
    tidied: 1,
    followed,
  };
}

/** Returns the head that turns one tally into another. */
export function headAfter(head: Head, current: Tally, next: Tally): Head {
  const n = head.n + 1;
  return {
    ...head,
    n,
    totals: next.totals,
    days: { ...head.days, ...changed(current.days, next.days, n) },
    counted: { ...head.counted, ...changed(current.counted, next.counted, n) },
  };
}

/** Returns what is new or different in `after`, with the number of the write. */
function changed<T extends object>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
  n: number,
): Record<string, Numbered<T>> {
  const different = Object.entries(after).filter(([key, value]) => before[key] !== value);
  return Object.fromEntries(different.map(([key, value]) => [key, { ...value, n }]));
}

/** Returns the entries that what a head holds moves to. */
export const ledgerRows = (month: string, head: Head): readonly (readonly [string, Numbered<object>])[] => [
  ...Object.entries(head.days).map(([key, use]) => [dayRowKey(month, head, key), use] as const),
  ...Object.entries(head.counted).map(([id, numbers]) => [orderRowKey(month, head, id), numbers] as const),
];

/** Returns the head once all that it holds is in entries of their own. */
export const emptied = (head: Head): Head => ({ ...head, days: {}, counted: {} });

/** Throws {@link UnreadableEntry}: taking an unreadable row for nothing would lift the limits. */
export function readRow<T extends object>(row: unknown, key: string): T {
  if (!isNumbered(row)) {
    throw new UnreadableEntry(`what is counted for ${key} can't be read`, { stored: row });
  }
  return withoutNumber(row as Numbered<T>);
}

function withoutNumber<T extends object>({ n: _, ...value }: Numbered<T>): T {
  return value as unknown as T;
}

export const withoutNumbers = <T extends object>(
  numbered: Readonly<Record<string, Numbered<T>>>,
): Record<string, T> =>
  Object.fromEntries(Object.entries(numbered).map(([key, value]) => [key, withoutNumber(value)]));

export function isNumbered(row: unknown): row is Numbered<object> {
  return typeof row === 'object' && row !== null && typeof (row as { n?: unknown }).n === 'number';
}

export function isHead(stored: unknown): stored is Head {
  const { v, generation, n, tidied, totals, days, counted } = (stored ?? {}) as Partial<Head>;
  return (
    v === FORMAT_VERSION &&
    typeof generation === 'string' &&
    typeof n === 'number' &&
    typeof tidied === 'number' &&
    isQuantity(totals?.purchase) &&
    isQuantity(totals.disconnect) &&
    isRecordOf(totals, isQuantity) &&
    isRecordOf(days, (use) => isNumbered(use) && isQuantity((use as Partial<DayUse>).numbers)) &&
    isRecordOf(counted, (each) => isNumbered(each) && isCounted(each))
  );
}

export function isFirstVersion(stored: unknown): stored is FirstVersion {
  const { v, counted } = (stored ?? {}) as Partial<FirstVersion>;
  return v === 1 && isRecordOf(counted, isCounted);
}

function isCounted(value: unknown): value is CountedNumbers {
  const { kind, userId, quantity, at } = (value ?? {}) as Partial<CountedNumbers>;
  return isOrderKind(kind) && typeof userId === 'string' && isQuantity(quantity) && typeof at === 'number';
}

const isQuantity = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

function isRecordOf(value: unknown, isOne: (each: unknown) => boolean): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every(isOne);
}
