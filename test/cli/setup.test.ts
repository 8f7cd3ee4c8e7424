import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type LocalBandwidth, startLocalBandwidth } from '../../sandbox/local-bandwidth/local-bandwidth.js';
import { type LocalSlack, startLocalSlack } from '../../sandbox/local-slack/local-slack.js';
import { approverGroup, numbersChannel, people } from '../../sandbox/sample-workspace.js';
import { canBeWritten, formatEnv, writeEnv } from '../../src/cli/env-file.js';
import { readConfig } from '../../src/config/config.js';
import { compileSource } from '../support/compiled.js';
import { temporaryFolder } from '../support/folder.js';
import { fc } from '../support/properties.js';
import { until } from '../support/until.js';

const secrets = {
  bot: 'xoxb-1234-topsecretbot',
  app: 'xapp-1-topsecretapp',
  bandwidth: "top secret #1 and 'more'",
};

let app: ReturnType<typeof temporaryFolder>;
let slack: LocalSlack;
let bandwidth: LocalBandwidth;
beforeAll(async () => {
  app = temporaryFolder();
  compileSource(join(app.path, 'app'));
  slack = await startLocalSlack({
    people: Object.values(people),
    userGroups: [approverGroup],
    channels: [numbersChannel],
    botToken: secrets.bot,
    appToken: secrets.app,
  });
  bandwidth = await startLocalBandwidth({ clientSecret: secrets.bandwidth });
});
afterAll(async () => {
  await slack.close();
  await bandwidth.close();
  app.remove();
});

let folder: ReturnType<typeof temporaryFolder>;
const started: ChildProcess[] = [];
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  folder.remove();
});
const file = () => join(folder.path, '.env');

const program = () => join(app.path, 'app', 'src', 'cli', 'setup.js');
const surroundings = () => ({
  PATH: process.env.PATH,
  TERM: 'dumb',
  SLACK_API_URL: slack.apiUrl,
  BW_API_URL: bandwidth.apiUrl,
  BW_TOKEN_URL: bandwidth.tokenUrl,
});

/** Runs the program behind `npm run setup` at a terminal, typing each answer once its question is there. */
async function atTerminal(
  conversation: readonly (readonly [question: string, answer: string])[],
  settings: Readonly<Record<string, string>> = {},
) {
  const child = spawn('script', ['-qec', `"${process.execPath}" "${program()}"`, '/dev/null'], {
    cwd: folder.path,
    env: { ...surroundings(), ...settings },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  started.push(child);
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  const ended = once(child, 'close').then(([code]) => code as number);
  let from = 0;
  for (const [question, answer] of conversation) {
    await until(() => shown.includes(question, from), `“${question}” after:\n${shown.slice(from)}`);
    from = shown.indexOf(question, from) + question.length;
    child.stdin.write(answer);
  }
  const code = await ended;
  for (const secret of Object.values(secrets)) expect(shown).not.toContain(secret);
  return { code, shown };
}

const ENTER = '\r';
const CTRL_C = '\u0003';
const rightAnswers = [
  ['SLACK_BOT_TOKEN, the Bot User', secrets.bot + ENTER],
  ['SLACK_APP_TOKEN, the app-level', secrets.app + ENTER],
  ['BW_ACCOUNT_ID', `9900123${ENTER}`],
  ['BW_CLIENT_ID', `CLI-local${ENTER}`],
  ['BW_CLIENT_SECRET', secrets.bandwidth + ENTER],
  ['Choose the sub-account', `1${ENTER}`],
  ['Choose its location', `651682${ENTER}`],
  ['APPROVERS, who may approve', `1, U0ANA${ENTER}`],
  ['Choose the channel', ENTER],
] as const;

test('a new operator types what is asked, sees it checked, and gets an .env that only they can read and the app accepts', async () => {
  const { code, shown } = await atTerminal(rightAnswers);
  expect(shown).toContain('✓ Bot token: Signed in to local as numbers.');
  expect(shown).toContain('✓ App-level token: Slack accepts it for Socket Mode.');
  expect(shown).toContain(': Account 9900123 has 2 sub-accounts.');
  expect(shown).toContain('1. Raleigh office (461)');
  expect(shown).toContain('1. @telecom (S0TELECOM)');
  expect(shown).toContain('1. #numbers (C0NUMBERS)');
  expect(code).toBe(0);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  const written = parseEnv(readFileSync(file(), 'utf8'));
  expect(written).toEqual({
    SLACK_API_URL: slack.apiUrl,
    BW_API_URL: bandwidth.apiUrl,
    BW_TOKEN_URL: bandwidth.tokenUrl,
    SLACK_BOT_TOKEN: secrets.bot,
    SLACK_APP_TOKEN: secrets.app,
    BW_ACCOUNT_ID: '9900123',
    BW_CLIENT_ID: 'CLI-local',
    BW_CLIENT_SECRET: secrets.bandwidth,
    BW_SITE_ID: '461',
    BW_PEER_ID: '651682',
    APPROVERS: 'S0TELECOM,U0ANA',
  });
  expect(readConfig(written).warnings).toEqual([]);
  expect(slack.calls.filter(({ method }) => /^(?:chat|views|files)\./.test(method))).toEqual([]);
});

test('a mistake is reported at once, and asked again', async () => {
  const [, , account, clientId, ...others] = rightAnswers;
  const { shown, code } = await atTerminal([
    ['SLACK_BOT_TOKEN, the Bot User', `xapp-1-another${ENTER}`],
    ['that one belongs in SLACK_APP_TOKEN', `xoxb-another${ENTER}`],
    ["Slack doesn't accept SLACK_BOT_TOKEN (invalid_auth)", secrets.bot + ENTER],
    rightAnswers[1],
    account,
    clientId,
    ['BW_CLIENT_SECRET', `another secret${ENTER}`],
    ["Bandwidth doesn't accept BW_CLIENT_ID and BW_CLIENT_SECRET.", `9900123${ENTER}`],
    ['BW_CLIENT_ID:', `CLI-local${ENTER}`],
    others[0],
    others[1],
    ['Choose its location', `9${ENTER}`],
    ['9 is not in the list.', ENTER],
    ['APPROVERS, who may approve', `@telecom${ENTER}`],
    ['APPROVERS contains', `U0NOBODY${ENTER}`],
    ["The approver U0NOBODY doesn't exist in Slack", `S0TELECOM${ENTER}`],
    ['Choose the channel', `1${ENTER}`],
  ]);
  expect(code).toBe(0);
  expect(shown).not.toContain('another secret');
  expect(parseEnv(readFileSync(file(), 'utf8'))).toMatchObject({
    APPROVERS: 'S0TELECOM',
    APPROVALS_CHANNEL: 'C0NUMBERS',
    BW_SITE_ID: '461',
  });
});

describe('An .env that already exists', () => {
  beforeEach(() => {
    writeFileSync(file(), 'LOG_LEVEL=debug\n');
    chmodSync(file(), 0o644);
  });

  test('is left as it is without a yes', async () => {
    const { code } = await atTerminal([...rightAnswers, ['.env exists. Replace it?', `no${ENTER}`]]);
    expect(code).toBe(1);
    expect(readFileSync(file(), 'utf8')).toBe('LOG_LEVEL=debug\n');
  });

  test('is replaced with a yes, and then only its owner can read it', async () => {
    const { code } = await atTerminal([...rightAnswers, ['.env exists. Replace it?', `yes${ENTER}`]]);
    expect(code).toBe(0);
    expect(readFileSync(file(), 'utf8')).toContain('SLACK_BOT_TOKEN=');
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  test('keeps what Enter keeps', async () => {
    const [, , , , , site, location, approvers, channel] = rightAnswers;
    await atTerminal(
      [
        ['SLACK_BOT_TOKEN', ENTER],
        ['SLACK_APP_TOKEN', ENTER],
        ['BW_ACCOUNT_ID, the number of the account: [9900123]', ENTER],
        ['BW_CLIENT_ID: [CLI-local]', ENTER],
        ['BW_CLIENT_SECRET', ENTER],
        site,
        location,
        approvers,
        channel,
        ['.env exists. Replace it?', `yes${ENTER}`],
      ],
      {
        SLACK_BOT_TOKEN: secrets.bot,
        SLACK_APP_TOKEN: secrets.app,
        BW_ACCOUNT_ID: '9900123',
        BW_CLIENT_ID: 'CLI-local',
        BW_CLIENT_SECRET: secrets.bandwidth,
      },
    );
    expect(parseEnv(readFileSync(file(), 'utf8')).BW_CLIENT_SECRET).toBe(secrets.bandwidth);
  });
});

test('a token that cannot be checked now is kept only with a yes', async () => {
  const { shown, code } = await atTerminal(
    [
      ['SLACK_BOT_TOKEN, the Bot User', secrets.bot + ENTER],
      ["It couldn't be checked. Keep it anyway?", `no${ENTER}`],
      ['SLACK_BOT_TOKEN, the Bot User', secrets.bot + ENTER],
      ["It couldn't be checked. Keep it anyway?", `yes${ENTER}`],
      ['SLACK_APP_TOKEN, the app-level', CTRL_C],
    ],
    { SLACK_API_URL: 'http://127.0.0.1:1/api/' },
  );
  expect(shown).toContain("✗ Slack can't be reached (");
  expect(code).toBe(1);
});

test('a person who leaves with Ctrl+C leaves nothing behind', async () => {
  const { code, shown } = await atTerminal([
    ['SLACK_BOT_TOKEN, the Bot User', secrets.bot + ENTER],
    ['SLACK_APP_TOKEN, the app-level', CTRL_C],
  ]);
  expect(shown).toContain('Nothing was written.');
  expect(code).toBe(1);
  expect(existsSync(file())).toBe(false);
});

test('a person whose .env cannot be written is told before the first question', async () => {
  mkdirSync(file());
  const { code, shown } = await atTerminal([]);
  expect(shown).toContain(".env can't be written here: it is a folder.");
  expect(shown).not.toContain('SLACK_BOT_TOKEN');
  expect(code).toBe(1);
  // What came between in the meantime leaves no draft with secrets either.
  expect(() => writeEnv(file(), { SLACK_BOT_TOKEN: secrets.bot })).toThrow('EISDIR');
  expect(readdirSync(folder.path)).toEqual(['.env']);
});

test('without a terminal it names what is missing and exits with 78', async () => {
  const child = spawn(process.execPath, [program()], {
    cwd: folder.path,
    env: { ...surroundings(), SLACK_BOT_TOKEN: secrets.bot },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let printed = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const [code] = (await once(child, 'close')) as [number];
  expect(printed).toContain('BW_ACCOUNT_ID is not set');
  expect(printed).toContain('APPROVERS is not set');
  expect(printed).toContain('Run npm run setup at a terminal');
  expect(printed).not.toContain(secrets.bot);
  expect(code).toBe(78);
});

test('whatever value is written, Node reads the same back', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'aB1 #\'"`\\$={}n-'), minLength: 1, maxLength: 12 }),
      (value) => {
        fc.pre(value === value.trim() && canBeWritten(value));
        expect(parseEnv(formatEnv({ NAME: value })).NAME).toBe(value);
      },
    ),
  );
});
