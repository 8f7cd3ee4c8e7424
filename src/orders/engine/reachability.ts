import type { Timestamp } from '../domain/request.js';
import {
  BoardUnreachable,
  type Carrier,
  CarrierError,
  type Clock,
  type Log,
  type OrderBoard,
} from '../ports.js';

/** Whether this instance reaches one of its neighbours, as far as its own attempts tell. */
export interface Reachability {
  reached(): void;
  missed(): void;
  /** Since when nothing but failures came; undefined while all is well, and when nothing was tried lately. */
  lostSince(): Timestamp | undefined;
  /** Nothing has failed since it was last reached. */
  isWell(): boolean;
}

/** A single order may have a trouble of its own. */
const MISSES = 3;
/** What failed so long ago says nothing about now. */
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
    isWell: () => misses === 0,
  };
}

async function noting<T>(
  touch: Reachability,
  isMiss: (error: unknown) => boolean,
  act: () => Promise<T>,
): Promise<T> {
  try {
    const answer = await act();
    touch.reached();
    return answer;
  } catch (error) {
    if (isMiss(error)) touch.missed();
    throw error;
  }
}

/** The same carrier; how its answers about open orders come in is noted. */
export function observeCarrier<C extends Pick<Carrier, 'report' | 'listOrders'>>(
  carrier: C,
  touch: Reachability,
): C {
  const isMiss = (error: unknown) => error instanceof CarrierError && error.trouble === 'unreachable';
  return {
    ...carrier,
    report: (kind, id) => noting(touch, isMiss, () => carrier.report(kind, id)),
    listOrders: (kind, from) => noting(touch, isMiss, () => carrier.listOrders(kind, from)),
  };
}

/** The same board; whether anything can be posted is noted. */
export function observeBoard(board: OrderBoard, touch: Reachability): OrderBoard {
  const isMiss = (error: unknown) => !(error instanceof BoardUnreachable);
  return {
    ...board,
    show: (order) => noting(touch, isMiss, () => board.show(order)),
    tell: (order, kind) => noting(touch, isMiss, () => board.tell(order, kind)),
  };
}

/** Out of touch for so long, an instance hands over; each time in one outage only after twice as long. */
const PATIENCE_MS = { first: 60_000, longest: 15 * 60_000 };
/** Long enough for another to find the work free, and short enough where there is none. */
const STANDS_ASIDE_MS = 20_000;

/** When the one instance that does something for all is to leave it to another. */
export interface LeadershipHandover {
  /** False for a while after it has handed over. */
  mayTake(): boolean;
  took(): void;
  /** Asked of the one that has it. */
  isDue(): boolean;
}

/**
 * One that has lost a neighbour would keep the work for good, while other instances are well. Where it is the neighbour
 * that is away, another is no better off; so the work changes hands ever more rarely until it is back.
 */
export function makeLeadershipHandover(deps: {
  neighbours: Readonly<Record<string, Reachability>>;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'warn'>;
}): LeadershipHandover {
  const { neighbours, clock, log } = deps;
  let patience = PATIENCE_MS.first;
  let tookAt = 0;
  let asideUntil = 0;

  return {
    mayTake() {
      const now = clock.now();
      // Where the clock has been set back, nobody stands aside for longer.
      return asideUntil <= now || asideUntil > now + STANDS_ASIDE_MS;
    },
    took() {
      tookAt = clock.now();
    },
    isDue() {
      const now = clock.now();
      if (Object.values(neighbours).every((touch) => touch.isWell())) patience = PATIENCE_MS.first;
      const lost = Object.entries(neighbours).filter(([, touch]) => {
        const since = touch.lostSince();
        return since !== undefined && now - Math.max(since, tookAt) >= patience;
      });
      if (lost.length === 0) return false;
      log.warn(
        { lost: lost.map(([name]) => name) },
        'What the passes need cannot be reached from here; they are left to another instance for a while.',
      );
      patience = Math.min(2 * patience, PATIENCE_MS.longest);
      asideUntil = now + STANDS_ASIDE_MS;
      return true;
    },
  };
}
