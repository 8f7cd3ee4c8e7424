import { renameSync } from 'node:fs';
import { afterEach, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { asRead, CHANNEL, startWorld, type World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

/** What somebody alone is told after `/numbers status`. */
async function status(person: World['ana']): Promise<string> {
  const before = person.ephemerals(CHANNEL).length;
  await person.types(CHANNEL, '/numbers status');
  const said = await world.slack.until(() => person.ephemerals(CHANNEL)[before], { describe: 'the status' });
  return asRead(asPlainText(said)).replace(/[*`]/g, '');
}

/** Time goes by until there is such a thing. */
const comes = (describe: string, look: () => boolean) =>
  world.slack.until(
    () => {
      if (look()) return true;
      world.goesBy(100);
      return false;
    },
    { describe },
  );
const says = (card: Message, words: string) => comes(`“${words}”`, () => asPlainText(card).includes(words));

test('When everything works, anyone is told so, privately, and that nothing is open', async () => {
  world = await startWorld();
  const posted = world.slack.messages(CHANNEL).length;
  const said = await status(world.dan);
  expect(said).toContain('Everything works.');
  expect(said).toContain('Slack: works. Your command reached me.');
  expect(said).toContain('Bandwidth: works.');
  expect(said).toContain('Database: works.');
  expect(said).toContain('No orders are open.');
  expect(world.slack.messages(CHANNEL)).toHaveLength(posted);
});

test('What is waiting is counted by what it waits for, without saying whose it is', async () => {
  world = await startWorld({ clockStands: true, bandwidth: { orderDelayMs: 'manual' } });
  const { ben, bandwidth, requested } = world;
  const lost = await requested('910 x2');
  bandwidth.fail({ method: 'POST', path: /orders$/, how: 'reset-before-read' });
  await ben.presses(lost, 'Approve & order');
  await says(lost, '[Check again]');
  const placed = await requested('919 x1');
  await ben.presses(placed, 'Approve & order');
  await says(placed, 'Received');
  await requested('Raleigh, NC x1');
  await requested('704 x1');
  const said = await status(world.dan);
  expect(said).toMatch(/2 orders are waiting for approval, the oldest since .+: \/numbers orders waiting/);
  expect(said).toContain("1 order was sent, but Bandwidth has no record of it or I can't check.");
  expect(said).toContain('1 order was placed; Bandwidth is working on it.');
  expect(said).not.toMatch(/ana|ben|U0|support line/i);
  bandwidth.finish(bandwidth.orders()[0]?.id ?? '');
  await says(placed, 'Complete');
});

test('A Bandwidth that does not answer is reported as down, with the time if it is known', async () => {
  world = await startWorld({ bandwidth: { orderDelayMs: 'manual' } });
  const card = await world.requested('910 x1');
  await world.ben.presses(card, 'Approve & order');
  await world.says(card, 'Received');
  const over = world.bandwidth.fail({ path: /./, how: 'reset-before-read', times: 1_000 });
  const said = () => world.log.filter(({ msg }) => /lookup|look up|will retry/.test(String(msg))).length;
  await comes('a failed lookup', () => said() > 0);
  const told = await status(world.dan);
  expect(told).toContain("Something doesn't work right now.");
  expect(told).toMatch(
    /Bandwidth: doesn't answer properly, since .+ UTC\. Approved orders wait until it does\./,
  );
  over();
  world.bandwidth.finish(world.bandwidth.orders()[0]?.id ?? '');
  await world.says(card, 'Complete');
  expect(await status(world.dan)).toContain('Everything works.');
});

test('Credentials that Bandwidth does not accept are reported without naming them', async () => {
  world = await startWorld({ settings: { BW_CLIENT_SECRET: 'another-long-secret' } });
  const said = await status(world.dan);
  expect(said).toContain("Bandwidth: doesn't accept my credentials, so nothing can be searched or ordered.");
  expect(said).not.toContain('BW_');
});

test('A Bandwidth that takes too long is not known, and the status comes without its answer', async () => {
  world = await startWorld();
  world.bandwidth.fail({ path: /sites$/, how: 'hang', times: 9 });
  const said = await status(world.dan);
  expect(said).toContain("I don't know if everything works right now.");
  expect(said).toContain("Bandwidth: status unknown: it didn't answer in time.");
});

test('A database that is down is reported, and the orders are not counted as none', async () => {
  world = await startWorld();
  const file = world.config.storeUrl.replace('sqlite:', '');
  renameSync(file, `${file}.away`);
  const said = await status(world.dan);
  expect(said).toContain("Database: can't be reached, so nothing can be requested or approved.");
  expect(said).toContain("I don't know how many orders are waiting: I couldn't read them.");
  renameSync(`${file}.away`, file);
});
