import type { Order } from '../domain/order.js';
import { StoreError } from '../ports/store-errors.js';

/** The maximum number of steps that leave the record unchanged; each may have lost to another writer, or waited. */
const MAX_STANDSTILLS = 20;

/** Ends a line of work that makes no progress. A later pass resumes it. */
export interface LoopGuard {
  /** Throws StoreError when the order was unchanged too many times in a row. */
  check(order: Order): void;
}

export function makeLoopGuard(): LoopGuard {
  let version: number | undefined;
  let standstills = 0;
  return {
    check(order) {
      standstills = order.version === version ? standstills + 1 : 0;
      version = order.version;
      if (standstills > MAX_STANDSTILLS) {
        throw new StoreError(`order ${order.id} stays as it is, whatever is written to it`);
      }
    },
  };
}
