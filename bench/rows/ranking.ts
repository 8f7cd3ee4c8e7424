import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { FoundNumber } from '../../src/orders/domain/kept-search.js';
import { parsePhoneNumber } from '../../src/orders/domain/phone-number.js';
import type { Filters } from '../../src/orders/domain/search/filters.js';
import { filterNumbers } from '../../src/orders/use-cases/filter-numbers.js';
import { median, quantile } from '../figures.js';
import type { Finding, Row } from '../row.js';

const NUMBERS = 5_000;
const GOAL = { ms: 10, blockMs: 8 };
const RESOLUTION_MS = 1;

const ways: Readonly<Record<string, Filters>> = {
  'easy to remember': { easy: 'true' },
  'in a row': { inARow: '5' },
};

export const ranking: Row = {
  name: 'ranking',
  about: 'choosing the numbers to remember among 5,000 found ones, and how long that blocks',
  async run({ times, sizes }) {
    const count = Math.min(Math.max(...sizes), NUMBERS);
    const numbers = foundNumbers(count);
    const goals = count === NUMBERS;
    const findings: Finding[] = [];
    const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    delay.enable();
    for (const [name, filters] of Object.entries(ways)) {
      const [took, floor, blocked] = [[] as number[], [] as number[], [] as number[]];
      for (let i = 0; i < times; i++) {
        const sorting = performance.now();
        numbers.map(({ number }) => number).sort();
        floor.push(performance.now() - sorting);
        await pause(3);
        delay.reset();
        const began = performance.now();
        await filterNumbers(filters, numbers, NUMBERS);
        took.push(performance.now() - began);
        // The timer that follows a block is the one that detects it.
        await pause(3);
        blocked.push(Math.max(0, delay.max / 1e6 - RESOLUTION_MS));
      }
      const what = `ranking ${count.toLocaleString('en-US')} numbers, ${name}`;
      findings.push(
        {
          what,
          unit: 'ms',
          median: median(took),
          p99: quantile(took, 0.99),
          floor: median(floor),
          ratio: median(took) / median(floor),
          ...(goals ? { goal: `≤ ${GOAL.ms} ms`, met: median(took) <= GOAL.ms } : {}),
          note: `floor sorts them; the first time: ${(took[0] ?? 0).toFixed(1)} ms`,
        },
        {
          what: `${what}: longest block`,
          unit: 'ms',
          median: median(blocked),
          p99: Math.max(...blocked),
          ...(goals
            ? { goal: `≤ ${GOAL.blockMs} ms at the median`, met: median(blocked) <= GOAL.blockMs }
            : {}),
          note: 'p99 is the worst',
        },
      );
    }
    delay.disable();
    return findings;
  },
};

/** Any numbers, the same in each run; every hundredth begins a row of five. */
function foundNumbers(count: number): readonly FoundNumber[] {
  let state = 910;
  const digits: number[] = [];
  while (digits.length < count) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const first = 2_000_000 + (state % 7_999_990);
    const length = digits.length % 100 === 0 ? 5 : 1;
    for (let at = 0; at < length && digits.length < count; at += 1) digits.push(first + at);
  }
  return digits.flatMap((seven) => {
    const number = parsePhoneNumber(`910${seven}`);
    return number === undefined ? [] : [{ number, city: 'FAYETTEVILLE', state: 'NC' }];
  });
}
