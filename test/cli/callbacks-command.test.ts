import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type LocalBandwidth, startLocalBandwidth } from '../../sandbox/local-bandwidth/local-bandwidth.js';
import { bandwidthSettings } from '../../sandbox/local-settings.js';
import { makeCredentials } from '../../src/bandwidth/credentials.js';
import { makeSubscriptions } from '../../src/bandwidth/subscriptions.js';
import { type CommandVerb, runCallbacksCommand } from '../../src/cli/callbacks-command.js';
import type { Callbacks } from '../../src/config/callback-settings.js';
import { CarrierError } from '../../src/orders/ports/carrier.js';
import { compileSource } from '../support/compiled.js';
import { temporaryFolder } from '../support/folder.js';
import { requiredSettings } from '../support/settings.js';

const url = 'https://numbers.example.com/bandwidth/callbacks';
const basic = { username: 'bandwidth', password: 'an-unguessable-password' };
const SECRET = 'an-unguessable-secret';
const YEAR_S = 365 * 86_400;

let bandwidth: LocalBandwidth;
let now: number;
beforeEach(async () => {
  now = Date.now();
  bandwidth = await startLocalBandwidth({ now: () => now });
});
afterEach(() => bandwidth.close());

function client(account = bandwidth.accountId) {
  const deps = { clock: { now: () => now }, log: { debug() {}, info() {}, warn() {}, error() {} } };
  const { apiUrl, tokenUrl, clientId, clientSecret } = bandwidth;
  const credentials = makeCredentials({ kind: 'oauth', tokenUrl, clientId, clientSecret }, deps);
  return makeSubscriptions({ accountId: account, apiUrl, credentials, ...deps });
}

const HEADING = `XML notices (subscriptions v1) to ${url}`;

/** What `npm run callbacks -- verb` prints, apart from what Bandwidth announces. */
const run = async (...given: Parameters<typeof allOf>): Promise<readonly string[]> =>
  (await allOf(...given)).filter((line) => !isAnnounced(line));

const isAnnounced = (line: string): boolean => /decommissioned|read on November/.test(line);

/** Everything it prints. */
async function allOf(
  verb: CommandVerb,
  callbacks: Partial<Callbacks> = { basic },
): Promise<readonly string[]> {
  const lines: string[] = [];
  const subscriptions = client();
  try {
    const print = (line: string) => void lines.push(line);
    await runCallbacksCommand(verb, { callbacks: { url, ...callbacks }, subscriptions, print });
  } finally {
    subscriptions.close();
  }
  return lines;
}

const sentSince = (count: number) =>
  bandwidth.requests
    .slice(count)
    .filter(({ path }) => path.includes('/subscriptions'))
    .map(({ method }) => method);

describe('npm run callbacks', () => {
  test('-- create subscribes to orders, disconnects and messaging, for as long as possible', async () => {
    expect((await run('create')).slice(0, 4)).toEqual([
      HEADING,
      'orders: subscribed.',
      'disconnects: subscribed.',
      'tnoptions: subscribed.',
    ]);
    expect(bandwidth.subscriptions()).toMatchObject([
      { orderType: 'orders', url, username: 'bandwidth', orderId: undefined },
      { orderType: 'disconnects', url, username: 'bandwidth', orderId: undefined },
      { orderType: 'tnoptions', url, username: 'bandwidth', orderId: undefined },
    ]);
    for (const { endsAt } of bandwidth.subscriptions())
      expect((endsAt - now) / 1000).toBeGreaterThan(50 * YEAR_S);
  });

  test('-- create a second time creates no second one, but renews', async () => {
    await run('create');
    const lines = await run('create', { basic: { ...basic, username: 'another' } });
    expect(lines[1]).toBe('orders: already subscribed; renewed with the current user name and password.');
    expect(bandwidth.subscriptions().map(({ username }) => username)).toEqual([
      'another',
      'another',
      'another',
    ]);
  });

  test('-- create says so if another run was first (16008), and renews that one', async () => {
    await run('create');
    // The first list comes back empty, as it does when the other one is made just after it.
    bandwidth.fail({ method: 'GET', path: /\/subscriptions$/, how: 204 });
    expect((await run('create'))[1]).toBe('orders: already subscribed (16008); renewed.');
    expect(bandwidth.subscriptions()).toHaveLength(3);
  });

  test('-- create fails if Bandwidth has one already (16008) but lists none with our address', async () => {
    await run('create');
    for (let i = 0; i < 2; i++) bandwidth.fail({ method: 'GET', path: /\/subscriptions$/, how: 204 });
    const lines: string[] = [];
    const subscriptions = client();
    const print = (line: string) => void lines.push(line);
    const callbacks = { url, basic };
    expect(await runCallbacksCommand('create', { callbacks, subscriptions, print })).toBe(false);
    subscriptions.close();
    expect(lines.filter((line) => !isAnnounced(line))[1]).toContain(
      "orders: Bandwidth says this subscription exists (16008), but doesn't list it",
    );
    expect(lines.filter((line) => !isAnnounced(line))[2]).toContain(
      'disconnects: already subscribed; renewed',
    );
  });

  test('-- create says which of the two failed', async () => {
    bandwidth.fail({ method: 'POST', path: /\/subscriptions$/, how: 500 });
    const lines: string[] = [];
    const subscriptions = client();
    const print = (line: string) => void lines.push(line);
    const callbacks = { url, basic };
    const failure = runCallbacksCommand('create', { callbacks, subscriptions, print });
    await expect(failure).rejects.toBeInstanceOf(CarrierError);
    subscriptions.close();
    expect(lines.filter((line) => !isAnnounced(line))).toEqual([HEADING, 'orders: not subscribed.']);
  });

  test('-- create passes on why Bandwidth refuses (16006)', async () => {
    const other = client();
    for (let i = 0; i < 5; i++) {
      await other.create({ orderType: 'orders', url: `https://elsewhere.example/${i}`, basic });
    }
    const failure: unknown = await run('create').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CarrierError);
    expect(failure).toMatchObject({
      trouble: 'refused',
      faults: [{ code: '16006', description: expect.stringContaining('global subscriptions') }],
    });
    other.close();
  });

  test('-- list shows how the last delivery went and when each ends', async () => {
    expect((await run('list')).slice(0, 4)).toEqual([
      HEADING,
      'orders: not subscribed.',
      'disconnects: not subscribed.',
      'tnoptions: not subscribed.',
    ]);
    await run('create');
    expect((await run('list'))[1]).toMatch(
      /^orders: subscribed as bandwidth; ends in 98 years; last delivery: READY$/,
    );
    now += (3_122_064_000 - 20 * 86_400) * 1000;
    expect((await run('list'))[1]).toMatch(/ends in 20 days\. Run: npm run callbacks -- renew;/);
    expect((await run('renew'))[1]).toBe('orders: renewed with the current user name and password.');
    expect((await run('list'))[1]).toMatch(/ends in 98 years;/);
  });

  test('-- list and -- create say what Bandwidth has announced, with when and where it was read', async () => {
    for (const verb of ['list', 'create'] as const) {
      const lines = (await allOf(verb)).filter(isAnnounced).join(' ');
      expect(lines).toContain('v1 "will be decommissioned in the future", without a date');
      expect(lines).toContain('read on November 29, 2026: https://www.bandwidth.com/support/');
    }
  });

  test('-- renew creates none', async () => {
    expect(await run('renew')).toEqual([
      HEADING,
      'orders: not subscribed. Run: npm run callbacks -- create',
      'disconnects: not subscribed. Run: npm run callbacks -- create',
      'tnoptions: not subscribed. Run: npm run callbacks -- create',
    ]);
    expect(bandwidth.subscriptions()).toEqual([]);
  });

  test('-- remove removes ours and leaves all others alone', async () => {
    const other = client();
    await other.create({ orderType: 'orders', url: 'https://elsewhere.example/hook', basic });
    other.close();
    await run('create');
    expect(await run('list')).toContain('1 more on this account, with other addresses, were left alone.');
    expect((await run('remove')).slice(1, 4)).toEqual([
      'orders: removed.',
      'disconnects: removed.',
      'tnoptions: removed.',
    ]);
    expect(bandwidth.subscriptions().map((each) => each.url)).toEqual(['https://elsewhere.example/hook']);
    const before = bandwidth.requests.length;
    expect((await run('remove')).slice(1, 4)).toEqual([
      'orders: not subscribed.',
      'disconnects: not subscribed.',
      'tnoptions: not subscribed.',
    ]);
    expect(sentSince(before)).toEqual(['GET']);
  });

  test('never prints a password or a secret, and says what it cannot do itself', async () => {
    const lines = await run('create', { basic, secret: SECRET });
    expect(lines.join('\n')).not.toMatch(/an-unguessable/);
    expect(lines.join('\n')).toContain('Bandwidth_App_Order_Update');
    expect((await run('create', { secret: SECRET }))[1]).toBe(
      "These need CALLBACK_USERNAME and CALLBACK_PASSWORD, which aren't set.",
    );
    expect(await run('create')).toContain("Not accepted, because CALLBACK_SECRET isn't set.");
  });
});

describe('The program behind it', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeAll(() => {
    folder = temporaryFolder();
    compileSource(join(folder.path, 'app'));
  });
  afterAll(() => folder.remove());

  async function program(
    args: readonly string[],
    changes: Readonly<Record<string, string>> = {},
  ): Promise<{ code: unknown; said: string }> {
    const child = spawn(process.execPath, [join(folder.path, 'app', 'src', 'cli', 'callbacks.js'), ...args], {
      env: {
        PATH: process.env.PATH,
        ...requiredSettings,
        ...bandwidthSettings(bandwidth),
        CALLBACK_URL: url,
        CALLBACK_USERNAME: basic.username,
        CALLBACK_PASSWORD: basic.password,
        ...changes,
      },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (piece: string) => {
        said += piece;
      });
    }
    const [code]: unknown[] = await once(child, 'close');
    expect(said).not.toMatch(/an-unguessable|local-secret/);
    return { code, said };
  }

  test('reads the settings of the app, does what it is told, and exits', async () => {
    expect(await program(['create'])).toMatchObject({
      code: 0,
      said: expect.stringContaining('orders: subscribed.'),
    });
    expect(bandwidth.subscriptions()).toHaveLength(3);
  });

  test.each<[string, readonly string[], Readonly<Record<string, string>>, number, RegExp]>([
    [
      'nothing it knows',
      ['delete'],
      {},
      64,
      /^Usage: npm run callbacks -- list \| create \| renew \| remove/,
    ],
    ['wrong settings', ['list'], { APPROVERS: '' }, 78, /APPROVERS is not set/],
    [
      'no address',
      ['list'],
      { CALLBACK_URL: '', CALLBACK_USERNAME: '', CALLBACK_PASSWORD: '' },
      78,
      /^CALLBACK_URL isn't set/,
    ],
    [
      'credentials that are not taken',
      ['list'],
      { BW_CLIENT_ID: 'nobody' },
      1,
      /doesn't accept this app's credentials/,
    ],
  ])('with %s, says so in a sentence and in its exit code', async (_, args, changes, code, sentence) => {
    expect(await program(args, changes)).toEqual({ code, said: expect.stringMatching(sentence) });
  });
});
