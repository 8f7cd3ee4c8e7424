import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, expect, jest, test } from '@jest/globals';
import { inAwakeTime } from '../../src/store/awake-time.js';

const WITHIN_MS = 300;
const late = () => new Error('late');

afterEach(() => void jest.useRealTimers());

/** Keeps this process too busy for its timers, which needs real time. */
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

test('An answer that has arrived when time is up, but isn’t read yet, is taken', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] });
  const { port1: database, port2: app } = new MessageChannel();
  try {
    const answer = new Promise((resolve) => app.once('message', resolve));
    const heard = inAwakeTime(WITHIN_MS, answer, late);
    // From here to the next turn, the event loop reads exactly once, as it does after its timers.
    await turn();
    database.postMessage('here');
    jest.advanceTimersByTime(WITHIN_MS);
    expect(await heard).toBe('here');
  } finally {
    database.close();
  }
});
