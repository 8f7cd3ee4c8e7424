import type { PhoneNumber } from '../domain/phone-number.js';
import type { Timestamp } from '../domain/request.js';
import { CarrierError } from '../ports/carrier.js';
import type { Clock } from '../ports/clock.js';
import type {
  InventorySource,
  InventoryStore,
  InventoryTotals,
  NumberVerdict,
  WalkPosition,
} from '../ports/inventory.js';
import type { Log } from '../ports/log.js';
import { type BoughtBy, mergeWalk } from './merge-walk.js';
import { Interrupted, type PacedCalls } from './paced-calls.js';
import { walkOn } from './walk.js';
import { beginWalk } from './walk-position.js';
import { reasonToWalk } from './walk-schedule.js';
import { WalkIncomplete } from './walked-ranges.js';

/**
 * Reads all numbers of the account, unless nothing has changed: continues the walk that is on record, or begins one.
 * Returns when the walk was begun; undefined if none was needed. Throws CarrierError, StoreError, WalkIncomplete and
 * Interrupted. What was read until then is on record.
 */
export type RunWalk = () => Promise<Timestamp | undefined>;

/** What was read longer ago than this is read again. */
const MAX_WALK_MS = 6 * 60 * 60_000;
/** The limit of one question about numbers (error 15607). */
const NUMBERS_A_QUESTION = 2_500;
/** How many numbers are looked up one by one, where that is the only way. The others stay on record. */
const ONE_BY_ONE = 100;

interface WalkDeps {
  readonly source: InventorySource;
  readonly store: InventoryStore;
  readonly boughtBy?: BoughtBy | undefined;
  readonly call: PacedCalls['call'];
  readonly clock: Clock;
  readonly log: Log;
}

export function makeRunWalk(deps: WalkDeps): RunWalk {
  const { source, store, call, clock, log } = deps;
  const totals = makeTotals(deps);
  const judge = makeJudge(deps);

  /** Returns undefined if nothing has changed. */
  async function begin(): Promise<WalkPosition | undefined> {
    const index = await store.index();
    const startedAt = clock.now();
    const counted = await totals();
    const why = reasonToWalk(index, counted, startedAt);
    if (why === undefined) return undefined;
    const position = beginWalk(startedAt, counted);
    if (!(await store.replacePosition(undefined, position))) throw new Interrupted();
    log.info({ why, ...counted }, 'inventory walk started');
    return position;
  }

  /** Returns the walk that another process began, unless it is too old. */
  async function unfinished(): Promise<WalkPosition | undefined> {
    const position = await store.position();
    if (position === undefined || clock.now() < position.startedAt + MAX_WALK_MS) return position;
    await discard(position);
    return undefined;
  }

  /** Discards a walk, so that the next one reads everything again. */
  async function discard(position: WalkPosition): Promise<void> {
    if (await store.replacePosition(position, undefined)) await store.removeChunks(chunksOf(position));
  }

  async function finish(begun: WalkPosition): Promise<void> {
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
  }

  return async () => {
    const position = (await unfinished()) ?? (await begin());
    if (position !== undefined) await finish(position);
    return position?.startedAt;
  };
}

/** Asks how many numbers the account has; a total that Bandwidth doesn't give is left out. */
function makeTotals({ source, call, log }: WalkDeps): () => Promise<InventoryTotals> {
  const total = async (of: keyof InventoryTotals) => {
    try {
      return await call(() => source.total(of));
    } catch (error) {
      if (!(error instanceof CarrierError)) throw error;
      log.warn({ err: error, of }, 'total of the inventory not known');
      return undefined;
    }
  };
  return async () => {
    const inService = await total('inService');
    const disconnected = await total('disconnected');
    return {
      ...(inService === undefined ? {} : { inService }),
      ...(disconnected === undefined ? {} : { disconnected }),
    };
  };
}

type Verdicts = ReadonlyMap<PhoneNumber, NumberVerdict>;

/** Asks about numbers that the walk didn't find, in the way that the user's roles at Bandwidth allow. */
function makeJudge({ source, call }: WalkDeps) {
  async function judgeOneByOne(numbers: readonly PhoneNumber[]): Promise<Verdicts> {
    const verdicts = new Map<PhoneNumber, NumberVerdict>();
    for (const number of numbers.slice(0, ONE_BY_ONE)) {
      const isInService = await call(() => source.isInService(number));
      verdicts.set(
        number,
        isInService ? { verdict: 'in-service', number: { number } } : { verdict: 'not-ours' },
      );
    }
    return verdicts;
  }

  return async ({ missingRoles }: WalkPosition, numbers: readonly PhoneNumber[]): Promise<Verdicts> => {
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
}

const chunksOf = ({ numberChunks, locationChunks }: WalkPosition): readonly string[] => [
  ...numberChunks,
  ...locationChunks,
];
