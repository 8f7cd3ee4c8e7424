import { linesOf } from '../domain/lines.js';
import { listedNumbers } from '../domain/number-outcome.js';
import type { InventoryNumber } from '../domain/number-record.js';
import type { Order } from '../domain/order.js';
import { kindRules } from '../domain/order-kinds.js';
import type { PhoneNumber } from '../domain/phone-number.js';
import type { OrderStore } from '../ports/order-store.js';
import type { InventoryChange } from './change-records.js';

/** Passes on what each saved order delivered or disconnected, so that it's listed before the next walk. */
export function notingDeliveries(orders: OrderStore, note: (change: InventoryChange) => void): OrderStore {
  return {
    ...orders,
    async replace(current, next) {
      const replaced = await orders.replace(current, next);
      if (!replaced) return false;
      const change = changeBetween(current, next);
      if (change !== undefined) note(change);
      return true;
    },
  };
}

function changeBetween(current: Order, next: Order): InventoryChange | undefined {
  const before = new Set(listedNumbers(current));
  const numbers = listedNumbers(next).filter((number) => !before.has(number));
  if (numbers.length === 0) return undefined;
  switch (kindRules[next.request.kind].effect) {
    case 'adds':
      return { added: numbers.map((number) => boughtNumber(number, next)), removed: [] };
    case 'removes':
      return { added: [], removed: numbers };
    case 'changes':
      return changesIn(next, numbers);
  }
}

/** A record that is added updates the one there is. */
function changesIn({ request }: Order, numbers: readonly PhoneNumber[]): InventoryChange | undefined {
  if (request.kind !== 'move') return undefined;
  const { site, location } = request;
  return { added: numbers.map((number) => ({ number, site, location })), removed: [] };
}

/** What the order tells about a number it bought. The next walk adds what only Bandwidth knows. */
function boughtNumber(number: PhoneNumber, order: Order): InventoryNumber {
  const { id, requester, events } = order;
  const line = linesOf(order).find((each) => listedNumbers(each).includes(number));
  const { request } = line ?? order;
  if (request.kind !== 'purchase') return { number };
  const { site, location, wanted } = request;
  const { city, state } = wanted.by === 'search' ? wanted.search.criteria : {};
  const reportedAt = events.at(-1)?.at;
  return {
    number,
    ...(city === undefined || state === undefined ? {} : { city, state }),
    site,
    ...(location === undefined ? {} : { location }),
    ...(reportedAt === undefined ? {} : { inServiceSince: reportedAt }),
    bought: { orderId: id, by: requester.userId },
  };
}
