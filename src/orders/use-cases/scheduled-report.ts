import type { Timestamp } from '../domain/request.js';
import type { Clock } from '../ports/clock.js';
import { type DriftReportStore, type DueReport, type ReportBoard, ReportRefused } from '../ports/drift.js';
import type { Leases } from '../ports/leases.js';
import type { Log } from '../ports/log.js';
import { StoreError } from '../ports/store-errors.js';
import type { ReportDrift } from './report-drift.js';

export interface ReportSchedule {
  /** A node-cron expression. */
  readonly expression: string;
  /** Returns the first time after this one. */
  next(after: Timestamp): Timestamp;
}

export interface ScheduledReports {
  /** Posts the report that is due, if one is. Never rejects, and never runs twice at a time. */
  postDue(): Promise<void>;
  /** Waits for a report that is being made or posted; nothing begins after this. */
  stop(): Promise<void>;
}

/** After a temporary failure. */
const RETRY_AFTER_MS = 60_000;

/**
 * Posts each scheduled report once, no matter how many instances run or how often they restart. What comes next is on
 * record: a report that was due while nothing ran is posted late, and only one instance can change `due` into
 * `posting`. If a process dies while it posts, the report isn't posted again, because it may already be in the channel.
 * The lease only saves work, and tells a process that died from one that is still posting.
 */
export function makeScheduledReport(deps: {
  readonly schedule: ReportSchedule;
  readonly reports: Pick<DriftReportStore, 'nextDue' | 'replaceDue'>;
  readonly reportDrift: ReportDrift;
  readonly board: ReportBoard;
  readonly leases: Pick<Leases, 'take'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
}): ScheduledReports {
  const { schedule, reports, reportDrift, board, leases, clock, log } = deps;
  /** The store isn't asked before this time. */
  let nothingBefore: Timestamp = Number.NEGATIVE_INFINITY;
  let working: Promise<void> | undefined;
  let isStopped = false;

  const nextDue = (): DueReport => ({
    schedule: schedule.expression,
    dueAt: schedule.next(clock.now()),
    state: 'due',
  });

  /** Returns false if another instance has changed what is on record. */
  async function moveOn(current: DueReport | undefined): Promise<boolean> {
    const next = nextDue();
    nothingBefore = next.dueAt;
    return reports.replaceDue(current, next);
  }

  async function post(due: DueReport): Promise<void> {
    const { report, findings } = await reportDrift();
    if (!(await reports.replaceDue(due, { ...due, state: 'posting' }))) return;
    const posting = await reports.nextDue();
    try {
      await board.post(report, findings);
      log.info({ reportId: report.id, dueAt: new Date(due.dueAt).toISOString() }, 'drift report posted');
    } catch (err) {
      if (err instanceof ReportRefused && err.isTemporary) {
        log.warn({ err }, 'drift report not posted, will retry');
        nothingBefore = clock.now() + RETRY_AFTER_MS;
        await reports.replaceDue(posting, due);
        return;
      }
      const outcome = err instanceof ReportRefused ? 'not posted' : 'may not have been posted';
      log.error({ err }, `drift report ${outcome}; the next one comes as scheduled`);
    }
    await moveOn(posting);
  }

  async function check(): Promise<void> {
    const due = await reports.nextDue();
    if (due === undefined || due.schedule !== schedule.expression) {
      await moveOn(due);
      return;
    }
    if (due.dueAt > clock.now()) {
      nothingBefore = due.dueAt;
      return;
    }
    if (due.state === 'posting') {
      const dueAt = new Date(due.dueAt).toISOString();
      log.warn({ dueAt }, 'drift report interrupted while posting, not posted again');
      await moveOn(due);
      return;
    }
    await post(due);
  }

  async function checkUnderLease(): Promise<void> {
    const lease = await leases.take('drift report');
    if (lease === undefined) return;
    try {
      await check();
    } finally {
      await lease.giveBack();
    }
  }

  return {
    postDue() {
      if (isStopped || (working === undefined && clock.now() < nothingBefore)) return Promise.resolve();
      working ??= checkUnderLease()
        .catch((err: unknown) => {
          nothingBefore = clock.now() + RETRY_AFTER_MS;
          if (err instanceof StoreError) log.warn({ err }, 'drift report delayed, the store did not answer');
          else log.error({ err }, 'drift report failed, will retry');
        })
        .finally(() => {
          working = undefined;
        });
      return working;
    },
    async stop() {
      isStopped = true;
      await working;
    },
  };
}
