import { expect, test } from '@jest/globals';
import { makePaced } from '../../../src/orders/engine/paced.js';

const settings = { width: 2, quietMs: 20, heldMs: 200, longestMs: 30, stopped: () => false };

/** Work that begins when it says so and ends when it is told to. */
function makeWork() {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  let heard: () => void = () => {};
  return {
    begun,
    work: (name: number) => () =>
      new Promise<void>((resolve) => {
        begun.push(name);
        ends.push(resolve);
        heard();
      }),
    end: () => ends.shift()?.(),
    async until(count: number) {
      while (begun.length < count) {
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      }
    },
  };
}

test('A few begin at once, the others in the order they came, and what hangs holds up nobody', async () => {
  const { begun, work, until } = makeWork();
  const paced = makePaced(settings);
  for (let name = 0; name < 6; name += 1) paced(work(name));
  expect(begun).toEqual([0, 1]);
  await until(6);
  expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
});

test('While more keeps coming one begins after the other, and nothing is put off for ever', async () => {
  const { begun, work, end, until } = makeWork();
  const paced = makePaced({ ...settings, quietMs: 60_000, longestMs: 60_000 });
  let name = 0;
  while (name < 3) paced(work(name++));
  const more = setInterval(() => paced(work(name++)), 5);
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

test('What had not begun when all is stopped never begins, and one that fails is no reason to stop', async () => {
  const { begun, work, end } = makeWork();
  let stopped = false;
  const paced = makePaced({ ...settings, longestMs: 60_000, stopped: () => stopped });
  paced(() => Promise.reject(new Error('no')));
  for (let name = 0; name < 4; name += 1) paced(work(name));
  stopped = true;
  end();
  await new Promise((tick) => setTimeout(tick, 60));
  expect(begun.length).toBeLessThan(4);
});
