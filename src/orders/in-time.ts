import type { Clock } from './ports/clock.js';
import { systemClock } from './system-clock.js';

/** Returns the answer, or undefined if it takes longer than `withinMs`. Rejects as the answer does. */
export function inTime<T>(withinMs: number, answer: Promise<T>, clock?: Clock): Promise<T | undefined> {
  return inTimeOr(() => undefined, withinMs, answer, clock);
}

/**
 * Returns the answer, or what `late` returns or throws if it takes longer than `withinMs`. Rejects as the answer does.
 */
export async function inTimeOr<T, Late>(
  late: () => Late,
  withinMs: number,
  answer: Promise<T>,
  clock: Clock = systemClock,
): Promise<T | Late> {
  const tooLate = Symbol('too late');
  let cancelTimer = () => {};
  const timeIsUp = new Promise<typeof tooLate>((resolve) => {
    cancelTimer = clock.wakeAt(clock.now() + withinMs, () => resolve(tooLate));
  });
  try {
    const first = await Promise.race([answer, timeIsUp]);
    return first === tooLate ? late() : first;
  } finally {
    cancelTimer();
  }
}
