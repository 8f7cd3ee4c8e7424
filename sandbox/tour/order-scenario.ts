import type { ExistingOrder } from '../local-bandwidth/local-bandwidth.js';
import { asPlainText, type Message } from '../local-slack/local-slack.js';
import { numbersChannel, people } from '../sample-workspace.js';
import type { ScenarioContext } from './scenario.js';

const CHANNEL = numbersChannel.id;

/**
 * Ana searches and asks for two numbers. Dan isn't an approver and tries to approve. Ben approves, and Bandwidth
 * delivers. Returns the carrier's only order. Throws when anything else happens.
 */
export async function playOrderScenario({
  slack,
  bandwidth,
  transcript,
}: ScenarioContext): Promise<ExistingOrder> {
  const ana = slack.person(people.ana.id);
  const ben = slack.person(people.ben.id);
  const dan = slack.person(people.dan.id);
  const latest = (saying: string): Promise<Message> =>
    slack.until(() => slack.messages(CHANNEL).findLast((message) => asPlainText(message).includes(saying)), {
      describe: `a message that says “${saying}”`,
    });

  transcript.scene('Ana searches area code 910 and selects two numbers.');
  transcript.act('ana', 'types  /numbers search 910');
  await ana.types(CHANNEL, '/numbers search 910');
  const results = await latest('Order selected…');

  const wanted = ['(910) 241-4365', boxesOf(results)[1] ?? ''];
  transcript.act('ana', `ticks  ${wanted.join('  and  ')},  and presses  [Order selected…]`);
  await ana.ticks(results, wanted);
  await ana.presses(results, 'Order selected…');
  const form = await ana.form();
  await form.fill('Name', 'Support line');
  await form.choose('Sub-account', 'Raleigh');
  await slack.until(() => !form.asPlainText().includes('Choose a sub-account first'), {
    describe: 'the form to offer the locations of the sub-account',
  });
  await form.choose('Location', 'Main SIP trunk');
  await form.fill('Reason', 'The new support team starts on Monday');
  transcript.form(form.asPlainText());
  const submitted = await form.submit();
  if (submitted !== 'closed')
    throw new Error(`the form was not accepted: ${submitted} ${JSON.stringify(form.errors)}`);
  const card = await latest('waiting for approval');
  await slack.until(() => asPlainText(card).includes('Held until'), {
    describe: 'the card to say until when the numbers are held',
  });

  transcript.scene("Dan isn't an approver, so the app refuses.");
  transcript.act('dan', 'presses  [Approve & order]');
  await dan.presses(card, 'Approve & order');
  await slack.until(() => dan.ephemerals(CHANNEL).length > 0, { describe: 'Dan to be told why' });
  if (bandwidth.orders().length > 0) throw new Error('something was ordered without an approval');

  transcript.scene('Ben is in the approver group @telecom. He approves, and Bandwidth delivers.');
  transcript.act('ben', 'presses  [Approve & order]');
  await ben.presses(card, 'Approve & order');
  await slack.until(() => asPlainText(card).includes('Complete: 2 of 2 numbers'), {
    timeoutMs: 15_000,
    describe: 'the card to say “Complete: 2 of 2 numbers”',
  });
  await slack.until(
    () =>
      asPlainText(card).includes('Voice works') &&
      card.replies.some((reply) => asPlainText(reply).includes('are active')),
    { timeoutMs: 15_000, describe: 'the card and the thread to say what works' },
  );

  const [order, ...others] = bandwidth.orders();
  if (order === undefined || others.length > 0) {
    throw new Error(`Bandwidth should have one order and has ${bandwidth.orders().length}`);
  }
  transcript.scene('Bandwidth got one request, for the numbers that the card showed.');
  transcript.show('POST', compact(order.requestXml));
  return order;
}

/** Returns the numbers next to the checkboxes, as people see them. */
function boxesOf(message: Message): readonly string[] {
  return [...asPlainText(message).matchAll(/[☐☑] (\(\d{3}\) \d{3}-\d{4})/g)].map(
    ([, number]) => number ?? '',
  );
}

/** Without the prolog, and on one line each: lists, the place, both options, and the closing tags. */
function compact(xml: string): string {
  return xml
    .replace(/^<\?xml.*\?>\n/, '')
    .replace(/<(\w+List)>[\s\S]*?<\/\1>/g, (list) => list.replaceAll(/>\s+</g, '><'))
    .replace(/\s+(<PeerId>|<BackOrderRequested>|<\/Order>)/g, '$1');
}
