import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../sandbox/free-port.js';
import { median, quantile } from '../figures.js';
import {
  ACK_ONLY,
  APP,
  command,
  press,
  ready,
  type Settings,
  signed,
  startProgram,
  startStubServers,
} from '../programs.js';
import type { Finding, Row } from '../row.js';

const RATES = [50, 200];
const MAX_TIMES_THE_FLOOR = 3;
const MAX_MS = 1_000;
/** Runs next to the load, once a second. */
const HEAVY = 'search 910 x5000';

export const ack: Row = {
  name: 'ack',
  about: 'acknowledging commands and clicks in HTTP mode, with a search for 5,000 numbers every second',
  async run({ seconds }) {
    const stubs = await startStubServers();
    const folder = mkdtempSync(join(tmpdir(), 'numbers-bench-'));
    const findings: Finding[] = [];
    try {
      for (const rate of RATES) {
        const floor = await load(ACK_ONLY, stubs, rate, seconds);
        const store = { STORE_URL: `sqlite:${join(folder, `${rate}.db`)}` };
        const ours = await load(APP, stubs, rate, seconds, store);
        const ratio = quantile(ours.took, 0.99) / quantile(floor.took, 0.99);
        const worst = Math.max(...ours.took);
        findings.push({
          what: `ack, ${rate} a second`,
          unit: 'ms',
          median: median(ours.took),
          p99: quantile(ours.took, 0.99),
          floor: quantile(floor.took, 0.99),
          ratio,
          goal: `p99 ≤ ${MAX_TIMES_THE_FLOOR} × an ack-only Bolt app, none over 1 s`,
          met: ratio <= MAX_TIMES_THE_FLOOR && worst <= MAX_MS && ours.failed === 0,
          note: `${ours.took.length} in ${seconds} s, longest ${worst.toFixed(0)} ms, ${ours.failed} not acknowledged; floor is its p99, median ${median(floor.took).toFixed(1)}`,
        });
      }
      return findings;
    } finally {
      await stubs.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function load(
  path: string,
  { settings, respondTo }: Pick<Awaited<ReturnType<typeof startStubServers>>, 'settings' | 'respondTo'>,
  rate: number,
  seconds: number,
  store: Settings = {},
) {
  const port = await freePort();
  const program = startProgram(path, { ...settings, ...store, PORT: String(port) });
  const agent = new Agent({ keepAlive: true, maxSockets: 200 });
  try {
    await ready(port, program);
    // An idle connection may close under a request, and then any client sends it again.
    const post = (body: string) =>
      posted(agent, port, body).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ECONNRESET') throw error;
        return posted(agent, port, body);
      });
    // Warms up the compiled and connected app, like one that has run for a while.
    for (let i = 0; i < 100; i++) await post(bodyOf(i, respondTo));
    const took: number[] = [];
    let failed = 0;
    const began = performance.now();
    const sent: Promise<void>[] = [];
    for (let i = 0; i < rate * seconds; i++) {
      const due = began + (i * 1000) / rate;
      const wait = due - performance.now();
      if (wait > 1) await pause(wait);
      if (i % rate === 0) void post(command(HEAVY, respondTo)).catch(() => {});
      // Measured from when it was due, so that a stall isn't hidden by the requests it delayed.
      const one = post(bodyOf(i, respondTo)).then(
        () => void took.push(performance.now() - due),
        () => {
          failed += 1;
        },
      );
      sent.push(one);
    }
    await Promise.all(sent);
    return { took, failed };
  } finally {
    agent.destroy();
    await program.stop();
  }
}

/**
 * Half of the payloads are commands. The other half are presses on a card whose order no longer exists, which read the
 * database and answer.
 */
function bodyOf(i: number, respondTo: string): string {
  return i % 2 === 0 ? command('help', respondTo) : press('order.approve', `${randomUUID()}:x`, respondTo);
}

function posted(agent: Agent, port: number, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { agent, host: '127.0.0.1', port, path: '/slack/events', method: 'POST', headers: signed(body) },
      (answer) => {
        answer.resume();
        answer.on('end', () =>
          answer.statusCode === 200 ? resolve() : reject(new Error(`HTTP ${answer.statusCode}`)),
        );
      },
    );
    sent.on('error', reject);
    sent.setTimeout(10_000, () => sent.destroy(new Error('no acknowledgement')));
    sent.end(body);
  });
}
