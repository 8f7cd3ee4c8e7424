import { isDeepStrictEqual } from 'node:util';
import type { OrderId, Timestamp } from '../domain/request.js';
import {
  type CountedNumbers,
  countedAs,
  countsFor,
  monthOf,
  type Tally,
  type TallyScope,
  tallyOf,
  withCounted,
} from '../domain/tally.js';
import type { Clock } from '../ports/clock.js';
import type { Ledger, NoTally } from '../ports/ledger.js';
import type { Log } from '../ports/log.js';
import type { OrderArchive, OrderStore } from '../ports/order-store.js';
import { OutcomeUnknown, StoreError } from '../ports/store-errors.js';

/**
 * The tallies in the store, as far as they agree with the orders. One that is missing or unreadable is rebuilt from
 * them. Every method but `tidy` throws StoreError.
 */
export interface MonthlyTallies {
  /** Returns the requested part of a month's tally. */
  read(month: string, scope: TallyScope): Promise<Tally>;
  /** Returns false if someone else wrote first, or if the answer was lost: then the tally has to be read again. */
  replace(current: Tally, next: Tally): Promise<boolean>;
  /**
   * Returns the tally corrected by the orders on record, or `rebuilt` if it has to be read again. It is always compared
   * with the orders of its latest entries, and from time to time with all.
   */
  corrected(tally: Tally): Promise<Tally | 'rebuilt'>;
  /** Tidies up when no one is waiting. Never rejects. */
  tidy(month: string): Promise<void>;
}

/** An approval is recorded within this time after its numbers are counted, or never. */
const ON_RECORD_WITHIN_MS = 60_000;
/** How often a month's tally may be compared with all orders when someone is about to be refused. */
const ALL_COMPARED_EVERY_MS = 10 * 60_000;
/** How often reading is tried in a row. */
const MAX_READS = 20;

interface TallyDeps {
  readonly ledger: Ledger;
  readonly orders: Pick<OrderStore, 'get'>;
  readonly archive: OrderArchive;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

export function makeMonthlyTallies(deps: TallyDeps): MonthlyTallies {
  const { ledger, clock, log } = deps;
  const { countedOnRecord, quantityOnRecord } = makeOnRecord(deps);
  /** When each month's tally was last compared with all orders. */
  const comparedAt = new Map<string, Timestamp>();

  /**
   * Returns undefined if the answer was lost, so that the tally is read again. The order's own outcome isn't in doubt.
   */
  async function answerOf<T>(month: string, write: () => Promise<T>): Promise<T | undefined> {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof OutcomeUnknown)) throw error;
      log.warn({ err: error, month }, 'database did not confirm the tally, reading it again');
      return undefined;
    }
  }

  /** Costs nothing if the month is new; otherwise reads all orders once. */
  async function begin(found: NoTally): Promise<void> {
    const { month, none } = found;
    if (none === 'absent') {
      const isNew = await answerOf(month, () => ledger.isNew(month));
      if (isNew) await beginWith(found, new Map());
      if (isNew !== false) return;
    }
    const counted = await countedOnRecord(month);
    const isBegun = await beginWith(found, counted);
    if (!isBegun || (none === 'absent' && counted.size === 0)) return;
    log.error({ month, was: none, orders: counted.size }, 'monthly tally rebuilt from the orders');
  }

  const beginWith = (
    instead: Tally | NoTally,
    counted: ReadonlyMap<OrderId, CountedNumbers>,
  ): Promise<boolean | undefined> =>
    answerOf(instead.month, () => ledger.begin(instead, counted, instead.month >= monthOf(clock.now())));

  /** Returns the tally corrected by the orders of its latest entries; the tally itself if they agree. */
  async function comparedWithLatest(tally: Tally): Promise<Tally> {
    const old = Object.entries(tally.counted).filter(
      ([, { at, quantity }]) => quantity > 0 && isOld(at, clock.now()),
    );
    const onRecord = await Promise.all(
      old.map(
        async ([id, numbers]) => [id, { ...numbers, quantity: await quantityOnRecord(id, numbers) }] as const,
      ),
    );
    return onRecord
      .filter(([id, { quantity }]) => quantity !== tally.counted[id]?.quantity)
      .reduce((before, [id, numbers]) => withCounted(before, id, numbers), tally);
  }

  /** Returns true if the whole tally had to be rebuilt, or may have been. */
  async function comparedWithAll(tally: Tally): Promise<boolean> {
    const { month } = tally;
    const counted = await countedOnRecord(month);
    // Someone may be about to write the approval.
    for (const [id, numbers] of Object.entries(tally.counted)) {
      if (!isOld(numbers.at, clock.now()) && numbers.quantity > 0) counted.set(id, numbers);
    }
    const { totals, days } = tallyOf(month, counted);
    const same =
      isDeepStrictEqual(totals, tally.totals) &&
      Object.keys(tally.days).every((key) => (days[key]?.numbers ?? 0) === tally.days[key]?.numbers);
    if (same) return false;
    const isBegun = await beginWith(tally, counted);
    if (isBegun === undefined) comparedAt.delete(month);
    if (!isBegun) return isBegun === undefined;
    log.warn({ month }, 'monthly tally differed from the orders, corrected');
    return true;
  }

  return {
    async read(month, scope) {
      for (let times = 0; times < MAX_READS; times += 1) {
        // Reading a tally of an earlier version rewrites it.
        const found = await answerOf(month, () => ledger.read(month, scope));
        if (found === undefined) continue;
        if (!('none' in found)) return found;
        await begin(found);
      }
      throw new StoreError(
        `the tally of ${month} was still missing after ${MAX_READS} attempts to create it`,
      );
    },
    async replace(current, next) {
      return (await answerOf(current.month, () => ledger.replace(current, next))) ?? false;
    },
    async corrected(tally) {
      const { month } = tally;
      const agreed = await comparedWithLatest(tally);
      if (agreed !== tally) {
        log.warn({ month }, 'monthly tally differed from the orders, corrected');
        return agreed;
      }
      const last = comparedAt.get(month);
      if (last !== undefined && Math.abs(clock.now() - last) < ALL_COMPARED_EVERY_MS) return tally;
      comparedAt.set(month, clock.now());
      return (await comparedWithAll(tally)) ? 'rebuilt' : tally;
    },
    async tidy(month) {
      await ledger
        .tidy(month)
        .catch((err: unknown) => log.warn({ err, month }, 'tidying a monthly tally failed, will retry'));
    },
  };
}

/** Reads what the orders on record count for. */
function makeOnRecord({ orders, archive, log }: Pick<TallyDeps, 'orders' | 'archive' | 'log'>) {
  async function countedOnRecord(month: string): Promise<Map<OrderId, CountedNumbers>> {
    const counted = new Map<OrderId, CountedNumbers>();
    for await (const { id, order } of archive.all()) {
      if (order instanceof Error) {
        log.error({ err: order, orderId: id, month }, 'order unreadable, its numbers not counted');
        continue;
      }
      const numbers = countedAs(order);
      if (numbers !== undefined && monthOf(numbers.at) === month) counted.set(id, numbers);
    }
    return counted;
  }

  async function quantityOnRecord(id: OrderId, numbers: CountedNumbers): Promise<number> {
    try {
      const order = await orders.get(id);
      return order === undefined ? 0 : countsFor(order);
    } catch (err) {
      // An order that can't be read may have been approved anyway.
      log.warn({ err, orderId: id }, 'order lookup for the monthly tally failed');
      return numbers.quantity;
    }
  }

  return { countedOnRecord, quantityOnRecord };
}

const isOld = (at: Timestamp, now: Timestamp): boolean => at <= now - ON_RECORD_WITHIN_MS;
