import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../sandbox/free-port.js';
import { requestDigest } from '../../src/orders/domain/request-digest.js';
import { monthOf } from '../../src/orders/domain/tally.js';
import { openStore } from '../../src/store/open-store.js';
import { type Database, databases } from '../databases.js';
import { median, quantile } from '../figures.js';
import { waitingOrder } from '../placed-orders.js';
import { APP, click, press, ready, startProgram, startStubServers } from '../programs.js';
import type { Finding, Row } from '../row.js';
import { silentLog } from '../silent-log.js';

const AT_ONCE = 300;
const WITHIN_MS = 1_000;
const ALONE = 20;
const MAX_MS = 3_000;
const MAX_TIMES_ALONE = 10;
/** How many orders the month already has. */
const MONTHS = [0, 10_000];
const INSTANCES: Readonly<Record<string, number>> = { SQLite: 1, PostgreSQL: 2 };

export const approvals: Row = {
  name: 'approvals',
  about: `${AT_ONCE} approvals in the same second, in a month of no and of 10,000 orders, with limits, per database`,
  async run(options) {
    const findings: Finding[] = [];
    for (const { name, fresh, missing } of databases(options)) {
      const instances = INSTANCES[name];
      if (instances === undefined) continue;
      for (const before of MONTHS) {
        const what = `${AT_ONCE} approvals in a second, ${name}, ${instances === 1 ? 'one instance' : `${instances} instances`}, after ${before.toLocaleString('en-US')} orders`;
        if (fresh === undefined) findings.push({ what, unit: 'ms', note: missing });
        else findings.push(await measured(what, fresh(), instances, before));
      }
    }
    return findings;
  },
};

async function measured(
  what: string,
  { url: storeUrl, discard }: ReturnType<NonNullable<Database['fresh']>>,
  instances: number,
  before: number,
): Promise<Finding> {
  const orders = Array.from({ length: ALONE + AT_ONCE }, waitingOrder);
  const store = await openStore(storeUrl, silentLog);
  for (const order of orders) await store.orders.insert(order);
  const month = monthOf(Date.now());
  const absent = await store.ledger.read(month, { orders: [], days: [] });
  const counted = Array.from({ length: before }, (_, index) => {
    const numbers = { kind: 'purchase', userId: `U${index % 300}`, quantity: 1, at: Date.now() } as const;
    return [`old-${index}`, numbers] as const;
  });
  if ('none' in absent) await store.ledger.begin(absent, new Map(counted), true);
  await store.close();

  const stubs = await startStubServers();
  const ports = await Promise.all(Array.from({ length: instances }, () => freePort()));
  const apps = ports.map((port) =>
    startProgram(
      APP,
      {
        ...stubs.settings,
        STORE_URL: storeUrl,
        PORT: String(port),
        POLL_SCHEDULE: '0 0 1 1 *',
        MAX_NUMBERS_PER_DAY: '1000000',
        MAX_NUMBERS_PER_MONTH: '1000000',
      },
      true,
    ),
  );
  const approve = async (index: number): Promise<number> => {
    const order = orders[index];
    if (order === undefined) throw new Error('no orders are left');
    const value = `${order.id}:${requestDigest(order)}`;
    const began = performance.now();
    await click(ports[index % ports.length] ?? 0, press('order.approve', value, stubs.respondTo, 'U0BEN'));
    return performance.now() - began;
  };
  try {
    for (const [index, app] of apps.entries()) await ready(ports[index] ?? 0, app);
    const alone: number[] = [];
    for (let index = 0; index < ALONE; index += 1) {
      alone.push(await approve(index));
      await pause(100);
    }
    await Promise.all(apps.map((app) => app.usage()));
    const together = await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, index) => {
        await pause((index * WITHIN_MS) / AT_ONCE);
        return approve(ALONE + index);
      }),
    );
    const used = await Promise.all(apps.map((app) => app.usage()));
    const cpuMs = used.reduce((sum, each) => sum + each.cpuMs, 0) / AT_ONCE;
    const p99 = quantile(together, 0.99);
    const floor = median(alone);
    const longest = Math.max(...together);
    return {
      what,
      unit: 'ms',
      median: median(together),
      p99,
      floor,
      ratio: p99 / floor,
      goal: `all within ${MAX_MS / 1_000} s, p99 ≤ ${MAX_TIMES_ALONE} × one alone`,
      met: longest <= MAX_MS && p99 <= MAX_TIMES_ALONE * floor,
      note: `longest ${longest.toFixed(0)} ms, ${cpuMs.toFixed(1)} ms of CPU time each; floor is the median of ${ALONE} approvals one at a time`,
    };
  } finally {
    for (const app of apps) await app.stop();
    await stubs.stop();
    await discard();
  }
}
