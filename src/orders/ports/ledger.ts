import type { OrderId } from '../domain/request.js';
import type { CountedNumbers, Tally, TallyScope } from '../domain/tally.js';

/**
 * What is counted against the limits, by month. The cost of reading or writing a part doesn't depend on the total.
 * Every method throws {@link StoreError} when it can't be reached, or was written by a newer version.
 */
export interface Ledger {
  /** Reads the requested part of a month's tally, e.g. of `2026-11`, plus what was counted last. */
  read(month: string, scope: TallyScope): Promise<Tally | NoTally>;
  /**
   * Writes `next` only if the tally is still the one that `current` was read from; returns false if someone else wrote
   * first.
   */
  replace(current: Tally, next: Tally): Promise<boolean>;
  /**
   * Replaces what was read with a whole new tally; returns false if someone else wrote first. `isLast`: no later month
   * can have a tally.
   */
  begin(
    instead: Tally | NoTally,
    counted: ReadonlyMap<OrderId, CountedNumbers>,
    isLast: boolean,
  ): Promise<boolean>;
  /** Returns true if the previous month's tally shows that this month never had one. It shows that only once. */
  isNew(month: string): Promise<boolean>;
  /** Moves accumulated entries to where they cost nothing. Call it now and then, when no one is waiting. */
  tidy(month: string): Promise<void>;
}

/** The tally of this month is missing or unreadable, which isn't the same as an empty one. */
export interface NoTally {
  readonly month: string;
  readonly none: 'absent' | 'unreadable';
}

/** Everything that is counted, for verification. */
export interface LedgerArchive {
  /** Returns every month's tally; undefined for an unreadable one. */
  months(): Promise<ReadonlyMap<string, Tally | undefined>>;
}
