import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { asPlainText, type LocalSlackOptions } from '../../sandbox/local-slack/local-slack.js';
import { numbersChannel } from '../../sandbox/sample-workspace.js';
import { lastPayload, sendAsSlack } from '../support/as-slack.js';
import { temporaryFolder } from '../support/folder.js';
import { told } from '../support/search-steps.js';
import { asRead, CHANNEL, people, startWorld, type World } from '../support/world.js';

/** Files that the app must not read, or that it must not believe. */

const SHORTCUT = 'Order from this file';
const ELSEWHERE = { id: 'C0ELSEWHERE', name: 'elsewhere', members: [people.ana.id], botIsMember: false };
const olga = { id: 'U0OLGA', name: 'olga', teamId: 'T0OTHER' };
const gil = { id: 'U0GIL', name: 'gil', guest: 'multi-channel' } as const;
const sol = { id: 'U0SOL', name: 'sol', guest: 'single-channel' } as const;
const everybody = [...Object.values(people), olga, gil, sol];
const channel = { ...numbersChannel, members: everybody.map(({ id }) => id) };
const file = { name: 'places.csv', content: 'area code,reason\n910,Sales\n' };

let world: World;
afterEach(() => world.close());

const start = (settings: Readonly<Record<string, string>> = {}, slack: Partial<LocalSlackOptions> = {}) =>
  startWorld({
    mode: 'HTTP mode',
    settings,
    slack: { people: everybody, channels: [channel, ELSEWHERE], ...slack },
  });

/** What Ana reads in the form once she chose the shortcut on a message that somebody wrote. */
async function readsFileOf(userId: string, channelId = CHANNEL): Promise<string> {
  const message = world.slack.person(userId).says(channelId, '', { files: [file] });
  world.slack.workspace.clearModals(world.ana.id);
  await world.ana.usesShortcut(message, SHORTCUT);
  const form = await world.ana.form();
  const text = () => asRead(form.asPlainText());
  await world.slack.until(() => !text().includes('Reading the file…'), { describe: 'the file to be read' });
  return text();
}

const fetched = () => world.slack.calls.filter(({ method }) => method === 'file').length;

describe('A file that someone else shared', () => {
  test('can be used if they could order it themselves', async () => {
    world = await start({ ALLOW_GUESTS: 'true' });
    expect(await readsFileOf(people.dan.id)).toContain('Sales');
    expect(await readsFileOf(gil.id)).toContain('Sales');
  });

  test('can’t be used if it is from another company or a guest, and isn’t fetched', async () => {
    world = await start();
    const said = await readsFileOf(olga.id);
    expect(said).toContain('because the person who shared it can’t use me'.replace('’', "'"));
    expect(said).toContain('their account belongs to another company');
    expect(said).toContain('Nothing was ordered or disconnected.');
    expect(await readsFileOf(gil.id)).toContain('they are a guest');
    expect(fetched()).toBe(0);
  });

  test('in a channel that the app isn’t in can’t be read', async () => {
    world = await start();
    expect(await readsFileOf(people.ana.id, ELSEWHERE.id)).toContain(
      "If it was shared in a channel that I'm not in, add me with /invite @Numbers",
    );
  });
});

describe('A person who can’t order', () => {
  test('can’t import either, and is told why', async () => {
    world = await start();
    const guest = world.slack.person(gil.id);
    const said = await told(world, guest, () => guest.types(CHANNEL, '/numbers import'));
    expect(said).toContain("Guests can't use me in this workspace.");
    const message = world.ana.says(CHANNEL, '', { files: [file] });
    expect(await told(world, guest, () => guest.usesShortcut(message, SHORTCUT))).toContain(
      "Guests can't use me",
    );
    expect(await world.slack.person(olga.id).usesShortcut(message, SHORTCUT)).toEqual({
      error: 'not_offered',
    });
    expect([guest.hasForm(), fetched()]).toEqual([false, 0]);
  });

  test('is told before a form opens, where the policy allows neither orders nor disconnects', async () => {
    const folder = temporaryFolder();
    const path = join(folder.path, 'policy.yml');
    writeFileSync(path, `requesters: [${people.dan.id}]\n`);
    world = await start({ POLICY_FILE: path });
    folder.remove();
    const { ana, dan } = world;
    const answer = await ana.types(CHANNEL, '/numbers import');
    expect(answer.text).toContain("you aren't one of them");
    const message = dan.says(CHANNEL, '', { files: [file] });
    expect(await told(world, ana, () => ana.usesShortcut(message, SHORTCUT))).toContain(
      "you aren't one of them",
    );
    expect(ana.hasForm()).toBe(false);
  });

  test('in a channel shared with another company, no one imports', async () => {
    world = await start({}, { channels: [{ ...channel, sharedWith: 'company' }] });
    const answer = await world.ana.types(CHANNEL, '/numbers import');
    expect(answer.text).toContain('This channel is shared with another company');
  });
});

test('Without the permission files:read Slack sends its login page, and the app says what it lacks', async () => {
  world = await start(
    {},
    { scopes: ['chat:write', 'commands', 'users:read', 'channels:read', 'groups:read'] },
  );
  const { ana } = world;
  await ana.types(CHANNEL, '/numbers import');
  const form = await ana.form();
  await form.attach('CSV file', file);
  expect(await form.submit()).toBe('updated');
  await world.slack.until(() => asRead(form.asPlainText()).includes("Slack doesn't let me read this file."));
  expect(asRead(form.asPlainText())).toContain("add the permission I'm missing (files:read)");
  await world.slack.until(() => world.log.some(({ check }) => check === 'Scope files:read'));
});

test('A payload with the address of another server doesn’t make the app send its token there', async () => {
  world = await start();
  const asked: string[] = [];
  const stranger = createServer((request, response) => {
    asked.push(request.headers.authorization ?? 'no token');
    response.end('area code,reason\n910,Mine now\n');
  });
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const { port } = stranger.address() as AddressInfo;
  const { ana } = world;
  await ana.types(CHANNEL, '/numbers import');
  const form = await ana.form();
  await form.attach('CSV file', file);
  await form.submit();
  // What it was told, not what the payload says, leads to the file.
  const sent = JSON.stringify(lastPayload(world, 'view_submission'));
  const forged = JSON.parse(
    sent.replace(/"(url_private\w*)":"[^"]*"/g, `"$1":"http://127.0.0.1:${port}/places.csv"`),
  );
  const answer = await sendAsSlack(world, forged);
  expect(JSON.stringify(answer.body)).toContain('area code 910');
  expect(JSON.stringify(answer.body)).not.toContain('Mine now');
  expect(asked).toEqual([]);
  await new Promise((resolve) => stranger.close(resolve));
});

test('A payload with the id of someone else’s file doesn’t show what is in it', async () => {
  world = await start();
  const { ana, ben } = world;
  ben.says(CHANNEL, '', { files: [{ name: 'secret.csv', content: 'area code\nsecret\n' }] });
  const [theirs] = world.slack.messages(CHANNEL).at(-1)?.files ?? [];
  await ana.types(CHANNEL, '/numbers import');
  const form = await ana.form();
  await form.attach('CSV file', file);
  await form.submit();
  const sent = JSON.stringify(lastPayload(world, 'view_submission'));
  const forged = JSON.parse(sent.replace(/"files":\[\{"id":"[^"]*"/, `"files":[{"id":"${theirs?.id}"`));
  expect(JSON.stringify(forged)).toContain(`"${theirs?.id}"`);
  const answer = await sendAsSlack(world, forged);
  expect(JSON.stringify(answer.body)).toContain('Someone else uploaded this file.');
  expect(JSON.stringify(answer.body)).not.toContain('secret');
});

test('A form and a review that another version opened are answered with that', async () => {
  world = await start();
  const { ana } = world;
  await ana.types(CHANNEL, '/numbers import');
  const form = await ana.form();
  await form.attach('CSV file', { ...file, content: 'area code\n910\n911\n' });
  const { view } = form;
  world.slack.workspace.updateModal(view.id, { ...view, private_metadata: 'from the past' });
  expect(await form.submit()).toBe('errors');
  expect(form.errors).toEqual({ 'CSV file': 'This form is out of date. Close it and start again.' });
  world.slack.workspace.updateModal(view.id, view);
  expect(await form.submit()).toBe('updated');
  await world.slack.until(() => asPlainText(form.view).includes("can't be used"));
  world.slack.workspace.updateModal(form.view.id, { ...form.view, private_metadata: '{}' });
  expect(await form.submit()).toBe('updated');
  expect(asRead(form.asPlainText())).toContain('This form is out of date.');
});
