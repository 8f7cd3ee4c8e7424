import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import Database from 'libsql';
import { freePort } from '../sandbox/free-port.js';
import {
  type LocalBandwidth,
  type LocalBandwidthOptions,
  startLocalBandwidth,
} from '../sandbox/local-bandwidth/local-bandwidth.js';
import { localSettings } from '../sandbox/local-settings.js';
import {
  asPlainText,
  type LocalSlack,
  type Message,
  startLocalSlack,
} from '../sandbox/local-slack/local-slack.js';
import { orderStatusOnRecord } from '../sandbox/read-database.js';
import { approverGroup, numbersChannel, people } from '../sandbox/sample-workspace.js';
import { buildTheApp, type RunningApp, runApp } from './support/app-process.js';
import { compileSource } from './support/compiled.js';
import { temporaryFolder } from './support/folder.js';

const CHANNEL = numbersChannel.id;
const NUMBERS = ['9102414365', '9103174992'];
/** None of these may ever be printed. */
const secrets = {
  SLACK_BOT_TOKEN: 'xoxb-1234-topsecretbot',
  SLACK_APP_TOKEN: 'xapp-1-topsecretapp',
  SLACK_SIGNING_SECRET: 'topsecretsigning0123456789',
  BW_CLIENT_SECRET: 'topsecretbandwidth',
};

// Each test starts a process or two, and some look after an order that a kill has left half done.
jest.setTimeout(180_000);
/** Long enough for anything that comes at all; nothing takes so long that is not lost. */
const PATIENCE_MS = 120_000;

/** The folder of the bundled programs, which start fast. */
let folder: ReturnType<typeof temporaryFolder>;
/** What `npm run build` makes and Procfile starts, for the tests that play a whole order. */
let built: ReturnType<typeof buildTheApp>;
/** What takes long, most of it waiting, runs beside the other tests. */
let beside: Record<'approved' | 'silent' | 'outage' | 'stop', Promise<void>>;
beforeAll(async () => {
  folder = temporaryFolder();
  compileSource(join(folder.path, 'app'));
  built = buildTheApp();
  beside = {
    approved: comesBackAfterKill('right after the approval'),
    silent: comesBackAfterKill('while Bandwidth is silent'),
    outage: goesOnWithoutSlack(),
    stop: stopsThoughAllHang(),
  };
  for (const each of Object.values(beside)) each.catch(() => {});
}, 180_000);
afterAll(() => {
  folder.remove();
  built.remove();
});

const programIn = (path: string) => join(folder.path, 'app', path);

interface Stage {
  readonly slack: LocalSlack;
  readonly bandwidth: LocalBandwidth;
  readonly settings: Readonly<Record<string, string>>;
  readonly database: string;
  /** Starts the app; what has not ended when the test does is killed. */
  launch(settings?: Readonly<Record<string, string>>, program?: string): RunningApp;
  /** The same, and waits until Slack can reach it. */
  connected(settings?: Readonly<Record<string, string>>, program?: string): Promise<RunningApp>;
  /** The card of an order that Ana has just been told is on record. */
  requested(): Promise<string>;
  card(): Promise<Message>;
  says(words: string): Promise<Message>;
  close(): Promise<void>;
}

const startSlack = (port = 0) =>
  startLocalSlack({
    port,
    people: Object.values(people),
    userGroups: [approverGroup],
    channels: [numbersChannel],
    botToken: secrets.SLACK_BOT_TOKEN,
    appToken: secrets.SLACK_APP_TOKEN,
    signingSecret: secrets.SLACK_SIGNING_SECRET,
    // Several apps run beside each other here, and a busy machine can take more than three seconds for an answer.
    ackTimeoutMs: 12_000,
    triggerLifetimeMs: 12_000,
  });

async function setStage(
  given: { bandwidth?: LocalBandwidthOptions; slackPort?: number } = {},
): Promise<Stage> {
  const folder = temporaryFolder();
  const slack = await startSlack(given.slackPort);
  const bandwidth = await startLocalBandwidth({
    orderDelayMs: 50,
    clientSecret: secrets.BW_CLIENT_SECRET,
    ...given.bandwidth,
  });
  const database = join(folder.path, 'numbers.db');
  const settings = {
    ...localSettings(slack, bandwidth, `sqlite:${database}`),
    LOG_LEVEL: 'debug',
  };
  const running: RunningApp[] = [];
  const launch: Stage['launch'] = (more = {}, program = programIn('src/main.js')) => {
    const started = runApp(program, { ...settings, ...more });
    running.push(started);
    return started;
  };
  const card = () =>
    slack.until(() => slack.messages(CHANNEL).findLast((each) => asPlainText(each).includes('2 numbers')), {
      describe: 'the card',
      timeoutMs: PATIENCE_MS,
    });
  return {
    slack,
    bandwidth,
    settings,
    database,
    launch,
    async connected(more, program) {
      const started = launch(more, program);
      await started.logs('slack connection ready');
      return started;
    },
    async requested() {
      const ana = slack.person(people.ana.id);
      await ana.types(CHANNEL, `/numbers order ${NUMBERS.join(' ')}`);
      const form = await ana.form();
      await form.choose('Sub-account', 'Raleigh office');
      await form.fill('Reason', 'New support line');
      return form.submit();
    },
    card,
    async says(words) {
      const about = await card();
      await slack.until(() => [about, ...about.replies].some((each) => asPlainText(each).includes(words)), {
        describe: `“${words}” in the card or its thread`,
        timeoutMs: PATIENCE_MS,
      });
      return about;
    },
    async close() {
      for (const each of running) each.signal('SIGKILL');
      await Promise.all(running.map(({ ended }) => ended));
      await slack.close();
      await bandwidth.close();
      folder.remove();
      const printed = running.map(({ stdout, stderr }) => stdout + stderr).join('');
      for (const secret of Object.values(secrets)) expect(printed).not.toContain(secret);
    },
  };
}

const stages: Stage[] = [];
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close();
});
async function onStage(given?: Parameters<typeof setStage>[0]): Promise<Stage> {
  const stage = await setStage(given);
  stages.push(stage);
  return stage;
}

const approves = async ({ slack, card }: Stage) =>
  slack.person(people.ben.id).presses(await card(), 'Approve & order');

/** Exactly one order at Bandwidth, and the card and the thread say what became of it. */
async function expectOneOrderToldInFull(stage: Stage): Promise<void> {
  const card = await stage.says('Complete: 2 of 2 numbers');
  await stage.says('@ana your 2 numbers are active');
  const [order, ...others] = stage.bandwidth.orders();
  expect(others).toEqual([]);
  expect(order).toMatchObject({ status: 'COMPLETE', numbers: NUMBERS });
  const told = card.replies.filter((each) => asPlainText(each).includes('are active'));
  expect(told).toHaveLength(1);
  expect(orderStatusOnRecord(stage.database, order?.customerOrderId ?? '')).toBe('complete');
}

/** What the process says when it cannot start: sentences on stderr, no stack, and nothing half alive. */
async function refusalOf(started: RunningApp): Promise<{ code: unknown; lines: readonly string[] }> {
  const code = await started.ended;
  expect(started.stderr).not.toMatch(/^\s+at /m);
  return { code, lines: started.stderr.trimEnd().split('\n') };
}

describe('A fatal problem is reported in a sentence, and the process exits', () => {
  test('invalid settings: all of them at once', async () => {
    const wrong = {
      ...secrets,
      SLACK_BOT_TOKEN: `"${secrets.SLACK_BOT_TOKEN}"`,
      POLL_SCHEDULE: 'often',
      PORT: 'three',
    };
    const nothing = runApp(programIn('src/main.js'), {});
    const muddle = runApp(programIn('src/main.js'), wrong);
    const first = await refusalOf(nothing);
    expect(first.code).toBe(78);
    expect(first.lines[0]).toMatch(/settings need your attention before I can start:$/);
    for (const name of ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'BW_ACCOUNT_ID', 'BW_CLIENT_ID', 'APPROVERS']) {
      expect(first.lines.filter((line) => line.startsWith(`  - ${name} `))).toHaveLength(1);
    }
    const second = await refusalOf(muddle);
    expect(second.code).toBe(78);
    expect(second.lines.join('\n')).toMatch(/POLL_SCHEDULE is "often", which isn't a schedule/);
    expect(second.lines.join('\n')).toMatch(/PORT is "three"/);
    for (const secret of Object.values(secrets)) expect(muddle.stderr + muddle.stdout).not.toContain(secret);
    expect(nothing.stdout + muddle.stdout).toBe('');
  });

  test('tokens that Slack does not accept', async () => {
    const stage = await onStage();
    const [bot, own] = await Promise.all([
      refusalOf(stage.launch({ SLACK_BOT_TOKEN: 'xoxb-wrong' })),
      refusalOf(stage.launch({ SLACK_APP_TOKEN: 'xapp-wrong' })),
    ]);
    expect(bot).toEqual({
      code: 78,
      lines: [
        expect.stringMatching(/^Slack doesn't accept SLACK_BOT_TOKEN \(invalid_auth\)\. Copy it again/),
      ],
    });
    expect(own).toEqual({
      code: 78,
      lines: [
        expect.stringMatching(/^Slack doesn't accept SLACK_APP_TOKEN \(invalid_auth\)\. Copy it again/),
      ],
    });
  });

  test('a token revoked before the start, and one revoked later', async () => {
    const stage = await onStage();
    stage.slack.fail('apps.connections.open', { error: 'token_revoked' });
    expect(await refusalOf(stage.launch())).toEqual({
      code: 78,
      lines: [expect.stringContaining('SLACK_APP_TOKEN (token_revoked)')],
    });
    const running = await stage.connected();
    stage.slack.fail('apps.connections.open', { error: 'token_revoked' });
    stage.slack.disconnectSockets('refresh_requested');
    expect(await refusalOf(running)).toEqual({
      code: 78,
      lines: [expect.stringContaining('SLACK_APP_TOKEN (token_revoked)')],
    });
  });

  test('a database that cannot be opened', async () => {
    const stage = await onStage();
    const { path, remove } = temporaryFolder();
    const file = join(path, 'file');
    writeFileSync(
      file,
      'not a database, but long enough to be mistaken for one by its size alone'.repeat(20),
    );
    const locked = join(path, 'locked');
    mkdirSync(locked);
    chmodSync(locked, 0o500);
    const starts = [
      [`sqlite:${path}`, 'it is a folder'],
      [`sqlite:${file}`, "it isn't a SQLite database"],
      [`sqlite:${file}/numbers.db`, 'its parent folder is a file'],
      // Whoever runs as root may write anywhere.
      ...(process.getuid?.() === 0 ? [] : [[`sqlite:${locked}/numbers.db`, 'this user may not write there']]),
    ] as const;
    const refusals = await Promise.all(
      starts.map(([STORE_URL]) => refusalOf(stage.launch({ STORE_URL: STORE_URL ?? '' }))),
    );
    expect(refusals).toEqual(
      starts.map(([, why]) => ({ code: 78, lines: [expect.stringContaining(`: ${why}`)] })),
    );
    expect(stage.slack.calls).toEqual([]);
    remove();
  });

  test('a database that another program keeps locked', async () => {
    const stage = await onStage();
    const neighbour = new Database(stage.database);
    neighbour.pragma('locking_mode = EXCLUSIVE');
    neighbour.exec('CREATE TABLE theirs (x)');
    const refusal = await refusalOf(stage.launch());
    neighbour.close();
    // Not 78: starting again helps as soon as the other program has ended.
    expect(refusal).toEqual({
      code: 1,
      lines: [expect.stringMatching(/: another process keeps it locked\.$/)],
    });
  });

  test('a database that another process of the app is using', async () => {
    const stage = await onStage();
    const running = await stage.connected();
    await stage.requested();
    const second = stage.launch();
    expect(await refusalOf(second)).toEqual({
      code: 78,
      lines: [
        `the database ${stage.database} is in use by another process of this app, and SQLite is for one at a time. Stop that one first, or set STORE_URL to a PostgreSQL or Redis database, which several can share.`,
      ],
    });
    expect(second.stdout).toContain('another process has the database open; waiting for it to stop');
    const throughLink = join(folder.path, 'link.db');
    symlinkSync(stage.database, throughLink);
    expect((await refusalOf(stage.launch({ STORE_URL: `sqlite:${throughLink}` }))).code).toBe(78);

    // Whoever only reads may do so beside it.
    const audit = runApp(programIn('src/cli/audit-verify.js'), stage.settings);
    expect(await audit.ended).toBe(0);
    expect(audit.stdout).toContain('No problems found.');

    await approves(stage);
    await expectOneOrderToldInFull(stage);
    running.signal('SIGKILL');
    // Not even waiting for the first to be gone.
    await stage.connected();
    expect(await running.ended).toBe('SIGKILL');
  });

  test('a database that a newer version wrote', async () => {
    const stage = await onStage();
    const running = await stage.connected();
    expect(running.stdout).toContain(`created a new database: the database ${stage.database}`);
    running.signal('SIGTERM');
    expect(await running.ended).toBe(0);
    const database = new Database(stage.database);
    database
      .prepare(
        `UPDATE entry SET value = '{"value":{"version":99}}' WHERE namespace = 'about' AND key = 'schema'`,
      )
      .run();
    database.close();
    expect(await refusalOf(stage.launch())).toEqual({
      code: 78,
      lines: [
        expect.stringMatching(/a newer version of this app wrote it \(schema 99;.*Start that version again/),
      ],
    });
  });

  test('a port that is taken', async () => {
    const stage = await onStage();
    const neighbour = createServer();
    const port = await new Promise<number>((resolve) => {
      neighbour.listen(0, '127.0.0.1', () => {
        const address = neighbour.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    const refusal = await refusalOf(stage.launch({ ...httpMode(port), SLACK_APP_TOKEN: '' }));
    neighbour.close();
    // Not 78: starting again helps as soon as the other program has ended.
    expect(refusal).toEqual({
      code: 1,
      lines: [
        `Port ${port} on 127.0.0.1 is taken by another program. End that one, or set PORT to another number.`,
      ],
    });
  });
});

const httpMode = (port: number) => ({
  SLACK_APP_TOKEN: '',
  SLACK_SIGNING_SECRET: secrets.SLACK_SIGNING_SECRET,
  HOST: '127.0.0.1',
  PORT: String(port),
});

describe('An outage of Slack', () => {
  test('at startup does not keep open orders waiting, and their cards catch up', async () => {
    await expect(beside.outage).resolves.toBeUndefined();
  });

  test('for a while in between passes, too', async () => {
    const slackPort = await freePort();
    const stage = await onStage({ slackPort });
    const running = await stage.connected();
    await stage.slack.close();
    await running.logs('slack unreachable, will retry');
    const back = await startSlack(slackPort);
    await back.until(() => back.connections === 1, {
      describe: 'the app to come back',
      timeoutMs: PATIENCE_MS,
    });
    const answer = await back.person(people.ana.id).types(CHANNEL, '/numbers help');
    expect(answer.blocks).toBeDefined();
    running.signal('SIGTERM');
    expect(await running.ended).toBe(0);
    await back.close();
  });
});

describe('Asked to stop', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s, it finishes the search that someone is waiting for',
    async (signal) => {
      const stage = await onStage();
      const running = await stage.connected();
      stage.bandwidth.fail({ path: /availableNumbers/, how: 'slow', afterMs: 700 });
      await stage.slack.person(people.ana.id).types(CHANNEL, '/numbers search 910');
      running.signal(signal);
      expect(await running.ended).toBe(0);
      expect(
        stage.slack
          .messages(CHANNEL)
          .map((each) => asPlainText(each))
          .join(),
      ).toContain('Order selected…');
      expect(running.stderr).toBe('');
    },
  );

  test('it waits for Bandwidth’s answer to an order, and saves it', async () => {
    const stage = await onStage({ bandwidth: { orderDelayMs: 'manual' } });
    const running = await stage.connected();
    await stage.requested();
    stage.bandwidth.fail({ method: 'POST', path: /orders$/, how: 'slow', afterMs: 1_500 });
    await approves(stage);
    await running.logs('placing order');
    running.signal('SIGTERM');
    expect(await running.ended).toBe(0);
    const [order] = stage.bandwidth.orders();
    expect(orderStatusOnRecord(stage.database, order?.customerOrderId ?? '')).toBe('placed');
  });

  test('it stops within ten seconds even if Bandwidth and Slack hang, accepts nothing new, and orders only once', async () => {
    await expect(beside.stop).resolves.toBeUndefined();
  });

  test('while Slack is out, it stops at once', async () => {
    const stage = await onStage();
    const running = stage.launch({ SLACK_API_URL: `http://127.0.0.1:${await freePort()}/api/` });
    await running.logs('slack unreachable, will retry');
    running.signal('SIGTERM');
    // If it had waited until it must be over, it would have ended with another code.
    expect(await running.ended).toBe(0);
  });

  test('twice, it exits right away', async () => {
    const stage = await onStage();
    const running = await stage.connected();
    stage.bandwidth.fail({ path: /availableNumbers/, how: 'hang' });
    await stage.slack.person(people.ana.id).types(CHANNEL, '/numbers search 910');
    running.signal('SIGTERM');
    await running.logs('stopping');
    const began = Date.now();
    running.signal('SIGINT');
    expect(await running.ended).toBe(1);
    // By itself, it would end with the same code after nine and a half seconds.
    expect(Date.now() - began).toBeLessThan(8_000);
  });
});

test('an unexpected error ends the process, with a line in the log', async () => {
  const stage = await onStage();
  const preload = join(folder.path, 'accident.mjs');
  writeFileSync(preload, 'process.on("SIGUSR2", () => { Promise.reject(new Error("an accident")); });');
  const running = await stage.connected({ NODE_OPTIONS: `--import=${preload}` });
  running.signal('SIGUSR2');
  expect(await running.ended).toBe(1);
  expect(running.stdout).toContain('an accident');
  expect(running.stderr).toBe('');
});

describe('Killed at any moment of an order, it continues after the start', () => {
  test('when the request has just been acknowledged', async () => {
    const stage = await onStage();
    const first = await stage.connected();
    expect(await stage.requested()).toBe('closed');
    first.signal('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');
    await stage.connected({}, built.program);
    await stage.says('waiting for approval');
    await approves(stage);
    await expectOneOrderToldInFull(stage);
  });

  test('when Bandwidth has accepted it', async () => {
    const stage = await onStage({ bandwidth: { orderDelayMs: 'manual' } });
    const first = await stage.connected();
    await stage.requested();
    await approves(stage);
    await stage.says('Received by Bandwidth');
    first.signal('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');
    stage.bandwidth.finish(stage.bandwidth.orders()[0]?.id ?? '');
    await stage.connected();
    await expectOneOrderToldInFull(stage);
  });

  test('right after the approval', async () => {
    await expect(beside.approved).resolves.toBeUndefined();
  });
  test('while Bandwidth is silent', async () => {
    await expect(beside.silent).resolves.toBeUndefined();
  });
});

/** An order whose outcome is unknown is looked up only once no attempt can still be under way. */
async function comesBackAfterKill(
  moment: 'right after the approval' | 'while Bandwidth is silent',
): Promise<void> {
  const stage = await setStage();
  try {
    const first = await stage.connected();
    await stage.requested();
    await stage.card();
    const silent = moment === 'while Bandwidth is silent';
    if (silent) stage.bandwidth.fail({ method: 'POST', path: /orders$/, how: 'hang-after-accept' });
    await approves(stage);
    if (silent) await stage.slack.until(() => stage.bandwidth.orders().length > 0, { describe: 'the order' });
    first.signal('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');
    await stage.connected();
    await expectOneOrderToldInFull(stage);
  } finally {
    await stage.close();
  }
}

test('a whole order in HTTP mode', async () => {
  const stage = await onStage();
  const port = await freePort();
  stage.slack.setRequestUrl(`http://127.0.0.1:${port}/slack/events`);
  const running = await stage.connected(httpMode(port), built.program);
  await stage.requested();
  await approves(stage);
  await expectOneOrderToldInFull(stage);
  running.signal('SIGTERM');
  expect(await running.ended).toBe(0);
});

/** Slack is out at the start while an order is open. */
async function goesOnWithoutSlack(): Promise<void> {
  const stage = await setStage({ bandwidth: { orderDelayMs: 'manual' } });
  try {
    const first = await stage.connected();
    await stage.requested();
    await approves(stage);
    await stage.says('Received by Bandwidth');
    first.signal('SIGTERM');
    expect(await first.ended).toBe(0);

    // A Slack nobody can reach: to the app it is out.
    const [order] = stage.bandwidth.orders();
    stage.bandwidth.finish(order?.id ?? '');
    stage.slack.fail('auth.test', { status: 503, times: 5 });
    stage.slack.fail('chat.update', { status: 503, times: 2 });
    const second = stage.launch();
    await second.logs('slack unreachable, will retry');
    await second.logs('connected to slack');
    const [followed, connected] = ['"to":"complete"', 'connected to slack'].map((line) =>
      second.stdout.indexOf(line),
    );
    expect(followed).toBeGreaterThan(-1);
    expect(followed).toBeLessThan(connected ?? 0);
    await expectOneOrderToldInFull(stage);
  } finally {
    await stage.close();
  }
}

/** Neither Bandwidth nor Slack answers while the process is to stop. */
async function stopsThoughAllHang(): Promise<void> {
  const stage = await setStage();
  try {
    const running = await stage.connected();
    await stage.requested();
    await stage.card();
    stage.bandwidth.fail({ method: 'POST', path: /orders$/, how: 'hang-after-accept' });
    await approves(stage);
    await running.logs('placing order');
    stage.slack.fail('chat.update', { hang: true, times: 1 });
    running.signal('SIGTERM');
    await running.logs('stopping');
    const late = await stage.slack.person(people.ana.id).types(CHANNEL, '/numbers help');
    // Slack tells Ana that it failed, whether or not the socket is closed already.
    expect(['dispatch_failed', 'operation_timeout']).toContain(late.error);
    // A process that isn't done in time ends itself, with another code.
    expect(await running.ended).toBe(0);
    // That nobody knows what became of it is on record, so the next start looks at once.
    await stage.connected();
    await expectOneOrderToldInFull(stage);
  } finally {
    await stage.close();
  }
}
