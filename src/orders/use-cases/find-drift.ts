import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { Drift, DriftOf } from '../domain/drift/drift.js';
import { indexExplanations } from '../domain/drift/drift-explanations.js';
import { driftOfMissing, driftOfNumber } from '../domain/drift/number-drift.js';
import { driftOfOrder } from '../domain/drift/order-drift.js';
import type { AccountNumber } from '../domain/number-record.js';
import { collectOrderEffects, type OrderEffects, type OwnedNumber } from '../domain/order-effects.js';
import type { PhoneNumber } from '../domain/phone-number.js';
import type { Timestamp } from '../domain/request.js';
import { CarrierError } from '../ports/carrier.js';
import type { Clock } from '../ports/clock.js';
import type { DriftFindings, ExplanationStore, InventoryStanding, NumberHistory } from '../ports/drift.js';
import type { Inventory, InventorySource, InventoryState } from '../ports/inventory.js';
import type { Log } from '../ports/log.js';
import type { OrderArchive } from '../ports/order-store.js';
import { StoreError } from '../ports/store-errors.js';
import { findCausingOrders } from './find-causing-orders.js';

/** Compares the account with our orders. Changes nothing, here or at Bandwidth. Throws StoreError. */
export type FindDrift = () => Promise<DriftFindings>;

/** The numbers are listed every night, so an older list means that something is wrong. */
const TOO_OLD_MS = 36 * 60 * 60_000;
/** The limit of {@link InventorySource.judge}. */
const JUDGED_AT_ONCE = 2_500;
/** How many drifts of a kind a report lists in full. */
export const DRIFTS_SHOWN = 10;
/** How many orders are processed before yielding to the event loop. */
const ENTRIES_A_TURN = 250;

interface Deps {
  readonly archive: OrderArchive;
  readonly inventory: Inventory;
  readonly source: Pick<InventorySource, 'judge' | 'lookups'>;
  readonly history: NumberHistory;
  readonly explanations: Pick<ExplanationStore, 'all'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Log, 'warn'>;
}

type Unverified = NonNullable<DriftFindings['unverified']>;

export function makeFindDrift(deps: Deps): FindDrift {
  const { archive, inventory, source, explanations, clock } = deps;

  /** Reads every order. Those that are open may be drift themselves; all of them explain numbers. */
  async function readOrders(now: Timestamp) {
    const { add, effects } = collectOrderEffects();
    const drifts: Drift[] = [];
    let unreadable = 0;
    let read = 0;
    for await (const { order } of archive.all()) {
      read += 1;
      if (read % ENTRIES_A_TURN === 0) await yieldToEventLoop();
      if (order instanceof StoreError) {
        unreadable += 1;
        continue;
      }
      add(order);
      drifts.push(...driftOfOrder(order, now));
    }
    return { effects, drifts, unreadable };
  }

  async function readNumbers(): Promise<readonly (readonly AccountNumber[])[]> {
    const pages: (readonly AccountNumber[])[] = [];
    for await (const numbers of inventory.list()) {
      pages.push(numbers);
      await yieldToEventLoop();
    }
    return pages;
  }

  /** Compares the numbers in service with the orders, and asks about each of our numbers that is missing. */
  async function compare(
    pages: readonly (readonly AccountNumber[])[],
    effects: OrderEffects,
    asOf: Timestamp,
  ) {
    const found: DriftOf<'unexplained' | 'misplaced'>[] = [];
    const present = new Set<PhoneNumber>();
    for (const numbers of pages) {
      for (const each of numbers) {
        present.add(each.number);
        const drift = driftOfNumber(each, effects, asOf);
        if (drift !== undefined) found.push(drift);
      }
      await yieldToEventLoop();
    }
    const judged = await judge([...effects.owned()].filter(({ number }) => !present.has(number)));
    return { drifts: [...found, ...judged.drifts], unverified: judged.unverified };
  }

  async function judge(missing: readonly OwnedNumber[]) {
    const drifts: Drift[] = [];
    let unverified: Unverified | undefined;
    for (let from = 0; from < missing.length; from += JUDGED_AT_ONCE) {
      const part = missing.slice(from, from + JUDGED_AT_ONCE);
      try {
        const verdicts = await source.judge(part.map(({ number }) => number));
        for (const owned of part) {
          const verdict = verdicts.get(owned.number);
          const drift = verdict && driftOfMissing(owned, verdict);
          if (drift !== undefined) drifts.push(drift);
          if (verdict === undefined) unverified = { ...unverified, count: (unverified?.count ?? 0) + 1 };
        }
      } catch (error) {
        if (!(error instanceof CarrierError)) throw error;
        const count = (unverified?.count ?? 0) + missing.length - from;
        return { drifts, unverified: { count, advice: error.advice } };
      }
    }
    return { drifts, unverified };
  }

  return async () => {
    const now = clock.now();
    const standing = standingOf(await inventory.state(), now);
    // Numbers are read before orders, so that a number that is delivered in between already has its order.
    const numbers = standing.standing === 'complete' ? await readNumbers() : [];
    const { effects, drifts: ofOrders, unreadable } = await readOrders(now);
    const ofNumbers =
      standing.standing === 'complete'
        ? await compare(numbers, effects, standing.asOf)
        : { drifts: [], unverified: undefined };
    const explained = indexExplanations(await explanations.all());
    const all: readonly Drift[] = [...ofNumbers.drifts, ...ofOrders];
    const left = all.filter((drift) => explained.of(drift) === undefined);
    const isUnexplained = (drift: Drift): drift is DriftOf<'unexplained'> => drift.kind === 'unexplained';
    const unexplained = left.filter(isUnexplained);
    const drifts = [
      ...(await findCausingOrders(unexplained, DRIFTS_SHOWN, effects, deps)),
      ...left.filter((drift) => !isUnexplained(drift)),
    ];
    return {
      at: now,
      inventory: standing,
      drifts,
      explained: all.length - left.length,
      unlistedOrders: effects.unlisted,
      unreadableOrders: unreadable,
      ...(ofNumbers.unverified === undefined ? {} : { unverified: ofNumbers.unverified }),
    };
  };
}

function standingOf(state: InventoryState, now: Timestamp): InventoryStanding {
  const { asOf, unread, missingRoles } = state;
  const trouble = state.trouble === undefined ? {} : { trouble: state.trouble };
  if (asOf === undefined) return { standing: 'incomplete', missingRoles, ...trouble };
  if (now - asOf > TOO_OLD_MS) return { standing: 'too-old', asOf, ...trouble };
  return { standing: 'complete', asOf, unread, missingRoles };
}
