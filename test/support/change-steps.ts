import type { Form, Message } from '../../sandbox/local-slack/local-slack.js';
import { cardOf } from './disconnect-steps.js';
import { CHANNEL, type World } from './world.js';

/** The form that a person gets for these words, once it has the location they typed. */
export async function moveForm(
  world: World,
  words: string,
  { person = world.ana, to }: { person?: World['ana']; to?: string } = {},
): Promise<Form> {
  await person.types(CHANNEL, `/numbers move ${words}`);
  const form = await person.form();
  if (to === undefined) {
    await world.slack.until(
      () => form.value('Location') !== '' || form.asPlainText().includes('Choose one'),
      {
        describe: 'the location in the form',
      },
    );
  } else await form.choose('Location', to);
  await form.fill('Reason', 'The contact center takes these calls');
  return form;
}

/** The card of a new move, waiting for approval. */
export const moveAsked = async (
  world: World,
  words: string,
  given: Parameters<typeof moveForm>[2] = {},
): Promise<Message> => cardOf(world, await moveForm(world, words, given));

/** The same, approved by Ben. */
export async function moveApproved(world: World, words: string): Promise<Message> {
  const card = await moveAsked(world, words);
  await world.ben.presses(card, 'Approve & move');
  return card;
}

/** The form that a person gets for these words about messaging, with a reason in it. */
export async function messagingForm(
  world: World,
  words: string,
  { person = world.ana, choose }: { person?: World['ana']; choose?: string } = {},
): Promise<Form> {
  await person.types(CHANNEL, `/numbers messaging ${words}`);
  const form = await person.form();
  if (choose !== undefined) await form.choose('Messaging', choose);
  await form.fill('Reason', 'Customers want to text us');
  return form;
}

/** The card of a new messaging change, waiting for approval. */
export const messagingAsked = async (
  world: World,
  words: string,
  given: Parameters<typeof messagingForm>[2] = {},
): Promise<Message> => cardOf(world, await messagingForm(world, words, given));

/** The same, approved by Ben. */
export async function messagingApproved(world: World, words: string): Promise<Message> {
  const card = await messagingAsked(world, words);
  await world.ben.presses(card, 'Approve & change');
  return card;
}

/** How often a change of options was sent to Bandwidth, whatever the outcome. */
export const optionsSent = ({ bandwidth }: World): number =>
  bandwidth.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/tnoptions')).length;

/** How often a move was sent to Bandwidth, whatever the outcome. */
export const movesSent = ({ bandwidth }: World): number =>
  bandwidth.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/moveTns')).length;
