import type { Order } from '../../orders/domain/order.js';
import type { OrderId } from '../../orders/domain/request.js';
import type { Log } from '../../orders/ports/log.js';
import type { OrderArchive } from '../../orders/ports/order-store.js';
import { StoreError } from '../../orders/ports/store-errors.js';
import type { SortedKeys } from '../sorted-keys.js';
import { keysOf, keysOfUnreadable } from './order-listing.js';

/** How many keys are collected before they are written. */
const KEYS_IN_MEMORY = 2_000;
const REPORT_EVERY_MS = 10_000;

/**
 * Enters every stored order into the index of orders, for a store that was written before there was one. It may be
 * interrupted anywhere and repeated, also by several instances at once: what is there already stays.
 */
export async function buildOrderIndex(deps: {
  readonly archive: OrderArchive;
  readonly keys: SortedKeys;
  readonly log: Pick<Log, 'info' | 'warn'>;
}): Promise<void> {
  const { archive, keys, log } = deps;
  log.info({}, 'building the index of orders before startup');
  let orders = 0;
  let pending: string[] = [];
  let reportAt = performance.now() + REPORT_EVERY_MS;
  const write = async () => {
    const written = pending;
    pending = [];
    await keys.add(written);
  };
  const keysOfStored = (id: OrderId, order: Order | StoreError): readonly string[] => {
    try {
      if (order instanceof StoreError) throw order;
      return keysOf(order);
    } catch (err) {
      log.warn({ err, orderId: id }, 'order unreadable, indexed by its id only');
      return keysOfUnreadable(id);
    }
  };
  for await (const { id, order } of archive.all()) {
    orders += 1;
    pending.push(...keysOfStored(id, order));
    if (pending.length < KEYS_IN_MEMORY) continue;
    await write();
    if (performance.now() < reportAt) continue;
    log.info({ orders }, 'building the index of orders');
    reportAt = performance.now() + REPORT_EVERY_MS;
  }
  await write();
  log.info({ orders }, 'index of orders built');
}
