import type { PhoneNumber } from '../domain/phone-number.js';
import type { Timestamp } from '../domain/request.js';
import type {
  InventoryIndex,
  InventorySource,
  InventoryStore,
  InventoryTotals,
  NumberVerdict,
  WalkPosition,
} from '../inventory-ports.js';
import { CarrierError, type Clock, type Log, StoreError } from '../ports.js';
import { type BoughtBy, mergeWalk } from './merge-walk.js';
import { walkOn } from './walk.js';
import { beginWalk } from './walk-position.js';
import { WalkIncomplete } from './walked-ranges.js';

/** Reads the account's numbers whenever they may have changed. */
export interface InventoryKeeper {
  /** Starts what is due without waiting for it. Call it every few seconds, from the leader only. Never throws. */
  ask(): void;
  /** Somebody is waiting for the first walk, so it starts at once. */
  hurry(): void;
  /** Ends the walk in progress; another process, or the next start, continues it. */
  stop(): Promise<void>;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** After a start, orders are looked up first. */
const FIRST_AFTER_MS = MINUTE;
const CHECK_EVERY_MS = HOUR;
/** 8 AM in UTC is night in all of North America. */
const NIGHT_AT_MS = 8 * HOUR;
const CALLS_APART_MS = SECOND;
/** The largest part of a minute's lookups that a walk uses. The rest is left to orders. */
const PART_OF_LOOKUPS = 0.5;
const LOOK_AGAIN_MS = 5 * SECOND;
const WAIT_AFTER_429_MS = MINUTE;
const LONGEST_WAIT_MS = 10 * MINUTE;
/** Waits after a failed call. After the last one, the walk rests. */
const RETRY_AFTER_MS = [5 * SECOND, 30 * SECOND];
const REST_MS = 5 * MINUTE;
/** What was read longer ago than this is read again. */
const LONGEST_WALK_MS = 6 * HOUR;
/** The limit of one question about numbers (error 15607). */
const NUMBERS_A_QUESTION = 2_500;
/** How many numbers are looked up one by one, where that is the only way. The others stay on record. */
const ONE_BY_ONE = 100;

/** Ends a run: the app stops, or another instance continues. */
class Interrupted extends Error {}

export function makeInventoryKeeper(deps: {
  source: InventorySource;
  store: InventoryStore;
  /** Held while a check or a walk is in progress. */
  lease: { whose(): Promise<'ours' | 'just begun' | 'taken'>; end(): Promise<void> };
  boughtBy?: BoughtBy | undefined;
  clock: Clock;
  log: Log;
}): InventoryKeeper {
  const { source, store, lease, clock, log } = deps;
  let nextAt = clock.now() + FIRST_AFTER_MS;
  let calledAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;
  let stopped = false;
  let wake = () => {};

  /** Resolves at that time, or as soon as the app stops. */
  const until = (at: Timestamp): Promise<void> =>
    new Promise((resolve) => {
      const cancel = clock.wakeAt(at, resolve);
      wake = () => {
        cancel();
        resolve();
      };
      if (stopped) wake();
    });

  /** Waits until a call doesn't hold up any others. */
  const turn = async () => {
    for (;;) {
      if (stopped) throw new Interrupted();
      const { left, perMinute } = source.lookups();
      const now = clock.now();
      const nextCallAt = calledAt + Math.max(CALLS_APART_MS, MINUTE / (perMinute * PART_OF_LOOKUPS));
      if (now < nextCallAt) await until(nextCallAt);
      // An idle instance that shares the limit with others has few lookups at first, and gets more as it uses them.
      else if (left < 1) await until(now + LOOK_AGAIN_MS);
      else break;
    }
    if ((await lease.whose()) !== 'ours') throw new Interrupted();
    calledAt = clock.now();
  };

  /** Makes one call when it doesn't hold up others, and repeats it where that helps. Throws CarrierError. */
  const call = async <Result>(make: () => Promise<Result>): Promise<Result> => {
    for (let failures = 0; ; ) {
      await turn();
      try {
        return await make();
      } catch (error) {
        if (!(error instanceof CarrierError)) throw error;
        if (stopped) throw new Interrupted();
        const wait = error.trouble === 'throttled' ? 0 : RETRY_AFTER_MS[failures];
        if (wait === undefined || error.trouble === 'forbidden') throw error;
        const now = clock.now();
        log.info({ err: error }, 'inventory call failed, will retry');
        if (error.trouble === 'throttled') {
          const retryAt = error.retryAt ?? now + WAIT_AFTER_429_MS;
          await until(Math.min(Math.max(retryAt, now + SECOND), now + LONGEST_WAIT_MS));
        } else {
          failures += 1;
          await until(now + wait);
        }
      }
    }
  };

  const totals = async (): Promise<InventoryTotals> => {
    const total = async (of: keyof InventoryTotals) => {
      try {
        return await call(() => source.total(of));
      } catch (error) {
        if (!(error instanceof CarrierError)) throw error;
        log.warn({ err: error, of }, 'total of the inventory not known');
        return undefined;
      }
    };
    const inService = await total('inService');
    const disconnected = await total('disconnected');
    return {
      ...(inService === undefined ? {} : { inService }),
      ...(disconnected === undefined ? {} : { disconnected }),
    };
  };

  /** Undefined if nothing has changed. */
  const begin = async (): Promise<WalkPosition | undefined> => {
    const index = await store.index();
    const startedAt = clock.now();
    const counted = await totals();
    const why = reasonToWalk(index, counted, startedAt);
    if (why === undefined) return undefined;
    const position = beginWalk(startedAt, counted);
    if (!(await store.replacePosition(undefined, position))) throw new Interrupted();
    log.info({ why, ...counted }, 'inventory walk started');
    return position;
  };

  /** Returns the walk that another process began, unless it is too old. */
  const unfinished = async (): Promise<WalkPosition | undefined> => {
    const position = await store.position();
    if (position === undefined || clock.now() < position.startedAt + LONGEST_WALK_MS) return position;
    await discard(position);
    return undefined;
  };

  /** Discards a walk, so that the next one reads everything again. */
  const discard = async (position: WalkPosition): Promise<void> => {
    if (await store.replacePosition(position, undefined)) await store.removeChunks(chunksOf(position));
  };

  const judgeOneByOne = async (numbers: readonly PhoneNumber[]) => {
    const verdicts = new Map<PhoneNumber, NumberVerdict>();
    for (const number of numbers.slice(0, ONE_BY_ONE)) {
      const isInService = await call(() => source.isInService(number));
      verdicts.set(
        number,
        isInService ? { verdict: 'in-service', number: { number } } : { verdict: 'not-ours' },
      );
    }
    return verdicts;
  };

  const judge = async (
    { missingRoles }: WalkPosition,
    numbers: readonly PhoneNumber[],
  ): Promise<ReadonlyMap<PhoneNumber, NumberVerdict>> => {
    try {
      if (missingRoles.includes('in-service-numbers')) return new Map();
      if (missingRoles.includes('numbers')) return await judgeOneByOne(numbers);
      const verdicts = new Map<PhoneNumber, NumberVerdict>();
      for (let from = 0; from < numbers.length; from += NUMBERS_A_QUESTION) {
        const some = numbers.slice(from, from + NUMBERS_A_QUESTION);
        for (const [number, verdict] of await call(() => source.judge(some))) verdicts.set(number, verdict);
      }
      return verdicts;
    } catch (error) {
      if (!(error instanceof CarrierError) || error.trouble !== 'forbidden') throw error;
      return new Map();
    }
  };

  const walk = async (begun: WalkPosition): Promise<void> => {
    let position = begun;
    let merged: Awaited<ReturnType<typeof mergeWalk>>;
    const moveTo = async (next: WalkPosition) => {
      if (!(await store.replacePosition(position, next))) throw new Interrupted();
      position = next;
    };
    try {
      while (position.stage !== 'nothing') {
        const here = position;
        await moveTo(await call(() => walkOn(here, { source, store })));
      }
      merged = await mergeWalk(position, { ...deps, judge: (numbers) => judge(position, numbers) });
    } catch (error) {
      if (error instanceof CarrierError) await moveTo({ ...position, trouble: error.advice });
      if (error instanceof WalkIncomplete) await discard(position);
      throw error;
    }
    if (!(await store.replacePosition(position, undefined))) return;
    const { unread, missingRoles } = position;
    log.info({ ...merged, unread, missingRoles }, 'inventory walked');
    await store.removeChunks(chunksOf(position));
    const index = await store.index();
    await store.removeAllBut(
      new Set([
        ...(index?.chunks ?? []).map(({ id }) => id),
        ...(index?.removed ?? []).map(({ chunkId }) => chunkId),
      ]),
    );
  };

  const run = async (): Promise<void> => {
    try {
      if ((await lease.whose()) === 'taken') {
        nextAt = clock.now() + MINUTE;
        return;
      }
      const checkedAt = clock.now();
      const position = (await unfinished()) ?? (await begin());
      if (position !== undefined) await walk(position);
      // What changed during the walk may have been missed.
      nextAt = nextCheckAt(position?.startedAt ?? checkedAt);
    } catch (error) {
      if (error instanceof Interrupted) {
        nextAt = clock.now() + MINUTE;
        return;
      }
      const expected = error instanceof CarrierError || error instanceof StoreError;
      log[expected ? 'warn' : 'error']({ err: error }, 'inventory walk interrupted, will continue');
      nextAt = clock.now() + (error instanceof StoreError ? MINUTE : REST_MS);
    } finally {
      await lease.end();
    }
  };

  return {
    ask() {
      if (stopped || running !== undefined || clock.now() < nextAt) return;
      running = run().finally(() => {
        running = undefined;
      });
    },
    hurry() {
      if (running === undefined) nextAt = Math.min(nextAt, clock.now());
    },
    async stop() {
      stopped = true;
      wake();
      await running;
    },
  };
}

const chunksOf = ({ numberChunks, locationChunks }: WalkPosition): readonly string[] => [
  ...numberChunks,
  ...locationChunks,
];

/** Undefined if the inventory on record is as good as a new one. */
function reasonToWalk(
  index: InventoryIndex | undefined,
  now: InventoryTotals,
  at: Timestamp,
): 'first' | 'nightly' | 'changed' | undefined {
  if (index?.asOf === undefined) return 'first';
  if (index.asOf < lastNight(at)) return 'nightly';
  const differ = (of: keyof InventoryTotals) =>
    now[of] !== undefined && index.totals[of] !== undefined && now[of] !== index.totals[of];
  return differ('inService') || differ('disconnected') ? 'changed' : undefined;
}

/** When the last nightly walk was due. */
const lastNight = (at: Timestamp): Timestamp => Math.floor((at - NIGHT_AT_MS) / DAY) * DAY + NIGHT_AT_MS;

const nextCheckAt = (at: Timestamp): Timestamp => Math.min(at + CHECK_EVERY_MS, lastNight(at) + DAY);
