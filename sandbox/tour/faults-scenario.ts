import { asPlainText, type Message } from '../local-slack/local-slack.js';
import { numbersChannel, people } from '../sample-workspace.js';
import type { ScenarioContext } from './scenario.js';

const CHANNEL = numbersChannel.id;

/**
 * Two failures. First Bandwidth accepts an order and its answer is lost: the app finds the order and doesn't send it
 * again. Then two requests never reach Bandwidth. The app resends the one for a selected number by itself, because that
 * number can be bought only once. For the other, the card asks, and only an approver can resend it. Throws when
 * anything else happens.
 */
export async function playFaultsScenario({ slack, bandwidth, transcript }: ScenarioContext): Promise<void> {
  const ana = slack.person(people.ana.id);
  const ben = slack.person(people.ben.id);
  const ordersBefore = bandwidth.orders().length;

  async function approvedOrder(words: string): Promise<Message> {
    const before = new Set(slack.messages(CHANNEL).map(({ ts }) => ts));
    transcript.act('ana', `types  /numbers order ${words}, and fills in the form`);
    await ana.types(CHANNEL, `/numbers order ${words}`);
    const form = await ana.form();
    await form.choose('Sub-account', 'Raleigh office');
    await form.fill('Reason', 'The new support team starts on Monday');
    const submitted = await form.submit();
    if (submitted !== 'closed')
      throw new Error(`the form was not accepted: ${submitted} ${JSON.stringify(form.errors)}`);
    const card = await slack.until(() => slack.messages(CHANNEL).find((message) => !before.has(message.ts)), {
      describe: 'the card of the order',
    });
    transcript.act('ben', 'presses  [Approve & order]');
    await ben.presses(card, 'Approve & order');
    return card;
  }

  const shows = (card: Message, words: string, timeoutMs: number): Promise<boolean> =>
    slack.until(() => asPlainText(card).includes(words), {
      timeoutMs,
      describe: `the card to say “${words}”`,
    });

  /** Waits for a reply in the thread, so that it's printed in the scene it belongs to. */
  const told = (card: Message, words: string): Promise<boolean> =>
    slack.until(() => card.replies.some((reply) => asPlainText(reply).includes(words)), {
      timeoutMs: 15_000,
      describe: `the thread to say “${words}”`,
    });

  transcript.scene(
    'Failure 1: Bandwidth accepts an order, but its answer is lost. The app looks the order up.',
  );
  bandwidth.fail({ method: 'POST', path: /orders$/, how: 'reset-after-accept' });
  const found = await approvedOrder('919');
  await shows(found, 'Complete: 1 of 1 number', 15_000);
  await told(found, 'is active');
  expectOrders(1);

  transcript.scene('Failure 2: two requests never reach Bandwidth. The app only knows that no answer came.');
  const lose = () => bandwidth.fail({ method: 'POST', path: /orders$/, how: 'reset-before-read' });
  const [number = ''] = bandwidth.available('919');
  lose();
  const picked = await approvedOrder(number);
  await shows(picked, 'Outcome unknown', 15_000);
  await told(picked, "didn't answer");
  lose();
  const card = await approvedOrder('919');
  await told(card, "didn't answer");
  transcript.scene(
    'After 30 s Bandwidth has no record of either. A selected number is safe to reorder, so the app does.',
  );
  await shows(picked, 'Complete: 1 of 1 number', 60_000);
  await told(picked, 'is active');
  expectOrders(2);
  transcript.scene('Repeating a search could buy a second number, so the card asks an approver.');
  await shows(card, '[Check again]', 60_000);
  expectOrders(2);
  transcript.act('ben', 'presses  [Order again]');
  await ben.presses(card, 'Order again');
  await shows(card, 'Complete: 1 of 1 number', 15_000);
  await told(card, 'is active');
  expectOrders(3);

  function expectOrders(count: number): void {
    const more = bandwidth.orders().length - ordersBefore;
    if (more !== count) throw new Error(`Bandwidth should have ${count} more orders and has ${more}`);
  }
}
