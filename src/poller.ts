import { createTask, type Logger } from 'node-cron';
import type { Log } from './orders/ports/log.js';

export interface Poller {
  /** Starts the schedule; the first pass runs at its first tick. */
  start(): void;
  /** Ends the schedule and waits for the running pass. */
  stop(): Promise<void>;
  /** Requests a pass that begins after this call, and resolves when it has ended. Never rejects. */
  requestPass(): Promise<void>;
}

/**
 * Runs `pass` on a node-cron schedule (in UTC) and on request, never two at once. A tick during a pass is skipped;
 * requests during a pass share one more pass after it. A failed pass is logged and doesn't affect the next. Nothing
 * starts after a stop.
 */
export function makePoller(deps: { schedule: string; pass: () => Promise<void>; log: Log }): Poller {
  const { schedule, pass, log } = deps;
  let stopped = false;
  /** The running pass, kept until the next one has begun if one is due. */
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
      log.error({ err }, 'pass over open orders failed, will retry');
    }
  };

  const beginNext = async () => {
    next = undefined;
    current = undefined;
    if (!stopped) await begin();
  };

  const requestPass = (): Promise<void> => {
    if (stopped) return Promise.resolve();
    if (current === undefined) return begin();
    next ??= current.then(beginNext);
    return next;
  };

  const tick = () => {
    if (current === undefined) void requestPass();
    else log.debug({}, 'previous pass still running, skipping this one');
  };

  const task = createTask(schedule, tick, { timezone: 'UTC', logger: cronLogger(log) });
  return {
    start: () => void task.start(),
    async stop() {
      stopped = true;
      await task.destroy();
      await current;
    },
    requestPass,
  };
}

/** node-cron would otherwise write to the console. */
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
