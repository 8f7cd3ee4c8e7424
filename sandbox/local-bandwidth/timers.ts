/** Timers that can all be canceled at once. `ms` of 'manual' never fires by itself. */
export interface Timers {
  after(ms: number | 'manual', act: () => void): () => void;
  clear(): void;
}

export function makeTimers(): Timers {
  const running = new Set<NodeJS.Timeout>();
  return {
    after(ms, act) {
      if (ms === 'manual') return () => {};
      const timer = setTimeout(() => {
        running.delete(timer);
        act();
      }, ms);
      running.add(timer);
      return () => {
        clearTimeout(timer);
        running.delete(timer);
      };
    },
    clear() {
      for (const timer of running) clearTimeout(timer);
      running.clear();
    },
  };
}
