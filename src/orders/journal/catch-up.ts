/** Copies what changed into the journal, until nothing has changed during the copying. */
export interface CatchUp {
  /** Makes a change. What the journal lacks afterwards is copied by the next {@link CatchUp.run}. */
  changing<T>(change: () => Promise<T>): Promise<T>;
  /** Resolves when everything that was changed before the call is in the journal, or could not be written. Never rejects. */
  run(): Promise<void>;
}

/**
 * @param copy lists what there is, and copies what the journal lacks. What it can't copy is left to the next run, and
 * `failed` is told.
 */
export function makeCatchUp(copy: () => Promise<void>, failed: (error: unknown) => void): CatchUp {
  /** A process that just started can't know what the journal lacks. */
  let isBehind = true;
  let running: Promise<void> | undefined;

  const work = async (): Promise<void> => {
    try {
      while (isBehind) {
        isBehind = false;
        await copy();
      }
    } catch (error) {
      isBehind = true;
      failed(error);
    } finally {
      // Without a pause after the last check, so that later changes get another run.
      running = undefined;
    }
  };

  return {
    async changing(change) {
      try {
        return await change();
      } finally {
        // Only after the change: a run that lists everything before it would take it for copied.
        isBehind = true;
      }
    },
    run() {
      if (running === undefined && isBehind) running = work();
      return running ?? Promise.resolve();
    },
  };
}
