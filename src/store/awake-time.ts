import { setImmediate as turn } from 'node:timers/promises';

const PARTS = 10;

/**
 * Returns the answer, or rejects with `late` if it takes longer than `withinMs`. Time in which this process was busy or
 * got no CPU hardly counts, because it can't tell whether the answer was late then: however long it was, that is a tenth.
 */
export async function inAwakeTime<T>(withinMs: number, answer: Promise<T>, late: () => Error): Promise<T> {
  let part = 0;
  let ticking: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<never>((_resolve, reject) => {
    ticking = setInterval(async () => {
      part += 1;
      if (part < PARTS) return;
      clearInterval(ticking);
      // An answer may have arrived that wasn't read yet.
      await turn();
      reject(late());
    }, withinMs / PARTS);
  });
  try {
    return await Promise.race([answer, timeIsUp]);
  } finally {
    clearInterval(ticking);
  }
}
