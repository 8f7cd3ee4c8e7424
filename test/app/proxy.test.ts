import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { freePort } from '../../sandbox/free-port.js';
import { asPlainText } from '../../sandbox/local-slack/local-slack.js';
import { type RunningApp, runApp } from '../support/app-process.js';
import { compileSource } from '../support/compiled.js';
import { type ConnectProxy, startConnectProxy } from '../support/connect-proxy.js';
import { temporaryFolder } from '../support/folder.js';
import { CERTIFICATE, startTlsProxy } from '../support/tls-proxy.js';
import { until } from '../support/until.js';
import { CHANNEL, startWorld, type World } from '../support/world.js';

/*
 * The app in a process of its own, in a network where only the proxy knows the names of Slack and Bandwidth. They speak
 * TLS, as the real ones do, because HTTPS_PROXY is for https addresses.
 */

jest.setTimeout(180_000);

const PASSWORD = 'p@ss/hunter-2';
const LOGIN = 'ana:p%40ss%2Fhunter-2';
const HOSTS = {
  'the Web API': 'slack.test:443',
  'the WebSocket': 'wss.slack.test:443',
  'a response_url': 'hooks.slack.test:443',
  'an upload and a download': 'files.slack.test:443',
  'orders and searches': 'bandwidth.test:443',
  'access tokens': 'token.bandwidth.test:443',
};

const folder = temporaryFolder();
const compiled = join(folder.path, 'app');
let front: Awaited<ReturnType<typeof startTlsProxy>>;
let proxy: ConnectProxy;
let world: World;
let settings: Readonly<Record<string, string>>;
/** The newest process of the app. */
let app: RunningApp;
/** What all of them wrote. */
const written: string[] = [];

beforeAll(async () => {
  compileSource(compiled);
  const slackPort = await freePort();
  const bandwidthPort = await freePort();
  const portOf = (name: string) => (name.endsWith('slack.test') ? slackPort : bandwidthPort);
  front = await startTlsProxy(portOf);
  proxy = await startConnectProxy({
    portOf: (host, port) => (host.endsWith('.test') ? front.port : port),
    credentials: `ana:${PASSWORD}`,
  });
  world = await startWorld({
    slack: {
      port: slackPort,
      origins: {
        socket: 'wss://wss.slack.test',
        upload: 'https://files.slack.test',
        response: 'https://hooks.slack.test',
        files: 'https://files.slack.test',
      },
    },
    bandwidth: { port: bandwidthPort },
    settings: {
      SLACK_API_URL: 'https://slack.test/api/',
      BW_API_URL: 'https://bandwidth.test/api',
      BW_TOKEN_URL: 'https://token.bandwidth.test/api/v1/oauth2/token',
      HTTPS_PROXY: proxy.url(LOGIN),
      NODE_EXTRA_CA_CERTS: CERTIFICATE,
    },
    async run(given) {
      settings = given;
      const running = runApp(join(compiled, 'src', 'main.js'), given);
      app = running;
      await running.logs('slack connection ready');
      return {
        async stop() {
          running.signal('SIGTERM');
          const code = await running.ended;
          written.push(running.stdout, running.stderr);
          return code;
        },
      };
    },
  });
});

afterAll(async () => {
  await world.close();
  await proxy.close();
  await front.close();
  folder.remove();
  for (const secret of [PASSWORD, LOGIN, Buffer.from(`ana:${PASSWORD}`).toString('base64')]) {
    expect(written.join('')).not.toContain(secret);
  }
  expect(written.join('')).toContain(`127.0.0.1:${proxy.port}`);
});

/** Runs a program of `src/cli` as an operator would, and returns what it printed. */
async function runs(
  program: string,
  words: readonly string[],
  changes: Readonly<Record<string, string>> = {},
) {
  const child = spawn(process.execPath, [join(compiled, 'src', 'cli', program), ...words], {
    env: { PATH: process.env.PATH, ...settings, ...changes },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const [code] = (await once(child, 'close')) as [number];
  written.push(printed);
  return { code, printed };
}

/** Types a command until the app hears of it, as people do. */
async function typesUntilAnswered(): Promise<void> {
  const heard = world.ana.ephemerals(CHANNEL).length;
  await until(async () => {
    const { error } = await world.ana.types(CHANNEL, '/numbers help');
    return error === undefined;
  }, 'a command to be acknowledged');
  await world.slack.until(() => world.ana.ephemerals(CHANNEL).length > heard, { describe: 'the answer' });
  expect(asPlainText(world.ana.ephemerals(CHANNEL).at(-1) ?? {})).toContain('/numbers search');
}

describe('Behind a proxy', () => {
  test('people order, get answers, and send and receive files as usual, all through the proxy', async () => {
    const card = await world.requested('910 x2');
    const heard = world.dan.ephemerals(CHANNEL).length;
    await world.dan.presses(card, 'Approve & order');
    await world.slack.until(() => world.dan.ephemerals(CHANNEL).length > heard, {
      describe: 'Dan to hear that he may not approve',
    });
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 2 of 2');
    await world.ben.types(CHANNEL, '/numbers audit');
    await world.slack.until(() => world.ben.directMessages()[0]?.files.length === 2, {
      describe: 'the files of the audit',
    });
    const [table] = world.ben.directMessages()[0]?.files.map(({ text }) => text) ?? [];
    expect(table).toContain(world.bandwidth.orders()[0]?.customerOrderId ?? 'an order');
    await world.ana.types(CHANNEL, '/numbers import');
    const form = await world.ana.form();
    await form.attach('CSV file', { name: 'places.csv', content: 'area code,reason\n919,Sales\n' });
    await form.submit();
    await world.slack.until(() => form.labels().includes('Quantity'), { describe: 'the order form' });
    expect(form.value('Reason')).toBe('Sales');
    await form.close();
    expect([...new Set(proxy.asked)].sort()).toEqual(Object.values(HOSTS).sort());
    expect(proxy.notConnect).toEqual([]);
  });

  test('the proxy dies while Bandwidth is working on an order: it is looked up, and ordered once', async () => {
    const before = world.bandwidth.orders().length;
    const card = await world.requested('919 x1');
    world.bandwidth.fail({ method: 'POST', path: /\/orders$/, how: 'hang-after-accept' });
    await world.ben.presses(card, 'Approve & order');
    await until(() => world.bandwidth.orders().length === before + 1, 'the order to arrive');
    proxy.breakAll();
    await world.says(card, 'Complete: 1 of 1');
    expect(world.bandwidth.orders()).toHaveLength(before + 1);
  });

  test('a socket that stalls in the proxy is closed and replaced, so that no command goes to a dead connection', async () => {
    await until(() => proxy.tunnelsTo('wss.slack.test') === 1, 'one socket');
    const asked = proxy.asked.filter((each) => each === HOSTS['the WebSocket']).length;
    proxy.stall('wss.slack.test');
    await until(
      () => proxy.asked.filter((each) => each === HOSTS['the WebSocket']).length > asked,
      'another socket',
    );
    // Slack would go on sending commands to one that is left open.
    await until(() => proxy.tunnelsTo('wss.slack.test') === 1, 'the dead socket to be cut');
    await typesUntilAnswered();
  });

  test('a proxy that refuses Slack is in the log in plain words, and the app continues once it does not', async () => {
    proxy.treat('wss.slack.test', { status: 403 });
    proxy.breakAll();
    await app.logs(/the proxy 127\.0\.0\.1:\d+ doesn't allow connections to wss\.slack\.test:443 \(403\)/);
    proxy.treat('wss.slack.test', 'connect');
    await typesUntilAnswered();
  });
});

describe('An operator behind a proxy', () => {
  // What the proxy is asked for from here on is asked by the operator's programs.
  beforeAll(async () => {
    app.signal('SIGTERM');
    await app.ended;
  });

  test('is told by the doctor which proxy it is and that all is well, and can list the callbacks', async () => {
    const [doctor, callbacks] = await Promise.all([
      runs('doctor.js', []),
      runs('callbacks.js', ['list'], {
        CALLBACK_URL: 'https://numbers.test/bandwidth',
        CALLBACK_SECRET: 'an-unguessable-secret',
      }),
    ]);
    expect(doctor.printed).toContain(
      `✓ Proxy: Slack and Bandwidth are reached through 127.0.0.1:${proxy.port}.`,
    );
    expect(doctor.printed).toContain('✓ Slack: Reached.');
    expect(doctor.printed).toContain('✓ Bandwidth: Reached.');
    expect(callbacks.printed).toContain('orders: not subscribed.');
  });

  test('sets the app up at a terminal, each answer checked through the proxy', async () => {
    const before = proxy.asked.length;
    const {
      HTTPS_PROXY = '',
      NODE_EXTRA_CA_CERTS = '',
      SLACK_API_URL = '',
      BW_API_URL = '',
      BW_TOKEN_URL = '',
    } = settings;
    const setup = join(compiled, 'src', 'cli', 'setup.js');
    const child = spawn('script', ['-qec', `"${process.execPath}" "${setup}"`, '/dev/null'], {
      cwd: folder.path,
      env: {
        PATH: process.env.PATH,
        TERM: 'dumb',
        ...{ HTTPS_PROXY, NODE_EXTRA_CA_CERTS, SLACK_API_URL, BW_API_URL, BW_TOKEN_URL },
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let shown = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
    });
    const ended = once(child, 'close');
    const answers = [
      ['SLACK_BOT_TOKEN, the Bot User', world.slack.botToken],
      ['SLACK_APP_TOKEN, the app-level', world.slack.appToken],
      ['BW_ACCOUNT_ID, the number', world.bandwidth.accountId],
      ['BW_CLIENT_ID:', world.bandwidth.clientId],
      ['BW_CLIENT_SECRET:', world.bandwidth.clientSecret],
    ] as const;
    for (const [question, answer] of answers) {
      await until(() => shown.includes(question), `“${question}” after:\n${shown}`);
      child.stdin.write(`${answer}\r`);
    }
    await until(() => shown.includes('Choose the sub-account'), 'the sub-accounts');
    child.stdin.write('\u0003');
    await ended;
    written.push(shown);
    expect(shown).toContain('✓ Bot token: Signed in to local as numbers.');
    expect(shown).toContain('Nothing was written.');
    expect([...new Set(proxy.asked.slice(before))].sort()).toEqual(
      [HOSTS['the Web API'], HOSTS['orders and searches'], HOSTS['access tokens']].sort(),
    );
  });

  test('with a wrong password is told so by the doctor, which does not print it', async () => {
    const { code, printed } = await runs('doctor.js', [], { HTTPS_PROXY: proxy.url('ana:hunter-3-hunter') });
    const why = `(the proxy 127.0.0.1:${proxy.port} doesn't accept the name and password in HTTPS_PROXY (407))`;
    expect(code).toBe(1);
    expect(printed).toContain(`✗ Slack can't be reached ${why}. Correct them.`);
    expect(printed).toContain(`✗ Bandwidth can't be reached ${why}. Correct them.`);
    expect(printed).not.toContain('hunter-3-hunter');
  });

  test('whose proxy inspects TLS is told where to name its certificate', async () => {
    const { printed } = await runs('doctor.js', [], { NODE_EXTRA_CA_CERTS: '' });
    const { length } = printed.match(/certificate has an unknown issuer.*NODE_EXTRA_CA_CERTS/g) ?? [];
    expect(length).toBe(2);
  });

  test('hosts in NO_PROXY, in either spelling, are reached directly', async () => {
    const before = proxy.asked.length;
    const { printed } = await runs('doctor.js', [], {
      HTTPS_PROXY: '',
      https_proxy: proxy.url(LOGIN),
      no_proxy: 'localhost,127.0.0.1',
      BW_API_URL: `https://127.0.0.1:${front.port}/api`,
      BW_TOKEN_URL: `https://127.0.0.1:${front.port}/api/v1/oauth2/token`,
    });
    expect(printed).toContain('except to the hosts in NO_PROXY (localhost, 127.0.0.1).');
    expect(printed).toContain('✓ Bandwidth: Reached.');
    expect(printed).toContain('✓ Slack: Reached.');
    expect([...new Set(proxy.asked.slice(before))]).toEqual([HOSTS['the Web API']]);
  });
});

test('what the app says about its proxy is in its first lines', () => {
  const lines = app.stdout.split('\n').slice(0, 3).join('\n');
  expect(lines).toContain(`"proxy":"127.0.0.1:${proxy.port}"`);
  expect(asPlainText({ text: lines })).not.toContain(PASSWORD);
});
