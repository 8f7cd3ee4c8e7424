import { createTask, type Logger } from 'node-cron';
import type { Log } from './orders/ports.js';

export interface Poller {
  /** Begins the schedule; the first pass comes with its first tick. */
  start(): void;
  /** Ends the schedule for good and waits for the pass that is running. */
  stop(): Promise<void>;
  /** Asks for a pass that begins after this call, and resolves when it has ended. Never rejects. */
  ask(): Promise<void>;
}

/**
 * Runs `pass` on a node-cron schedule (in UTC) and whenever asked, never two at once. A tick that finds a pass running
 * is skipped; whoever asks meanwhile gets one more pass after it, shared by all who asked. A pass that fails is logged
 * and the next one comes as if nothing had happened. Once stopped, nothing more begins.
 */
export function makePoller(deps: { schedule: string; pass: () => Promise<void>; log: Log }): Poller {
  const { schedule, pass, log } = deps;
  let stopped = false;
  /** The pass that runs; kept until the next one has begun if there is to be one. */
  let current: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  const begin = (): Promise<void> => {
    current = run().finally(() => {
      if (next === undefined) current = undefined;
    });
    return current;
  };

  const run = async () => {
    try {
      await pass();
    } catch (err) {
      log.error({ err }, 'A pass over the open orders failed. The next one tries again.');
    }
  };

  const beginNext = async () => {
    next = undefined;
    current = undefined;
    if (!stopped) await begin();
  };

  const ask = (): Promise<void> => {
    if (stopped) return Promise.resolve();
    if (current === undefined) return begin();
    next ??= current.then(beginNext);
    return next;
  };

  const tick = () => {
    if (current === undefined) void ask();
    else log.debug({}, 'A pass is still running; this tick is skipped.');
  };

  const task = createTask(schedule, tick, { timezone: 'UTC', logger: cronLogger(log) });
  return {
    start: () => void task.start(),
    async stop() {
      stopped = true;
      await task.destroy();
      await current;
    },
    ask,
  };
}

/** node-cron would write to the console by itself. */
function cronLogger(log: Log): Logger {
  const errors = (write: Log['error']) => (message: string | Error, err?: Error) =>
    typeof message === 'string'
      ? write({ ...(err ? { err } : {}) }, message)
      : write({ err: message }, 'node-cron');
  return {
    debug: errors(log.debug),
    info: (message) => log.info({}, message),
    warn: (message) => log.warn({}, message),
    error: errors(log.error),
  };
}
