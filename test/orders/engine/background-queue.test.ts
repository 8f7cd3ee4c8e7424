import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { makeBackgroundQueue } from '../../../src/orders/engine/background-queue.js';

const settings = { width: 2, quietMs: 20, heldMs: 200, longestMs: 30, stopped: () => false };

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());
const goesBy = (ms: number) => jest.advanceTimersByTimeAsync(ms);

/** Work that begins when it says so and ends when it is told to. */
function makeWork() {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  return {
    begun,
    work: (name: number) => () =>
      new Promise<void>((resolve) => {
        begun.push(name);
        ends.push(resolve);
      }),
    end: () => ends.shift()?.(),
    /** Time goes by until so many have begun, in steps shorter than anything that is waited for. */
    async until(count: number) {
      for (let waited = 0; begun.length < count && waited < 10_000; waited += 5) await goesBy(5);
      expect(begun.length).toBeGreaterThanOrEqual(count);
    },
  };
}

test('A few begin at once, the others in the order they came, and one that hangs holds up no one', async () => {
  const { begun, work, until } = makeWork();
  const queue = makeBackgroundQueue(settings);
  for (let name = 0; name < 6; name += 1) queue(work(name));
  expect(begun).toEqual([0, 1]);
  await until(6);
  expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
});

test('While more keeps coming, one begins after the other, and none is postponed forever', async () => {
  const { begun, work, end, until } = makeWork();
  const queue = makeBackgroundQueue({ ...settings, quietMs: 60_000, longestMs: 60_000 });
  let name = 0;
  while (name < 3) queue(work(name++));
  const more = setInterval(() => queue(work(name++)), 5);
  try {
    await until(2);
    end();
    // Those who came first have waited for all they may.
    await until(3);
    expect(begun).toEqual([0, 1, 2]);
    expect(name).toBeGreaterThan(10);
  } finally {
    clearInterval(more);
  }
});

test('What had not begun before the stop never begins, and a failure does not stop the rest', async () => {
  const { begun, work, end } = makeWork();
  let stopped = false;
  const queue = makeBackgroundQueue({ ...settings, longestMs: 60_000, stopped: () => stopped });
  queue(() => Promise.reject(new Error('no')));
  for (let name = 0; name < 4; name += 1) queue(work(name));
  stopped = true;
  end();
  await goesBy(10 * 60_000);
  expect(begun.length).toBeLessThan(4);
});
