import { listedNumbers } from '../domain/number-outcome.js';
import type { Order } from '../domain/order.js';
import type { PhoneNumber } from '../domain/phone-number.js';
import type { OrderId, Timestamp } from '../domain/request.js';
import { explainsNumbers, isOutdated } from '../domain/retention.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { OldOrders } from '../ports/old-orders.js';
import type { OrderIndex } from '../ports/order-index.js';
import type { OrderStore } from '../ports/order-store.js';
import { StoreError } from '../ports/store-errors.js';

/** Removes finished orders that were kept long enough. What was decided and done stays in the journal. */
export interface RemoveOldOrders {
  /**
   * Starts the next batch if one is due and none is running. Call it in each pass, from the leader only, without waiting
   * for it. Resolves when the batch has ended; never rejects.
   */
  pass(): Promise<void>;
  /** Resolves when the running batch has ended; starts no more. */
  stop(): Promise<void>;
}

/** Every walk looks at the old orders that have to stay again. */
const WALK_EVERY_MS = 24 * 60 * 60_000;
/** How many orders one pass reads, in a few hundredths of a second. */
const BATCH = 25;

export function makeRemoveOldOrders(deps: {
  readonly keepMs: number;
  readonly oldOrders: Pick<OldOrders, 'requestedBefore' | 'remove'>;
  readonly orders: Pick<OrderStore, 'get'>;
  readonly index: Pick<OrderIndex, 'ofNumbers'>;
  readonly clock: Pick<Clock, 'now'>;
  /** The time by Bandwidth's clock, as far as it is known. */
  readonly carrierNow: () => Timestamp | undefined;
  readonly log: Log;
}): RemoveOldOrders {
  const { keepMs, oldOrders, orders, index, clock, carrierNow, log } = deps;
  let stopped = false;
  let running: Promise<void> | undefined;
  let walk: { readonly before: Timestamp; readonly after?: string } | undefined;
  let walkedAt: Timestamp | undefined;

  async function isNeeded(order: Order): Promise<boolean> {
    const numbers = listedNumbers(order);
    if (numbers.length === 0) return false;
    const named = await index.ofNumbers(numbers);
    const read = new Map<OrderId, Order>();
    for (const id of new Set([...named.values()].flat())) {
      const other = id === order.id ? undefined : await orders.get(id);
      if (other !== undefined) read.set(id, other);
    }
    const others = (number: PhoneNumber) => (named.get(number) ?? []).flatMap((id) => read.get(id) ?? []);
    return explainsNumbers(order, others);
  }

  async function removeIfOld(id: OrderId, now: Timestamp): Promise<boolean> {
    try {
      const order = await orders.get(id);
      if (order === undefined || !isOutdated(order, now, keepMs) || (await isNeeded(order))) return false;
      return await oldOrders.remove(order);
    } catch (err) {
      if (!(err instanceof StoreError)) throw err;
      // Perhaps only this order can't be read. The next walk comes back to it.
      log.warn({ err, orderId: id }, 'old order not removed, will retry');
      return false;
    }
  }

  async function nextBatch(now: Timestamp): Promise<void> {
    const { before, after } = walk ?? { before: now - keepMs };
    const { ids, next } = await oldOrders.requestedBefore(before, BATCH, after);
    let removed = 0;
    for (const id of ids) {
      if (stopped) return;
      if (await removeIfOld(id, now)) removed += 1;
    }
    if (removed > 0) log.info({ removed }, 'old orders removed');
    walk = next === undefined ? undefined : { before, after: next };
    if (walk !== undefined) return;
    walkedAt = now;
    log.debug({}, 'all old orders looked through');
  }

  /** What a fast clock removes can't be brought back, so a second clock has to agree. */
  function now(): Timestamp | undefined {
    const theirs = carrierNow();
    return theirs === undefined ? undefined : Math.min(theirs, clock.now());
  }

  return {
    async pass() {
      const at = now();
      if (stopped || at === undefined) return;
      if (running !== undefined) return running;
      if (walk === undefined && walkedAt !== undefined && Math.abs(at - walkedAt) < WALK_EVERY_MS) return;
      running = nextBatch(at)
        .catch((err: unknown) => log.warn({ err }, 'removing old orders failed, will retry'))
        .finally(() => {
          running = undefined;
        });
      return running;
    },
    async stop() {
      stopped = true;
      await running;
    },
  };
}
