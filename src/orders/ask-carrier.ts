import type { Timestamp } from './order.js';
import { CarrierError, type Clock } from './ports.js';

// How lists are asked for that people wait for, but nothing depends on.

/** Keeps an answer for a while and shares one question among all who ask meanwhile. A failure is not kept. */
export function makeMemory(clock: Pick<Clock, 'now'>, freshMs: number) {
  return <T>(ask: (key: string) => Promise<T>) => {
    const kept = new Map<string, { answer: Promise<T>; until: Timestamp }>();
    return (key: string): Promise<T> => {
      const known = kept.get(key);
      if (known !== undefined && known.until > clock.now()) return known.answer;
      const answer = ask(key);
      kept.set(key, { answer, until: clock.now() + freshMs });
      answer.catch(() => kept.delete(key));
      return answer;
    };
  };
}

/** Asks for a list; undefined when Bandwidth can't be asked, or takes longer than this. */
export const within =
  (ms: number) =>
  async <T>(ask: () => Promise<T>): Promise<T | undefined> => {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), ms);
    });
    try {
      return await Promise.race([ask(), tooLate]);
    } catch (error) {
      if (error instanceof CarrierError) return undefined;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
