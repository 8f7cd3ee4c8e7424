import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { CHANNEL, type World } from './world.js';

type Person = World['ana'];

/** The new public message in the channel after a person did something. */
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

/** The message with the results of a search as a person types it. */
export const found = (world: World, words: string, person: Person = world.ana): Promise<Message> =>
  posted(world, () => person.types(CHANNEL, `/numbers search ${words}`));

/** What only this person is told, in the channel or else in a direct message, after doing something. */
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

/** The answer to a search: public results, or a sentence for that person alone. */
export async function answered(
  world: World,
  act: () => Promise<unknown>,
  person: Person = world.ana,
): Promise<string> {
  const all = () => [...world.slack.messages(CHANNEL), ...person.ephemerals(CHANNEL)];
  const before = new Set(all().map(({ ts }) => ts));
  await act();
  const answer = await world.slack.until(() => all().find(({ ts }) => !before.has(ts)), {
    describe: `an answer to the search of ${person.name}`,
  });
  return asPlainText(answer);
}

/** The same for a search as Ana types it. */
export const searched = (world: World, words: string): Promise<string> =>
  answered(world, () => world.ana.types(CHANNEL, `/numbers search ${words}`));

/** The queries of all searches that Bandwidth received, oldest first. */
export const queries = ({ bandwidth }: World): readonly string[] =>
  bandwidth.requests.filter(({ path }) => path.endsWith('/availableNumbers')).map(({ query }) => query);

/** What Bandwidth was asked, except what the app reads in the background to keep its inventory. */
export const requestsForPeople = ({ bandwidth }: World) =>
  bandwidth.requests.filter(
    ({ method, path }) => method !== 'GET' || !/\/(inserviceNumbers|discnumbers|tns)(\/totals)?$/.test(path),
  );

/** The lines of the log that a person's failed request left. */
export const failures = ({ log }: World) => log.filter(({ msg }) => msg === 'slack interaction failed');

/** What must never be in a log. */
export const secretsOf = ({ slack, bandwidth }: World): readonly string[] => [
  slack.botToken,
  slack.appToken,
  slack.signingSecret,
  bandwidth.clientSecret,
  'Bearer ',
  'Basic ',
];

/** Whether each thing a person did since the `from`th was acknowledged before Slack gave up, after three seconds. */
export const acknowledgements = ({ slack }: World, from = 0) =>
  slack.deliveries.slice(from).map(({ ok }) => ok);
