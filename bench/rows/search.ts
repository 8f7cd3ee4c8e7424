import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import axios from 'axios';
import { Parser } from 'xml2js';
import { makeBandwidth } from '../../src/bandwidth/client.js';
import { basicCredentials } from '../../src/bandwidth/credentials.js';
import { checkSearch } from '../../src/orders/domain/search/check-search.js';
import { makeSearchNumbers } from '../../src/orders/use-cases/search-numbers.js';
import { searchResults } from '../../src/slack/blocks/answers/search-results.js';
import { openStore } from '../../src/store/open-store.js';
import { median, quantile } from '../figures.js';
import { startStubServers } from '../programs.js';
import type { Finding, Row } from '../row.js';
import { silentLog } from '../silent-log.js';

const MAX_TIMES_THE_FLOOR = 1.1;
const BLOCK_MS = { median: 8, worst: 15 };
const NUMBERS = 5_000;
const RESOLUTION_MS = 1;

/** The part of Bandwidth's own SDK used here. */
interface BandwidthSdk {
  Client: new (
    accountId: string,
    user: string,
    password: string,
    id: undefined,
    secret: undefined,
    options: { apiEndPoint: string },
  ) => unknown;
  AvailableNumbers: {
    list(client: unknown, query: object, done: (error: unknown, found: unknown) => void): void;
  };
}

export const search: Row = {
  name: 'search',
  about: 'from asking Bandwidth for 5,000 numbers with details to the first page, ready to post',
  async run({ times, sizes }) {
    const stubs = await startStubServers();
    const folder = mkdtempSync(join(tmpdir(), 'numbers-bench-'));
    const apiUrl = stubs.settings.BW_API_URL ?? '';
    const store = await openStore(`sqlite:${join(folder, 'search.db')}`, silentLog);
    const carrier = makeBandwidth({
      accountId: '9900123',
      apiUrl,
      credentials: basicCredentials({ username: 'bench', password: 'bench' }, { clock: Date }),
      clock: Date,
      log: silentLog,
    });
    const searchNumbers = makeSearchNumbers({
      checkName: async () => undefined,
      carrier,
      searches: store.searches,
      clock: Date,
    });
    const sdk = sdkIfInstalled();
    const client =
      sdk && new sdk.Client('9900123', 'bench', 'bench', undefined, undefined, { apiEndPoint: apiUrl });

    const url = (quantity: number) =>
      `${apiUrl}/accounts/9900123/availableNumbers?areaCode=910&quantity=${quantity}&enableTNDetail=true`;
    const ways = {
      ours: async (quantity: number) => {
        const asked = checkSearch({ criteria: { areaCode: '910' }, quantity });
        if (!('kind' in asked)) throw new Error('no such search');
        const person = { teamId: 'T0LOCAL', userId: 'U0ANA' };
        const kept = await searchNumbers({ search: asked, askedBy: person, channelId: 'C0NUMBERS' });
        JSON.stringify(searchResults(kept));
      },
      floor: async (quantity: number) => {
        const answer = await axios.get<string>(url(quantity), { responseType: 'text' });
        await new Parser({ async: false }).parseStringPromise(answer.data);
      },
      sdk: (quantity: number) =>
        new Promise<void>((resolve, reject) =>
          sdk?.AvailableNumbers.list(
            client,
            { areaCode: '910', quantity, enableTNDetail: true },
            (error: unknown) => (error === null || error === undefined ? resolve() : reject(error)),
          ),
        ),
    };

    const measured = async (quantity: number): Promise<readonly Finding[]> => {
      const took = { ours: [] as number[], floor: [] as number[], sdk: [] as number[] };
      const blocked = { ours: [] as number[], floor: [] as number[], sdk: [] as number[] };
      const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
      delay.enable();
      for (let i = -3; i < times; i++) {
        for (const way of ['floor', 'ours', 'sdk'] as const) {
          if (way === 'sdk' && sdk === undefined) continue;
          delay.reset();
          const began = performance.now();
          await ways[way](quantity);
          const ended = performance.now();
          // The timer that follows a block is the one that detects it.
          await pause(3);
          if (i < 0) continue;
          took[way].push(ended - began);
          blocked[way].push(Math.max(0, delay.max / 1e6 - RESOLUTION_MS));
        }
      }
      delay.disable();
      const ratio = median(took.ours) / median(took.floor);
      const goals = quantity === NUMBERS;
      const what = `search, ${quantity} numbers`;
      return [
        {
          what,
          unit: 'ms',
          median: median(took.ours),
          p99: quantile(took.ours, 0.99),
          floor: median(took.floor),
          ratio,
          ...(goals ? { goal: '≤ 1.1 × axios and xml2js alone', met: ratio <= MAX_TIMES_THE_FLOOR } : {}),
          note: `@bandwidth/numbers on the same bytes: ${sdkTook(took.sdk)}`,
        },
        {
          what: `${what}: longest block`,
          unit: 'ms',
          median: median(blocked.ours),
          p99: Math.max(...blocked.ours),
          floor: median(blocked.floor),
          ratio: median(blocked.ours) / median(blocked.floor),
          ...(goals
            ? {
                goal: '≤ 8 ms at the median, 15 at worst',
                met: median(blocked.ours) <= BLOCK_MS.median && Math.max(...blocked.ours) <= BLOCK_MS.worst,
              }
            : {}),
          note: `p99 is the worst; floor parses at once; @bandwidth/numbers: ${sdkTook(blocked.sdk)}`,
        },
      ];
    };

    try {
      const findings: Finding[] = [];
      for (const quantity of [...new Set(sizes.map((size) => Math.min(size, NUMBERS)))])
        findings.push(...(await measured(quantity)));
      return findings;
    } finally {
      carrier.close();
      await store.close();
      await stubs.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Installed by `npm run prebench`. Everything else can be measured without it. */
function sdkIfInstalled(): BandwidthSdk | undefined {
  try {
    return createRequire(join(process.cwd(), 'bench', 'package.json'))('@bandwidth/numbers') as BandwidthSdk;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

const sdkTook = (times: readonly number[]): string =>
  times.length === 0 ? 'not installed' : `${median(times).toFixed(1)} ms`;
