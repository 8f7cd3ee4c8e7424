import { randomBytes } from 'node:crypto';
import type { OrderId } from '../orders/domain/request.js';
import {
  type CountedNumbers,
  type DayKey,
  type DayUse,
  dayKeyOf,
  noTotals,
  type Tally,
  type TallyScope,
} from '../orders/domain/tally.js';
import type { Ledger, LedgerArchive, NoTally } from '../orders/ports/ledger.js';
import { OutcomeUnknown } from '../orders/ports/store-errors.js';
import {
  dayRowKey,
  emptied,
  FORMAT_VERSION,
  type Head,
  headAfter,
  headKey,
  isFirstVersion,
  isHead,
  isNumbered,
  ledgerRows,
  type Numbered,
  newHead,
  orderRowKey,
  readRow,
  wholeTally,
  withoutNumbers,
} from './ledger-format.js';
import { type Namespace, UnreadableEntry } from './namespace.js';

/** How many orders are kept in the head of a month before they move to entries of their own. */
const MAX_IN_HEAD = 64;

/** How many times in a row another instance may write the same entry first. */
const MAX_CONFLICTS = 10;
/** How many other entries are cached. They become outdated all at once, so an LRU cache would gain nothing. */
const MAX_ENTRIES = 5_000;

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
    if (typeof version === 'number' && version > FORMAT_VERSION) {
      throw new UnreadableEntry(`the tally of ${month} was written by a newer version of this app`);
    }
    if (!isFirstVersion(stored)) return none(month, 'unreadable', stored);
    const found = none(month, 'unreadable', stored);
    // Whether this write succeeds or another instance's did, a head is stored now.
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
    const counted: Record<OrderId, CountedNumbers> = withoutNumbers(head.counted);
    const notInHead = [...new Set(orders)].filter((id) => counted[id] === undefined);
    // Read after the head, so that whatever left the head is there by now.
    const rows = await readRows(
      month,
      head,
      notInHead.map((id) => orderRowKey(month, head, id)),
    );
    for (const [index, id] of notInHead.entries()) {
      const row = rows[index];
      if (row !== undefined) counted[id] = readRow<CountedNumbers>(row, id);
    }
    const use: Record<DayKey, DayUse> = withoutNumbers(head.days);
    const asked = new Set([...days, ...Object.values(counted).map(dayKeyOf)]);
    const missing = [...asked].filter((key) => use[key] === undefined);
    const dayRows = await readRows(
      month,
      head,
      missing.map((key) => dayRowKey(month, head, key)),
    );
    for (const [index, key] of missing.entries()) {
      const row = dayRows[index];
      if (row !== undefined) use[key] = readRow<DayUse>(row, key);
    }
    const tally: Tally = { month, totals: { ...noTotals, ...head.totals }, days: use, counted };
    readFrom.set(tally, { stored: head, head });
    return tally;
  }

  /** Reads entries outside the head. They don't change until the next tidying, so each is read once. */
  async function readRows(month: string, head: Head, keys: readonly string[]): Promise<readonly unknown[]> {
    const under = `${month} ${head.generation} ${head.tidied}`;
    if (known.under !== under || known.rows.size > MAX_ENTRIES) known = { under, rows: new Map() };
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
    return entries.replace(current.month, head, headAfter(head, current, next));
  };

  async function begin(
    instead: Tally | NoTally,
    counted: ReadonlyMap<OrderId, CountedNumbers>,
    isLast: boolean,
  ): Promise<boolean> {
    const { month } = instead;
    const { stored } = readFrom.get(instead) ?? { stored: undefined };
    const generation = randomBytes(6).toString('hex');
    const full = newHead({ month, generation, counted, followed: !isLast });
    if (counted.size > MAX_IN_HEAD) await moveOut(month, full);
    const head = counted.size > MAX_IN_HEAD ? emptied(full) : full;
    return stored === undefined ? entries.insertIfAbsent(month, head) : entries.replace(month, stored, head);
  }

  /** Moves what the head holds into separate entries, never over a newer one. */
  async function moveOut(month: string, head: Head): Promise<void> {
    await Promise.all(ledgerRows(month, head).map(([key, row]) => writeNewer(key, row)));
  }

  async function writeNewer(key: string, row: Numbered<object>): Promise<void> {
    for (let losses = 0; losses < MAX_CONFLICTS; losses += 1) {
      if (await entries.insertIfAbsent(key, row)) return;
      const before = await storedAt(key);
      if (isNumbered(before) && before.n >= row.n) return;
      if (before !== undefined && (await entries.replace(key, before, row))) return;
    }
    throw new UnreadableEntry(`${key} changed each time before it could be written`);
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
      if (!isHead(head) || Object.keys(head.counted).length <= MAX_IN_HEAD) return;
      await moveOut(month, head);
      const tidied: Head = { ...emptied(head), n: head.n + 1, tidied: head.n + 1 };
      try {
        await entries.replace(month, head, tidied);
      } catch (error) {
        // If it wasn't tidied, the next call does it.
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

function monthBefore(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 2)).toISOString().slice(0, 7);
}
