import { afterEach, expect, test } from '@jest/globals';
import { CHANNEL, startWorld, type World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

const says = (words: string) => () => world.log.find(({ msg }) => String(msg).startsWith(words));

test('a Bandwidth secret that is not accepted is in the log at once, before anyone orders, and people are still answered', async () => {
  world = await startWorld({ settings: { BW_CLIENT_SECRET: 'another-long-secret' } });
  const line = await world.slack.until(
    says(
      "Bandwidth credentials: Bandwidth doesn't accept BW_CLIENT_ID and BW_CLIENT_SECRET. Copy them again",
    ),
    { describe: 'the line about the secret', timeoutMs: 10_000 },
  );
  expect(line).toMatchObject({ level: 50, check: 'Bandwidth credentials' });
  await world.ana.types(CHANNEL, '/numbers help');
  await world.slack.until(() => world.slack.picture().includes('Search, order and disconnect phone numbers'));
});

test('a sub-account and a location that do not exist are in the log at once', async () => {
  world = await startWorld({ settings: { BW_SITE_ID: '462' } });
  const line = await world.slack.until(says("BW_SITE_ID 462 isn't a sub-account of this account."));
  expect(line).toMatchObject({ level: 50, check: 'BW_SITE_ID' });
  await world.restart({ BW_SITE_ID: '461', BW_PEER_ID: '303716' });
  expect(
    await world.slack.until(says("BW_PEER_ID 303716 isn't a location of sub-account 461.")),
  ).toMatchObject({ check: 'BW_PEER_ID' });
});

test('an app that starts well logs no problem', async () => {
  world = await startWorld({ settings: { BW_SITE_ID: '461' } });
  await world.slack.until(() => world.slack.calls.some(({ method }) => method === 'usergroups.list'));
  await world.slack.until(() => world.bandwidth.requests.some(({ path }) => path.endsWith('/sites')));
  expect(world.log.filter(({ level, msg }) => Number(level) >= 40 && msg !== undefined)).toEqual([]);
});

test('another process that takes commands of the same Slack app is reported', async () => {
  world = await startWorld();
  const other = await startOnSameSlack(world);
  const line = await world.slack.until(says('another process shares the slack app'), {
    describe: 'the warning',
  });
  expect(line).toMatchObject({ level: 40, connections: 2, ours: 1 });
  await other.close();
});

/** A forgotten process of a developer keeps a socket open; then the app opens a new one. */
async function startOnSameSlack({ slack }: World): Promise<{ close(): Promise<void> }> {
  const opened = await fetch(`${slack.apiUrl}apps.connections.open`, {
    method: 'POST',
    headers: { authorization: `Bearer ${slack.appToken}` },
  });
  const { url } = (await opened.json()) as { url: string };
  const { WebSocket } = await import('ws');
  const socket = new WebSocket(url);
  await new Promise((resolve) => socket.once('message', resolve));
  await world.restart();
  return {
    async close() {
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.close();
      await closed;
    },
  };
}
