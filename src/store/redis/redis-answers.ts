import { setImmediate as turn } from 'node:timers/promises';
import { ClientClosedError, ClientOfflineError, ErrorReply, MultiErrorReply } from '@redis/client';
import { NotWritten } from '../not-written.js';

/** Waits for the answers to one connection's commands. */
export interface RedisAnswers {
  /** Rejects if the server is silent for too long: one that hangs may never answer. */
  answered<T>(answer: Promise<T>): Promise<T>;
  /** The same for a write. Rejects with NotWritten if nothing can have been written. */
  answeredWrite<T>(answer: Promise<T>): Promise<T>;
}

/** Silence is counted in this many parts. */
const PARTS = 10;

/**
 * A connection answers its commands in order, so a command isn't lost while answers to earlier ones still come, however
 * many they are. A process that is busy can't tell how long the server is silent: however long it was, that counts as
 * one part of the silence.
 */
export function makeRedisAnswers(silentForMs: number): RedisAnswers {
  /** Given up if nothing arrives before this part ends. */
  const waiting = new Set<{ lastPart: number; giveUp: (error: Error) => void }>();
  let part = 0;
  let heardIn = 0;
  let ticking: NodeJS.Timeout | undefined;

  async function tick(): Promise<void> {
    part += 1;
    // An answer may have arrived that wasn't read yet.
    await turn();
    for (const command of waiting) {
      if (part >= Math.max(command.lastPart, heardIn + PARTS)) {
        command.giveUp(new Error(`Redis did not answer within ${silentForMs} ms`));
      }
    }
  }

  async function answered<T>(answer: Promise<T>): Promise<T> {
    // Of a part that is running already, some is over.
    const begun = ticking === undefined ? 0 : 1;
    ticking ??= setInterval(() => void tick(), silentForMs / PARTS);
    const noted = answer.then((value) => {
      heardIn = part + 1;
      return value;
    });
    let giveUp = (_error: Error): void => {};
    const silence = new Promise<never>((_resolve, reject) => {
      giveUp = reject;
    });
    const command = { lastPart: part + PARTS + begun, giveUp };
    waiting.add(command);
    try {
      return await Promise.race([noted, silence]);
    } finally {
      waiting.delete(command);
      if (waiting.size === 0) {
        clearInterval(ticking);
        ticking = undefined;
      }
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
