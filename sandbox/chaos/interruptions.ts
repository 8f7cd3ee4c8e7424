import type { Plan } from './plan.js';
import type { Trouble } from './trouble.js';

/**
 * Kills the app and starts troubles when the plan says so. Call `happens` for everything that passes between the app
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
  const surprises = [...plan.surprises].sort((one, other) => one.afterEvents - other.afterEvents);
  let ended = false;
  let kills = 0;
  let events = 0;
  let eventsOfProcess = 0;
  let lastEventAt = Date.now();
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
    if (surprise === undefined || events < surprise.afterEvents) return;
    surprises.shift();
    happened.push(`— ${surprise.trouble.name} —`);
    setImmediate(() => begin(surprise.trouble));
  }

  /** Returns true when the app was killed at this moment. */
  function cut(what: string, nth: number): boolean {
    const [next] = cutsLeft;
    if (next === undefined) return false;
    const due = 'when' in next ? next.when === what && next.nth === nth : eventsOfProcess >= next.afterEvents;
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
      events += 1;
      lastEventAt = Date.now();
      eventsOfProcess += 1;
      beginSurprise();
      return cut(what, nth) && isCutLost;
    },

    /** A process of the app has started. */
    started(): void {
      eventsOfProcess = 0;
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
    get lastEventAt(): number {
      return lastEventAt;
    },
    /** When the app was last killed or disturbed. */
    get disturbedAt(): number {
      return disturbedAt;
    },
  };
}
