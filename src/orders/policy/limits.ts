import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { isFinal, type Order } from '../domain/order.js';
import type { OrderId, Person, Timestamp } from '../domain/request.js';
import { type Circumstances, letIn } from '../domain/standing.js';
import {
  type CountedNumbers,
  countedAs,
  countsFor,
  dayKeyOf,
  monthOf,
  type Tally,
  type TallyScope,
  tallyOf,
  usageIn,
  withCounted,
} from '../domain/tally.js';
import { makeGroupQueue } from '../group-queue.js';
import {
  type Clock,
  type Ledger,
  type Log,
  type NoTally,
  type OrderArchive,
  type OrderStore,
  OutcomeUnknown,
  StoreError,
} from '../ports.js';

import { type Asked, orderKindOf, type Policy } from './policy.js';
import { askedOf, judge, type Ruling } from './ruling.js';

/** The parts of an order that the policy uses. */
type AskedOrder = Pick<Order, 'id' | 'request' | 'requester' | 'channelId' | 'workspaceId'>;

/** The policy combined with what is counted so far. Throws StoreError. */
export interface Limits {
  /** Returns the ruling on a request as of now, without counting anything. */
  ask(asked: Asked): Promise<Ruling>;
  /** The same for an order on record, whose own numbers may be counted already. */
  askFor(order: AskedOrder, circumstances: Circumstances): Promise<Ruling>;
  /**
   * Counts the order's numbers, unless the policy refuses it. Of two simultaneous approvals, the second is judged by
   * what the first counted. Counting an order again counts it once, but judges it again.
   */
  count(
    order: Order,
    approval: { readonly at: Timestamp; readonly by?: Person | undefined },
    circumstances?: Circumstances,
  ): Promise<Ruling>;
  /**
   * Counts an order that was already sent, without judging it: it was counted before, and the database lost that.
   * Idempotent.
   */
  countSent(order: Order): Promise<void>;
  /** Removes what was counted for this approval, because it wasn't sufficient. */
  withdraw(id: OrderId, approvedAt: Timestamp): Promise<void>;
  /** Reduces the count of a final order to what it delivered. */
  giveBack(id: OrderId, approvedAt: Timestamp): Promise<void>;
}

/** An approval is recorded within this time after its numbers are counted, or never. */
const ON_RECORD_WITHIN_MS = 60_000;
/** How often a month's tally may be compared with all orders when someone is about to be refused. */
const ALL_COMPARED_EVERY_MS = 10 * 60_000;
/** The maximum number of conflicts with other writers in a row. */
const MOST_LOSSES = 20;
const PAUSE_MS = { first: 4, longest: 200 };

/** Work on a month's tally: gives an answer and, if needed, the next tally. */
interface Job {
  readonly scope: TallyScope;
  decide(tally: Tally): readonly [answer: Ruling | undefined, next: Tally];
}

/**
 * Counts numbers before the approval is written, so that a crash in between leaves too much counted, never too little.
 * Before anyone is refused, the tally is therefore compared with the orders. A missing or unreadable tally is rebuilt
 * from the orders.
 */
export function makeLimits(deps: {
  ledger: Ledger;
  orders: Pick<OrderStore, 'get'> & {
    /** Counts orders that are sent, and that the store has forgotten. Never rejects. */
    restoreLost(): Promise<void>;
  };
  archive: OrderArchive;
  policy: Policy;
  clock: Pick<Clock, 'now'>;
  log: Log;
}): Limits {
  const { ledger, orders, archive, policy, clock, log } = deps;
  const queue = makeGroupQueue({ work, idle });
  /** When each month's tally was last compared with all orders. */
  const comparedAt = new Map<string, Timestamp>();

  /** Answers all jobs from one tally, each judged by what those before it counted, and writes it once. */
  async function work(month: string, jobs: readonly Job[]): Promise<readonly (Ruling | undefined)[]> {
    const scope: TallyScope = {
      orders: jobs.flatMap((job) => job.scope.orders),
      days: jobs.flatMap((job) => job.scope.days),
    };
    for (let losses = 0; losses < MOST_LOSSES; losses += 1) {
      if (losses > 0) await pause(Math.random() * Math.min(PAUSE_MS.first * 2 ** losses, PAUSE_MS.longest));
      const before = await tallyOfMonth(month, scope);
      let [answers, next] = decided(jobs, before);
      if (answers.some(isOverUsedUp)) {
        const agreed = await agreeing(before);
        if (agreed === 'rebuilt') continue;
        [answers, next] = decided(jobs, agreed);
      }
      if (next === before || (await answerOf(month, () => ledger.replace(before, next)))) return answers;
    }
    throw new StoreError(
      `the tally of ${month} was another each time it was to be written, ${MOST_LOSSES} times in a row`,
    );
  }

  /**
   * Returns undefined if the answer was lost, so that the tally is read again. The order's own outcome isn't in doubt.
   */
  async function answerOf<T>(month: string, write: () => Promise<T>): Promise<T | undefined> {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof OutcomeUnknown)) throw error;
      log.warn({ err: error, month }, 'database did not confirm the tally, reading it again');
      return undefined;
    }
  }

  async function idle(month: string): Promise<void> {
    await ledger
      .tidy(month)
      .catch((err: unknown) => log.warn({ err, month }, 'tidying a monthly tally failed, will retry'));
  }

  async function tallyOfMonth(month: string, scope: TallyScope): Promise<Tally> {
    for (let times = 0; times < MOST_LOSSES; times += 1) {
      // Reading a tally of an earlier version rewrites it.
      const found = await answerOf(month, () => ledger.read(month, scope));
      if (found === undefined) continue;
      if (!('none' in found)) return found;
      await begin(found);
    }
    throw new StoreError(`there is no tally of ${month} each time it is to be read`);
  }

  /** Costs nothing if the month is new; otherwise reads all orders once. */
  async function begin(found: NoTally): Promise<void> {
    const { month, none } = found;
    if (none === 'absent') {
      const isNew = await answerOf(month, () => ledger.isNew(month));
      if (isNew) await beginWith(found, new Map());
      if (isNew !== false) return;
    }
    const counted = await countedOnRecord(month);
    const isBegun = await beginWith(found, counted);
    if (!isBegun || (none === 'absent' && counted.size === 0)) return;
    log.error({ month, was: none, orders: counted.size }, 'monthly tally rebuilt from the orders');
  }

  const beginWith = (
    instead: Tally | NoTally,
    counted: ReadonlyMap<OrderId, CountedNumbers>,
  ): Promise<boolean | undefined> =>
    answerOf(instead.month, () => ledger.begin(instead, counted, instead.month >= monthOf(clock.now())));

  async function countedOnRecord(month: string): Promise<Map<OrderId, CountedNumbers>> {
    const counted = new Map<OrderId, CountedNumbers>();
    for await (const { id, order } of archive.all()) {
      if (order instanceof Error) {
        log.error({ err: order, orderId: id, month }, 'order unreadable, its numbers not counted');
        continue;
      }
      const numbers = countedAs(order);
      if (numbers !== undefined && monthOf(numbers.at) === month) counted.set(id, numbers);
    }
    return counted;
  }

  /**
   * Returns the tally corrected by the orders on record: always for the latest entries, and from time to time for all.
   */
  async function agreeing(tally: Tally): Promise<Tally | 'rebuilt'> {
    const { month } = tally;
    const old = Object.entries(tally.counted).filter(
      ([, { at, quantity }]) => quantity > 0 && isOld(at, clock.now()),
    );
    const onRecord = await Promise.all(
      old.map(
        async ([id, numbers]) => [id, { ...numbers, quantity: await quantityOnRecord(id, numbers) }] as const,
      ),
    );
    const agreed = onRecord
      .filter(([id, { quantity }]) => quantity !== tally.counted[id]?.quantity)
      .reduce((before, [id, numbers]) => withCounted(before, id, numbers), tally);
    if (agreed !== tally) {
      log.warn({ month }, 'monthly tally differed from the orders, corrected');
      return agreed;
    }
    const last = comparedAt.get(month);
    if (last !== undefined && Math.abs(clock.now() - last) < ALL_COMPARED_EVERY_MS) return tally;
    comparedAt.set(month, clock.now());
    return (await comparedWithAll(tally)) ? 'rebuilt' : tally;
  }

  /** Returns true if the whole tally had to be rebuilt, or may have been. */
  async function comparedWithAll(tally: Tally): Promise<boolean> {
    const { month } = tally;
    const counted = await countedOnRecord(month);
    // Someone may be about to write the approval.
    for (const [id, numbers] of Object.entries(tally.counted)) {
      if (!isOld(numbers.at, clock.now()) && numbers.quantity > 0) counted.set(id, numbers);
    }
    const { totals, days } = tallyOf(month, counted);
    const same =
      isDeepStrictEqual(totals, tally.totals) &&
      Object.keys(tally.days).every((key) => (days[key]?.numbers ?? 0) === tally.days[key]?.numbers);
    if (same) return false;
    const isBegun = await beginWith(tally, counted);
    if (isBegun === undefined) comparedAt.delete(month);
    if (!isBegun) return isBegun === undefined;
    log.warn({ month }, 'monthly tally differed from the orders, corrected');
    return true;
  }

  async function quantityOnRecord(id: OrderId, numbers: CountedNumbers): Promise<number> {
    try {
      const order = await orders.get(id);
      return order === undefined ? 0 : countsFor(order);
    } catch (err) {
      // An order that can't be read may have been approved anyway.
      log.warn({ err, orderId: id }, 'order lookup for the monthly tally failed');
      return numbers.quantity;
    }
  }

  const judged = (tally: Tally, asked: Asked, at: Timestamp, except?: OrderId): Ruling => {
    const of = { kind: orderKindOf(asked.kind), userId: asked.requester.userId, at };
    return judge(policy, asked, usageIn(tally, of, except), at);
  };

  const scopeOf = (asked: Asked, at: Timestamp, id?: OrderId): TallyScope => ({
    orders: id === undefined ? [] : [id],
    days: [dayKeyOf({ kind: orderKindOf(asked.kind), userId: asked.requester.userId, at })],
  });

  async function ask(asked: Asked, id?: OrderId): Promise<Ruling> {
    const at = clock.now();
    const ruling = await queue(monthOf(at), {
      scope: scopeOf(asked, at, id),
      decide: (tally) => [judged(tally, asked, at, id), tally],
    });
    return answered(ruling);
  }

  return {
    ask: (asked) => ask(asked),
    askFor: (order, circumstances) => ask({ ...askedOf(order), ...circumstances }, order.id),
    async count(order, { at, by }, circumstances = letIn) {
      // A store that went back in time has forgotten what was counted, too.
      await orders.restoreLost();
      const asked: Asked = { ...askedOf(order), ...circumstances };
      const numbers: CountedNumbers = {
        kind: orderKindOf(asked.kind),
        userId: order.requester.userId,
        quantity: asked.uncounted === true ? 0 : asked.quantity,
        at,
        ...(by === undefined ? { automatic: true } : {}),
      };
      const ruling = await queue(monthOf(at), {
        scope: scopeOf(asked, at, order.id),
        decide(tally) {
          const answer = judged(tally, asked, at, order.id);
          const refused =
            answer.verdict === 'refused' ||
            answer.verdict === 'barred' ||
            (by === undefined && answer.verdict !== 'automatic');
          if (refused || isCounted(tally, order.id, numbers)) return [answer, tally];
          return [answer, withCounted(tally, order.id, numbers)];
        },
      });
      return answered(ruling);
    },
    async countSent(order) {
      const numbers = countedAs(order);
      if (numbers === undefined) return;
      await queue(monthOf(numbers.at), {
        scope: { orders: [order.id], days: [dayKeyOf(numbers)] },
        decide(tally) {
          const isDone = isCounted(tally, order.id, numbers);
          return [undefined, isDone ? tally : withCounted(tally, order.id, numbers)];
        },
      });
    },
    async withdraw(id, approvedAt) {
      await queue(monthOf(approvedAt), {
        scope: { orders: [id], days: [] },
        decide(tally) {
          const numbers = tally.counted[id];
          // Another approval may have been counted since.
          const isAnother = numbers?.at !== approvedAt;
          return [undefined, isAnother ? tally : withCounted(tally, id, { ...numbers, quantity: 0 })];
        },
      });
    },
    async giveBack(id, approvedAt) {
      const month = monthOf(approvedAt);
      const found = await ledger.read(month, { orders: [id], days: [] });
      // A rebuilt tally uses the order's state at that time.
      if ('none' in found || found.counted[id] === undefined) return;
      const order = await orders.get(id);
      // Someone else may be counting an order that isn't final.
      if (order === undefined || !isFinal(order)) return;
      const quantity = countsFor(order);
      if (quantity === found.counted[id].quantity) return;
      await queue(month, {
        scope: { orders: [id], days: [] },
        decide(tally) {
          const numbers = tally.counted[id];
          const isDone = numbers === undefined || numbers.quantity === quantity;
          return [undefined, isDone ? tally : withCounted(tally, id, { ...numbers, quantity })];
        },
      });
    },
  };
}

function decided(
  jobs: readonly Job[],
  before: Tally,
): [answers: readonly (Ruling | undefined)[], next: Tally] {
  let tally = before;
  const answers = jobs.map((job) => {
    const [answer, next] = job.decide(tally);
    tally = next;
    return answer;
  });
  return [answers, tally];
}

function answered(ruling: Ruling | undefined): Ruling {
  if (ruling === undefined) throw new TypeError('a ruling was asked for, and none was given');
  return ruling;
}

/** Whether it was refused because of what others used, not because of its own size. */
const isOverUsedUp = (answer: Ruling | undefined): boolean =>
  answer?.verdict === 'refused' && answer.because.limit !== 'order';

const isOld = (at: Timestamp, now: Timestamp): boolean => at <= now - ON_RECORD_WITHIN_MS;

function isCounted({ counted }: Tally, id: OrderId, numbers: CountedNumbers): boolean {
  const before = counted[id];
  return (
    before !== undefined &&
    before.quantity === numbers.quantity &&
    before.at === numbers.at &&
    before.automatic === numbers.automatic
  );
}
