import { expect, test } from '@jest/globals';
import { makeSweep } from '../../../src/orders/engine/sweep.js';
import { allQuiet } from '../../support/orders/manual-clock.js';

const ids = Array.from({ length: 2_000 }, (_, index) => `o${index}`);

test('A person who clicks during a sweep of thousands of orders is answered before a hundred of them are done', async () => {
  const done: string[] = [];
  const sweep = makeSweep(() => false);
  let doneBefore = 0;
  let longest = 0;
  const answerClick = () => {
    longest = Math.max(longest, done.length - doneBefore);
    doneBefore = done.length;
    if (done.length < ids.length) setImmediate(answerClick);
  };
  setImmediate(answerClick);
  await sweep(ids, { enqueue: async (id) => void done.push(id) });
  answerClick();

  expect(done).toEqual(ids);
  expect(longest).toBeLessThan(100);
});

test('A sweep has at most eight orders in progress, and begins no more once the app stops', async () => {
  let stopped = false;
  const begun: string[] = [];
  const sweep = makeSweep(() => stopped);
  const ends: (() => void)[] = [];
  const swept = sweep(ids, {
    enqueue(id) {
      begun.push(id);
      return new Promise((resolve) => ends.push(resolve));
    },
  });
  await allQuiet();
  expect(begun).toEqual(ids.slice(0, 8));
  stopped = true;
  for (const end of ends) end();
  await swept;

  expect(begun).toEqual(ids.slice(0, 8));
});
