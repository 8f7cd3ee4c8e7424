import type { Clock } from '../ports/clock.js';
import type { InventoryStore } from '../ports/inventory.js';
import type { Log } from '../ports/log.js';
import { StoreError } from '../ports/store-errors.js';
import { changeRecords, type InventoryChange } from './change-records.js';

/** Brings the inventory up to date after orders, without delaying them. */
export interface RecordUpdates {
  /** Never throws. What fails is left to the next walk. */
  note(change: InventoryChange): void;
  /** Resolves when what was noted so far has been tried. */
  idle(): Promise<void>;
}

/** Makes one update at a time, because they change the same entry. */
export function makeRecordUpdates(deps: {
  store: InventoryStore;
  clock: Pick<Clock, 'now'>;
  log: Log;
}): RecordUpdates {
  let last: Promise<void> = Promise.resolve();
  const update = async (change: InventoryChange) => {
    try {
      await changeRecords(deps, change);
    } catch (err) {
      if (!(err instanceof StoreError)) throw err;
      deps.log.warn({ err }, 'inventory not updated after an order, the next full read will correct it');
    }
  };
  return {
    note(change) {
      last = last.then(() => update(change));
    },
    idle: () => last,
  };
}
