import pMap from 'p-map';
import { freePort } from '../../sandbox/free-port.js';
import type { Order } from '../../src/orders/domain/order.js';
import { requestDigest } from '../../src/orders/domain/request-digest.js';
import { announced } from '../../src/orders/domain/transitions.js';
import { inTimeOr } from '../../src/orders/in-time.js';
import { openStore } from '../../src/store/open-store.js';
import { type Database, databases } from '../databases.js';
import { waitingOrder as waiting } from '../placed-orders.js';
import { APP, click, press, ready, startProgram, startStubServers } from '../programs.js';
import type { Finding, Row } from '../row.js';
import { silentLog } from '../silent-log.js';

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

async function measured(
  name: string,
  { url: storeUrl, discard }: ReturnType<NonNullable<Database['fresh']>>,
  width: number,
  times: number,
): Promise<Finding> {
  const count = Math.min(ORDERS, times * 20);
  const store = await openStore(storeUrl, silentLog);
  const writes = await conditionalWrites(store.orders, width, count);
  const orders = Array.from({ length: count }, waiting);
  for (const order of orders) await store.orders.insert(order);
  await store.close();

  const stubs = await startStubServers();
  const port = await freePort();
  const settings = {
    ...stubs.settings,
    STORE_URL: storeUrl,
    PORT: String(port),
    POLL_SCHEDULE: '0 0 1 1 *',
  };
  const app = startProgram(APP, settings, true);
  try {
    await ready(port, app);
    await app.usage();
    const began = performance.now();
    await pMap(
      orders,
      async (order) => {
        const placed = stubs.placed(order.id);
        await click(
          port,
          press('order.approve', `${order.id}:${requestDigest(order)}`, stubs.respondTo, 'U0BEN'),
        );
        await orFail(placed, 'an approved order was not placed within ten seconds');
      },
      { concurrency: width },
    );
    const perSecond = count / ((performance.now() - began) / 1000);
    const { cpuMs } = await app.usage();
    return {
      what: `orders placed, ${name}, ${width} at once`,
      unit: '/s',
      median: perSecond,
      floor: writes,
      ratio: perSecond / writes,
      note: `${count} orders, ${(cpuMs / count).toFixed(1)} ms of CPU time each, cards and threads included; floor: the store's own conditional writes`,
    };
  } finally {
    await app.stop();
    await stubs.stop();
    await discard();
  }
}

function orFail(done: Promise<void>, sentence: string): Promise<void> {
  const late = () => {
    throw new Error(sentence);
  };
  return inTimeOr(late, 10_000, done);
}

type Orders = Awaited<ReturnType<typeof openStore>>['orders'];

/** Measures how many conditional writes of one order each the store does per second. */
async function conditionalWrites(orders: Orders, width: number, count: number): Promise<number> {
  const written = Array.from({ length: width }, waiting);
  for (const order of written) await orders.insert(order);
  const began = performance.now();
  await Promise.all(
    written.map(async (first) => {
      let current: Order = first;
      for (let i = 0; i < count / width; i++) {
        const next = announced(current, 'approved');
        const same = { ...next, told: [] };
        if (!(await orders.replace(current, same))) throw new Error('a write was lost');
        current = same;
      }
    }),
  );
  return count / ((performance.now() - began) / 1000);
}
