import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { makeSemaphore, type Semaphore } from '../../src/store/semaphore.js';

const STUCK_MS = 200;
const MAX_MS = 800;

// The clock stands but for what the tests let go by.
beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
/** Lets the time go by that the answers need, and gives them. */
async function outcomes(answers: Promise<readonly PromiseSettledResult<unknown>[]>) {
  await jest.advanceTimersByTimeAsync(10 * MAX_MS);
  return (await answers).map(({ status }) => status);
}

/** Two places, and `count` people who want one at once. */
function atOnce(count: number, work: () => Promise<unknown>) {
  const semaphore: Semaphore = makeSemaphore({ permits: 2, stuckAfterMs: STUCK_MS, longestMs: MAX_MS });
  const began: number[] = [];
  let inside = 0;
  let most = 0;
  const answers = Promise.allSettled(
    Array.from({ length: count }, (_, index) =>
      semaphore(async () => {
        began.push(index);
        most = Math.max(most, ++inside);
        try {
          return await work();
        } finally {
          inside -= 1;
        }
      }),
    ),
  );
  return { answers, began, most: () => most, semaphore };
}

describe('A caller that wants one of two connections', () => {
  test('is served in order of arrival, and waits longer than the timeout while the line moves', async () => {
    const { answers, began, most } = atOnce(10, () => pause(STUCK_MS / 2));
    expect(new Set(await outcomes(answers))).toEqual(new Set(['fulfilled']));
    expect(began).toEqual(Array.from({ length: 10 }, (_, index) => index));
    expect(most()).toBe(2);
  });

  test('is refused once nothing has finished for a while, and served again when something does', async () => {
    const { answers, semaphore } = atOnce(6, () => pause(2 * STUCK_MS));
    expect(await outcomes(answers)).toEqual([
      'fulfilled',
      'fulfilled',
      ...Array.from({ length: 4 }, () => 'rejected'),
    ]);
    await expect(semaphore(async () => 'served')).resolves.toBe('served');
  });

  test('is not kept in a line that moves only because of failures', async () => {
    const { answers, began } = atOnce(40, async () => {
      await pause(STUCK_MS / 2);
      throw new Error('away');
    });
    expect(new Set(await outcomes(answers))).toEqual(new Set(['rejected']));
    expect(began.length).toBeLessThan(10);
  });

  test('waits no longer than the limit, even if the line moves', async () => {
    const { answers, began } = atOnce(40, () => pause(STUCK_MS / 2));
    const said = await outcomes(answers);
    expect(said.filter((status) => status === 'fulfilled')).toHaveLength(began.length);
    expect(began.length).toBeGreaterThan(8);
    expect(began.length).toBeLessThan(30);
  });

  test('is served after all if this process was busy: then nobody knows how long the line stood still', async () => {
    // This is about a process that is too busy for its timers, so the time is real.
    jest.useRealTimers();
    let begun = 0;
    const { answers } = atOnce(6, () => pause(begun++ < 2 ? 3.3 * STUCK_MS : 0));
    const until = performance.now() + 3 * STUCK_MS;
    while (performance.now() < until);
    expect(new Set((await answers).map(({ status }) => status))).toEqual(new Set(['fulfilled']));
  });
});
