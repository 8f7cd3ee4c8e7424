import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { bandwidthSettings } from '../sandbox/local-settings.js';
import { signatureHeaders } from '../sandbox/local-slack/signature.js';
import { inTime } from '../src/orders/in-time.js';
import type { Usage } from './probe.js';

/** Where tsconfig.bench.json puts things. */
const compiled = (path: string) => join('dist', 'dev', path);
export const APP = compiled('src/main.js');
export const ACK_ONLY = compiled('bench/ack-only.js');
const STUB_SERVERS = compiled('bench/stub-servers.js');
const PROBE = compiled('bench/probe.js');

export const SIGNING_SECRET = 'bench-signing-secret';

export type Settings = Readonly<Record<string, string>>;

export interface Program {
  /** Returns the usage since the last call. */
  usage(): Promise<Usage>;
  /** Starts watching for blocks of the event loop, which costs CPU time. */
  watchBlocks(): void;
  /** Returns the current and the peak memory, in megabytes. */
  memory(): { readonly rss: number; readonly peak: number };
  /** Returns what the program has written. */
  output(): string;
  hasEnded(): boolean;
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
// Node emits no exit event when a signal ends it.
process.once('SIGTERM', () => process.exit(1));

/** Starts a program with only these settings in its environment. It never outlives this process. */
export function startProgram(path: string, settings: Settings, probe = false): Program {
  const child = fork(path, {
    env: { PATH: process.env.PATH, ...settings },
    execArgv: probe ? ['--import', `./${PROBE}`] : [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  running.add(child);
  let written = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      written = (written + text).slice(-20_000);
    });
  }
  const ended = once(child, 'exit').then(() => running.delete(child));
  return {
    hasEnded: () => !running.has(child),
    watchBlocks: () => void child.send('watch'),
    async usage() {
      const answered = once(child, 'message');
      child.send('usage');
      const [usage] = await answered;
      return usage as Usage;
    },
    memory() {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      const mb = (name: string) => Number(new RegExp(`${name}:\\s*(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
      return { rss: mb('VmRSS'), peak: mb('VmHWM') };
    },
    output: () => written,
    async stop() {
      child.kill('SIGTERM');
      await inTime(12_000, ended);
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Starts a Slack and a Bandwidth that answer at once; see stub-servers.ts. */
export async function startStubServers(): Promise<{
  settings: Settings;
  /** Where answers to commands and presses are sent. */
  respondTo: string;
  /** Resolves when this order has been sent to Bandwidth. */
  placed: (orderId: string) => Promise<void>;
  stop: () => Promise<void>;
}> {
  const child = fork(STUB_SERVERS, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  running.add(child);
  const [told] = await once(child, 'message');
  const { port } = told as { port: number };
  const waiting = new Map<string, () => void>();
  child.on('message', ({ placed }: { placed: string }) => waiting.get(placed)?.());
  return {
    respondTo: `http://127.0.0.1:${port}/slack/respond`,
    placed: (orderId) => new Promise((resolve) => waiting.set(orderId, resolve)),
    settings: stubSettings(`http://127.0.0.1:${port}/slack/api/`, {
      apiUrl: `http://127.0.0.1:${port}/bandwidth/api`,
      tokenUrl: `http://127.0.0.1:${port}/bandwidth/token`,
      accountId: '9900123',
      clientId: 'bench',
      clientSecret: 'bench-secret',
    }),
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      running.delete(child);
    },
  };
}

/** Returns the app's settings for these stubs. */
export function stubSettings(
  slackApiUrl: string,
  bandwidth: Parameters<typeof bandwidthSettings>[0],
): Settings {
  return {
    SLACK_BOT_TOKEN: 'xoxb-local',
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_API_URL: slackApiUrl,
    ...bandwidthSettings(bandwidth),
    APPROVERS: 'U0BEN',
    MAX_NUMBERS_PER_ORDER: '5000',
    LOG_LEVEL: 'warn',
    HOST: '127.0.0.1',
  };
}

/** A slash command as Slack posts it. Later answers go to `respondTo`. */
export function command(text: string, respondTo: string): string {
  return new URLSearchParams({
    command: '/numbers',
    text,
    team_id: 'T0LOCAL',
    user_id: 'U0ANA',
    channel_id: 'C0NUMBERS',
    trigger_id: '1.2.bench',
    response_url: respondTo,
  }).toString();
}

/** A button press as Slack posts it. */
export function press(actionId: string, value: string, respondTo: string, by = 'U0DAN'): string {
  const payload = {
    type: 'block_actions',
    team: { id: 'T0LOCAL' },
    user: { id: by, team_id: 'T0LOCAL' },
    api_app_id: 'A0LOCAL',
    trigger_id: '1.2.bench',
    response_url: respondTo,
    channel: { id: 'C0NUMBERS' },
    container: { type: 'message', message_ts: '1.000100', channel_id: 'C0NUMBERS' },
    message: { ts: '1.000100' },
    actions: [{ type: 'button', action_id: actionId, block_id: 'b', value, action_ts: '1.0' }],
  };
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}

export function signed(body: string): Record<string, string> {
  return {
    ...signatureHeaders(SIGNING_SECRET, body, Date.now()),
    'content-type': 'application/x-www-form-urlencoded',
  };
}

/** Resolves as soon as this program acknowledges a signed command. Rejects with what it wrote when it ends before. */
export async function ready(port: number, program: Program, withinMs = 60_000): Promise<void> {
  // Help is sent with the acknowledgement.
  const body = command('help', 'http://127.0.0.1/unused');
  const until = performance.now() + withinMs;
  while (performance.now() < until && !program.hasEnded()) {
    const answer = await fetch(`http://127.0.0.1:${port}/slack/events`, {
      method: 'POST',
      headers: { ...signed(body), connection: 'close' },
      body,
    }).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.status === 200) return;
    await pause(2);
  }
  const what = program.hasEnded() ? 'ended' : `ran for ${withinMs / 1_000} s`;
  const wrote = program.output().replace(/\s+/g, ' ').slice(-500);
  throw new Error(`the program ${what} without acknowledging a command at port ${port}. It wrote: ${wrote}`);
}

/** Resolves when a payload such as a press has been acknowledged. */
export function click(port: number, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = signed(body);
    const sent = request(
      { host: '127.0.0.1', port, path: '/slack/events', method: 'POST', headers },
      (answer) => {
        answer.resume().on('end', () => resolve());
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
