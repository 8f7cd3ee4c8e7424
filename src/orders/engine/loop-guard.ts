import type { Order } from '../domain/order.js';
import { StoreError } from '../ports.js';

/** So many steps may leave the record as it was: each of them may have lost against another writer, or waited. */
const MOST_STANDSTILLS = 20;

/** Sees to it that a line of work that changes nothing ends, and is taken up again by a later pass. */
export interface LoopGuard {
  /** Throws StoreError when the order has been the same too many times in a row. */
  check(order: Order): void;
}

export function makeLoopGuard(): LoopGuard {
  let version: number | undefined;
  let standstills = 0;
  return {
    check(order) {
      standstills = order.version === version ? standstills + 1 : 0;
      version = order.version;
      if (standstills > MOST_STANDSTILLS) {
        throw new StoreError(`order ${order.id} stays as it is, whatever is written to it`);
      }
    },
  };
}
