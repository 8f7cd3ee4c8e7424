import { setTimeout as wait } from 'node:timers/promises';
import type { Order } from './domain/order.js';
import type { OrderId } from './domain/request.js';
import type { OrderStore } from './ports/order-store.js';
import { StoreError } from './ports/store-errors.js';

/** Losing to other writers this often means that the record or the store is broken. */
const MAX_CONFLICTS = 30;
const CONFLICTS_WITHOUT_PAUSE = 10;
const PAUSE_MS = { first: 5, longest: 200 };

/** Why the order isn't changed, such as a `Refusal` of the policy. */
interface Refused {
  readonly refused: string;
}

/**
 * Reads an order, lets `change` decide, and writes the result only if no one else wrote in between. Otherwise it reads
 * and decides again, so when two people press at once, the second is judged by what the first did.
 *
 * `change` returns the same order to leave it unchanged. Throws StoreError and OutcomeUnknown.
 */
export async function changeOrder<R extends Refused = never>(
  orders: Pick<OrderStore, 'get' | 'replace'>,
  id: OrderId,
  change: (order: Order) => Order | R | Promise<Order | R>,
  pause: (ms: number) => Promise<unknown> = wait,
): Promise<Order | R | undefined> {
  for (let losses = 0; losses < MAX_CONFLICTS; losses += 1) {
    if (losses >= CONFLICTS_WITHOUT_PAUSE) await pause(backoff(losses - CONFLICTS_WITHOUT_PAUSE));
    const current = await orders.get(id);
    if (current === undefined) return undefined;
    const next = await change(current);
    if ('refused' in next || next === current) return next;
    if (await orders.replace(current, next)) return next;
  }
  throw new StoreError(`order ${id} was changed by others before each of ${MAX_CONFLICTS} writes in a row`);
}

/** Returns a random delay in milliseconds, so that two competing writers separate. */
function backoff(times: number): number {
  return Math.random() * Math.min(PAUSE_MS.first * 2 ** times, PAUSE_MS.longest);
}
