import { setTimeout as pause } from 'node:timers/promises';
import pMap from 'p-map';
import { freePort } from '../../sandbox/free-port.js';
import type { Order } from '../../src/orders/domain/order.js';
import type { OrderFilter } from '../../src/orders/domain/order-filter.js';
import { type PhoneNumber, parsePhoneNumber } from '../../src/orders/domain/phone-number.js';
import { announced, declined, journaled, newOrder, rendered } from '../../src/orders/domain/transitions.js';
import { openStore, type Store } from '../../src/store/open-store.js';
import { databases } from '../databases.js';
import { median, quantile } from '../figures.js';
import { purchase } from '../placed-orders.js';
import { APP, ready, startProgram, startStubServers } from '../programs.js';
import type { Finding, Row } from '../row.js';
import { silentLog } from '../silent-log.js';

const FEW = 100;
/** For the largest size, 10,000: 50,000 finished orders. */
const FINISHED_PER_SIZE = 5;
const PUT_AT_ONCE = 100;
const PAGE = 10;
const MAX_TIMES_FEW = 1.5;
const MAX_GROWTH_MB = 10;
/** How long a started process is left alone before its memory is read. */
const AT_REST_MS = 2_000;

export const orders: Row = {
  name: 'orders',
  about: 'the first page of /numbers orders among finished orders, per database, and their memory',
  async run(options) {
    const many = Math.max(...options.sizes) > FEW ? Math.max(...options.sizes) * FINISHED_PER_SIZE : FEW;
    const findings: Finding[] = [];
    for (const { name, fresh, missing } of databases(options)) {
      if (fresh === undefined) {
        findings.push({ what: `first page of finished orders, ${name}`, unit: 'ms', note: missing });
        continue;
      }
      const place = fresh();
      try {
        findings.push(...(await measured(name, place.url, many, options.times * 10)));
      } finally {
        await place.discard();
      }
    }
    return findings;
  },
};

async function measured(name: string, url: string, many: number, times: number): Promise<readonly Finding[]> {
  const few = await withOrders(url, 0, FEW, (store) => timesOf(store, times));
  const memoryOfFew = name === 'SQLite' ? await memoryOf(url) : undefined;
  const all = await withOrders(url, FEW, many, (store) => timesOf(store, times));
  const memoryOfAll = name === 'SQLite' ? await memoryOf(url) : undefined;
  const finding = (what: string, ours: readonly number[], floor: readonly number[]): Finding => {
    const ratio = median(ours) / median(floor);
    return {
      what: `${what}, ${name}`,
      unit: 'ms',
      median: median(ours),
      p99: quantile(ours, 0.99),
      floor: median(floor),
      ratio,
      goal: `≤ ${MAX_TIMES_FEW} × among ${FEW}`,
      met: ratio <= MAX_TIMES_FEW,
    };
  };
  const more = (memoryOfAll ?? 0) - (memoryOfFew ?? 0);
  return [
    finding(`first page of ${many} finished orders`, all.page, few.page),
    finding(`orders of a number among ${many}`, all.ofNumber, few.ofNumber),
    ...(memoryOfAll === undefined
      ? []
      : [
          {
            what: `memory added by ${many} finished orders, ${name}`,
            unit: 'MB' as const,
            median: more,
            goal: `≤ ${MAX_GROWTH_MB} MB`,
            met: more <= MAX_GROWTH_MB,
            note: `${memoryOfAll.toFixed(0)} MB, with ${FEW} orders ${(memoryOfFew ?? 0).toFixed(0)} MB`,
          },
        ]),
  ];
}

async function withOrders<T>(
  url: string,
  from: number,
  to: number,
  measure: (store: Store) => Promise<T>,
): Promise<T> {
  const store = await openStore(url, silentLog);
  try {
    const indexes = Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
    await pMap(indexes, (index) => store.orders.insert(finished(index)), { concurrency: PUT_AT_ONCE });
    return await measure(store);
  } finally {
    await store.close();
  }
}

async function timesOf(store: Store, times: number) {
  const took = { page: [] as number[], ofNumber: [] as number[] };
  const measure = async (filter: OrderFilter, expected: number, into: number[]) => {
    const began = performance.now();
    const { orders: found } = await store.index.page(filter, PAGE);
    into.push(performance.now() - began);
    if (found.length !== expected) throw new Error(`the page has ${found.length} orders, not ${expected}`);
  };
  for (let i = 0; i < times; i++) {
    await measure({ state: 'done' }, PAGE, took.page);
    await measure({ about: numberOf(i % FEW) }, 1, took.ofNumber);
  }
  return took;
}

const BEGAN = Date.UTC(2026, 0, 1);
const numberOf = (index: number) => String(9_102_000_000 + index);

/** A request that was declined, with nothing left to do for it. */
function finished(index: number): Order {
  const at = BEGAN + index * 60_000;
  const order = newOrder({
    id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    request: { ...purchase, wanted: { by: 'numbers', numbers: [phone(numberOf(index))] } },
    requester: { teamId: 'T0LOCAL', userId: 'U0ANA' },
    channelId: 'C0NUMBERS',
    now: at,
    expiresAt: at + 86_400_000,
  });
  const over = declined(order, { teamId: 'T0LOCAL', userId: 'U0BEN' }, 'enough for now', at + 1_000);
  const shown = announced(
    rendered(over, { channelId: 'C0NUMBERS', ts: `${1_700_000_000 + index}.000100` }, over.revision),
    'declined',
  );
  return journaled(shown, shown.events.length);
}

function phone(text: string): PhoneNumber {
  const number = parsePhoneNumber(text);
  if (number === undefined) throw new Error(`${text} is not a number`);
  return number;
}

async function memoryOf(url: string): Promise<number> {
  const stubs = await startStubServers();
  const port = await freePort();
  const app = startProgram(APP, { ...stubs.settings, STORE_URL: url, PORT: String(port) });
  try {
    await ready(port, app);
    await pause(AT_REST_MS);
    return app.memory().rss;
  } finally {
    await app.stop();
    await stubs.stop();
  }
}
