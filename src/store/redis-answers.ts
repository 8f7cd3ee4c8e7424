import { setImmediate as turn } from 'node:timers/promises';
import { ClientClosedError, ClientOfflineError, ErrorReply, MultiErrorReply } from '@redis/client';
import { inTimeOr } from '../orders/in-time.js';
import { NotWritten } from './not-written.js';

/** Waits for the answers to one connection's commands. */
export interface RedisAnswers {
  /** Rejects if the server is silent for too long: one that hangs may never answer. */
  answered<T>(answer: Promise<T>): Promise<T>;
  /** The same for a write. Rejects with NotWritten if nothing can have been written. */
  answeredWrite<T>(answer: Promise<T>): Promise<T>;
}

/** A timer this late means that the process was busy, or got no CPU. */
const BUSY_MS = 100;
/** How often in a row that is an excuse. */
const MOST_EXCUSES = 5;

/**
 * A connection answers its commands in order, so a command isn't lost while answers to earlier ones still come, however
 * many they are.
 */
export function makeRedisAnswers(silentForMs: number): RedisAnswers {
  let heardAt = Number.NEGATIVE_INFINITY;
  const silent = Symbol('silent');

  async function answered<T>(answer: Promise<T>): Promise<T> {
    const askedAt = performance.now();
    const noted = answer.then((value) => {
      heardAt = performance.now();
      return value;
    });
    let excusedAt = Number.NEGATIVE_INFINITY;
    for (let excuses = 0; ; ) {
      const since = Math.max(askedAt, heardAt, excusedAt);
      const left = since + silentForMs - performance.now();
      const first = await inTimeOr(() => silent, Math.max(0, left), noted);
      if (first !== silent) return first as T;
      const lateMs = performance.now() - since - silentForMs;
      // Time is up before what has arrived meanwhile is read.
      await turn();
      if (heardAt > since) continue;
      // A process that was busy can't tell how long the server was silent.
      if (lateMs < BUSY_MS || excuses === MOST_EXCUSES)
        throw new Error(`Redis did not answer within ${silentForMs} ms`);
      excuses += 1;
      excusedAt = performance.now();
    }
  }

  return {
    answered,
    async answeredWrite(answer) {
      try {
        return await answered(answer);
      } catch (error) {
        throw refusedIt(error) ? new NotWritten(error) : error;
      }
    },
  };
}

/** Whether it was never sent, or the server answered that it failed. Of several commands, some may have succeeded. */
function refusedIt(error: unknown): boolean {
  if (error instanceof MultiErrorReply) return false;
  return [ErrorReply, ClientOfflineError, ClientClosedError].some((Kind) => error instanceof Kind);
}
