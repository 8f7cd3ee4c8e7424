import type { Timestamp } from '../domain/request.js';
import { type Carrier, CarrierError } from '../ports/carrier.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import { BoardLimited, BoardUnreachable, type OrderBoard } from '../ports/order-board.js';

/** Whether this instance can reach one of its dependencies, as seen by its own attempts. */
export interface Reachability {
  reached(): void;
  missed(): void;
  /** Returns since when every attempt failed; undefined while all is well or nothing was tried lately. */
  lostSince(): Timestamp | undefined;
  /**
   * Returns since when attempts have been failing, even if only once; undefined if the last one succeeded or was long
   * ago.
   */
  failingSince(): Timestamp | undefined;
  /** Whether nothing has failed since the last success. */
  isWell(): boolean;
}

/** A single failure may be specific to one order. */
const MISSES = 3;
/** Older failures say nothing about the present. */
const LATELY_MS = 3 * 60_000;

export function makeReachability(clock: Pick<Clock, 'now'>): Reachability {
  let misses = 0;
  let since = 0;
  let last = 0;
  const isLately = () => Math.abs(clock.now() - last) < LATELY_MS;
  return {
    reached() {
      misses = 0;
    },
    missed() {
      if (misses === 0 || !isLately()) {
        misses = 0;
        since = clock.now();
      }
      misses += 1;
      last = clock.now();
    },
    lostSince: () => (misses >= MISSES && isLately() ? since : undefined),
    failingSince: () => (misses > 0 && isLately() ? since : undefined),
    isWell: () => misses === 0,
  };
}

async function noting<T>(
  reachability: Reachability,
  isMiss: (error: unknown) => boolean,
  act: () => Promise<T>,
): Promise<T> {
  try {
    const answer = await act();
    reachability.reached();
    return answer;
  } catch (error) {
    if (isMiss(error)) reachability.missed();
    throw error;
  }
}

/** Returns the same carrier, with the results of order lookups reported to `reachability`. */
export function observeCarrier<C extends Pick<Carrier, 'report' | 'listOrders'>>(
  carrier: C,
  reachability: Reachability,
): C {
  const isMiss = (error: unknown) => error instanceof CarrierError && error.trouble === 'unreachable';
  return {
    ...carrier,
    report: (kind, id) => noting(reachability, isMiss, () => carrier.report(kind, id)),
    listOrders: (kind, from) => noting(reachability, isMiss, () => carrier.listOrders(kind, from)),
  };
}

/** Returns the same board, with the results of posting reported to `reachability`. */
export function observeBoard(board: OrderBoard, reachability: Reachability): OrderBoard {
  const isMiss = (error: unknown) => !(error instanceof BoardUnreachable || error instanceof BoardLimited);
  return {
    ...board,
    show: (...given) => noting(reachability, isMiss, () => board.show(...given)),
    findCard: (...given) => noting(reachability, isMiss, () => board.findCard(...given)),
    tell: (order, kind, begunAt) => noting(reachability, isMiss, () => board.tell(order, kind, begunAt)),
    isAnnounced: (order, post) => noting(reachability, isMiss, () => board.isAnnounced(order, post)),
  };
}

/** Without contact for this long, an instance hands over; after each handover in the same outage, the time doubles. */
const PATIENCE_MS = { first: 60_000, longest: 15 * 60_000 };
/** Long enough for another instance to take over, and short if there is none. */
const STANDS_ASIDE_MS = 20_000;

/** Decides when the leader is to leave its work to another instance. */
export interface LeadershipHandover {
  /** False for a while after a handover. */
  mayTake(): boolean;
  took(): void;
  /** Whether the leader should hand over now. */
  isDue(): boolean;
}

/**
 * Without a handover, a leader that lost its connection would keep the work although other instances could do it. When
 * the dependency itself is down, no instance is better off, so the handovers become rarer until it is back.
 */
export function makeLeadershipHandover(deps: {
  dependencies: Readonly<Record<string, Reachability>>;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'warn'>;
}): LeadershipHandover {
  const { dependencies, clock, log } = deps;
  let patience = PATIENCE_MS.first;
  let tookAt = 0;
  let asideUntil = 0;

  return {
    mayTake() {
      const now = clock.now();
      // If the clock was set back, the pause must not become longer.
      return asideUntil <= now || asideUntil > now + STANDS_ASIDE_MS;
    },
    took() {
      tookAt = clock.now();
    },
    isDue() {
      const now = clock.now();
      if (Object.values(dependencies).every((reachability) => reachability.isWell()))
        patience = PATIENCE_MS.first;
      const lost = Object.entries(dependencies).filter(([, reachability]) => {
        const since = reachability.lostSince();
        return since !== undefined && now - Math.max(since, tookAt) >= patience;
      });
      if (lost.length === 0) return false;
      log.warn(
        { lost: lost.map(([name]) => name) },
        'slack or bandwidth unreachable, handing over the passes',
      );
      patience = Math.min(2 * patience, PATIENCE_MS.longest);
      asideUntil = now + STANDS_ASIDE_MS;
      return true;
    },
  };
}
