import { setTimeout as realPause, setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ClientOfflineError } from '@redis/client';
import { NotWritten } from '../../../src/store/not-written.js';
import { makeRedisAnswers } from '../../../src/store/redis/redis-answers.js';

/** How long a server may be silent here. */
const SILENT_FOR_MS = 300;

/** Keeps this process from doing anything else for so long. */
function blockFor(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('By a clock that moves only when the test moves it', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const answerAfter = <T>(ms: number, value: T) =>
    new Promise<T>((resolve) => setTimeout(() => resolve(value), ms));
  /** Lets time pass in small steps, so that everything happens in its turn. */
  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 5) {
      await jest.advanceTimersByTimeAsync(5);
      await turn();
    }
  }

  test('a command waits in line as long as answers to others arrive', async () => {
    const { answered } = makeRedisAnswers(SILENT_FOR_MS);
    // The last answer comes after twice the silence that is allowed, but the line never stands still for so long.
    const line = Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        answered(answerAfter(((index + 1) * SILENT_FOR_MS) / 4, index)),
      ),
    );
    await pass(2 * SILENT_FOR_MS);
    expect(await line).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test('a server that falls silent times out, even after others were answered', async () => {
    const { answered } = makeRedisAnswers(SILENT_FOR_MS);
    let lost: unknown;
    answered(new Promise(() => {})).catch((error: unknown) => {
      lost = error;
    });
    const other = answered(answerAfter(SILENT_FOR_MS / 2, 'in time'));
    await pass(SILENT_FOR_MS / 2);
    expect(await other).toBe('in time');
    // Counted from the last answer.
    await pass(0.9 * SILENT_FOR_MS);
    expect(lost).toBeUndefined();
    await pass(0.2 * SILENT_FOR_MS);
    expect(lost).toEqual(new Error('Redis did not answer within 300 ms'));
  });

  test('a write that was never sent is known not to be written; one without an answer may be', async () => {
    const { answeredWrite } = makeRedisAnswers(SILENT_FOR_MS);
    await expect(answeredWrite(Promise.reject(new ClientOfflineError()))).rejects.toBeInstanceOf(NotWritten);
    const silent = expect(answeredWrite(new Promise(() => {}))).rejects.not.toBeInstanceOf(NotWritten);
    await pass(1.2 * SILENT_FOR_MS);
    await silent;
  });
});

// What follows is about a process that is too busy for its timers, so the time is real.

test('An answer that arrived while this process was busy counts', async () => {
  const { answered } = makeRedisAnswers(SILENT_FOR_MS);
  // From here, timers come before what arrives.
  await turn();
  const answer = answered(
    new Promise((resolve) => {
      // Read after the timers that are due, as what a socket has received is.
      setImmediate(() => resolve('arrived'));
    }),
  );
  blockFor(SILENT_FOR_MS * 2);
  expect(await answer).toBe('arrived');
});

test.each([0.95, 2, 6])(
  'A process that was busy for %p times as long doesn’t blame the server: an answer that arrives a moment later counts',
  async (times) => {
    const { answered } = makeRedisAnswers(SILENT_FOR_MS);
    const answer = answered(realPause(SILENT_FOR_MS * (times + 0.5), 'late'));
    blockFor(SILENT_FOR_MS * times);
    expect(await answer).toBe('late');
  },
);

test('A silent server times out even in a process that is busy again and again', async () => {
  const { answered } = makeRedisAnswers(SILENT_FOR_MS);
  const lost = answered(new Promise(() => {}));
  let given: unknown;
  lost.catch((error: unknown) => {
    given = error;
  });
  for (let blocked = 0; given === undefined && blocked < 30; blocked += 1) {
    blockFor(SILENT_FOR_MS / 3);
    await turn();
  }
  expect(given).toEqual(new Error('Redis did not answer within 300 ms'));
});
