import { asPlainText, type Form, type Message } from '../../sandbox/local-slack/local-slack.js';
import { orderIdOfCard } from '../../sandbox/order-id-of-card.js';
import { asRead, CHANNEL, type World } from './world.js';

/** As people read it: (910) 242-0000. */
export const shown = (number: string): string =>
  `(${number.slice(0, 3)}) ${number.slice(3, 6)}-${number.slice(6)}`;

/**
 * Numbers of ten digits, to be in service when a world begins. `take` returns the next few that no test has used yet.
 */
export function makeStock(quantity: number) {
  const all = Array.from({ length: quantity }, (_, index) => `910242${String(index).padStart(4, '0')}`);
  let next = 0;
  return {
    all: all as readonly string[],
    one(): string {
      const [only = ''] = this.take(1);
      return only;
    },
    take(count: number): readonly string[] {
      next += count;
      if (next > all.length) throw new Error(`there are only ${all.length} numbers in stock`);
      return all.slice(next - count, next);
    },
  };
}

/** The form that a person gets for these words, with a reason and the right confirmation in it. */
export async function disconnectForm(
  world: World,
  words: string,
  { person = world.ana, reason = 'The campaign is over' } = {},
): Promise<Form> {
  await person.types(CHANNEL, `/numbers disconnect ${words}`);
  const form = await person.form();
  const numbers = form.value('Numbers').split('\n');
  await form.fill('Reason', reason);
  await form.fill(
    'Confirmation',
    numbers.length === 1 ? words.replace(/\D/g, '').slice(-4) : String(numbers.length),
  );
  return form;
}

/** Submits a form and waits for its card. */
export async function cardOf({ slack }: World, form: Form): Promise<Message> {
  const before = new Set(slack.messages(CHANNEL).map(({ ts }) => ts));
  const submitted = await form.submit();
  if (submitted !== 'closed')
    throw new Error(`the form was not taken: ${submitted} ${JSON.stringify(form.errors)}`);
  return slack.until(() => slack.messages(CHANNEL).find(({ ts }) => !before.has(ts)), {
    describe: 'the card of the disconnect',
  });
}

/** The card of a new disconnect, waiting for approval. */
export const disconnectAsked = async (
  world: World,
  words: string,
  given: Parameters<typeof disconnectForm>[2] = {},
): Promise<Message> => cardOf(world, await disconnectForm(world, words, given));

/** The same, approved by Ben. */
export async function disconnectApproved(
  world: World,
  words: string,
  given: Parameters<typeof disconnectForm>[2] = {},
): Promise<Message> {
  const card = await disconnectAsked(world, words, given);
  await world.ben.presses(card, 'Approve & disconnect');
  return card;
}

/** The sentences in a card's thread, once there are this many. */
export async function threadOf(
  { slack }: World,
  card: Message,
  sentences: number,
): Promise<readonly string[]> {
  await slack.until(() => card.replies.length >= sentences, {
    describe: `${sentences} sentences in the thread`,
  });
  return card.replies.map((each) => asRead(asPlainText(each)));
}

/** Waits for what only this person was told because of a press, and returns it. */
export async function toldBy(
  { slack }: World,
  person: World['ana'],
  press: () => Promise<unknown>,
): Promise<string> {
  const before = person.ephemerals(CHANNEL).length;
  await press();
  const told = await slack.until(() => person.ephemerals(CHANNEL)[before], {
    describe: `${person.name} to be told something`,
  });
  return asPlainText(told);
}

/** How often a disconnect was sent to Bandwidth, whatever the outcome. */
export const timesSent = ({ bandwidth }: World): number =>
  bandwidth.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/disconnects')).length;

export const orderIdOn = (card: Message): string => orderIdOfCard(card) ?? 'no order';
