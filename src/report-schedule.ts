import { createTask } from 'node-cron';
import type { Timestamp } from './orders/domain/request.js';
import type { ReportSchedule } from './orders/use-cases/scheduled-report.js';

/** More runs are looked through only if the clock of the app is far ahead of the machine's, as in tests. */
const MAX_RUNS = 100_000;

/** Reads a valid node-cron expression, in UTC. */
export function readReportSchedule(expression: string): ReportSchedule {
  return {
    expression,
    next(after: Timestamp): Timestamp {
      const task = createTask(expression, () => {}, { timezone: 'UTC' });
      try {
        for (let count = 1; count <= MAX_RUNS; count *= 10) {
          const next = task.getNextRuns(count).find((run) => run.getTime() > after);
          if (next !== undefined) return next.getTime();
        }
        throw new RangeError(`the schedule ${expression} has no run after ${new Date(after).toISOString()}`);
      } finally {
        void task.destroy();
      }
    },
  };
}
