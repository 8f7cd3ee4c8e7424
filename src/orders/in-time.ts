import type { Clock } from './ports.js';
import { systemClock } from './system-clock.js';

/** The answer, or undefined when it takes longer than that. Rejects as the answer does. */
export function inTime<T>(withinMs: number, answer: Promise<T>, clock?: Clock): Promise<T | undefined> {
  return inTimeOr(() => undefined, withinMs, answer, clock);
}

/** The answer; when it takes longer than that, what `late` gives or throws. Rejects as the answer does. */
export async function inTimeOr<T, Late>(
  late: () => Late,
  withinMs: number,
  answer: Promise<T>,
  clock: Clock = systemClock,
): Promise<T | Late> {
  const tooLate = Symbol('too late');
  let callOff = () => {};
  const timeIsUp = new Promise<typeof tooLate>((resolve) => {
    callOff = clock.wakeAt(clock.now() + withinMs, () => resolve(tooLate));
  });
  try {
    const first = await Promise.race([answer, timeIsUp]);
    return first === tooLate ? late() : first;
  } finally {
    callOff();
  }
}
