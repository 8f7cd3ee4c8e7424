import { isDeepStrictEqual } from 'node:util';
import type { Order } from '../domain/order.js';
import type { OrderEvent } from '../domain/order-event.js';
import type { OrderId } from '../domain/request.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { OrderStore } from '../ports/order-store.js';
import { OutcomeUnknown, type Saving, StoreError } from '../ports/store-errors.js';

/** How the stored order relates to a write whose answer was lost. */
type Standing =
  | 'written'
  /** Someone else wrote first, so our write can't succeed anymore. */
  | 'lost'
  /** Not written yet, but the statement may still arrive. */
  | 'as before';

/** A person is waiting, so the first check is immediate and a few more follow. */
const PAUSES_MS = [0, 50, 250, 1_000];
/** No further check starts after this long, because the person needs an answer by then. */
const CONFIRM_TIMEOUT_MS = 4_000;
/** After that it is checked in the background, with growing pauses. */
const BACKGROUND_PAUSE_MS = { first: 1_000, longest: 30_000 };
const GIVE_UP_AFTER_MS = 60 * 60_000;
/** Both servers drop a statement they haven't carried out by then. */
const MAY_ARRIVE_FOR_MS = 10_000;

/**
 * An order store that resolves uncertain writes. When the answer to a write is lost, it reads what is stored, and
 * writes again if nothing changed. That is safe, because every write increments the version and only one of the two can
 * succeed. Throws {@link OutcomeUnknown} only while the store can't be read; it then keeps checking in the background
 * and has the order settled once it knows.
 */
export function confirmWrites(deps: {
  orders: OrderStore;
  settle: (id: OrderId) => void;
  clock: Clock;
  log: Log;
}): OrderStore {
  const { orders, settle, clock, log } = deps;
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      clock.wakeAt(clock.now() + ms, resolve);
    });

  async function sure(
    next: Order,
    savingOf: () => Saving | undefined,
    write: () => Promise<boolean>,
    standing: (seen: Order | undefined) => Standing,
  ): Promise<boolean> {
    const { id } = next;
    const startedAt = clock.now();
    let cause: unknown;
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof OutcomeUnknown)) throw error;
      cause = error;
    }
    const unknownAt = clock.now();
    log.warn({ orderId: id, err: cause }, 'database did not confirm a write, reading it back');
    for (const ms of PAUSES_MS) {
      if (ms > 0) await pause(ms);
      if (clock.now() - unknownAt > CONFIRM_TIMEOUT_MS) break;
      try {
        const seen = standing(await orders.get(id));
        if (seen !== 'as before') return seen === 'written';
        // A conflict proves nothing: the first write may have arrived in between.
        if (await write()) return true;
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        cause = error;
      }
    }
    // If no one is waiting for the write, the next pass reads the order again anyway.
    const saving = savingOf();
    const told = saving === undefined ? {} : { saving, becomes: lookOn(id, standing, startedAt) };
    throw new OutcomeUnknown(`whether order ${id} was written is not known`, { cause, ...told });
  }

  async function lookOn(
    id: OrderId,
    standing: (seen: Order | undefined) => Standing,
    startedAt: number,
  ): Promise<boolean | undefined> {
    let ms = BACKGROUND_PAUSE_MS.first;
    for (let waited = 0; waited < GIVE_UP_AFTER_MS; waited += ms) {
      await pause(ms);
      ms = Math.min(ms * 2, BACKGROUND_PAUSE_MS.longest);
      try {
        const askedAt = clock.now();
        const seen = standing(await orders.get(id));
        if (seen === 'as before' && askedAt - startedAt < MAY_ARRIVE_FOR_MS) continue;
        log.info({ orderId: id, written: seen === 'written' }, 'outcome of unconfirmed write known');
        settle(id);
        return seen === 'written';
      } catch (err) {
        log.debug({ orderId: id, err }, 'outcome of unconfirmed write unknown, will read again');
      }
    }
    log.error({ orderId: id }, 'outcome of unconfirmed write never known');
    return undefined;
  }

  return {
    ...orders,
    insert: (order) =>
      sure(
        order,
        () => 'requested',
        () => orders.insert(order),
        (seen) => (seen === undefined ? 'as before' : begins(seen, order) ? 'written' : 'lost'),
      ),
    replace(current, next) {
      const added = next.events.slice(current.events.length);
      const savingOf = () =>
        personsEventIn(added) ?? (onlySetsNextLook(current, next) ? 'check-again' : undefined);
      const standing = (seen: Order | undefined): Standing => {
        if (seen === undefined) return 'lost';
        if (seen.version === current.version) return 'as before';
        if (isDeepStrictEqual(asRead(seen), asRead(next))) return 'written';
        return added.length > 0 && begins(seen, next) ? 'written' : 'lost';
      };
      return sure(next, savingOf, () => orders.replace(current, next), standing);
    },
  };
}

/** Returns what a person wants saved; undefined if no one is waiting for it. */
const personsEventIn = (added: readonly OrderEvent[]): Saving | undefined =>
  added.find((event) => 'by' in event)?.what;

function onlySetsNextLook(current: Order, next: Order): boolean {
  if (!('asking' in current && 'asking' in next)) return false;
  const asking = { ...next.asking, nextAt: current.asking.nextAt };
  return isDeepStrictEqual(asRead({ ...next, version: current.version, asking }), asRead(current));
}

/** Whether the later order continues this one's history. */
const begins = (later: Order, { events }: Order): boolean =>
  isDeepStrictEqual(asRead(later.events.slice(0, events.length)), asRead(events));

/** As it is after a round trip through JSON. */
const asRead = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
