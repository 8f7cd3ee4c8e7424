import type { Timestamp } from '../orders/domain/request.js';
import { CarrierError } from '../orders/ports/carrier.js';
import type { Clock } from '../orders/ports/clock.js';
import type { Measurements } from '../orders/ports/measurements.js';
import { adviceFor } from './errors.js';

/** `interactive` when a person waits for the answer. */
export type Priority = 'interactive' | 'background';

/**
 * Limits lookups, which Bandwidth counts together for an account: orders, disconnects and numbers, in lists and
 * individually. Background lookups stay within the configured limit per minute and leave the last ones to people.
 * Interactive lookups are never delayed by that limit, which is our own guess; only a 429 from Bandwidth stops them.
 * This is custom because no library combines priorities, usage shared through any database and an injected clock.
 */
export interface LookupLimit {
  /** Resolves when one lookup may be sent. Throws CarrierError when that would take too long. */
  acquire(priority: Priority): Promise<void>;
  /** Returns how many background lookups may be sent now. */
  left(): number;
  readonly perMinute: number;
  /** Blocks all lookups until this time, after Bandwidth answered with a 429. */
  blockUntil(until: Timestamp): void;
  /** Rejects everything that waits. */
  close(): void;
}

/** The part of the limit that other instances on the account leave to this one. */
export interface SharedQuota {
  /** Returns how many background lookups this instance may send now. */
  leaves(): number;
  /** Records a lookup for the other instances to see. */
  took(priority: Priority): void;
  /** Tells the other instances about a 429. */
  refused(until: Timestamp): void;
}

const MINUTE = 60_000;
/** The longest wait in milliseconds. After a minute every slot is free again. */
const MAX_WAIT_MS = MINUTE + 5_000;
/** One lookup in this many is reserved for people. */
const KEPT_OF = 15;
/** How often to check what other instances leave, in milliseconds. */
const LOOK_AGAIN_MS = 1_000;
/** Bandwidth's resets are minutes away. A later one comes from a wrong clock. */
const MAX_RESET_MS = 60 * MINUTE;

interface Waiting {
  readonly priority: Priority;
  readonly go: () => void;
  readonly giveUp: (error: CarrierError) => void;
  readonly until: Timestamp;
}

/** Returns how many background lookups are allowed per minute. */
export const backgroundShare = (perMinute: number) => Math.max(1, perMinute - Math.ceil(perMinute / KEPT_OF));

/** Returns the times within the last minute. After the clock was set back, times in the future count from now. */
export const ofLastMinute = (times: readonly Timestamp[], now: Timestamp): Timestamp[] =>
  times.map((at) => Math.min(at, now)).filter((at) => at > now - MINUTE);

/** Caps a time that Bandwidth named. */
export const believable = (until: Timestamp, now: Timestamp): Timestamp =>
  until > now + MAX_RESET_MS ? 0 : until;

export function makeLookupLimit(deps: {
  perMinute: number;
  clock: Clock;
  /** Absent when there are no other instances. */
  sharedQuota?: SharedQuota | undefined;
  measure?: Pick<Measurements, 'lookupSent'>;
}): LookupLimit {
  const { perMinute, clock, sharedQuota, measure } = deps;
  const most = { interactive: Number.POSITIVE_INFINITY, background: backgroundShare(perMinute) };
  /** When each lookup of the last minute was sent, oldest first. */
  let taken: Timestamp[] = [];
  let enoughUntil = 0;
  let waiting: Waiting[] = [];
  let cancelTimer: (() => void) | undefined;

  function room(priority: Priority): number {
    const now = clock.now();
    enoughUntil = believable(enoughUntil, now);
    if (enoughUntil > now) return 0;
    taken = ofLastMinute(taken, now);
    return Math.min(most[priority] - taken.length, leftByOthers(priority));
  }

  const leftByOthers = (priority: Priority): number =>
    priority === 'interactive' || sharedQuota === undefined ? Number.POSITIVE_INFINITY : sharedQuota.leaves();

  function take(priority: Priority): void {
    taken.push(clock.now());
    sharedQuota?.took(priority);
    measure?.lookupSent(priority);
  }

  /** Returns when the next slot is free at this priority if nothing else takes it. */
  function freeAt(priority: Priority): Timestamp {
    const now = clock.now();
    const over = taken.length - most[priority];
    const spare = over < 0 ? undefined : taken[over];
    const othersFirst = leftByOthers(priority) < 1 ? LOOK_AGAIN_MS : 1;
    return Math.max(enoughUntil, spare === undefined ? now : spare + MINUTE, now + othersFirst);
  }

  function serve(): void {
    cancelTimer?.();
    cancelTimer = undefined;
    const now = clock.now();
    for (const each of waiting.filter(({ until }) => until <= now))
      each.giveUp(tooMany(freeAt(each.priority)));
    waiting = waiting.filter(({ until }) => until > now);
    // Interactive lookups go first, then first come, first served.
    for (const priority of ['interactive', 'background'] as const) {
      for (const each of waiting.filter((one) => one.priority === priority)) {
        if (room(priority) < 1) break;
        take(priority);
        waiting = waiting.filter((one) => one !== each);
        each.go();
      }
    }
    const next = Math.min(...waiting.map(({ priority, until }) => Math.min(freeAt(priority), until)));
    if (waiting.length > 0) cancelTimer = clock.wakeAt(next, serve);
  }

  function tooMany(retryAt: Timestamp): CarrierError {
    return new CarrierError('throttled', 'no lookups left in this minute', {
      advice: adviceFor('throttled', '', undefined, retryAt - clock.now()),
      retryAt,
    });
  }

  return {
    perMinute,
    acquire(priority) {
      if (waiting.length === 0 && room(priority) > 0) {
        take(priority);
        return Promise.resolve();
      }
      return new Promise((go, giveUp) => {
        waiting.push({ priority, go, giveUp, until: clock.now() + MAX_WAIT_MS });
        serve();
      });
    },
    left: () => Math.max(0, room('background') - waiting.length),
    blockUntil(until) {
      enoughUntil = Math.max(enoughUntil, until);
      sharedQuota?.refused(until);
    },
    close() {
      cancelTimer?.();
      const now = clock.now();
      for (const { giveUp } of waiting) giveUp(tooMany(now));
      waiting = [];
    },
  };
}
