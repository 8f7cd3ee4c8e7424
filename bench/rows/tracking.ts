import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { LocalBandwidth } from '../../sandbox/local-bandwidth/local-bandwidth.js';
import { startMeasuredApp } from '../app-to-measure.js';
import { quantile } from '../figures.js';
import { bandwidthWith, putPlacedOrders } from '../placed-orders.js';
import type { Finding, Row } from '../row.js';

const GOAL = { lookupsPerMinute: 90, staleS: 30, timesTheFloor: 1.3, blockMs: 15 };
const FULL = 10_000;
const WARM_UP_S = 40;
const MAX_ROWS = 1_000;

export const tracking: Row = {
  name: 'tracking',
  about:
    'thousands of open orders, half of all that Bandwidth lists: lookups, how old each status gets, cost of a sweep',
  async run({ sizes, seconds }) {
    const findings: Finding[] = [];
    for (const count of sizes) findings.push(...(await measured(count, seconds)));
    return findings;
  },
};

async function measured(count: number, seconds: number): Promise<readonly Finding[]> {
  const { bandwidth, orders, listed } = await bandwidthWith(count);
  const measured = await startMeasuredApp({
    bandwidth,
    probe: true,
    prepare: (storeUrl) =>
      putPlacedOrders(
        storeUrl,
        orders.map((order, index) => ({ ...order, ts: `${1_700_000_000 + index}.000100` })),
        Date.now() - 60 * 60_000,
      ),
  });
  try {
    const floor = await floorOfASweep(bandwidth);
    const warmUpS = Math.min(WARM_UP_S, seconds * 2);
    const windowS = Math.max(10, seconds * 2);
    await pause(warmUpS * 1000);
    await measured.app.usage();
    const from = Date.now();
    await pause(windowS * 1000);
    const { cpuMs } = await measured.app.usage();
    const until = Date.now();
    measured.app.watchBlocks();
    await pause(windowS * 1000);
    const { blockMs } = await measured.app.usage();
    const seen = looksBetween(bandwidth, listed, from, until);
    const perMinute = (seen.looks / (until - from)) * 60_000;
    const stale = ages(
      bandwidth,
      listed,
      new Set(orders.map(({ carrierOrderId }) => carrierOrderId)),
      from,
      until,
    );
    const oneByOneMin = count / GOAL.lookupsPerMinute;
    const full = count === FULL;
    const sweeps = seen.rows / (2 * count);
    const cpuOfASweep = sweeps === 0 ? Number.NaN : cpuMs / sweeps;
    return [
      {
        what: `${count} open orders of ${2 * count} listed: lookups`,
        unit: '/min',
        median: perMinute,
        ...(full
          ? { goal: `≤ ${GOAL.lookupsPerMinute} a minute`, met: perMinute <= GOAL.lookupsPerMinute }
          : {}),
        note: `${seen.pages} list pages and ${seen.single} single lookups in ${windowS} s`,
      },
      {
        what: `${count} open orders: age of a status`,
        unit: 's',
        median: quantile(stale, 0.5),
        p99: quantile(stale, 0.99),
        floor: oneByOneMin * 60,
        ...(full ? { goal: `p99 ≤ ${GOAL.staleS} s`, met: quantile(stale, 0.99) <= GOAL.staleS } : {}),
        note: `floor: one GET per order at ${GOAL.lookupsPerMinute} a minute takes ${oneByOneMin.toFixed(0)} minutes a sweep; ${canHold()}`,
      },
      {
        what: `${count} open orders: CPU time of a sweep`,
        unit: 'ms',
        median: cpuOfASweep,
        floor: floor.cpuMs,
        ratio: cpuOfASweep / floor.cpuMs,
        ...(full
          ? {
              goal: `≤ ${GOAL.timesTheFloor} × fetching and parsing its pages, no block over ${GOAL.blockMs} ms`,
              met: cpuOfASweep / floor.cpuMs <= GOAL.timesTheFloor && blockMs <= GOAL.blockMs,
            }
          : {}),
        note:
          sweeps === 0
            ? 'no list was read: every order was looked up individually'
            : `${sweeps.toFixed(1)} sweeps in the window, everything else the app does included; longest block ${blockMs.toFixed(1)} ms; floor reads ${floor.pages} pages`,
      },
    ];
  } finally {
    await measured.close();
  }
}

/** Each page is 1,000 rows, and each row must be seen again within the longest allowed age of a status. */
function canHold(): string {
  const rows = (GOAL.lookupsPerMinute / 60) * GOAL.staleS * MAX_ROWS;
  return `with every lookup a full page, ${rows.toLocaleString('en')} rows in the window are the most this can hold for`;
}

type Request = LocalBandwidth['requests'][number];

const isLook = ({ method, path, status }: Request) =>
  method === 'GET' && /\/(?:orders|disconnects)(?:\/|$)/.test(path) && status === 200;
const isCounted = ({ method, path }: Request) =>
  method === 'GET' && /\/(?:orders|disconnects|tns)(?:\/|$)/.test(path);

/** Returns the carrier orders one request covered. */
function rowsOf({ path, query }: Request, listed: readonly string[]): readonly string[] {
  const one = /\/orders\/([\w-]+)$/.exec(path)?.[1];
  if (one !== undefined) return [one];
  if (!path.endsWith('/orders')) return [];
  const parameters = new URLSearchParams(query);
  // Only complete lists count: a filtered one doesn't prove that the omitted orders were seen.
  if (parameters.has('customerOrderId') || parameters.has('status')) return [];
  const newestFirst = listed.toReversed();
  const page = parameters.get('page') ?? '1';
  const at = page === '1' ? 0 : newestFirst.indexOf(page);
  return at < 0 ? [] : newestFirst.slice(at, at + Number(parameters.get('size') ?? MAX_ROWS));
}

function looksBetween({ requests }: LocalBandwidth, listed: readonly string[], from: number, until: number) {
  const within = requests.filter((each) => isCounted(each) && each.at >= from && each.at < until);
  const pages = within.filter(({ path }) => /\/(?:orders|disconnects)$/.test(path));
  const rows = pages.filter(isLook).reduce((sum, each) => sum + rowsOf(each, listed).length, 0);
  return { looks: within.length, pages: pages.length, single: within.length - pages.length, rows };
}

/**
 * Returns how many seconds ago each open order was last seen, sampled every second. One never seen is as old as the
 * run.
 */
function ages(
  { requests }: LocalBandwidth,
  listed: readonly string[],
  open: ReadonlySet<string>,
  from: number,
  until: number,
): readonly number[] {
  const began = requests[0]?.at ?? from;
  const lastSeen = new Map<string, number>();
  const looks = requests.filter(isLook);
  const sampled: number[] = [];
  let next = 0;
  for (let now = from; now < until; now += 1_000) {
    for (let look = looks[next]; look !== undefined && look.at <= now; look = looks[++next]) {
      for (const id of rowsOf(look, listed)) lastSeen.set(id, look.at);
    }
    for (const id of open) sampled.push((now - (lastSeen.get(id) ?? began)) / 1000);
  }
  return sampled;
}

async function floorOfASweep(bandwidth: LocalBandwidth): Promise<{ cpuMs: number; pages: number }> {
  const child = fork('dist/dev/bench/fetch-pages.js', {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const basic = Buffer.from(`${bandwidth.username}:${bandwidth.password}`).toString('base64');
  child.send({
    url: `${bandwidth.apiUrl}/accounts/${bandwidth.accountId}/orders`,
    authorization: `Basic ${basic}`,
    size: MAX_ROWS,
  });
  const [told] = await once(child, 'message');
  child.kill();
  return told as { cpuMs: number; pages: number };
}
