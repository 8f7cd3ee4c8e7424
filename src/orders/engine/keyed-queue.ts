/** Runs work one at a time per key. Requests that arrive during a run share one more run after it. */
export interface KeyedQueue {
  /** Resolves when a run that began after this call has ended. Never rejects. */
  enqueue(key: string): Promise<void>;
  /** Resolves when nothing is running. */
  idle(): Promise<void>;
}

/** @param run should handle its own errors; one that escapes goes to `onError` and ends only that run. */
export function makeKeyedQueue(
  run: (key: string) => Promise<void>,
  onError: (key: string, error: unknown) => void,
): KeyedQueue {
  const running = new Map<string, { again: Promise<void> | undefined; current: Promise<void> }>();

  const start = (key: string): Promise<void> => {
    const current = run(key)
      .catch((error: unknown) => onError(key, error))
      .then(() => {
        // If someone asked during the run, `again` is set and starts the next run itself.
        if (running.get(key)?.again === undefined) running.delete(key);
      });
    running.set(key, { again: undefined, current });
    return current;
  };

  return {
    enqueue(key) {
      const now = running.get(key);
      if (now === undefined) return start(key);
      now.again ??= now.current.then(() => start(key));
      return now.again;
    },
    async idle() {
      while (running.size > 0) {
        await Promise.all([...running.values()].map(({ again, current }) => again ?? current));
      }
    },
  };
}
