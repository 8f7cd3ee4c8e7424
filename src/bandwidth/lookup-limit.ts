import type { Timestamp } from '../orders/domain/request.js';
import { CarrierError, type Clock } from '../orders/ports.js';
import { adviceFor } from './errors.js';

/** Who waits for the answer: a person, or nobody. */
export type Priority = 'interactive' | 'background';

/**
 * Bandwidth counts the look-ups of an account together: of orders and disconnects, in lists and alone, and of numbers.
 * Every one takes its turn here. What nobody waits for never makes them more than agreed on in any minute, and leaves
 * the last ones to people. A person is never kept waiting for a figure that is our own guess: only Bandwidth itself may
 * say that it had enough. No library has places for people, what other instances took by way of any database, and a
 * clock from outside, all in one.
 */
export interface LookupLimit {
  /** Resolves when one more may be asked. Throws CarrierError when that would take too long. */
  acquire(patience: Priority): Promise<void>;
  /** How many that nobody waits for would be let through now. */
  left(): number;
  readonly perMinute: number;
  /** Bandwidth has said that it had enough (429): nothing is asked before this time. */
  blockUntil(until: Timestamp): void;
  /** Ends all waiting. */
  close(): void;
}

/** What the other instances that share the account leave to this one. */
export interface LookupsElsewhere {
  /** How many that nobody waits for may be let through here now. */
  leaves(): number;
  /** They are to hear of a look-up of ours, */
  took(patience: Priority): void;
  /** and that Bandwidth said to us that it had enough. */
  refused(until: Timestamp): void;
}

const MINUTE = 60_000;
/** Nothing waits for longer: by then every turn of a minute ago is free again. */
const LONGEST_WAIT_MS = MINUTE + 5_000;
/** One look-up in so many is kept for people. */
const KEPT_OF = 15;
/** What the others leave changes without our doing. */
const LOOK_AGAIN_MS = 1_000;
/** As Bandwidth's resets come within minutes, one further off than this was said by a clock that is wrong. */
const LONGEST_RESET_MS = 60 * MINUTE;

interface Waiting {
  readonly patience: Priority;
  readonly go: () => void;
  readonly giveUp: (error: CarrierError) => void;
  readonly until: Timestamp;
}

/** How many look-ups a minute nobody waits for. */
export const backgroundShare = (perMinute: number) => Math.max(1, perMinute - Math.ceil(perMinute / KEPT_OF));

/** Those of the last minute. Where the clock has been set back, what lies ahead of it counts from now on. */
export const ofLastMinute = (times: readonly Timestamp[], now: Timestamp): Timestamp[] =>
  times.map((at) => Math.min(at, now)).filter((at) => at > now - MINUTE);

/** As late as a time may be that Bandwidth has named. */
export const believable = (until: Timestamp, now: Timestamp): Timestamp =>
  until > now + LONGEST_RESET_MS ? 0 : until;

export function makeLookupLimit(deps: {
  perMinute: number;
  clock: Clock;
  /** Left out where there are no others. */
  elsewhere?: LookupsElsewhere | undefined;
}): LookupLimit {
  const { perMinute, clock, elsewhere } = deps;
  const most = { interactive: Number.POSITIVE_INFINITY, background: backgroundShare(perMinute) };
  /** When each look-up of the last minute was let through, oldest first. */
  let taken: Timestamp[] = [];
  let enoughUntil = 0;
  let waiting: Waiting[] = [];
  let alarm: (() => void) | undefined;

  function room(patience: Priority): number {
    const now = clock.now();
    enoughUntil = believable(enoughUntil, now);
    if (enoughUntil > now) return 0;
    taken = ofLastMinute(taken, now);
    return Math.min(most[patience] - taken.length, leftElsewhere(patience));
  }

  const leftElsewhere = (patience: Priority): number =>
    patience === 'interactive' || elsewhere === undefined ? Number.POSITIVE_INFINITY : elsewhere.leaves();

  function take(patience: Priority): void {
    taken.push(clock.now());
    elsewhere?.took(patience);
  }

  /** When the next place is free for this one, if nobody else takes it. */
  function freeAt(patience: Priority): Timestamp {
    const now = clock.now();
    const over = taken.length - most[patience];
    const spare = over < 0 ? undefined : taken[over];
    const othersFirst = leftElsewhere(patience) < 1 ? LOOK_AGAIN_MS : 1;
    return Math.max(enoughUntil, spare === undefined ? now : spare + MINUTE, now + othersFirst);
  }

  function serve(): void {
    alarm?.();
    alarm = undefined;
    const now = clock.now();
    for (const each of waiting.filter(({ until }) => until <= now))
      each.giveUp(tooMany(freeAt(each.patience)));
    waiting = waiting.filter(({ until }) => until > now);
    // Whoever has somebody waiting comes first, else who came first.
    for (const patience of ['interactive', 'background'] as const) {
      for (const each of waiting.filter((one) => one.patience === patience)) {
        if (room(patience) < 1) break;
        take(patience);
        waiting = waiting.filter((one) => one !== each);
        each.go();
      }
    }
    const next = Math.min(...waiting.map(({ patience, until }) => Math.min(freeAt(patience), until)));
    if (waiting.length > 0) alarm = clock.wakeAt(next, serve);
  }

  function tooMany(retryAt: Timestamp): CarrierError {
    return new CarrierError('throttled', 'no look-up is left in this minute', {
      advice: adviceFor('throttled', '', undefined, retryAt - clock.now()),
      retryAt,
    });
  }

  return {
    perMinute,
    acquire(patience) {
      if (waiting.length === 0 && room(patience) > 0) {
        take(patience);
        return Promise.resolve();
      }
      return new Promise((go, giveUp) => {
        waiting.push({ patience, go, giveUp, until: clock.now() + LONGEST_WAIT_MS });
        serve();
      });
    },
    left: () => Math.max(0, room('background') - waiting.length),
    blockUntil(until) {
      enoughUntil = Math.max(enoughUntil, until);
      elsewhere?.refused(until);
    },
    close() {
      alarm?.();
      const now = clock.now();
      for (const { giveUp } of waiting) giveUp(tooMany(now));
      waiting = [];
    },
  };
}
