import { allQuiet } from './manual-clock.js';
import type { Gate } from './orders-app.js';

/** Holds every call of a process twice, before it takes effect and before its answer returns, until it is released. */
export interface HeldCalls {
  readonly gate: Gate;
  /** Releases one of the waiting calls: the `pick`-th, counted modulo their number. */
  letOn(pick: number): Promise<void>;
  /** Releases everything, from now on. */
  open(): void;
  /** The process is dead: no call that waits or arrives is ever released. */
  close(): void;
}

export function makeHeldCalls(): HeldCalls {
  let waiting: (() => void)[] = [];
  let state: 'holding' | 'open' | 'closed' = 'holding';

  const turn = (): Promise<void> | undefined =>
    state === 'open'
      ? undefined
      : new Promise((resolve) => {
          if (state === 'holding') waiting.push(resolve);
        });

  return {
    async gate(_call, go) {
      await turn();
      try {
        return await go();
      } finally {
        await turn();
      }
    },
    async letOn(pick) {
      const [next] = waiting.splice(pick % Math.max(waiting.length, 1), 1);
      next?.();
      await allQuiet();
    },
    open() {
      state = 'open';
      for (const next of waiting) next();
      waiting = [];
    },
    close() {
      state = 'closed';
      waiting = [];
    },
  };
}
