import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { ClientOfflineError } from '@redis/client';
import { NotWritten } from '../../src/store/not-written.js';
import { makeRedisAnswers } from '../../src/store/redis-answers.js';

/** How long a server may be silent here. */
const SILENT_FOR_MS = 300;

/** Keeps this process from doing anything else for so long. */
function blockFor(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test('A command waits in line as long as answers to others arrive', async () => {
  const { answered } = makeRedisAnswers(SILENT_FOR_MS);
  // The last answer comes after twice the silence that is allowed, but the line never stands still for so long.
  const line = Array.from({ length: 8 }, (_, index) =>
    answered(pause(((index + 1) * SILENT_FOR_MS) / 4, index)),
  );
  expect(await Promise.all(line)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test('A server that falls silent times out, even after others were answered', async () => {
  const { answered } = makeRedisAnswers(SILENT_FOR_MS);
  const lost = answered(new Promise(() => {}));
  const startedAt = performance.now();
  expect(await answered(pause(SILENT_FOR_MS / 2, 'in time'))).toBe('in time');
  await expect(lost).rejects.toThrow('did not answer within 300 ms');
  // Counted from the last answer.
  expect(performance.now() - startedAt).toBeGreaterThan(SILENT_FOR_MS * 1.4);
});

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
    const answer = answered(pause(SILENT_FOR_MS * (times + 0.5), 'late'));
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

test('A write that was never sent is known not to be written; one without an answer may be', async () => {
  const { answeredWrite } = makeRedisAnswers(SILENT_FOR_MS);
  await expect(answeredWrite(Promise.reject(new ClientOfflineError()))).rejects.toBeInstanceOf(NotWritten);
  await expect(answeredWrite(new Promise(() => {}))).rejects.not.toBeInstanceOf(NotWritten);
});
