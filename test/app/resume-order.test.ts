import { afterEach, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { startWorld, type World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

/** Time goes by ten times as fast until there is such a thing; nothing here takes Bandwidth or Slack a second. */
const comes = (describe: string, look: () => boolean) =>
  world.slack.until(
    () => {
      if (look()) return true;
      world.goesBy(100);
      return false;
    },
    { describe },
  );
const says = (card: Message, words: string) =>
  comes(`“${words}”`, () => [card, ...card.replies].some((each) => asPlainText(each).includes(words)));
/** How often Bandwidth was asked for an order that left no trace. */
const looks = () =>
  world.bandwidth.requests.filter(({ query }) => JSON.stringify(query).includes('customerOrderId')).length;

test('An order that never reached Bandwidth asks for a decision; Check again looks it up; Order again, by an approver, sends it', async () => {
  world = await startWorld({ clockStands: true });
  const { ana, ben, dan, bandwidth, slack, requested } = world;
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
  await says(card, "Very likely the request never arrived, but I won't resubmit it on my own.");
  const before = looks();
  await dan.presses(card, 'Check again');
  await comes('another look', () => looks() > before);
  // The card does not change as long as there is no trace, and a press must not look ignored.
  const told = () => dan.ephemerals(card.channel).map((each) => asPlainText(each));
  await slack.until(() => told().length > 0, { describe: 'Dan to be told' });
  expect(told()).toEqual([
    "I'm checking again. If the order turns up, the card shows it within seconds. If not, the card doesn't change.",
  ]);

  await ana.presses(card, 'Order again');
  await slack.until(() => ana.ephemerals(card.channel).length > 0, { describe: 'Ana to be told why not' });
  await says(other, 'Complete: 1 of 1 number');
  await says(other, 'Bandwidth has no record of this order, so I resubmitted it.');
  expect(asPlainText(other)).toContain('resubmitted because Bandwidth had no record of it');
  expect(bandwidth.orders()).toMatchObject([{ status: 'COMPLETE', numbers: [picked] }]);

  await ben.presses(card, 'Order again');
  await says(card, 'Complete: 2 of 2 numbers');
  await says(card, '@ben resubmitted the order.');
  expect(asPlainText(card)).toContain('resubmitted by @ben');
  expect(bandwidth.orders()).toHaveLength(2);
});

test('Bandwidth answers 503 for ten seconds around an approval: the card says so, asks after half a minute, and Give up ends it', async () => {
  world = await startWorld({ clockStands: true });
  const { ana, ben, dan, bandwidth, slack, requested } = world;
  const card = await requested('910 x2');
  const over = bandwidth.fail({ path: /orders/, how: 503, times: 99 });
  await ben.presses(card, 'Approve & order');
  await says(card, "Bandwidth answered with error 503, so I don't know yet whether it has the order.");
  expect(asPlainText(card)).toContain('Bandwidth answered with error 503');
  await comes('three looks', () => looks() >= 3);
  over();
  const inVain = looks();
  await says(card, '[Give up]');
  // Only those that were answered count.
  expect(looks() - inVain).toBe(5);
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
