import { randomBytes } from 'node:crypto';
import { isOrderKind } from '../orders/domain/order-kinds.js';
import type { OrderId } from '../orders/domain/request.js';
import {
  type CountedNumbers,
  type DayKey,
  type DayUse,
  dayKeyOf,
  noTotals,
  type Tally,
  type TallyScope,
  tallyOf,
} from '../orders/domain/tally.js';
import { type Ledger, type LedgerArchive, type NoTally, OutcomeUnknown } from '../orders/ports.js';
import { type Namespace, UnreadableEntry } from './namespace.js';

const SCHEMA_VERSION = 2;
/** How many orders are kept in the head of a month before they move to entries of their own. */
const MOST_IN_HEAD = 64;

/** How often another instance may move the same entry first. */
const MOST_LOSSES = 10;
/** How many other entries are cached. They become outdated all at once, so an LRU cache would gain nothing. */
const MOST_KNOWN = 5_000;

/** `n` is higher the later something was changed. */
type Numbered<T> = T & { readonly n: number };

/**
 * The head of a month: its totals and what was counted last. Older entries are separate, and the head overrides them.
 * Only the head decides what counts, so one conditional write of this small entry is enough.
 */
interface Head {
  readonly v: typeof SCHEMA_VERSION;
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

/** The older format: all orders of a month in one entry. */
interface FirstVersion {
  readonly v: 1;
  readonly counted: Readonly<Record<OrderId, CountedNumbers>>;
}

const headKey = /^\d{4}-\d{2}$/;
const dayRow = (month: string, { generation }: Head, key: DayKey) => `${month}/${generation}/d/${key}`;
const orderRow = (month: string, { generation }: Head, id: OrderId) => `${month}/${generation}/o/${id}`;

/** Old months are kept, because losing one would lift its limits. */
export function makeLedger(entries: Namespace): Ledger & LedgerArchive {
  /** What each tally was read from; undefined if nothing was stored. */
  const readFrom = new WeakMap<
    Tally | NoTally,
    { readonly stored: unknown; readonly head: Head | undefined }
  >();

  let known: { readonly under: string; readonly rows: Map<string, unknown> } = { under: '', rows: new Map() };

  const none = (month: string, why: NoTally['none'], stored: unknown): NoTally => {
    const found: NoTally = { month, none: why };
    readFrom.set(found, { stored, head: undefined });
    return found;
  };

  /** Returns the head of a month, converting the older format first. */
  async function headOf(month: string): Promise<Head | NoTally> {
    const stored = await storedAt(month);
    if (stored === undefined) return none(month, 'absent', undefined);
    if (isHead(stored)) return stored;
    const version = (stored as { v?: unknown } | null)?.v;
    if (typeof version === 'number' && version > SCHEMA_VERSION) {
      throw new UnreadableEntry(`the tally of ${month} was written by a newer version of this app`);
    }
    if (!isFirstVersion(stored)) return none(month, 'unreadable', stored);
    const found = none(month, 'unreadable', stored);
    // Either way, a head is stored now.
    await begin(found, new Map(Object.entries(stored.counted)), false);
    return headOf(month);
  }

  /** Returns the stored value, whatever it is. */
  async function storedAt(key: string): Promise<unknown> {
    try {
      return await entries.get(key);
    } catch (error) {
      if (error instanceof UnreadableEntry) return error.stored;
      throw error;
    }
  }

  const isNone = (found: Head | NoTally): found is NoTally => 'none' in found;

  const read: Ledger['read'] = async (month, scope) => {
    const head = await headOf(month);
    if (isNone(head)) return head;
    try {
      return await readUnder(month, head, scope);
    } catch (error) {
      if (error instanceof UnreadableEntry) return none(month, 'unreadable', head);
      throw error;
    }
  };

  async function readUnder(month: string, head: Head, { orders, days }: TallyScope): Promise<Tally> {
    const counted: Record<OrderId, CountedNumbers> = plain(head.counted);
    const elsewhere = [...new Set(orders)].filter((id) => counted[id] === undefined);
    // Read after the head, so that whatever left the head is there by now.
    const rows = await readRows(
      month,
      head,
      elsewhere.map((id) => orderRow(month, head, id)),
    );
    for (const [index, id] of elsewhere.entries()) {
      const row = rows[index];
      if (row !== undefined) counted[id] = withoutNumber(asRow<CountedNumbers>(row, id));
    }
    const use: Record<DayKey, DayUse> = plain(head.days);
    const asked = new Set([...days, ...Object.values(counted).map(dayKeyOf)]);
    const missing = [...asked].filter((key) => use[key] === undefined);
    const dayRows = await readRows(
      month,
      head,
      missing.map((key) => dayRow(month, head, key)),
    );
    for (const [index, key] of missing.entries()) {
      const row = dayRows[index];
      if (row !== undefined) use[key] = withoutNumber(asRow<DayUse>(row, key));
    }
    const tally: Tally = { month, totals: { ...noTotals, ...head.totals }, days: use, counted };
    readFrom.set(tally, { stored: head, head });
    return tally;
  }

  /** Reads entries outside the head. They don't change until the next tidying, so each is read once. */
  async function readRows(month: string, head: Head, keys: readonly string[]): Promise<readonly unknown[]> {
    const under = `${month} ${head.generation} ${head.tidied}`;
    if (known.under !== under || known.rows.size > MOST_KNOWN) known = { under, rows: new Map() };
    const { rows } = known;
    return Promise.all(
      keys.map(async (key) => {
        if (!rows.has(key)) rows.set(key, await entries.get(key));
        return rows.get(key);
      }),
    );
  }

  const replace: Ledger['replace'] = async (current, next) => {
    const head = readFrom.get(current)?.head;
    if (head === undefined) throw new TypeError('a tally can only be replaced by one that was read');
    const n = head.n + 1;
    const written: Head = {
      ...head,
      n,
      totals: next.totals,
      days: { ...head.days, ...changed(current.days, next.days, n) },
      counted: { ...head.counted, ...changed(current.counted, next.counted, n) },
    };
    return entries.replace(current.month, head, written);
  };

  async function begin(
    instead: Tally | NoTally,
    counted: ReadonlyMap<OrderId, CountedNumbers>,
    isLast: boolean,
  ): Promise<boolean> {
    const { month } = instead;
    const { stored } = readFrom.get(instead) ?? { stored: undefined };
    const whole = tallyOf(month, counted);
    const empty: Head = {
      v: SCHEMA_VERSION,
      generation: randomBytes(6).toString('hex'),
      n: 1,
      totals: whole.totals,
      days: {},
      counted: {},
      tidied: 1,
      followed: !isLast,
    };
    const full: Head = {
      ...empty,
      days: changed({}, whole.days, empty.n),
      counted: changed({}, whole.counted, empty.n),
    };
    if (counted.size > MOST_IN_HEAD) await moveOut(month, full);
    const head = counted.size > MOST_IN_HEAD ? empty : full;
    return stored === undefined ? entries.insertIfAbsent(month, head) : entries.replace(month, stored, head);
  }

  /** Moves what the head holds into separate entries, never over a newer one. */
  async function moveOut(month: string, head: Head): Promise<void> {
    const rows = [
      ...Object.entries(head.days).map(([key, use]) => [dayRow(month, head, key), use] as const),
      ...Object.entries(head.counted).map(([id, numbers]) => [orderRow(month, head, id), numbers] as const),
    ];
    await Promise.all(rows.map(([key, row]) => writeNewer(key, row)));
  }

  async function writeNewer(key: string, row: Numbered<object>): Promise<void> {
    for (let losses = 0; losses < MOST_LOSSES; losses += 1) {
      if (await entries.insertIfAbsent(key, row)) return;
      const before = await storedAt(key);
      if (isNumbered(before) && before.n >= row.n) return;
      if (before !== undefined && (await entries.replace(key, before, row))) return;
    }
    throw new UnreadableEntry(`${key} was another each time it was to be written`);
  }

  return {
    read,
    replace,
    begin,
    async isNew(month) {
      const previous = monthBefore(month);
      const head = await storedAt(previous);
      if (!isHead(head) || head.followed) return false;
      return entries.replace(previous, head, { ...head, n: head.n + 1, followed: true });
    },
    async tidy(month) {
      const head = await storedAt(month);
      if (!isHead(head) || Object.keys(head.counted).length <= MOST_IN_HEAD) return;
      await moveOut(month, head);
      const tidied: Head = { ...head, n: head.n + 1, tidied: head.n + 1, days: {}, counted: {} };
      try {
        await entries.replace(month, head, tidied);
      } catch (error) {
        // Either outcome is fine.
        if (!(error instanceof OutcomeUnknown)) throw error;
      }
    },
    async months() {
      const heads = new Map<string, unknown>();
      const rows: (readonly [string, unknown])[] = [];
      for await (const [key, value] of entries.walk()) {
        if (headKey.test(key)) heads.set(key, value);
        else rows.push([key, value]);
      }
      return new Map([...heads].map(([month, head]) => [month, wholeTally(month, head, rows)]));
    },
  };
}

function wholeTally(
  month: string,
  head: unknown,
  rows: readonly (readonly [string, unknown])[],
): Tally | undefined {
  if (isFirstVersion(head)) return tallyOf(month, new Map(Object.entries(head.counted)));
  if (!isHead(head)) return undefined;
  const [days, orders] = [dayRow(month, head, ''), orderRow(month, head, '')];
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
    days: { ...use, ...plain(head.days) },
    counted: { ...counted, ...plain(head.counted) },
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

function withoutNumber<T extends object>({ n: _, ...value }: Numbered<T>): T {
  return value as unknown as T;
}

const plain = <T extends object>(numbered: Readonly<Record<string, Numbered<T>>>): Record<string, T> =>
  Object.fromEntries(Object.entries(numbered).map(([key, value]) => [key, withoutNumber(value)]));

function monthBefore(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 2)).toISOString().slice(0, 7);
}

function isNumbered(row: unknown): row is Numbered<object> {
  return typeof row === 'object' && row !== null && typeof (row as { n?: unknown }).n === 'number';
}

/** Never treats an unreadable row as nothing, because that would lift the limits. */
function asRow<T extends object>(row: unknown, key: string): Numbered<T> {
  if (!isNumbered(row))
    throw new UnreadableEntry(`what is counted for ${key} cannot be read`, { stored: row });
  return row as Numbered<T>;
}

function isHead(stored: unknown): stored is Head {
  const { v, generation, n, tidied, totals, days, counted } = (stored ?? {}) as Partial<Head>;
  return (
    v === SCHEMA_VERSION &&
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

function isFirstVersion(stored: unknown): stored is FirstVersion {
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
