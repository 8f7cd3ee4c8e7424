import { expect, test } from '@jest/globals';
import type { Order } from '../../../src/orders/domain/order.js';
import { loggingChanges, STATE_CHANGED } from '../../../src/orders/engine/log-changes.js';
import type { OrderStore } from '../../../src/orders/ports/order-store.js';
import { OutcomeUnknown } from '../../../src/orders/ports/store-errors.js';
import { approvedOrder, approver, orderId, waiting } from '../../support/sample-orders.js';

/** A store whose writes end like this, and the lines that its changes leave in the log. */
function logged(write: () => Promise<boolean>) {
  const lines: object[] = [];
  const store: Pick<OrderStore, 'insert' | 'replace'> = { insert: write, replace: write };
  const orders = loggingChanges(store as OrderStore, {
    info: (facts, message) => lines.push({ ...(facts as object), message }),
  });
  return { orders, lines };
}

const before: Order = waiting();
const after: Order = approvedOrder();
const change = {
  message: STATE_CHANGED,
  orderId,
  from: 'awaiting-approval',
  to: 'approved',
  by: approver.userId,
};

test('A change is logged once it is on record, and not if another process was faster', async () => {
  const { orders, lines } = logged(async () => true);
  expect(await orders.replace(before, after)).toBe(true);
  expect(lines).toMatchObject([change]);

  const second = logged(async () => false);
  expect(await second.orders.replace(before, after)).toBe(false);
  expect(second.lines).toEqual([]);
});

test.each([
  ['written after all', true, [change]],
  ['not written', false, []],
  ['never known', undefined, []],
] as const)(
  'A change whose write gets no answer is logged only when it turns out to be written: %s',
  async (_, becomes, expected) => {
    const lost = new OutcomeUnknown('no answer', { becomes: Promise.resolve(becomes) });
    const { orders, lines } = logged(() => Promise.reject(lost));
    await expect(orders.replace(before, after)).rejects.toBe(lost);
    await lost.becomes;
    expect(lines).toMatchObject(expected);
  },
);

test('A write that leaves the state as it is leaves no line', async () => {
  const { orders, lines } = logged(async () => true);
  await orders.replace(before, { ...before, revision: before.revision + 1 });
  expect(lines).toEqual([]);
});
