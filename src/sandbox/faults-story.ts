import { numbersChannel, people } from './cast.js';
import { asPlainText, type Message } from './local-slack/local-slack.js';
import type { Stage } from './stage.js';

const CHANNEL = numbersChannel.id;

/**
 * Two bad days. First Bandwidth takes an order and its answer is lost: the order is found, not sent again. Then two
 * requests never reach Bandwidth: the one for a picked number, which can be bought only once, is sent again by itself;
 * for the other the card asks people, and only an approver's word sends it a second time.
 * Throws when anything is not as it should be.
 */
export async function playFaults({ slack, bandwidth, transcript }: Stage): Promise<void> {
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
      throw new Error(`the form was not taken: ${submitted} ${JSON.stringify(form.errors)}`);
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

  transcript.scene('Bandwidth takes an order, and the connection breaks before its answer arrives.');
  bandwidth.fail({ method: 'POST', path: /orders$/, how: 'reset-after-accept' });
  await shows(await approvedOrder('919'), 'Complete: 1 of 1 number', 15_000);
  expectOrders(1);

  transcript.scene('Two requests are lost on their way to Bandwidth. Nobody can know that yet.');
  const lose = () => bandwidth.fail({ method: 'POST', path: /orders$/, how: 'reset-before-read' });
  const [number = ''] = bandwidth.available('919');
  lose();
  const picked = await approvedOrder(number);
  await shows(picked, 'Outcome unknown', 15_000);
  lose();
  const card = await approvedOrder('919');
  transcript.scene(
    'Half a minute of looking, and Bandwidth knows of neither. A picked number is bought only once.',
  );
  await shows(picked, 'Complete: 1 of 1 number', 60_000);
  expectOrders(2);
  transcript.scene('A search would find another number. People decide.');
  await shows(card, '[Check again]', 60_000);
  expectOrders(2);
  transcript.act('ben', 'presses  [Order again]');
  await ben.presses(card, 'Order again');
  await shows(card, 'Complete: 1 of 1 number', 15_000);
  expectOrders(3);

  function expectOrders(count: number): void {
    const more = bandwidth.orders().length - ordersBefore;
    if (more !== count) throw new Error(`Bandwidth should have ${count} more orders and has ${more}`);
  }
}
