import { afterEach, expect, test } from '@jest/globals';
import { asPlainText } from '../../sandbox/local-slack/local-slack.js';
import { startWorld, type World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

test('An order that never reached Bandwidth asks people; Check again looks; Order again, by an approver, sends it', async () => {
  world = await startWorld();
  const { ana, ben, dan, bandwidth, slack, requested, says } = world;
  const [picked = ''] = bandwidth.available('919');
  // Beside it goes one for a number that was picked, which asks nobody.
  const other = await requested(picked);
  bandwidth.fail({ method: 'POST', path: /orders$/, how: 'reset-before-read' });
  await ben.presses(other, 'Approve & order');
  await says(other, 'Outcome unknown');
  const card = await requested('910 x2');
  bandwidth.fail({ method: 'POST', path: /orders$/, how: 'reset-before-read' });
  await ben.presses(card, 'Approve & order');
  await says(card, 'Outcome unknown');
  expect(asPlainText(card)).not.toContain('[Order again]');

  // Five looks, at 1, 3, 7, 15 and 31 seconds.
  await says(card, '[Check again] [Order again] [Give up]');
  await says(card, "Very likely the request never arrived, but I don't send it a second time by myself.");
  const looks = () =>
    bandwidth.requests.filter(({ query }) => JSON.stringify(query).includes('customerOrderId')).length;
  const before = looks();
  await dan.presses(card, 'Check again');
  await slack.until(() => looks() > before, { describe: 'another look' });
  // The card does not change as long as there is no trace, and a press must not look ignored.
  const told = () => dan.ephemerals(card.channel).map((each) => asPlainText(each));
  await slack.until(() => told().length > 0, { describe: 'Dan to be told' });
  expect(told()).toEqual([
    "I'm checking again. If the order turns up, the card shows it within seconds. If not, the card doesn't change.",
  ]);

  await ana.presses(card, 'Order again');
  await slack.until(() => ana.ephemerals(card.channel).length > 0, { describe: 'Ana to be told why not' });
  await says(other, 'Complete: 1 of 1 number');
  await says(other, 'Bandwidth has no record of this order, so I sent it again.');
  expect(asPlainText(other)).toContain('sent again because it left no trace');
  expect(bandwidth.orders()).toMatchObject([{ status: 'COMPLETE', numbers: [picked] }]);

  await ben.presses(card, 'Order again');
  await says(card, 'Complete: 2 of 2 numbers');
  await says(card, '@ben resubmitted the order.');
  expect(asPlainText(card)).toContain('resubmitted by @ben');
  expect(bandwidth.orders()).toHaveLength(2);
});

test('Bandwidth answers 503 for ten seconds around an approval: the card says so, asks after half a minute, and Give up ends it', async () => {
  world = await startWorld();
  const { ana, ben, dan, bandwidth, slack, requested, says } = world;
  const card = await requested('910 x2');
  const over = bandwidth.fail({ path: /orders/, how: 503, times: 99 });
  await ben.presses(card, 'Approve & order');
  await says(card, "Bandwidth answered with error 503, so I don't know yet whether it took the order.");
  expect(asPlainText(card)).toContain('Bandwidth answered with error 503');
  await slack.until(() => bandwidth.requests.filter(({ method }) => method === 'GET').length >= 3, {
    timeoutMs: 20_000,
    describe: 'three look-ups',
  });
  over();
  const sentAt = Date.now();
  await slack.until(() => asPlainText(card).includes('[Give up]'), {
    timeoutMs: 40_000,
    describe: 'the card to ask',
  });
  expect(Date.now() - sentAt).toBeLessThan(36_000);
  expect(asPlainText(card)).toContain('Bandwidth has no record of this order.');

  await dan.presses(card, 'Give up');
  const told = await slack.until(() => dan.ephemerals(card.channel)[0], {
    describe: 'Dan to be told why not',
  });
  expect(asPlainText(told)).toContain('Only @ana and the approvers (@telecom) can give up this order.');
  await ana.presses(card, 'Give up');
  await says(card, 'Given up: 2 numbers');
  await says(card, 'Bandwidth has no record of this order. @ana gave up on it.');
  expect(asPlainText(card)).not.toContain('[');
  expect(bandwidth.orders()).toEqual([]);
});
