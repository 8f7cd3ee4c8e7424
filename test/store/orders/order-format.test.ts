import { describe, expect, test } from '@jest/globals';
import { eventDigest } from '../../../src/orders/domain/journal-entry.js';
import type { Order } from '../../../src/orders/domain/order.js';
import type { OrderEvent } from '../../../src/orders/domain/order-event.js';
import type { OwnReason, Reason } from '../../../src/orders/domain/reason.js';
import type { PurchaseRequest } from '../../../src/orders/domain/request.js';
import type { ServiceCheck } from '../../../src/orders/domain/service-states.js';
import { heldBack, journaled, notTaken, servicesChecked } from '../../../src/orders/domain/transitions.js';
import { verifyJournal } from '../../../src/orders/journal/verify-journal.js';
import { orderCard } from '../../../src/slack/blocks/card/order-card.js';
import { makeJournal } from '../../../src/store/journal-store.js';
import { UnreadableEntry } from '../../../src/store/namespace.js';
import { readOrder, toStore } from '../../../src/store/orders/order-format.js';
import { anyOrder } from '../../support/arbitrary-orders.js';
import { makeMemoryNamespace } from '../../support/orders/memory-namespace.js';
import { report } from '../../support/orders/scripted-carrier.js';
import { fc, runs } from '../../support/properties.js';
import {
  afterReport,
  approvedOrder,
  expectStatus,
  manyNumbers,
  noon,
  number,
  numbers,
  orderId,
  placingOrder,
  waiting,
} from '../../support/sample-orders.js';

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

describe('an order that waits', () => {
  const sentence = "Saving this order took too long, so I haven't sent it yet.";
  const why: OwnReason = { why: 'saved-too-slowly' };
  const busy = (reason: Reason) => notTaken(placingOrder(), reason, noon, noon + 60_000, 1);
  const verified = async (order: Order) => {
    const places = { entries: makeMemoryNamespace(), claims: makeMemoryNamespace() };
    const journal = makeJournal({ ...places, clock: { now: () => noon } });
    await journal.append(order);
    const nothing = { all: async () => [] };
    const orders = {
      async *all() {
        yield { id: order.id, order: journaled(order, order.events.length) };
      },
    };
    return verifyJournal({ journal, orders, delegations: nothing, explanations: nothing });
  };

  test('says the same on its card if an earlier version stored why as a sentence', () => {
    const stored = plain({ v: 3, order: busy(sentence) });
    const read = readOrder(orderId, stored);
    expect(JSON.stringify(orderCard(read))).toContain(sentence);
    expect(orderCard(read)).toEqual(orderCard(readOrder(orderId, plain(toStore(busy(why))))));
  });

  test.each([sentence, why])('has a journal that agrees with it: %j', async (reason) => {
    const read = readOrder(orderId, plain(toStore(busy(reason))));
    expect(await verified(read)).toMatchObject({ orders: 1, problems: [] });
  });

  test('is not said to have changed when it waits for the same reason as before', () => {
    const again = (stored: Reason, reason: Reason) => {
      const read = readOrder(orderId, plain(toStore(heldBack(approvedOrder(), stored, noon, noon + 60_000))));
      return heldBack(expectStatus(read, 'approved'), reason, noon + 60_000, noon + 120_000).events;
    };
    const held = (events: Order['events']) => events.filter(({ what }) => what === 'held-back').length;
    expect(held(again(why, { ...why }))).toBe(1);
    expect(held(again(sentence, sentence))).toBe(1);
    expect(held(again(why, { why: 'people-not-known' }))).toBe(2);
  });

  test('with a code for why it waits can’t be read by a version that expects a sentence', () => {
    const unchecked: ServiceCheck = { groups: [], notKnown: { why: 'no-answer-yet' } };
    const complete = servicesChecked(
      afterReport(report('complete', { completed: numbers('9102414365') })),
      unchecked,
      noon,
    );
    expect(complete.events.at(-1)).toMatchObject({ what: 'services-checked' });
    expect(toStore(busy('Bandwidth is busy.')).v).toBe(3);
    expect(toStore(busy(why)).v).toBe(5);
    expect(toStore(complete).v).toBe(5);
  });
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
