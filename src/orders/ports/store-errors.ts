/** The store couldn't be asked. If it was to write, it certainly didn't, unless this is an {@link OutcomeUnknown}. */
export class StoreError extends Error {
  override readonly name: string = 'StoreError';
  readonly advice: string =
    "I can't reach my database right now, so nothing was changed. Try again in a minute.";
}

/** A write was sent and its answer was lost: it may or may not be in the store. */
export class OutcomeUnknown extends StoreError {
  override readonly name = 'OutcomeUnknown';
  override readonly advice: string;
  /** What was to be saved, in words for people: `your approval`. */
  readonly saving: string;
  /** Whether it was saved after all, once that is known; undefined if it never will be. Never rejects. */
  readonly becomes: Promise<boolean | undefined>;

  constructor(
    message: string,
    given: {
      readonly cause?: unknown;
      readonly saving?: string;
      readonly becomes?: Promise<boolean | undefined>;
    } = {},
  ) {
    super(message, given.cause === undefined ? undefined : { cause: given.cause });
    this.saving = given.saving ?? 'that';
    this.becomes = given.becomes ?? Promise.resolve(undefined);
    this.advice = `I don't know whether ${this.saving} was saved: my database didn't confirm it. Don't press again. I'll check.`;
  }
}
