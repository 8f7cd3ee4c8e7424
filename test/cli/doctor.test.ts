import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  type LocalBandwidth,
  type LocalBandwidthOptions,
  startLocalBandwidth,
} from '../../sandbox/local-bandwidth/local-bandwidth.js';
import { localSettings } from '../../sandbox/local-settings.js';
import {
  type LocalSlack,
  type LocalSlackOptions,
  startLocalSlack,
} from '../../sandbox/local-slack/local-slack.js';
import { approverGroup, numbersChannel, people } from '../../sandbox/sample-workspace.js';
import type { Finding } from '../../src/doctor/finding.js';
import { openStore } from '../../src/store/open-store.js';
import { listeningLog } from '../store/store-fixtures.js';
import { compileSource } from '../support/compiled.js';
import { placeOnDisk, temporaryFolder } from '../support/folder.js';

let app: ReturnType<typeof temporaryFolder>;
beforeAll(() => {
  app = temporaryFolder();
  compileSource(join(app.path, 'app'));
});
afterAll(() => app.remove());

let slack: LocalSlack;
let bandwidth: LocalBandwidth;
let folder: ReturnType<typeof temporaryFolder>;

async function start(given: { slack?: Partial<LocalSlackOptions>; bandwidth?: LocalBandwidthOptions } = {}) {
  slack = await startLocalSlack({
    people: Object.values(people),
    userGroups: [approverGroup],
    channels: [numbersChannel],
    botToken: 'xoxb-1234-topsecretbot',
    appToken: 'xapp-1-topsecretapp',
    ...given.slack,
  });
  bandwidth = await startLocalBandwidth({ clientSecret: 'topsecretbandwidth', ...given.bandwidth });
}

/** The doctor has something to say of a database that isn't on a disk. */
const disk = placeOnDisk();
const testOnDisk = disk === undefined ? test.skip : test;
const onDisk = disk === undefined ? ' (skipped: nothing here is on a disk)' : '';

beforeEach(() => {
  folder = temporaryFolder(disk && resolve(disk));
});
afterEach(async () => {
  await slack.close();
  await bandwidth.close();
  folder.remove();
});

const storeUrl = () => `sqlite:${join(folder.path, 'numbers.db')}`;

/** Runs the program behind `npm run doctor`. */
const doctor = (settings: Readonly<Record<string, string>> = {}, ...words: readonly string[]) =>
  doctorAs({}, settings, ...words);

async function doctorAs(
  user: { readonly uid?: number },
  settings: Readonly<Record<string, string>> = {},
  ...words: readonly string[]
) {
  const child = spawn(process.execPath, [join(app.path, 'app', 'src', 'cli', 'doctor.js'), ...words], {
    ...user,
    env: { ...localSettings(slack, bandwidth, storeUrl()), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const [code] = (await once(child, 'close')) as [number];
  for (const secret of ['topsecretbot', 'topsecretapp', 'topsecretbandwidth']) {
    expect(printed).not.toContain(secret);
  }
  return { code, printed, lines: printed.trim().split('\n') };
}

/** What changes nothing at Slack and Bandwidth. */
function expectNothingChanged(): void {
  const reading = /^(?:auth\.test|apps\.connections\.open|conversations\.info|users\.info|usergroups\.)/;
  expect(slack.calls.filter(({ method }) => !reading.test(method))).toEqual([]);
  expect(slack.connections).toBe(0);
  const changing = bandwidth.requests.filter(
    ({ method, path }) => method !== 'GET' && !path.endsWith('/token'),
  );
  expect(changing).toEqual([]);
}

testOnDisk(
  `an operator who set everything up right is told so, line by line, and nothing is changed${onDisk}`,
  async () => {
    await start();
    const { code, lines } = await doctor({ BW_SITE_ID: '461', BW_PEER_ID: '651682' });
    expect(lines).toEqual(
      expect.arrayContaining([
        '✓ Settings: Valid.',
        '✓ Slack: Reached.',
        '✓ Bot token: Signed in to local as numbers.',
        '✓ Scopes: All scopes of manifest.yml are granted.',
        '✓ App-level token: Slack accepts it for Socket Mode.',
        expect.stringMatching(/^\? Socket connections: not known\. Slack counts them only/),
        '✓ Group S0TELECOM: @telecom: 2 of 2 can approve.',
        '✓ Bandwidth credentials: Bandwidth accepts BW_CLIENT_ID and BW_CLIENT_SECRET.',
        '✓ BW_SITE_ID: 461 is Raleigh office.',
        '✓ BW_PEER_ID: 651682 is Contact center.',
        '✓ Role Numbers: Granted.',
        expect.stringMatching(/^\? Role Ordering: not known\./),
        expect.stringMatching(/^\? Holds: not known\./),
        expect.stringMatching(/^✓ Database: .* doesn't exist yet/),
        expect.stringMatching(/^✓ Clock and Slack: They agree/),
        expect.stringMatching(/^✓ Clock and Bandwidth: They agree/),
        expect.stringMatching(/^Nothing is wrong\./),
      ]),
    );
    expect(code).toBe(0);
    expect(readdirSync(folder.path)).toEqual([]);
    expectNothingChanged();
  },
);

test('every part that is wrong has a line with its fix, and the exit code says so', async () => {
  const now = () => Date.now() - 10 * 60_000;
  await start({
    slack: {
      scopes: ['commands', 'chat:write', 'usergroups:read', 'users:read', 'channels:read', 'groups:read'],
      people: [...Object.values(people), { id: 'U0GUEST', name: 'gil', guest: 'multi-channel' }],
      channels: [numbersChannel, { id: 'C0OLD', name: 'old', members: [], archived: true }],
    },
    bandwidth: { now },
  });
  const policy = join(folder.path, 'policy.yml');
  writeFileSync(
    policy,
    ['rules:', '  - name: Elsewhere', '    channels: [C0ELSEWHERE]', '    approvers: [S0GONE]'].join('\n'),
  );
  const { code, printed } = await doctor({
    APPROVERS: `U0NOBODY,U0GUEST,${approverGroup.id}`,
    APPROVALS_CHANNEL: 'C0OLD',
    POLICY_FILE: policy,
    BW_SITE_ID: '999',
    CALLBACK_URL: 'https://numbers.example.com/',
    CALLBACK_USERNAME: 'bandwidth',
    CALLBACK_PASSWORD: 'an-unguessable-password',
    AUTO_APROVE_UP_TO: '5',
  });
  expect(printed).toContain("✗ Settings: AUTO_APROVE_UP_TO isn't a known setting");
  expect(printed).toMatch(/✗ Scope files:write: Missing, so .* Reinstall/);
  expect(printed).toContain('✗ Channel C0OLD: APPROVALS_CHANNEL C0OLD is archived');
  expect(printed).toMatch(
    /✗ Channel C0ELSEWHERE: The channel C0ELSEWHERE of the rule "Elsewhere" in POLICY_FILE doesn't exist/,
  );
  expect(printed).toContain("The approver U0NOBODY doesn't exist in Slack and can't approve.");
  expect(printed).toContain("The approver U0GUEST is a guest and can't approve.");
  expect(printed).toContain('names the user group S0GONE, which does not exist in Slack');
  expect(printed).toContain("✗ BW_SITE_ID 999 isn't a sub-account of this account.");
  expect(printed).toContain('461 (Raleigh office)');
  expect(printed).toContain('✗ Callbacks for orders: CALLBACK_URL is set, but Bandwidth has no subscription');
  expect(printed).toMatch(/✗ Clock and Bandwidth: This machine's clock is (?:599|600|601) seconds ahead of/);
  expect(printed).toContain('✓ Clock and Slack');
  expect(printed).toMatch(/\d+ things are wrong\./);
  expect(code).toBe(1);
  expectNothingChanged();
});

test('of more approvers than Slack lets it look up, the rest is not known', async () => {
  await start();
  const many = Array.from({ length: 41 }, (_, index) => `U0${String(index).padStart(3, '0')}`);
  const { printed } = await doctor({ APPROVERS: [people.ben.id, ...many].join(',') });
  expect(printed).toContain(`✓ Approver ${people.ben.id}: Active, and can approve.`);
  expect(printed).toContain("? More approvers: not known. 2 more of them weren't looked up");
});

test('a token and a secret that are not accepted are named, and what depends on them is not known', async () => {
  await start();
  const { code, printed } = await doctor({
    SLACK_BOT_TOKEN: 'xoxb-another',
    SLACK_APP_TOKEN: 'xapp-another',
    BW_CLIENT_SECRET: 'another-secret',
  });
  expect(printed).toContain("✗ Bot token: Slack doesn't accept SLACK_BOT_TOKEN (invalid_auth).");
  expect(printed).toContain("✗ App-level token: Slack doesn't accept SLACK_APP_TOKEN (invalid_auth).");
  expect(printed).toContain("? Scopes: not known. The bot token doesn't work");
  expect(printed).toContain(
    "✗ Bandwidth credentials: Bandwidth doesn't accept BW_CLIENT_ID and BW_CLIENT_SECRET.",
  );
  expect(printed).toContain("? Bandwidth account: not known. Bandwidth didn't accept the credentials.");
  expect(code).toBe(1);
});

test('a Slack and a Bandwidth that cannot be reached are not mistaken for wrong credentials', async () => {
  await start();
  await slack.close();
  await bandwidth.close();
  const { code, printed } = await doctor();
  expect(printed).toMatch(/✗ Slack can't be reached \(ECONNREFUSED\)\./);
  for (const check of ['Bot token', 'Scopes', 'Approvers']) {
    expect(printed).toContain(`? ${check}: not known. Slack wasn't reached.`);
  }
  expect(printed).toContain("✗ Bandwidth can't be reached.");
  expect(printed).toContain("? Bandwidth credentials: not known. Bandwidth wasn't reached.");
  expect(code).toBe(1);
});

test('a role that the credentials lack is named', async () => {
  await start();
  bandwidth.fail({ path: '/tns', how: 403 });
  const { printed } = await doctor();
  expect(printed).toContain(
    "✗ Role Numbers: The Bandwidth credentials lack it: numbers can't be looked up, listed or disconnected.",
  );
  expect(printed).toContain('✓ Role for searches: Granted.');
});

test('the role for service activation is checked where it exists, and may be missing', async () => {
  await start();
  const apiUrl = bandwidth.apiUrlV2;
  expect((await doctor()).printed).not.toContain('service activation');
  expect((await doctor({ BW_API_URL: apiUrl })).printed).toContain('✓ Role for service activation: Granted.');
  bandwidth.set({ lacksRoles: ['Activation'] });
  expect((await doctor({ BW_API_URL: apiUrl })).printed).toContain(
    "? Role for service activation: not known. The credentials lack it, or the account doesn't have it",
  );
});

test('settings that cannot work exit with 78, also as JSON', async () => {
  await start();
  const words = await doctor({ APPROVERS: '' });
  expect(words.printed).toContain('APPROVERS is not set');
  expect(words.code).toBe(78);
  const json = await doctor({ APPROVERS: '' }, '--json');
  const { ok, findings } = JSON.parse(json.printed) as { ok: boolean; findings: Finding[] };
  expect(ok).toBe(false);
  expect(findings).toContainEqual({
    check: 'Settings',
    answer: 'wrong',
    says: expect.stringContaining('APPROVERS is not set'),
  });
  expect(json.code).toBe(78);
});

testOnDisk(`a program reads the findings as JSON${onDisk}`, async () => {
  await start();
  const { printed, code } = await doctor({}, '--json');
  const { ok, findings } = JSON.parse(printed) as { ok: boolean; findings: Finding[] };
  expect(ok).toBe(true);
  expect(findings).toContainEqual({ check: 'Slack', answer: 'ok', says: 'Reached.' });
  expect(code).toBe(0);
  const [unknown, help] = await Promise.all([doctor({}, '--yaml'), doctor({}, '--help')]);
  expect(unknown).toMatchObject({ code: 64, printed: expect.stringContaining('Usage:') });
  expect(help).toMatchObject({ code: 0, printed: expect.stringContaining('Usage:') });
});

test('the database of a running app is read and left as it is', async () => {
  await start();
  const store = await openStore(storeUrl(), listeningLog(), 'sole writer');
  const contents = () => readFileSync(join(folder.path, 'numbers.db-wal')).toString('base64');
  const before = contents();
  const { printed } = await doctor();
  expect(printed).toContain('✓ Schema version: Written by this version.');
  expect(printed).toContain('✓ Writers: One running app has the file open, as it should be.');
  expect(contents()).toBe(before);
  await store.close();
  expect((await doctor()).printed).toContain('✓ Writers: No running app has the file open.');
});

test('a file that is not a database is named with the fix', async () => {
  await start();
  writeFileSync(join(folder.path, 'numbers.db'), 'this is no database at all, just a text'.repeat(20));
  const { printed, code } = await doctor();
  expect(printed).toMatch(/✗ Database: Cannot open the database .*numbers\.db: it isn't a SQLite database/);
  expect(printed).toContain("? Schema version: not known. The database couldn't be read.");
  expect(code).toBe(1);
});

test('a database file that cannot be created or written is wrong, although nothing was tried', async () => {
  await start();
  writeFileSync(join(folder.path, 'file'), '');
  const below = await doctor({ STORE_URL: `sqlite:${join(folder.path, 'file', 'numbers.db')}` });
  expect(below.printed).toMatch(
    /✗ Database: .* doesn't exist yet, and can't be created: its parent folder is a file\. Name/,
  );
  expect(below.code).toBe(1);
  await (await openStore(storeUrl(), listeningLog())).close();
  for (const name of readdirSync(folder.path)) chmodSync(join(folder.path, name), 0o644);
  for (const open of [app.path, folder.path]) chmodSync(open, 0o755);
  // Nothing is forbidden to root.
  if (process.getuid?.() !== 0) return;
  const nobody = { uid: 65_534 };
  const theirs = await doctorAs(nobody);
  expect(theirs.printed).toMatch(
    /✗ Database: .* can be read, but not written: this user may not write there\. Change the owner/,
  );
  const elsewhere = await doctorAs(nobody, { STORE_URL: `sqlite:${join(folder.path, 'new', 'numbers.db')}` });
  expect(elsewhere.printed).toContain(
    "doesn't exist yet, and can't be created: this user may not write there.",
  );
});

test('The login page of a proxy or Wi-Fi is not mistaken for Slack’s answer about a token', async () => {
  await start();
  const portal = createServer((_, response) => response.end('<html>Please log in</html>'));
  portal.listen(0, '127.0.0.1');
  await once(portal, 'listening');
  const { port } = portal.address() as AddressInfo;
  const { printed, code } = await doctor({ SLACK_API_URL: `http://127.0.0.1:${port}/api/` });
  portal.close();
  expect(printed).toContain("✗ Slack can't be reached (an answer that isn't Slack's)");
  expect(printed).toContain('? Bot token: not known.');
  expect(printed).not.toContain('Please log in');
  expect(code).toBe(1);
});
