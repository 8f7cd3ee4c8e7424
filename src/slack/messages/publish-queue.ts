import type { Timestamp } from '../../orders/domain/request.js';
import type { Clock } from '../../orders/ports/clock.js';

/** How one publish ended. `failed` is worth another try, `refused` isn't. */
export type Published = 'sent' | 'unchanged' | 'failed' | 'refused';

/**
 * When to publish whose Home tab. One publish is under way per person, and whatever changes meanwhile is in the next.
 */
export interface PublishQueue {
  /** Publishes at once, for a person who is waiting; if that fails, also {@link later}. Never rejects. */
  now(userId: string): Promise<Published>;
  /** Publishes when it is this person's turn: at most every 30 seconds each, and one a second for all. */
  later(userId: string): void;
  /** Publishes nothing until then, because Slack said so. */
  pauseUntil(at: Timestamp): void;
  /** Starts nothing new, and resolves when what was under way has ended. */
  stop(): Promise<void>;
}

export const PACE = {
  /** Background publishes for one person. */
  eachMs: 30_000,
  /** Background publishes for everyone. */
  allMs: 1_000,
  /** How many people can be served at once before they, too, wait for one a second. */
  burst: 30,
  /** How long a person waits before they are told otherwise. */
  patienceMs: 3_000,
};

export function makePublishQueue(deps: {
  /**
   * @param slot resolves with true when Slack may be called, and with false if that would take too long. To be called
   *   only if there is something to send.
   */
  readonly publish: (userId: string, slot: () => Promise<boolean>) => Promise<Published>;
  /**
   * Asks whether other instances leave room for a background publish; returns when to ask again, undefined if they do.
   * Absent if there are none. Never rejects.
   */
  readonly roomFor?: ((userId: string) => Promise<Timestamp | undefined>) | undefined;
  readonly clock: Clock;
}): PublishQueue {
  const { publish, roomFor, clock } = deps;
  const running = new Map<string, { readonly ends: Promise<Published>; again?: Promise<Published> }>();
  /** Who waits for a background publish, and when each was published for last. */
  const waiting = new Set<string>();
  const publishedAt = new Map<string, Timestamp>();
  const slots = makeSlots(clock);
  let lastAt: Timestamp = Number.NEGATIVE_INFINITY;
  let cancelTimer: (() => void) | undefined;
  let stopped = false;

  function begin(userId: string): Promise<Published> {
    if (stopped) return Promise.resolve('refused');
    waiting.delete(userId);
    const ends = publish(userId, slots.take)
      .catch((): Published => 'refused')
      .then((published) => {
        if (published === 'sent' || published === 'failed') {
          lastAt = clock.now();
          publishedAt.set(userId, lastAt);
        }
        if (published === 'failed') later(userId);
        if (running.get(userId)?.again === undefined) running.delete(userId);
        return published;
      });
    running.set(userId, { ends });
    return ends;
  }

  function now(userId: string): Promise<Published> {
    const run = running.get(userId);
    if (run === undefined) return begin(userId);
    run.again ??= run.ends.then(() => begin(userId));
    return run.again;
  }

  const turnOf = (userId: string): Timestamp =>
    (publishedAt.get(userId) ?? Number.NEGATIVE_INFINITY) + PACE.eachMs;

  /** Sets the timer for the person whose turn comes first. */
  function plan(): void {
    cancelTimer?.();
    cancelTimer = undefined;
    const [next] = [...waiting].sort((one, other) => turnOf(one) - turnOf(other));
    if (next === undefined || stopped) return;
    const at = Math.max(turnOf(next), lastAt + PACE.allMs, slots.spareAt(), clock.now());
    cancelTimer = clock.wakeAt(at, () => {
      cancelTimer = undefined;
      // Reading for someone whose Home tab turns out to be unchanged also takes its turn.
      lastAt = clock.now();
      publishedAt.set(next, lastAt);
      void (roomFor === undefined ? now(next) : ifThereIsRoom(next, roomFor)).then(plan);
      plan();
    });
  }

  async function ifThereIsRoom(userId: string, askFor: NonNullable<typeof roomFor>): Promise<void> {
    waiting.delete(userId);
    const askAgainAt = await askFor(userId);
    if (askAgainAt === undefined) await now(userId);
    else {
      publishedAt.set(userId, askAgainAt - PACE.eachMs);
      waiting.add(userId);
    }
  }

  function later(userId: string): void {
    if (stopped) return;
    waiting.add(userId);
    plan();
  }

  return {
    now,
    later,
    pauseUntil: slots.pauseUntil,
    async stop() {
      stopped = true;
      cancelTimer?.();
      slots.stop();
      while (running.size > 0) {
        await Promise.all([...running.values()].map(({ ends, again }) => again ?? ends));
      }
    },
  };
}

/** Calls of Slack: a burst, then one a second. Background publishes leave half of the burst to people. */
function makeSlots(clock: Clock) {
  /** Below zero while people wait for slots that they have taken already. */
  let left = PACE.burst;
  let countedAt = clock.now();
  let pausedUntil: Timestamp = Number.NEGATIVE_INFINITY;
  let stopped = false;
  const waits = new Set<() => void>();

  /** When there will be this many slots. */
  function whenLeft(count: number): Timestamp {
    const now = clock.now();
    left = Math.min(PACE.burst, left + Math.max(0, now - countedAt) / PACE.allMs);
    countedAt = now;
    return Math.max(pausedUntil, now + Math.max(0, count - left) * PACE.allMs);
  }

  function until(at: Timestamp): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        cancel();
        waits.delete(end);
        resolve();
      };
      const cancel = clock.wakeAt(at, end);
      waits.add(end);
    });
  }

  return {
    async take(): Promise<boolean> {
      const at = whenLeft(1);
      if (stopped || at - clock.now() > PACE.patienceMs) return false;
      left -= 1;
      if (at > clock.now()) await until(at);
      return !stopped;
    },
    spareAt: () => whenLeft(PACE.burst / 2),
    pauseUntil(at: Timestamp): void {
      pausedUntil = at;
    },
    stop(): void {
      stopped = true;
      for (const end of [...waits]) end();
    },
  };
}
