import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { LocalBandwidth } from '../../sandbox/local-bandwidth/local-bandwidth.js';
import { asPlainText } from '../../sandbox/local-slack/local-slack.js';
import { people } from '../../sandbox/sample-workspace.js';
import { bandwidthWithNumbers } from '../account-numbers.js';
import { CHANNEL, type MeasuredApp, startMeasuredApp } from '../app-to-measure.js';
import type { Finding, Row } from '../row.js';

const GOAL = { calls: 70, timesTheFloor: 3, blockMs: 15 };
const FULL = 100_000;
/** The goals are for ten times as many numbers as open orders. */
const NUMBERS_FOR_EACH = 10;
/** A walk makes a call a second. */
const WALKED_WITHIN_MS = 10 * 60_000;

export const inventory: Row = {
  name: 'inventory',
  about: 'reading all numbers of the account: calls, CPU time beside parsing alone, longest block',
  async run({ sizes }) {
    const count = Math.max(...sizes) * NUMBERS_FOR_EACH;
    const full = count === FULL;
    const plain = await walked(count, false);
    const watched = await walked(count, true);
    const ratio = plain.cpuMs / plain.floorMs;
    const numbers = `${count.toLocaleString('en-US')} numbers`;
    return [
      {
        what: `walk of ${numbers}: calls`,
        unit: '',
        median: plain.calls,
        ...(full ? { goal: `≤ ${GOAL.calls}`, met: plain.calls <= GOAL.calls } : {}),
        note: `${(plain.tookMs / 1000).toFixed(0)} s, a second between two calls`,
      },
      {
        what: `walk of ${numbers}: CPU time`,
        unit: 'ms',
        median: plain.cpuMs,
        floor: plain.floorMs,
        ratio,
        ...(full
          ? {
              goal: `≤ ${GOAL.timesTheFloor} × fetching and parsing its pages`,
              met: ratio <= GOAL.timesTheFloor,
            }
          : {}),
        note: 'with everything else the app does meanwhile, and joining each number with its order',
      },
      {
        what: `walk of ${numbers}: longest block`,
        unit: 'ms',
        median: watched.blockMs,
        ...(full ? { goal: `≤ ${GOAL.blockMs} ms`, met: watched.blockMs <= GOAL.blockMs } : {}),
      },
    ] satisfies Finding[];
  },
};

async function walked(count: number, watch: boolean) {
  const measured = await startMeasuredApp({
    bandwidth: await bandwidthWithNumbers(count),
    settings: { BW_LOOKUPS_PER_MINUTE: '900' },
    probe: true,
  });
  const { bandwidth, app } = measured;
  try {
    const floorMs = watch ? 0 : await floorOfAWalk(bandwidth);
    const before = bandwidth.requests.length;
    const startedAt = Date.now();
    await app.usage();
    if (watch) app.watchBlocks();
    // Somebody who asks gets the first walk at once.
    await listAnswer(measured);
    while (!(await listAnswer(measured)).includes('As of')) {
      if (Date.now() > startedAt + WALKED_WITHIN_MS) throw new Error('the account was not read in time');
      await nextCall(bandwidth);
    }
    const { cpuMs, blockMs } = await app.usage();
    return {
      calls: bandwidth.requests.length - before - 1,
      cpuMs,
      blockMs,
      floorMs,
      tookMs: Date.now() - startedAt,
    };
  } finally {
    await measured.close();
  }
}

async function listAnswer({ slack }: MeasuredApp): Promise<string> {
  const ana = slack.person(people.ana.id);
  const before = ana.ephemerals(CHANNEL).length;
  await ana.types(CHANNEL, '/numbers list 910');
  return asPlainText(await slack.until(() => ana.ephemerals(CHANNEL)[before], { describe: 'the list' }));
}

/** Waits until the app has asked Bandwidth something, or a few seconds after its last call. */
async function nextCall(bandwidth: LocalBandwidth): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const stop = bandwidth.on('change', ({ what }) => what === 'request' && end());
    const timer = setTimeout(end, 2_000);
  });
}

/** The CPU time of fetching and parsing the same pages. */
async function floorOfAWalk({ apiUrl, accountId, username, password }: LocalBandwidth): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const account = `${apiUrl}/accounts/${accountId}`;
  const location = (site: string, peer: string) => ({
    url: `${account}/sites/${site}/sippeers/${peer}/tns`,
    query: 'includeAttributes=false&',
    size: 5_000,
  });
  const lists = [
    { url: `${apiUrl}/tns`, query: `accountId=${accountId}&`, size: 2_500 },
    location('461', '651681'),
    location('461', '651682'),
    location('743', '303716'),
  ];
  let cpuMs = 0;
  for (const list of lists) {
    const child = fork('dist/dev/bench/fetch-pages.js', { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    child.send({ ...list, authorization });
    const [told] = await once(child, 'message');
    child.kill();
    cpuMs += (told as { cpuMs: number }).cpuMs;
  }
  return cpuMs;
}
