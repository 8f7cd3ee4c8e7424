import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { CHANNEL, type World } from './world.js';

type Person = World['ana'];

/** The new message for everybody in the channel after somebody did something. */
export async function posted(
  world: World,
  act: () => Promise<unknown>,
  channelId = CHANNEL,
): Promise<Message> {
  const before = world.slack.messages(channelId).length;
  await act();
  return world.slack.until(() => world.slack.messages(channelId)[before], {
    describe: 'a new message for everybody',
  });
}

/** The message with the results of a search as somebody types it. */
export const found = (world: World, words: string, person: Person = world.ana): Promise<Message> =>
  posted(world, () => person.types(CHANNEL, `/numbers search ${words}`));

/** What a person alone is told, in the channel or else in a direct message, after doing something. */
export async function told(
  world: World,
  person: Person,
  act: () => Promise<unknown>,
  channelId = CHANNEL,
): Promise<string> {
  const said = () => [...person.ephemerals(channelId), ...person.directMessages()];
  const before = new Set(said().map(({ ts }) => ts));
  await act();
  const message = await world.slack.until(() => said().find(({ ts }) => !before.has(ts)), {
    describe: `a sentence for ${person.name} alone`,
  });
  return asPlainText(message);
}

/** The queries of all searches Bandwidth was asked, oldest first. */
export const queries = ({ bandwidth }: World): readonly string[] =>
  bandwidth.requests.filter(({ path }) => path.endsWith('/availableNumbers')).map(({ query }) => query);

/** The lines of the log that a person's failed wish left. */
export const failures = ({ log }: World) => log.filter(({ msg }) => msg === 'slack interaction failed');

/** What must never stand in a log. */
export const secretsOf = ({ slack, bandwidth }: World): readonly string[] => [
  slack.botToken,
  slack.appToken,
  slack.signingSecret,
  bandwidth.clientSecret,
  'Bearer ',
  'Basic ',
];

/** How each thing a person did was acknowledged since the `from`th. */
export const acknowledgements = ({ slack }: World, from = 0) =>
  slack.deliveries.slice(from).map(({ ok, took }) => ({ ok, inTime: took < 1_000 }));
