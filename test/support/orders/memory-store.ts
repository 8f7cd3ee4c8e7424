import { isSettled } from '../../../src/orders/due-announcements.js';
import type { Order, OrderId } from '../../../src/orders/order.js';
import { type OrderArchive, type OrderStore, StoreError } from '../../../src/orders/ports.js';

export type StoreCall = 'insert' | 'get' | 'replace' | 'open';

export interface MemoryStore extends OrderStore, OrderArchive {
  /** Remembers all there is; what it returns has the store go back to that. */
  snapshot(): () => void;
  /** What is on record, past all trouble. */
  onRecord(id: OrderId): Order | undefined;
  /** Every call this says yes to fails, before it does anything. */
  failWhen(when: (call: StoreCall, id: OrderId | undefined) => boolean): void;
  recover(): void;
  /** Runs before every call, and may keep it waiting. */
  before(wait: (call: StoreCall) => Promise<void> | undefined): void;
}

/** Keeps copies, as a database does: what a caller holds is never what is stored. */
export function makeMemoryStore(journal: string[]): MemoryStore {
  const records = new Map<OrderId, Order>();
  let fails: (call: StoreCall, id: OrderId | undefined) => boolean = () => false;
  let waits: (call: StoreCall) => Promise<void> | undefined = () => undefined;

  async function reach(call: StoreCall, id?: OrderId): Promise<void> {
    await waits(call);
    if (fails(call, id)) throw new StoreError(`the database did not answer ${call}`);
  }
  const write = (order: Order) => {
    records.set(order.id, structuredClone(order));
    journal.push(`saved ${order.status}`);
  };

  return {
    async insert(order) {
      await reach('insert', order.id);
      if (records.has(order.id)) return false;
      write(order);
      return true;
    },
    async get(id) {
      await reach('get', id);
      return structuredClone(records.get(id));
    },
    async replace(current, next) {
      await reach('replace', current.id);
      if (records.get(current.id)?.version !== current.version) return false;
      if (next.version !== current.version + 1) throw new Error('a write must count the version up by one');
      write(next);
      return true;
    },
    async open() {
      await reach('open');
      return [...records.values()].filter((order) => !isSettled(order)).map(({ id }) => id);
    },
    async *all() {
      for (const [id, order] of records) yield { id, order: structuredClone(order) };
    },
    snapshot() {
      const then = structuredClone([...records]);
      return () => {
        records.clear();
        for (const [id, order] of then) records.set(id, structuredClone(order));
      };
    },
    onRecord: (id) => structuredClone(records.get(id)),
    failWhen(when) {
      fails = when;
    },
    recover() {
      fails = () => false;
    },
    before(wait) {
      waits = wait;
    },
  };
}
