import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { inAwakeTime } from '../../src/store/awake-time.js';

const WITHIN_MS = 300;
const late = () => new Error('late');

function blockFor(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test('An answer in time is returned, a failure is passed on, and silence times out', async () => {
  expect(await inAwakeTime(WITHIN_MS, Promise.resolve('here'), late)).toBe('here');
  await expect(inAwakeTime(WITHIN_MS, Promise.reject(new Error('no')), late)).rejects.toThrow('no');
  await expect(inAwakeTime(WITHIN_MS, new Promise(() => {}), late)).rejects.toThrow('late');
});

test.each([0.95, 2, 6])(
  'A process that was busy for %p times as long accepts an answer a moment later',
  async (times) => {
    const answer = inAwakeTime(WITHIN_MS, pause(WITHIN_MS * (times + 0.5), 'here'), late);
    blockFor(WITHIN_MS * times);
    expect(await answer).toBe('here');
  },
);
