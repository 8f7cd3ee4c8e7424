import type { Clock } from './ports.js';

/** The answer, or undefined when it takes longer than that. Rejects as the answer does. */
export async function inTime<T>(clock: Clock, withinMs: number, answer: Promise<T>): Promise<T | undefined> {
  let callOff = () => {};
  const tooLate = new Promise<undefined>((resolve) => {
    callOff = clock.wakeAt(clock.now() + withinMs, () => resolve(undefined));
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    callOff();
  }
}
