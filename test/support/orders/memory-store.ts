import { isSettled } from '../../../src/orders/domain/due-announcements.js';
import { answers, openFactsOf } from '../../../src/orders/domain/open-facts.js';
import type { Order } from '../../../src/orders/domain/order.js';
import type { OrderId } from '../../../src/orders/domain/request.js';
import type { OrderArchive, OrderStore } from '../../../src/orders/ports/order-store.js';
import { OutcomeUnknown, StoreError } from '../../../src/orders/ports/store-errors.js';
import { frozen } from './frozen.js';

export type StoreCall = 'insert' | 'get' | 'replace' | 'open';

export interface MemoryStore extends OrderStore, OrderArchive {
  /** Remembers everything in the store; the function it returns takes the store back to that. */
  snapshot(): () => void;
  /** What is on record, regardless of failures. */
  onRecord(id: OrderId): Order | undefined;
  /** Every call for which this returns true fails, before it does anything. */
  failWhen(when: (call: StoreCall, id: OrderId | undefined) => boolean): void;
  recover(): void;
  /**
   * Loses the answer to the next such write, and perhaps the write with it; if `away`, the store does not answer after
   * it.
   */
  loseAnswer(call: 'insert' | 'replace', lost: { readonly written: boolean; readonly away?: boolean }): void;
  /** Runs before every call, and may keep it waiting. */
  before(wait: (call: StoreCall) => Promise<void> | undefined): void;
}

/** What is stored is frozen, so nobody needs a copy: a caller that changes what it wrote or read gets an error. */
export function makeMemoryStore(journal: string[]): MemoryStore {
  const records = new Map<OrderId, Order>();
  let fails: (call: StoreCall, id: OrderId | undefined) => boolean = () => false;
  let waits: (call: StoreCall) => Promise<void> | undefined = () => undefined;

  async function reach(call: StoreCall, id?: OrderId): Promise<void> {
    await waits(call);
    if (fails(call, id)) throw new StoreError(`the database did not answer ${call}`);
  }
  let losing: { call: StoreCall; written: boolean; away?: boolean } | undefined;
  /** Rejects instead of answering, if the answer is to be lost; `write` may still happen. */
  function answer(call: StoreCall, write: () => void): void {
    const lost = losing?.call === call ? losing : undefined;
    if (lost?.written !== false) write();
    if (lost === undefined) return;
    losing = undefined;
    if (lost.away === true) fails = () => true;
    throw new OutcomeUnknown(`the answer to ${call} was lost`);
  }
  const write = (order: Order) => {
    records.set(order.id, frozen(order));
    journal.push(`saved ${order.status}`);
  };

  return {
    async insert(order) {
      await reach('insert', order.id);
      if (records.has(order.id)) return false;
      answer('insert', () => write(order));
      return true;
    },
    async get(id) {
      await reach('get', id);
      return records.get(id);
    },
    async replace(current, next) {
      await reach('replace', current.id);
      if (records.get(current.id)?.version !== current.version) return false;
      if (next.version !== current.version + 1) throw new Error('a write must count the version up by one');
      answer('replace', () => write(next));
      return true;
    },
    async open() {
      await reach('open');
      return [...records.values()].filter((order) => !isSettled(order)).map(({ id }) => id);
    },
    async openAbout(question) {
      await reach('open');
      const isMeant = answers(question);
      return [...records.values()]
        .filter((order) => !isSettled(order) && isMeant(openFactsOf(order)))
        .map(({ id }) => id);
    },
    async *all() {
      for (const [id, order] of records) yield { id, order };
    },
    snapshot() {
      const then = [...records];
      return () => {
        records.clear();
        for (const [id, order] of then) records.set(id, order);
      };
    },
    onRecord: (id) => records.get(id),
    failWhen(when) {
      fails = when;
    },
    recover() {
      fails = () => false;
    },
    loseAnswer(call, lost) {
      losing = { call, ...lost };
    },
    before(wait) {
      waits = wait;
    },
  };
}
