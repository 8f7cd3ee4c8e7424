import type { PersonsEvent } from '../domain/order-event.js';

export type StoreTrouble =
  /** Nothing was changed. */
  | 'unreachable'
  /** What is stored can't be read, and trying again won't help. Nothing was changed. */
  | 'unreadable'
  /** See {@link OutcomeUnknown}. */
  | 'outcome-unknown'
  /** The same for a basket, where trying again is safe. */
  | 'basket-outcome-unknown'
  /** Numbers are missing from the stored inventory. */
  | 'inventory-incomplete'
  /** Numbers are missing from what a walk has read so far. */
  | 'walk-incomplete';

/** The store couldn't be asked. If it was to write, it certainly didn't, unless this is an {@link OutcomeUnknown}. */
export class StoreError extends Error {
  override readonly name: string = 'StoreError';
  readonly trouble: StoreTrouble = 'unreachable';
}

/** What a person wants saved. **Check again** adds no event; it only sets the time of the next lookup. */
export type Saving = PersonsEvent | 'check-again' | 'delegation';

/** A write was sent and its answer was lost: it may or may not be in the store. */
export class OutcomeUnknown extends StoreError {
  override readonly name = 'OutcomeUnknown';
  override readonly trouble = 'outcome-unknown';
  /** Undefined if no person is waiting for it. */
  readonly saving: Saving | undefined;
  /** Whether it was saved after all, once that is known; undefined if it never will be. Never rejects. */
  readonly becomes: Promise<boolean | undefined>;

  constructor(
    message: string,
    given: {
      readonly cause?: unknown;
      readonly saving?: Saving;
      readonly becomes?: Promise<boolean | undefined>;
    } = {},
  ) {
    super(message, given.cause === undefined ? undefined : { cause: given.cause });
    this.saving = given.saving;
    this.becomes = given.becomes ?? Promise.resolve(undefined);
  }
}
