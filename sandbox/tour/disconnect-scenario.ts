import { asPlainText, type Message } from '../local-slack/local-slack.js';
import { numbersChannel, people } from '../sample-workspace.js';
import type { ScenarioContext } from './scenario.js';

const CHANNEL = numbersChannel.id;

/**
 * Ana disconnects one of her numbers. Ben approves, and she undoes it in time. Later she requests it again, and the
 * disconnect completes. Throws when anything else happens.
 */
export async function playDisconnectScenario(
  { slack, bandwidth, transcript }: ScenarioContext,
  number: string,
): Promise<void> {
  const ana = slack.person(people.ana.id);
  const ben = slack.person(people.ben.id);

  async function ask(): Promise<Message> {
    const before = new Set(slack.messages(CHANNEL).map(({ ts }) => ts));
    transcript.act('ana', `types  /numbers disconnect ${number}`);
    await ana.types(CHANNEL, `/numbers disconnect ${number}`);
    const form = await ana.form();
    await form.fill('Reason', 'The campaign is over');
    await form.fill('Confirmation', number.slice(-4));
    transcript.form(form.asPlainText());
    const submitted = await form.submit();
    if (submitted !== 'closed')
      throw new Error(`the form was not accepted: ${submitted} ${JSON.stringify(form.errors)}`);
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

  /** Waits for a reply in the thread, so that it's printed in the scene it belongs to. */
  async function told(card: Message, words: string): Promise<void> {
    await slack.until(() => card.replies.some((reply) => asPlainText(reply).startsWith(words)), {
      describe: `the thread to say “${words} …”`,
    });
  }

  transcript.scene('The campaign is over. Ana asks to disconnect one of the numbers.');
  const first = await ask();
  await approve(first);
  transcript.scene('Ana changes her mind, in time to undo it.');
  transcript.act('ana', 'presses  [Undo]');
  await ana.presses(first, 'Undo');
  await slack.until(() => asPlainText(first).includes('Undone'), {
    describe: 'the card to say that it was undone',
  });
  await told(first, 'Undone by');
  if (bandwidth.disconnects().length > 0) throw new Error('an undone disconnect reached Bandwidth');

  transcript.scene("Later she requests it again and doesn't undo it.");
  const second = await ask();
  await approve(second);
  await slack.until(() => asPlainText(second).includes('Disconnected: 1 of 1 number'), {
    timeoutMs: 20_000,
    describe: 'the card to say “Disconnected: 1 of 1 number”',
  });
  await slack.until(() => second.replies.length >= 2, {
    describe: 'the thread to report the approval and the outcome',
  });
  const [disconnect, ...others] = bandwidth.disconnects();
  if (disconnect === undefined || others.length > 0) {
    throw new Error(`Bandwidth should have one disconnect and has ${bandwidth.disconnects().length}`);
  }
  if (bandwidth.numbersInService().includes(number)) throw new Error(`${number} is still in service`);
}
