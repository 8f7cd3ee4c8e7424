import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { readEnvironment } from '../../sandbox/app-settings.js';
import { asPlainText } from '../../sandbox/local-slack/local-slack.js';
import { numbersChannel, people } from '../../sandbox/sample-workspace.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/start-sandbox.js';
import { variables } from '../../src/config/settings.js';
import { compileSource } from '../support/compiled.js';

const CHANNEL = numbersChannel.id;
const TIMEOUT_MS = 60_000;
const WAIT = { timeoutMs: 15_000 };

let project: string;
let data: string;
const closing: (() => unknown)[] = [];

beforeAll(() => {
  // As a built checkout looks: dist beside sandbox and manifest.yml.
  project = mkdtempSync(join(tmpdir(), 'numbers-project-'));
  compileSource(join(project, 'dist', 'dev'));
  symlinkSync(resolve('sandbox'), join(project, 'sandbox'));
  cpSync('manifest.yml', join(project, 'manifest.yml'));
  data = join(project, 'data');
}, TIMEOUT_MS);
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  rmSync(data, { recursive: true, force: true });
}, TIMEOUT_MS);
afterAll(() => rmSync(project, { recursive: true, force: true }));

async function start(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({
    port: 0,
    data,
    program: join(project, 'dist', 'dev', 'src', 'main.js'),
    assets: 'sandbox/page/assets',
    manifest: 'manifest.yml',
    orderDelayMs: 100,
    ...options,
  });
  closing.push(sandbox.close);
  return sandbox;
}

/** Ana asks for two numbers; gives the card. */
async function asked({ slack }: Sandbox) {
  const ana = slack.person(people.ana.id);
  await ana.types(CHANNEL, '/numbers order 910 x2');
  const form = await ana.form();
  await form.choose('Sub-account', 'Raleigh');
  await form.fill('Reason', 'New desk');
  expect(await form.submit()).toBe('closed');
  return cardOf(slack);
}

function cardOf(slack: Sandbox['slack']) {
  return slack.until(
    () => slack.messages(CHANNEL).find((each) => asPlainText(each).includes('waiting for approval')),
    WAIT,
  );
}

describe('A restart', () => {
  test(
    'continues where everything was: the waiting card can still be approved, and what was bought stays bought',
    async () => {
      const first = await start();
      await asked(first);
      expect(first.bandwidth.anotherCustomerBuys('9102414365')).toBe(true);
      await first.close();

      const { slack, bandwidth } = await start();
      const card = await cardOf(slack);
      await slack.person(people.ben.id).presses(card, 'Approve & order');
      await slack.until(() => asPlainText(card).includes('Complete: 2 of 2 numbers'), WAIT);
      expect(bandwidth.available('9102414365')).toEqual([]);
      await slack.until(() => card.replies.length === 2, WAIT);
    },
    TIMEOUT_MS,
  );

  test(
    'ends an order that was on its way, and the card says so',
    async () => {
      const first = await start({ orderDelayMs: 60_000 });
      const card = await asked(first);
      await first.slack.person(people.ben.id).presses(card, 'Approve & order');
      await first.slack.until(() => first.bandwidth.orders().length === 1, WAIT);
      first.bandwidth.set({ orderDelayMs: 100 });
      await first.close();

      const { slack, bandwidth } = await start();
      await slack.until(
        () => asPlainText(slack.messages(CHANNEL).at(-1) ?? {}).includes('Complete: 2 of 2'),
        WAIT,
      );
      expect(bandwidth.orders()).toMatchObject([{ status: 'COMPLETE' }]);
    },
    TIMEOUT_MS,
  );

  test(
    'with --fresh starts over',
    async () => {
      const first = await start();
      await asked(first);
      await first.close();
      const { slack } = await start({ fresh: true });
      expect(slack.messages(CHANNEL)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

test(
  'In HTTP mode everything reaches the app in signed requests',
  async () => {
    const sandbox = await start({ http: true });
    expect(sandbox.slack.connections).toBe(0);
    const card = await asked(sandbox);
    await sandbox.slack.person(people.ben.id).presses(card, 'Approve & order');
    await sandbox.slack.until(() => asPlainText(card).includes('Complete: 2 of 2 numbers'), WAIT);
  },
  TIMEOUT_MS,
);

describe('The page answers', () => {
  test(
    'only itself, with nothing but its own files',
    async () => {
      const { url } = await start();
      const write = (headers: Record<string, string>, body: string) =>
        fetch(`${url}/api/slack/write`, { method: 'POST', headers, body });
      const json = { 'content-type': 'application/json' };
      const said = JSON.stringify({ as: people.ana.id, channel: CHANNEL, text: 'hello' });
      expect((await write(json, said)).status).toBe(200);
      expect((await write({ ...json, origin: 'https://evil.example' }, said)).status).toBe(403);
      expect((await write({ 'content-type': 'text/plain' }, said)).status).toBe(400);
      expect((await write(json, '{}')).status).toBe(400);
      expect((await write(json, 'nonsense')).status).toBe(400);
      expect((await fetch(`${url}/`)).status).toBe(200);
      for (const path of [
        '/..%2f..%2fpackage.json',
        '/../page-server.ts',
        '/nothing.js',
        '/api/live?as=U0NOBODY',
      ]) {
        expect((await fetch(`${url}${path}`)).status).toBeGreaterThanOrEqual(400);
      }
    },
    TIMEOUT_MS,
  );
});

describe('Environment variables', () => {
  test(
    'apply to one run: with APPROVALS_REQUIRED=2 and a policy file, Ben alone is not enough',
    async () => {
      const policyFile = join(project, 'own-policy.yml');
      writeFileSync(policyFile, 'rules:\n  - name: Never more than five\n    max_numbers_per_order: 5\n');
      const environment = readEnvironment({
        APPROVALS_REQUIRED: ' 2 ',
        MAX_HELD: '',
        POLICY_FILE: policyFile,
      });
      expect(environment).toEqual({ settings: { APPROVALS_REQUIRED: '2' }, policyFile, ignored: [] });
      const first = await start({ environment });
      const card = await asked(first);
      await first.slack.person(people.ben.id).presses(card, 'Approve & order');
      await first.slack.until(() => asPlainText(card).includes('1 of 2'), WAIT);
      expect(first.bandwidth.orders()).toEqual([]);
      const ana = first.slack.person(people.ana.id);
      await ana.types(CHANNEL, '/numbers policy');
      await first.slack.until(
        () => ana.ephemerals(CHANNEL).some((each) => ana.sees(each).includes('Never more than five')),
        WAIT,
      );
      await first.close();

      const { slack } = await start();
      expect(slack.messages(CHANNEL)).toHaveLength(1);
      expect(existsSync(join(data, 'policy.yml'))).toBe(false);
      expect(existsSync(policyFile)).toBe(true);
    },
    TIMEOUT_MS,
  );

  test('are each used or named as ignored, except the policy file and the port of the page', () => {
    const all = Object.fromEntries(variables.map((name) => [name, '1']));
    const { settings, policyFile, ignored } = readEnvironment(all);
    expect(policyFile).toBe('1');
    expect([...Object.keys(settings), ...ignored, 'POLICY_FILE', 'PORT'].sort()).toEqual(
      [...variables].sort(),
    );
  });

  test(
    'that name an unreadable policy file are refused in a sentence',
    async () => {
      const environment = { settings: {}, policyFile: join(project, 'nowhere.yml') };
      await expect(start({ environment })).rejects.toThrow(/^POLICY_FILE names .*, which can't be read\.$/);
    },
    TIMEOUT_MS,
  );
});

describe('npm run sandbox', () => {
  function run(...args: readonly string[]): { readonly program: ChildProcess; written: () => string } {
    return runWith({}, ...args);
  }

  function runWith(
    environment: Readonly<Record<string, string>>,
    ...args: readonly string[]
  ): { readonly program: ChildProcess; written: () => string } {
    const program = spawn(
      process.execPath,
      [join(project, 'dist', 'dev', 'sandbox', 'sandbox.js'), '--data', data, ...args],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { PATH: process.env.PATH, ...environment },
      },
    );
    closing.push(() => program.kill('SIGKILL'));
    let written = '';
    program.stdout?.on('data', (chunk: Buffer) => {
      written += chunk.toString();
    });
    program.stderr?.on('data', (chunk: Buffer) => {
      written += chunk.toString();
    });
    return { program, written: () => written };
  }

  test(
    'says where it is, and a double Ctrl-C ends it and the app',
    async () => {
      const { program, written } = run('--port', '0');
      while (!written().includes('Ctrl-C')) await once(program.stdout ?? program, 'data');
      const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(written()) ?? [];
      expect(await (await fetch(url)).text()).toContain('<title>');
      program.kill('SIGINT');
      program.kill('SIGINT');
      const [code] = await once(program, 'exit');
      expect(code).toBe(0);
      expect(existsSync(join(data, 'numbers.db'))).toBe(true);
      await expect(fetch(url)).rejects.toThrow();
    },
    TIMEOUT_MS,
  );

  test(
    'says which settings of the environment it ignores, and why the app refuses others',
    async () => {
      const environment = { APPROVALS_REQUIRED: '99', BW_ACCOUNT_ID: '12', STORE_URL: 'redis://127.0.0.1' };
      const { program, written } = runWith(environment, '--port', '0');
      const [code] = await once(program, 'close');
      expect(code).toBe(1);
      expect(written()).toMatch(
        /^Ignored: .*\. The sandbox has a Slack, a Bandwidth and a database of its own\.$/m,
      );
      for (const name of ['BW_ACCOUNT_ID', 'STORE_URL']) expect(written()).toContain(name);
      expect(written()).toContain('  - APPROVALS_REQUIRED is "99", but must be');
      expect(written()).not.toContain('    at ');
    },
    TIMEOUT_MS,
  );

  test(
    'says that its port is in use, and touches nothing',
    async () => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      closing.push(() => other.close());
      const { port } = other.address() as AddressInfo;
      const { program, written } = run('--fresh', '--port', String(port));
      const [code] = await once(program, 'close');
      expect(code).toBe(1);
      expect(written()).toBe(
        `Port ${port} is in use, perhaps by another sandbox. Choose a different one with --port.\n`,
      );
      expect(existsSync(data)).toBe(false);
    },
    TIMEOUT_MS,
  );

  test.each([
    [['--port', 'many'], '--port must be a number from 0 to 65535, not “many”.'] as const,
    [['--prot', '1'], '--fresh'] as const,
  ])(
    'answers %j with what is wrong',
    async (args, sentence) => {
      const { program, written } = run(...args);
      const [code] = await once(program, 'close');
      expect(code).toBe(1);
      expect(written()).toContain(sentence);
      expect(written()).not.toContain('    at ');
    },
    TIMEOUT_MS,
  );
});
