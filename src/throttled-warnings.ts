import type { Log } from './orders/ports/log.js';

/** Logs a warning unless the same message was logged a moment ago. */
export type ThrottledWarning = (facts: object, sentence: string) => void;

/**
 * Keeps strangers from filling the log: each message is written once per interval, with the number omitted since the
 * last time.
 */
export function throttleWarnings(
  log: Pick<Log, 'warn'>,
  everyMs: number,
  now: () => number = () => performance.now(),
): ThrottledWarning {
  const last = new Map<string, { readonly at: number; leftOut: number }>();
  return (facts, sentence) => {
    const before = last.get(sentence);
    if (before !== undefined && now() - before.at < everyMs) {
      before.leftOut += 1;
      return;
    }
    last.set(sentence, { at: now(), leftOut: 0 });
    const leftOut = before?.leftOut ?? 0;
    log.warn(leftOut === 0 ? facts : { ...facts, leftOut }, sentence);
  };
}
