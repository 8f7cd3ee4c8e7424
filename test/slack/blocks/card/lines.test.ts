import { describe, expect, test } from '@jest/globals';
import { dueAnnouncements } from '../../../../src/orders/domain/due-announcements.js';
import { withLines } from '../../../../src/orders/domain/lines-together.js';
import type { LineProgress, Order } from '../../../../src/orders/domain/order.js';
import type { WantedLine } from '../../../../src/orders/domain/request.js';
import { orderCard } from '../../../../src/slack/blocks/card/order-card.js';
import { stockSentence } from '../../../../src/slack/blocks/forms/order-form-lines.js';
import { listWanted } from '../../../../src/slack/blocks/order/line-list.js';
import { announcement } from '../../../../src/slack/blocks/thread/announcements.js';
import { messageProblems } from '../../../support/block-limits.js';
import { startOrdersApp } from '../../../support/orders/orders-app.js';
import { ana, lines, searched } from '../../../support/orders/people.js';
import {
  lostOnTheWay,
  notTaken,
  type PlaceTurn,
  report,
  taken,
} from '../../../support/orders/scripted-carrier.js';
import { manyNumbers, noon, requester, search, waiting } from '../../../support/sample-orders.js';

const codes = (count: number): WantedLine[] =>
  Array.from({ length: count }, (_, index) => searched(String(201 + index), 1));

const longest = (count: number): WantedLine[] =>
  Array.from({ length: count }, (_, index) => ({
    by: 'search',
    search: search({ rateCenter: `${'W'.repeat(55)} ${index}`, state: 'NC' }, 50),
  }));

describe('The lines of an order', () => {
  test('with the same quantity in area codes are listed together, others one by one', () => {
    expect(listWanted([...codes(3), searched('910', 2), ...codes(1)], 500)).toBe(
      '1 each in area codes 201, 202, 203 · 2 in area code 910 · 1 in area code 201',
    );
  });

  test('with more than an area code are never listed as if that were all', () => {
    const wide: WantedLine = {
      by: 'search',
      search: { ...search({ areaCode: '910' }, 1), protected: 'ONLY' },
    };
    expect(listWanted([...codes(1), wide, wide], 500)).toBe(
      '1 in area code 201 · 1 in area code 910, protected only · 1 in area code 910, protected only',
    );
  });

  test('that do not fit are counted, even if they would be listed together', () => {
    expect(listWanted(codes(45), 150)).toMatch(/^1 each in area codes 201, .*, 220 · and 25 more$/);
  });

  test('are all on a waiting card, however long, and Slack accepts it', () => {
    const card = orderCard(waiting({ wanted: { by: 'lines', lines: longest(100) } }));
    expect(messageProblems(card)).toEqual([]);
    const words = JSON.stringify(card.blocks);
    for (let index = 0; index < 100; index++) expect(words).toContain(`W ${index}, NC`);
  });

  test('are delivered in full or not at all one by one, and the card says so', () => {
    const order = waiting({ wanted: { by: 'lines', lines: codes(2) }, partialAllowed: false });
    expect(orderCard(order).text).toContain('each line in full or not at all');
  });
});

test('a card with a hundred long lines, some in each state and each failed for long reasons, is accepted by Slack', async () => {
  const app = startOrdersApp();
  app.carrier.onPlace(
    () => ({
      outcome: 'refused',
      advice: 'x'.repeat(2_000),
      faults: Array.from({ length: 30 }, (_, index) => ({
        code: String(5_000 + index),
        description: 'd'.repeat(2_000),
        numbers: manyNumbers(50),
      })),
    }),
    lostOnTheWay,
  );
  app.carrier.says(
    report('partial', {
      completed: manyNumbers(10),
      faults: [{ code: '5017', description: 'q'.repeat(2_000), numbers: [] }],
    }),
  );
  await app.request('o1', lines(...codes(4)));
  await app.approve('o1');
  await app.live(60_000);
  const small = app.order('o1');
  const [refused, unknown, inPart] = small.lines ?? [];
  if (refused === undefined || unknown === undefined || inPart?.status !== 'partial')
    throw new Error('no lines');
  const { outcome, ...ended } = inPart;
  const { again: _, ...approval } = inPart.approval;
  const complete: LineProgress = { ...ended, status: 'complete', outcome: { ...outcome, faults: [] } };
  const awaited: LineProgress = {
    status: 'approved',
    approval,
    asking: { times: 0, nextAt: 0, failures: 0 },
  };
  const canceled: LineProgress = { status: 'cancelled', by: requester, at: noon, approval };
  const request = { ...small.request, wanted: { by: 'lines', lines: longest(100) } } as Order['request'];
  for (const states of [
    [refused, unknown, inPart, complete, awaited, canceled],
    [refused, inPart, complete, canceled],
  ]) {
    const all = Array.from({ length: 100 }, (_, index) => states[index % states.length] ?? canceled);
    const order = withLines({ ...small, request }, all);
    expect(messageProblems(orderCard(order))).toEqual([]);
    for (const kind of dueAnnouncements(order)) {
      expect(messageProblems(announcement(order, kind))).toEqual([]);
    }
  }
});

describe('What is in stock', () => {
  const two = [searched('910', 1), searched('919', 2)];
  test.each([
    [[1, 2], '✅ Every line has enough numbers right now.'],
    [[0, 2], '⚠️ *No numbers right now:* 1 in area code 910\n1 other line has enough.'],
    [[1, 1], '⚠️ *Too few right now:* 2 in area code 919 (1 available)\n1 other line has enough.'],
    [[0, 0], '⚠️ *No numbers right now:* 1 in area code 910 · 2 in area code 919'],
    [[1, undefined], "I couldn't find out what is available for 1 line.\n1 other line has enough."],
  ])('%j', (stock, sentence) => {
    expect(stockSentence(two, stock)).toBe(sentence);
  });
});

const refusedWith =
  (advice: string, ...codes: readonly string[]): PlaceTurn =>
  () => ({
    outcome: 'refused',
    advice,
    faults: codes.map((code) => ({ code, description: 'No', numbers: [] })),
  });

test('lines that failed for different reasons are listed separately, even after the end, when one has no words of Bandwidth', async () => {
  const app = startOrdersApp();
  app.carrier.says(report('complete'));
  app.carrier.onPlace(refusedWith('Gone.', '5018'), refusedWith('Odd.', '5016'), refusedWith('Not allowed.'));
  await app.request('o1', lines(...codes(2), searched('910', 2), searched('704', 3)));
  await app.approve('o1');
  await app.live(60_000);
  const order = app.order('o1');
  expect(order.status).toBe('partial');
  const { text } = announcement(order, 'outcome');
  for (const words of [orderCard(order).text, text]) {
    expect(words).toContain(
      'Not delivered: 1 in area code 201 (5018) · 1 in area code 202 (5016) · 2 in area code 910',
    );
    expect(words).toContain('Not allowed.');
    expect(words).not.toContain('Bandwidth gave no reason.');
  }
});

test('what a person canceled says so, and how much of a line was delivered is counted', async () => {
  const app = startOrdersApp();
  const later = app.clock.now() + 3_600_000;
  app.carrier.says(report('partial', { completed: manyNumbers(2), faults: [] }));
  app.carrier.onPlace(taken, notTaken(later), notTaken(later));
  await app.request('o1', lines(searched('910', 4), ...codes(2)));
  await app.approve('o1');
  await app.live(2_000);
  await app.cancelOrder('o1', ana);
  await app.live(60_000);
  const order = app.order('o1');
  const { text } = announcement(order, 'outcome');
  for (const words of [orderCard(order).text, text]) {
    expect(words).toContain('🟡 Delivered in part: 2 of 4 in area code 910');
    expect(words).toMatch(/🚫 Canceled: 1 each in area codes 201, 202 \(by <@\w+>\)/);
  }
});
