import { people } from '../../sandbox/sample-workspace.js';
import { makeInventory } from '../../src/orders/inventory/inventory.js';
import { openStore } from '../../src/store/open-store.js';
import { putInventory } from '../account-numbers.js';
import { CHANNEL, startMeasuredApp } from '../app-to-measure.js';
import { median, quantile } from '../figures.js';
import type { Row } from '../row.js';
import { silentLog } from '../silent-log.js';

const FULL = 100_000;
const NUMBERS_FOR_EACH = 10;
const WITHIN_MS = 100;
const TIMES_FOR_EACH = 10;

export const list: Row = {
  name: 'list',
  about: '`/numbers list 910` among 100,000 numbers, until its answer is shown, beside reading its page',
  async run({ sizes, times }) {
    const count = Math.max(...sizes) * NUMBERS_FOR_EACH;
    const floors: number[] = [];
    const measured = await startMeasuredApp({
      prepare: async (storeUrl) => {
        await putInventory(storeUrl, count);
        floors.push(...(await pagesRead(storeUrl, times * TIMES_FOR_EACH)));
      },
    });
    const took: number[] = [];
    try {
      const ana = measured.slack.person(people.ana.id);
      const shown = (before: number) => measured.slack.until(() => ana.ephemerals(CHANNEL)[before]);
      for (let time = 0; time < times * TIMES_FOR_EACH; time += 1) {
        const before = ana.ephemerals(CHANNEL).length;
        const from = performance.now();
        await ana.types(CHANNEL, '/numbers list 910');
        await shown(before);
        took.push(performance.now() - from);
      }
    } finally {
      await measured.close();
    }
    const p99 = quantile(took, 0.99);
    const full = count === FULL;
    return [
      {
        what: `list 910 among ${count.toLocaleString('en-US')} numbers`,
        unit: 'ms',
        median: median(took),
        p99,
        floor: quantile(floors, 0.99),
        ratio: p99 / quantile(floors, 0.99),
        ...(full ? { goal: `p99 ≤ ${WITHIN_MS} ms`, met: p99 <= WITHIN_MS } : {}),
        note: 'floor: p99 of reading the page from the store; the rest is Slack, there and back',
      },
    ];
  },
};

async function pagesRead(storeUrl: string, times: number): Promise<readonly number[]> {
  const store = await openStore(storeUrl, silentLog);
  const { slice } = makeInventory(store.inventory);
  const took: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const from = performance.now();
    await slice('910', 0, 10);
    took.push(performance.now() - from);
  }
  await store.close();
  return took;
}
