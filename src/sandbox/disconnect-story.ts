import { numbersChannel, people } from './cast.js';
import { asPlainText, type Message } from './local-slack/local-slack.js';
import type { Stage } from './stage.js';

const CHANNEL = numbersChannel.id;

/**
 * Ana gives one of her numbers back. Ben approves, but she sees that she meant another time and undoes it; she asks
 * again, and this time it goes through. Throws when anything is not as it should be.
 */
export async function playDisconnect({ slack, bandwidth, transcript }: Stage, number: string): Promise<void> {
  const ana = slack.person(people.ana.id);
  const ben = slack.person(people.ben.id);

  async function ask(): Promise<Message> {
    const before = new Set(slack.messages(CHANNEL).map(({ ts }) => ts));
    transcript.act('ana', `types  /numbers disconnect ${number}`);
    await ana.types(CHANNEL, `/numbers disconnect ${number}`);
    const form = await ana.form();
    await form.fill('Reason', 'The campaign is over');
    await form.fill('Confirmation', number.slice(-4));
    transcript.show('The form as she submits it:', form.asPlainText());
    const submitted = await form.submit();
    if (submitted !== 'closed')
      throw new Error(`the form was not taken: ${submitted} ${JSON.stringify(form.errors)}`);
    return slack.until(() => slack.messages(CHANNEL).find((message) => !before.has(message.ts)), {
      describe: 'the card of the disconnect',
    });
  }

  async function approve(card: Message): Promise<void> {
    transcript.act('ben', 'presses  [Approve & disconnect]');
    await ben.presses(card, 'Approve & disconnect');
    await slack.until(() => asPlainText(card).includes('[Undo]'), { describe: 'the card to offer Undo' });
    await told(card, 'Approved by');
  }

  /** The narrator waits for it: what the thread hears belongs to the scene in which it happened. */
  async function told(card: Message, words: string): Promise<void> {
    await slack.until(() => card.replies.some((reply) => asPlainText(reply).startsWith(words)), {
      describe: `the thread to say “${words} …”`,
    });
  }

  transcript.scene('The campaign ends: Ana asks to give one of the numbers back.');
  const first = await ask();
  await approve(first);
  transcript.scene('Ana has second thoughts, and it is not too late.');
  transcript.act('ana', 'presses  [Undo]');
  await ana.presses(first, 'Undo');
  await slack.until(() => asPlainText(first).includes('Undone'), {
    describe: 'the card to say that it was undone',
  });
  await told(first, 'Undone by');
  if (bandwidth.disconnects().length > 0) throw new Error('Bandwidth heard of a disconnect that was undone');

  transcript.scene('A week later it really can go.');
  const second = await ask();
  await approve(second);
  transcript.scene('Nobody undoes it; the window closes.');
  await slack.until(() => asPlainText(second).includes('Disconnected: 1 of 1 number'), {
    timeoutMs: 20_000,
    describe: 'the card to say “Disconnected: 1 of 1 number”',
  });
  await slack.until(() => second.replies.length >= 2, {
    describe: 'the thread to tell of the approval and the outcome',
  });
  const [disconnect, ...others] = bandwidth.disconnects();
  if (disconnect === undefined || others.length > 0) {
    throw new Error(`Bandwidth should have one disconnect and has ${bandwidth.disconnects().length}`);
  }
  if (bandwidth.numbersInService().includes(number)) throw new Error(`${number} is still in service`);
}
