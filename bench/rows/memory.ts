import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../sandbox/free-port.js';
import { bandwidthWith, putPlacedOrders } from '../placed-orders.js';
import {
  ACK_ONLY,
  APP,
  type Program,
  ready,
  type Settings,
  startProgram,
  startStubServers,
  stubSettings,
} from '../programs.js';
import type { Finding, Row } from '../row.js';

const GOAL_MB = { idle: 30, loaded: 100 };
const LOADED = 10_000;

export const memory: Row = {
  name: 'memory',
  about: 'resident memory once it has settled, with no orders and with thousands of open ones',
  async run({ seconds, sizes }) {
    const stubs = await startStubServers();
    const folder = mkdtempSync(join(tmpdir(), 'numbers-bench-'));
    try {
      const floor = await settled(ACK_ONLY, stubs.settings, seconds);
      const findings: Finding[] = [];
      for (const count of [0, ...sizes]) {
        const store = { STORE_URL: `sqlite:${join(folder, `${count}.db`)}` };
        const { bandwidth, orders } = await bandwidthWith(count);
        await putPlacedOrders(
          store.STORE_URL,
          orders.map((order, index) => ({ ...order, ts: `${1_700_000_000 + index}.000100` })),
          Date.now() - 60 * 60_000,
        );
        const settings = stubSettings(stubs.settings.SLACK_API_URL ?? '', bandwidth);
        const ours = await settled(APP, { ...settings, ...store }, seconds);
        await bandwidth.close();
        const above = ours.rss - floor.rss;
        const goal = count === 0 ? GOAL_MB.idle : count === LOADED ? GOAL_MB.loaded : undefined;
        findings.push({
          what: count === 0 ? 'memory, idle' : `memory, ${count} open orders`,
          unit: 'MB',
          median: ours.rss,
          floor: floor.rss,
          ratio: ours.rss / floor.rss,
          ...(goal === undefined
            ? {}
            : { goal: `≤ ${goal} MB above an ack-only Bolt app`, met: above <= goal }),
          note: `${above.toFixed(0)} MB above; peak ${ours.peak.toFixed(0)} MB (ack-only ${floor.peak.toFixed(0)}), after ${ours.afterS} s`,
        });
      }
      return findings;
    } finally {
      await stubs.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const SAMPLED_EVERY_MS = 10_000;
const AT_REST_WITHIN = 0.02;

/**
 * Returns the memory once it is stable for three samples: after at least twice and at most six times the given time.
 */
async function atRest(program: Program, seconds: number) {
  const samples: number[] = [];
  for (let waited = 0; waited < seconds * 6_000; waited += SAMPLED_EVERY_MS) {
    await pause(Math.min(SAMPLED_EVERY_MS, seconds * 1_000));
    samples.unshift(program.memory().rss);
    const last = samples.slice(0, 3);
    const calm = last.length === 3 && Math.max(...last) <= Math.min(...last) * (1 + AT_REST_WITHIN);
    if (calm && waited >= seconds * 2_000) break;
  }
  return { ...program.memory(), afterS: (samples.length * SAMPLED_EVERY_MS) / 1000 };
}

async function settled(path: string, settings: Settings, seconds: number) {
  const port = await freePort();
  const program = startProgram(path, { ...settings, PORT: String(port) });
  try {
    await ready(port, program);
    return await atRest(program, seconds);
  } finally {
    await program.stop();
  }
}
