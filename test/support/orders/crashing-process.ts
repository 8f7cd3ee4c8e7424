import type { Gate } from './orders-app.js';

/** A process that dies at its n-th step, as by kill -9: what it asked for then never returns to it. */
export interface CrashingProcess {
  readonly gate: Gate;
  /** How many steps it took: one before each outside call takes effect, one before its answer returns. */
  steps(): number;
  isDead(): boolean;
}

export function makeCrashingProcess(diesAtStep = Number.POSITIVE_INFINITY): CrashingProcess {
  let steps = 0;
  const lives = () => {
    steps += 1;
    return steps < diesAtStep;
  };
  const nothingEver = () => new Promise<never>(() => {});
  return {
    async gate(_call, go) {
      if (!lives()) return nothingEver();
      const answer = await go();
      return lives() ? answer : nothingEver();
    },
    steps: () => steps,
    isDead: () => steps >= diesAtStep,
  };
}
