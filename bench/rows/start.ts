import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../sandbox/free-port.js';
import { median, quantile } from '../figures.js';
import { ACK_ONLY, APP, ready, type Settings, startProgram, startStubServers } from '../programs.js';
import type { Row } from '../row.js';

const GOAL_MS = 300;

export const start: Row = {
  name: 'start',
  about: 'from starting the process to the first acknowledged command',
  async run({ times }) {
    const stubs = await startStubServers();
    const folder = mkdtempSync(join(tmpdir(), 'numbers-bench-'));
    try {
      const floor: number[] = [];
      const ours: number[] = [];
      // Alternates, so that other load on the machine affects both.
      for (let i = 0; i < times; i++) {
        floor.push(await timeToReady(ACK_ONLY, stubs.settings));
        const store = { STORE_URL: `sqlite:${join(folder, `${i}.db`)}` };
        ours.push(await timeToReady(APP, { ...stubs.settings, ...store }));
      }
      const above = median(ours) - median(floor);
      return [
        {
          what: 'start to ready',
          unit: 'ms',
          median: median(ours),
          p99: quantile(ours, 0.99),
          floor: median(floor),
          ratio: median(ours) / median(floor),
          goal: `≤ ${GOAL_MS} ms above an ack-only Bolt app`,
          met: above <= GOAL_MS,
          note: `${Math.round(above)} ms above`,
        },
      ];
    } finally {
      await stubs.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function timeToReady(path: string, settings: Settings): Promise<number> {
  const port = await freePort();
  const began = performance.now();
  const program = startProgram(path, { ...settings, PORT: String(port) });
  try {
    await ready(port, program);
    return performance.now() - began;
  } finally {
    await program.stop();
  }
}
