import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { asPlainText, type LocalSlackOptions, type Message } from '../../sandbox/local-slack/local-slack.js';
import { numbersChannel } from '../../sandbox/sample-workspace.js';
import type { JournalEntry } from '../../src/orders/domain/journal-entry.js';
import { temporaryFolder } from '../support/folder.js';
import { found, told } from '../support/search-steps.js';
import { CHANNEL, people, startWorld, type World } from '../support/world.js';

const HOME = 'T0LOCAL';
const SALES = 'T0SALES';
const ENTERPRISE = { id: 'E0GRID', name: 'grid' };
const at = (teamId: string, workspaces: readonly string[]) => ({
  teamId,
  enterprise: { id: ENTERPRISE.id, workspaces },
});

/** Ana's and Ben's home is Sales; both are in the workspace of the app, too. */
const ana = { ...people.ana, ...at(SALES, [SALES, HOME]) };
const ben = { ...people.ben, ...at(SALES, [SALES, HOME]), withoutTeamId: true };
const cleo = { ...people.cleo, ...at(HOME, [HOME]) };
/** Dan and Eve are in Sales alone. */
const dan = { ...people.dan, ...at(SALES, [SALES]) };
const eve = { id: 'U0EVE', name: 'eve', ...at(SALES, [SALES]) };
const olga = {
  id: 'U0OLGA',
  name: 'olga',
  teamId: 'T0OTHER',
  enterprise: { id: 'E0OTHER', workspaces: ['T0OTHER'] },
};
const everybody = [ana, ben, cleo, dan, eve, olga];
const channel = {
  ...numbersChannel,
  members: everybody.map(({ id }) => id),
  sharedWith: 'organization',
} as const;

/** Without `users:read`. */
const blind = ['chat:write', 'commands', 'files:write', 'im:write', 'usergroups:read', 'channels:read'];

let world: World;
const folder = temporaryFolder();
afterEach(() => world.close());

const start = (settings: Readonly<Record<string, string>> = {}, slack: Partial<LocalSlackOptions> = {}) =>
  startWorld({
    settings,
    slack: { enterprise: ENTERPRISE, people: everybody, channels: [channel], ...slack },
  });

function policyFile(...lines: readonly string[]): string {
  const path = join(folder.path, 'policy.yml');
  writeFileSync(path, ['rules:', ...lines].join('\n'));
  return path;
}

const isWaiting = (card: Message) => asPlainText(card).includes('waiting for approval');
const policyTest = (words: string) =>
  told(world, world.ana, () => world.ana.types(CHANNEL, `/numbers policy test ${words}`));

describe('On an Enterprise Grid, with the app in one workspace', () => {
  test('a rule for that workspace applies to the order as it was announced, whatever team a press carries', async () => {
    const path = policyFile('  - name: Two', `    teams: [${HOME}]`, '    approvals_required: 2');
    world = await start({ APPROVERS: '*', POLICY_FILE: path });
    expect(await policyTest('order 1')).toContain('approvals by 2 different people');
    const card = await world.requested('910 x1');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, '1 of 2');
    expect(isWaiting(card)).toBe(true);
    await world.cleo.presses(card, 'Approve & order');
    await world.says(card, 'Complete');
    expect(world.bandwidth.orders()).toHaveLength(1);
  });

  test('a rule for the requester’s home workspace applies neither to the test nor to the order', async () => {
    const path = policyFile('  - name: Two', `    teams: [${SALES}]`, '    approvals_required: 2');
    world = await start({ APPROVERS: '*', POLICY_FILE: path });
    expect(await policyTest('order 1')).toContain('It would need an approval');
    const card = await world.requested('910 x1');
    await world.cleo.presses(card, 'Approve & order');
    await world.says(card, 'Complete');
  });

  test('an approver reads all of it in the audit, and one journal holds it', async () => {
    world = await start({ APPROVERS: '*' });
    const card = await world.requested('910 x1');
    await world.cleo.presses(card, 'Approve & order');
    await world.says(card, 'Complete');
    // The journal comes a moment after the card, and before an end.
    await world.restart();
    for (const reader of [world.ben, world.cleo]) {
      await reader.types(CHANNEL, '/numbers audit');
      await world.slack.until(() => reader.directMessages()[0]?.files[1]);
      const lines = (reader.directMessages()[0]?.files[1]?.text ?? '').split('\n').filter(Boolean);
      const entries = lines.map((line) => JSON.parse(line) as JournalEntry);
      expect(entries.map(({ event }) => event.what)).toEqual(
        expect.arrayContaining(['requested', 'approved']),
      );
      expect(new Set(entries.map(({ teamId }) => teamId))).toEqual(new Set([HOME]));
    }
  });

  test('a colleague of another workspace can neither request nor approve by *, and one who is named can approve', async () => {
    world = await start({ APPROVERS: `*,${dan.id}`, AUTO_APPROVE_UP_TO: '0' });
    const card = await world.requested('910 x1');
    const sales = world.slack.person(eve.id);
    const said = await told(world, sales, () => sales.presses(card, 'Approve & order'));
    expect(said).toContain('another workspace of this organization');
    const asked = await told(world, world.ana, () =>
      world.ana.types(CHANNEL, '/numbers policy test @dan order 1'),
    );
    expect(asked).toContain('their account belongs to another workspace');
    await world.dan.presses(card, 'Approve & order');
    await world.says(card, 'Complete');
  });

  test('an outsider of another organization is refused', async () => {
    world = await start({ APPROVERS: `*,${olga.id}` });
    const card = await world.requested('910 x1');
    const outsider = world.slack.person(olga.id);
    const said = await told(world, outsider, () => outsider.presses(card, 'Approve & order'));
    expect(said).toContain('your account belongs to another one');
    expect(isWaiting(card)).toBe(true);
  });

  test('without users:read a press that names another team counts for people who typed here or are on the list', async () => {
    world = await start({ APPROVERS: `*,${ben.id}`, AUTO_APPROVE_UP_TO: '5' }, { scopes: blind });
    const results = await found(world, '910 x5');
    // Eve may be of another company, as far as her press tells.
    const unknown = world.slack.person(eve.id);
    const said = await told(world, unknown, () => unknown.presses(results, 'Order selected…'));
    expect(said).toContain("I can't tell whether your account belongs to this workspace");
    const card = await world.requested('910 x1');
    await told(world, unknown, () => unknown.presses(card, 'Approve & order'));
    expect(isWaiting(card)).toBe(true);
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete');
  });

  test('without users:read a colleague who was let in to decide requests nothing, and is told why', async () => {
    world = await start({ APPROVERS: `${ben.id},${dan.id}` }, { scopes: blind });
    const results = await found(world, '910 x5');
    const [first = ''] = /\(\d{3}\) \d{3}-\d{4}/.exec(asPlainText(results)) ?? [];
    await world.dan.ticks(results, [first]);
    const said = await told(world, world.dan, () => world.dan.presses(results, 'Order selected…'));
    expect(said).toContain("I can't tell whether your account belongs to this workspace");
    expect(said).toContain('`users:read`');
    // Deciding is what he is named for.
    const card = await world.requested('910 x1');
    await world.dan.presses(card, 'Approve & order');
    await world.says(card, 'Complete');
  });

  test('without users:read the policy test does not take one person for another', async () => {
    world = await start({ APPROVERS: ben.id }, { scopes: blind });
    expect(await policyTest('order 1')).toContain('It would need an approval');
    const asked = await policyTest('@eve order 1');
    expect(asked).toContain("I can't tell whether their account belongs to this workspace");
    expect(asked).toContain('`users:read`');
  });

  test('without users:read a user group makes no one an approver whose workspace is not known', async () => {
    const group = { id: 'S0GROUP', handle: 'group', members: [ben.id, eve.id] };
    world = await start({ APPROVERS: group.id }, { scopes: blind, userGroups: [group] });
    const card = await world.requested('910 x1');
    const unknown = world.slack.person(eve.id);
    const said = await told(world, unknown, () => unknown.presses(card, 'Approve & order'));
    expect(said).toContain('type `/numbers help` here');
    expect(isWaiting(card)).toBe(true);
    // A command can only be typed in the app's own workspace.
    await told(world, world.ben, () => world.ben.types(CHANNEL, '/numbers policy'));
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete');
  });
});

describe('With the app in the whole organization', () => {
  const wide = { enterprise: { ...ENTERPRISE, wide: true }, channels: [{ ...channel, teamId: SALES }] };

  test('everyone in the organization is a member, and a rule applies in the workspace of the channel', async () => {
    const path = policyFile('  - name: Two', `    teams: [${SALES}]`, '    approvals_required: 2');
    world = await start({ APPROVERS: '*', POLICY_FILE: path }, wide);
    expect(await policyTest('order 1')).toContain('approvals by 2 different people');
    const card = await world.requested('910 x1');
    await world.dan.presses(card, 'Approve & order');
    await world.says(card, '1 of 2');
    const outsider = world.slack.person(olga.id);
    await told(world, outsider, () => outsider.presses(card, 'Approve & order'));
    expect(isWaiting(card)).toBe(true);
    await world.cleo.presses(card, 'Approve & order');
    await world.says(card, 'Complete');
  });

  test('while Slack does not say which workspace a channel is in, no workspace rule is skipped', async () => {
    const path = policyFile('  - name: Two', `    teams: [${SALES}]`, '    approvals_required: 2');
    const settings = { APPROVERS: '*', POLICY_FILE: path, EXTERNAL_CHANNELS: 'allow' };
    world = await start(settings, wide);
    world.slack.fail('conversations.info', { error: 'internal_error', times: 1 });
    const asked = await policyTest('order 1');
    expect(asked).toContain("I couldn't find out which one the channel belongs to");
    expect(await policyTest('order 1')).toContain('approvals by 2 different people');
  });
});
