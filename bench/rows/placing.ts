import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from '@keyv/redis';
import { Client } from 'pg';
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
    for (const { name, fresh, missing } of databases(options)) {
      if (fresh === undefined) findings.push({ what: `orders placed, ${name}`, unit: '/s', note: missing });
      else for (const width of AT_ONCE) findings.push(await measured(name, fresh(), width, options.times));
    }
    return findings;
  },
};

interface Database {
  readonly name: string;
  /** An empty place, and what clears it away; absent where there is no such database. */
  readonly fresh?: () => { readonly url: string; readonly discard: () => Promise<void> };
  readonly missing: string;
}

const freshName = () => `numbers_bench_${randomUUID().slice(0, 8)}`;

function databases({ postgresUrl, redisUrl }: Options): readonly Database[] {
  return [
    {
      name: 'SQLite',
      missing: '',
      fresh: () => {
        const folder = mkdtempSync(join(tmpdir(), 'numbers-bench-'));
        const discard = async () => rmSync(folder, { recursive: true, force: true });
        return { url: `sqlite:${join(folder, 'x.db')}`, discard };
      },
    },
    {
      name: 'PostgreSQL',
      missing: 'not measured: BENCH_POSTGRES_URL is not set',
      ...(postgresUrl === undefined ? {} : { fresh: () => freshSchema(postgresUrl) }),
    },
    {
      name: 'Redis',
      missing: 'not measured: BENCH_REDIS_URL is not set',
      ...(redisUrl === undefined ? {} : { fresh: () => freshPrefix(redisUrl) }),
    },
  ];
}

function freshSchema(server: string) {
  const [url, schema] = [new URL(server), freshName()];
  url.searchParams.set('schema', schema);
  const discard = async () => {
    const client = new Client({ connectionString: server });
    await client.connect();
    await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    await client.end();
  };
  return { url: url.href, discard };
}

function freshPrefix(server: string) {
  const [url, prefix] = [new URL(server), freshName()];
  url.searchParams.set('prefix', prefix);
  const discard = async () => {
    const client = createClient({ url: server });
    await client.connect();
    for await (const keys of client.scanIterator({ MATCH: `${prefix}:*`, COUNT: 1_000 })) {
      if (keys.length > 0) await client.unlink(keys);
    }
    await client.close();
  };
  return { url: url.href, discard };
}

async function measured(
  name: string,
  { url: storeUrl, discard }: ReturnType<NonNullable<Database['fresh']>>,
  width: number,
  times: number,
): Promise<Finding> {
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
  const app = startProgram(APP, settings, true);
  try {
    await ready(port);
    await app.usage();
    const began = performance.now();
    await inParallel(orders, width, async (order) => {
      const placed = neighbours.placed(order.id);
      await click(
        port,
        press('order.approve', `${order.id}:${requestDigest(order)}`, neighbours.respondTo, 'U0BEN'),
      );
      await orFail(placed, 'an approved order was not placed within ten seconds');
    });
    const perSecond = count / ((performance.now() - began) / 1000);
    const { cpuMs } = await app.usage();
    return {
      what: `orders placed, ${name}, ${width} at once`,
      unit: '/s',
      median: perSecond,
      floor: writes,
      ratio: perSecond / writes,
      note: `${count} orders, ${(cpuMs / count).toFixed(1)} ms of processor time each, cards and threads included; floor: the store's own conditional writes`,
    };
  } finally {
    await app.stop();
    await neighbours.stop();
    await discard();
  }
}

function orFail(done: Promise<void>, sentence: string): Promise<void> {
  const late = pause(10_000, undefined, { ref: false }).then(() => {
    throw new Error(sentence);
  });
  return Promise.race([done, late]);
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
