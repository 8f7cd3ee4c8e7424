import { describe, expect, test } from '@jest/globals';
import { eventDigest } from '../../src/orders/domain/journal-entry.js';
import type { Order } from '../../src/orders/domain/order.js';
import type { OrderEvent } from '../../src/orders/domain/order-event.js';
import type { PurchaseRequest } from '../../src/orders/domain/request.js';
import { UnreadableEntry } from '../../src/store/namespace.js';
import { readOrder, toStore } from '../../src/store/order-format.js';
import { anyOrder } from '../support/arbitrary-orders.js';
import { fc, runs } from '../support/properties.js';
import { manyNumbers, number, waiting } from '../support/sample-orders.js';

describe('an order that an earlier version of the app stored', () => {
  test('is read under the current names, whatever its state', () => {
    fc.assert(
      fc.property(anyOrder, (generated) => {
        const order = plain<Order>({
          ...generated,
          announced: ['approved', 'untraced', 'outcome'],
          announcedDirectly: ['held-back', 'untraced'],
        });
        expect(readOrder(order.id, version2(order))).toEqual(order);
        expect(readOrder(order.id, version1(order))).toEqual(order);
      }),
      { numRuns: runs(10) },
    );
  });

  test('has the same events as its journal, which keeps the earlier names', () => {
    const event: OrderEvent = {
      what: 'reported',
      at: 1,
      report: { status: 'complete', completed: [], failed: [], faults: [] },
      duplicates: ['c2'],
    };
    expect(eventDigest(eventV1(event) as OrderEvent)).toBe(eventDigest(event));
  });

  test('is unreadable if a part is missing that every order has', () => {
    const [order] = fc.sample(anyOrder, 1).map(plain);
    if (order === undefined) throw new Error('no order was generated');
    const { order: stored } = version1(order);
    for (const missing of ['card', 'told', 'events', 'version', 'id'] as const) {
      const { [missing]: _, ...rest } = stored as Record<string, unknown>;
      expect(() => readOrder(order.id, { v: 1, order: rest })).toThrow(UnreadableEntry);
    }
  });
});

test('an order that is stored is read as it was', () => {
  fc.assert(
    fc.property(anyOrder, (generated) => {
      const order = plain(generated);
      expect(readOrder(order.id, plain(toStore(order)))).toEqual(order);
    }),
    { numRuns: runs(10) },
  );
});

test('an app that would send every line to the same place can’t read an order for several', () => {
  const version = (changes: Partial<PurchaseRequest>) => toStore(waiting(changes)).v;
  const [one = number('9102414365'), two = number('9102414366')] = manyNumbers(2);
  const lines = [one, two].map((each) => ({ by: 'numbers', numbers: [each] }) as const);
  const to = { site: { id: '743', name: 'Boston office' } };
  expect(version({})).toBe(3);
  expect(version({ wanted: { by: 'lines', lines } })).toBe(3);
  expect(version({ wanted: { by: 'lines', lines: lines.map((line) => ({ ...line, to })) } })).toBe(4);
});

/** As the database returns it. */
function plain<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

/** The order as version 2 stored it, which had one card. */
function version2(order: Order) {
  const { channelId: _, cards, announcedDirectly, ...others } = order;
  const card = { ...cards[0], ...(announcedDirectly === undefined ? {} : { announcedDirectly }) };
  return { v: 2, order: { ...others, card } };
}

/** The order as version 1 stored it: four fields and one announcement had other names. */
function version1(order: Order) {
  const { card, announced, events, ...others } = version2(order).order;
  const { renderedRevision: drawn, announcedDirectly, ...place } = card;
  const rest = 'failedLookups' in others ? renamed(others, 'failedLookups', 'soughtInVain') : others;
  return plain({
    v: 1,
    order: {
      ...('duplicates' in rest ? renamed(rest, 'duplicates', 'twins') : rest),
      events: events.map(eventV1),
      card: { ...place, drawn, toldDirectly: announcedDirectly?.map(kindV1) },
      told: announced.map(kindV1),
    },
  });
}

const kindV1 = (kind: string) => (kind === 'untraced' ? 'nowhere' : kind);

const eventV1 = (event: OrderEvent): object =>
  event.what === 'reported' && event.duplicates !== undefined ? renamed(event, 'duplicates', 'twins') : event;

function renamed(record: object, from: string, to: string): object {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key === from ? to : key, value]));
}
