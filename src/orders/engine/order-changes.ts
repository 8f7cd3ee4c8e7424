import { changeOrder } from '../change-order.js';
import { orderIdOf } from '../domain/line-ids.js';
import type { Order, OrderIn } from '../domain/order.js';
import type { OrderId } from '../domain/request.js';
import type { OrderStore } from '../ports/order-store.js';

/**
 * Changes orders and lines, and has the card and the journal updated. All methods throw StoreError and OutcomeUnknown.
 */
export interface OrderChanges {
  /**
   * Decides again when another writer was faster. `next` returns the order itself to leave it as it is. Returns what is
   * on record then, or undefined when there is no such order.
   */
  change(id: OrderId, next: (order: Order) => Order): Promise<Order | undefined>;
  /** {@link change}, if the order is still being placed. */
  changePlacing(id: OrderId, next: (order: OrderIn<'placing'>) => Order): Promise<void>;
  /**
   * Writes `next` unless someone else wrote in between, and then returns false. Updates the card only: the journal
   * follows with the change that comes next.
   */
  replace(current: Order, next: Order): Promise<boolean>;
}

export function makeOrderChanges(deps: {
  orders: Pick<OrderStore, 'get' | 'replace'>;
  updateCard: (id: OrderId) => void;
  updateJournal: (id: OrderId) => void;
}): OrderChanges {
  const { orders, updateCard, updateJournal } = deps;

  async function change(id: OrderId, next: (order: Order) => Order): Promise<Order | undefined> {
    const order = await changeOrder<never>(orders, id, next);
    updateCard(orderIdOf(id));
    updateJournal(orderIdOf(id));
    return order;
  }

  return {
    change,
    async changePlacing(id, next) {
      await change(id, (current) => (current.status === 'placing' ? next(current) : current));
    },
    async replace(current, next) {
      const isWritten = await orders.replace(current, next);
      if (isWritten) updateCard(orderIdOf(current.id));
      return isWritten;
    },
  };
}
