import type { Plan } from './plan.js';
import type { Trouble } from './trouble.js';

/**
 * Kills the app and starts troubles when the plan says so. Call `happens` for everything that crosses between the app
 * and its neighbors, or is written to its database.
 */
export function makeInterruptions(deps: {
  readonly plan: Pick<Plan, 'cuts' | 'surprises'>;
  readonly isAlive: () => boolean;
  readonly kill: () => void;
  readonly begin: (trouble: Trouble) => void;
  /** Whether what happens at the moment of a kill is lost. */
  readonly isCutLost: boolean;
}) {
  const { plan, isAlive, kill, begin, isCutLost } = deps;
  const happened: string[] = [];
  const times = new Map<string, number>();
  const cutsLeft = [...plan.cuts];
  const surprises = [...plan.surprises].sort((one, other) => one.afterCrossings - other.afterCrossings);
  let ended = false;
  let kills = 0;
  let crossings = 0;
  let crossingsOfProcess = 0;
  let crossedAt = Date.now();
  let disturbedAt = Date.now();

  function killNow(): void {
    if (ended || !isAlive()) return;
    happened.push('— killed —');
    kills += 1;
    disturbedAt = Date.now();
    kill();
  }

  function beginSurprise(): void {
    const [surprise] = surprises;
    if (surprise === undefined || crossings < surprise.afterCrossings) return;
    surprises.shift();
    happened.push(`— ${surprise.trouble.name} —`);
    setImmediate(() => begin(surprise.trouble));
  }

  /** Returns true when the app was killed at this moment. */
  function cut(what: string, nth: number): boolean {
    const [next] = cutsLeft;
    if (next === undefined) return false;
    const due =
      'when' in next ? next.when === what && next.nth === nth : crossingsOfProcess >= next.afterCrossings;
    if (!due) return false;
    cutsLeft.shift();
    if ('laterMs' in next && next.laterMs > 0) {
      setTimeout(killNow, next.laterMs);
      return false;
    }
    killNow();
    return true;
  }

  return {
    /** Everything that happened, in order. */
    happened: happened as readonly string[],

    /** Returns true when this is lost, because the app was killed at this moment. */
    happens(what: string): boolean {
      // Requests that a killed process had sent still arrive.
      if (ended || !isAlive()) return false;
      happened.push(what);
      const nth = (times.get(what) ?? 0) + 1;
      times.set(what, nth);
      crossings += 1;
      crossedAt = Date.now();
      crossingsOfProcess += 1;
      beginSurprise();
      return cut(what, nth) && isCutLost;
    },

    /** A process of the app has started. */
    started(): void {
      crossingsOfProcess = 0;
    },

    /** Something has changed that the app needs time to react to. */
    disturbed(): void {
      disturbedAt = Date.now();
    },

    /** Interrupts nothing from now on. */
    end(): void {
      ended = true;
    },

    get kills(): number {
      return kills;
    },
    /** When something last happened. */
    get crossedAt(): number {
      return crossedAt;
    },
    /** When the app was last killed or disturbed. */
    get disturbedAt(): number {
      return disturbedAt;
    },
  };
}
