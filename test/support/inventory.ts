import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { asRead, CHANNEL, type World } from './world.js';

/** The hours between two checks of the totals. */
export const HOUR = 60 * 60_000;

/** What the app asked Bandwidth about its numbers, the last part of each path with the page. */
export const askedAboutNumbers = ({ bandwidth }: World): readonly string[] =>
  bandwidth.requests
    .filter(({ path }) => /\/(?:tns|inserviceNumbers|discnumbers|totals|sippeers)$/.test(path))
    .map(({ method, path, query }) => {
      const page = new URLSearchParams(query).get('page');
      return [method, path.split('/').slice(-2).join('/'), ...(page === null ? [] : [page])].join(' ');
    });

const timesWalked = ({ log }: World): number => log.filter(({ msg }) => msg === 'inventory walked').length;

/** In a world whose clock stands still, moves it until the account has been read once more. */
export async function walked(world: World): Promise<void> {
  const before = timesWalked(world);
  await passesUntil(world, () => timesWalked(world) > before, 'the account is read');
}

/** Moves the clock by a second at a time, or by `stepMs`, until this is so. */
export async function passesUntil(
  world: World,
  isSo: () => boolean,
  describe: string,
  stepMs = 1_000,
): Promise<void> {
  await world.slack.until(
    () => {
      if (isSo()) return true;
      world.goesBy(stepMs);
      return false;
    },
    { describe },
  );
}

/** The private answer that a person gets to what they type. */
export async function answerTo(world: World, words: string, person = world.ana): Promise<Message> {
  const before = person.ephemerals(CHANNEL).length;
  await person.types(CHANNEL, `/numbers ${words}`);
  return world.slack.until(() => person.ephemerals(CHANNEL)[before], { describe: `an answer to ${words}` });
}

/** A message without its formatting. */
export const plain = (message: Message): string => asRead(asPlainText(message)).replace(/[*`]/g, '');

export const said = async (world: World, words: string, person = world.ana): Promise<string> =>
  plain(await answerTo(world, words, person));

/** Orders for Ana, with Ben's approval, and moves the clock until the numbers are delivered. */
export async function bought(world: World, words: string): Promise<Message> {
  const card = await world.requested(words);
  await world.ben.presses(card, 'Approve & order');
  const isComplete = () => asPlainText(card).includes('Complete');
  // In small steps: on a slow machine, big ones would add up to the minute after which the account is read.
  await passesUntil(world, isComplete, 'the order is complete', 50);
  return card;
}
