import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Order, requestDigest } from '../../src/orders/order.js';
import { newOrder, told } from '../../src/orders/transitions.js';
import { openStore } from '../../src/store/open-store.js';
import { purchase } from '../placed-orders.js';
import { APP, freePort, press, ready, signed, startNeighbours, startProgram } from '../programs.js';
import { quiet } from '../quiet.js';
import type { Finding, Options, Row } from '../row.js';

const AT_ONCE = [1, 16];
const ORDERS = 400;

export const placing: Row = {
  name: 'placing',
  about: 'orders placed a second, from the press of Approve to the request at Bandwidth, per database',
  async run(options) {
    const findings: Finding[] = [];
    for (const { name, url, missing } of databases(options)) {
      if (url === undefined) findings.push({ what: `orders placed, ${name}`, unit: '/s', note: missing });
      else for (const width of AT_ONCE) findings.push(await measured(name, url, width, options.times));
    }
    return findings;
  },
};

interface Database {
  readonly name: string;
  readonly url: (() => string) | undefined;
  readonly missing: string;
}

function databases({ postgresUrl, redisUrl }: Options): readonly Database[] {
  const given = (name: string, url: string | undefined, variable: string): Database => ({
    name,
    url: url === undefined ? undefined : () => url,
    missing: `not measured: ${variable} is not set`,
  });
  return [
    {
      name: 'SQLite',
      url: () => `sqlite:${join(mkdtempSync(join(tmpdir(), 'numbers-bench-')), 'x.db')}`,
      missing: '',
    },
    given('PostgreSQL', postgresUrl, 'BENCH_POSTGRES_URL'),
    given('Redis', redisUrl, 'BENCH_REDIS_URL'),
  ];
}

async function measured(name: string, url: () => string, width: number, times: number): Promise<Finding> {
  const storeUrl = url();
  const count = Math.min(ORDERS, times * 20);
  const store = await openStore(storeUrl, quiet);
  const writes = await conditionalWrites(store.orders, width, count);
  const orders = Array.from({ length: count }, waiting);
  for (const order of orders) await store.orders.insert(order);
  await store.close();

  const neighbours = await startNeighbours();
  const port = await freePort();
  const settings = {
    ...neighbours.settings,
    STORE_URL: storeUrl,
    PORT: String(port),
    POLL_SCHEDULE: '0 0 1 1 *',
  };
  const app = startProgram(APP, settings);
  try {
    await ready(port);
    const began = performance.now();
    await inParallel(orders, width, async (order) => {
      const placed = neighbours.placed(order.id);
      await click(port, press('order.approve', `${order.id}:${requestDigest(order)}`, 'U0BEN'));
      await placed;
    });
    const perSecond = count / ((performance.now() - began) / 1000);
    return {
      what: `orders placed, ${name}, ${width} at once`,
      unit: '/s',
      median: perSecond,
      floor: writes,
      ratio: perSecond / writes,
      note: `${count} orders; floor: the store's own conditional writes`,
    };
  } finally {
    await app.stop();
    await neighbours.stop();
    const folder = /^sqlite:(.*)\/x\.db$/.exec(storeUrl)?.[1];
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

function waiting(): Order {
  const order = newOrder({
    id: randomUUID(),
    request: purchase,
    requester: { teamId: 'T0LOCAL', userId: 'U0ANA' },
    channelId: 'C0NUMBERS',
    now: Date.now(),
    expiresAt: Date.now() + 86_400_000,
  });
  return order;
}

type Orders = Awaited<ReturnType<typeof openStore>>['orders'];

/** How many conditional writes of one order each the store itself does in a second. */
async function conditionalWrites(orders: Orders, width: number, count: number): Promise<number> {
  const written = Array.from({ length: width }, waiting);
  for (const order of written) await orders.insert(order);
  const began = performance.now();
  await Promise.all(
    written.map(async (first) => {
      let current: Order = first;
      for (let i = 0; i < count / width; i++) {
        const next = told(current, 'approved');
        const same = { ...next, told: [] };
        if (!(await orders.replace(current, same))) throw new Error('a write was lost');
        current = same;
      }
    }),
  );
  return count / ((performance.now() - began) / 1000);
}

async function inParallel<T>(
  all: readonly T[],
  width: number,
  work: (one: T) => Promise<void>,
): Promise<void> {
  const left = [...all];
  const worker = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

function click(port: number, body: string): Promise<void> {
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
