import { beforeEach, describe, expect, test } from '@jest/globals';
import { alone } from '../../../src/orders/engine/lease-guard.js';
import { type DriftFindings, type DriftReport, ReportRefused } from '../../../src/orders/ports/drift.js';
import { makeScheduledReport } from '../../../src/orders/use-cases/scheduled-report.js';
import { readReportSchedule } from '../../../src/report-schedule.js';
import { makeDriftReportStore } from '../../../src/store/drift-store.js';
import { makeMemoryNamespace } from '../../support/orders/memory-namespace.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A Monday at 09:00 UTC, more than a week from now: node-cron knows no runs before the machine's time. */
const monday = nextMonday(Date.now() + 8 * DAY);
function nextMonday(after: number): number {
  const day = new Date(after);
  const days = (8 - day.getUTCDay()) % 7;
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate() + days, 9);
}

const quiet = { info: () => {}, warn: () => {}, error: () => {} };

const findings: DriftFindings = {
  at: monday,
  inventory: { standing: 'complete', asOf: monday, unread: 0, missingRoles: [] },
  drifts: [],
  explained: 0,
  unlistedOrders: 0,
  unreadableOrders: 0,
};
const report: DriftReport = { ...findings, id: 'c0ffee', lists: {} };

describe('A report every Monday at 9', () => {
  let now: number;
  let posted: number[];
  let logged: string[];
  let entries: ReturnType<typeof makeMemoryNamespace>;
  /** What Slack does with the next report. */
  let whenPosting: () => Promise<void>;

  beforeEach(() => {
    now = monday - DAY;
    posted = [];
    logged = [];
    entries = makeMemoryNamespace();
    whenPosting = async () => {};
  });

  /** An instance of the app on the same database. */
  const instance = (expression = '0 9 * * 1') =>
    makeScheduledReport({
      schedule: readReportSchedule(expression),
      reports: makeDriftReportStore(entries),
      reportDrift: async () => ({ report, findings }),
      board: {
        async post() {
          await whenPosting();
          posted.push(now);
        },
      },
      leases: alone,
      clock: { now: () => now },
      log: {
        ...quiet,
        warn: (_, sentence) => void logged.push(sentence),
        error: (_, sentence) => void logged.push(sentence),
      },
    });

  test('is posted once an hour has struck, and again a week later', async () => {
    const { postDue } = instance();
    await postDue();
    now = monday - 1;
    await postDue();
    expect(posted).toEqual([]);
    now = monday;
    await postDue();
    await postDue();
    now = monday + 7 * DAY - 1;
    await postDue();
    expect(posted).toEqual([monday]);
    now = monday + 7 * DAY;
    await postDue();
    expect(posted).toEqual([monday, monday + 7 * DAY]);
  });

  test('is posted once even if several instances see that it is due', async () => {
    const instances = [instance(), instance(), instance()];
    await Promise.all(instances.map(({ postDue }) => postDue()));
    now = monday;
    await Promise.all(instances.map(({ postDue }) => postDue()));
    await Promise.all(instances.map(({ postDue }) => postDue()));
    expect(posted).toEqual([monday]);
  });

  test('is posted once even if the app restarts in that minute', async () => {
    await instance().postDue();
    now = monday + 1_000;
    await instance().postDue();
    now = monday + 30_000;
    await instance().postDue();
    expect(posted).toEqual([monday + 1_000]);
  });

  test('is posted late if nothing ran at that time', async () => {
    await instance().postDue();
    now = monday + 5 * HOUR;
    await instance().postDue();
    expect(posted).toEqual([now]);
  });

  test('is not posted again if the app died while it posted: it may be in the channel', async () => {
    await instance().postDue();
    now = monday;
    let died = () => {};
    const dying = new Promise<void>((_, reject) => {
      died = () => reject(new Error('killed'));
    });
    const reached = new Promise<void>((resolve) => {
      whenPosting = () => {
        resolve();
        return dying;
      };
    });
    const first = instance().postDue();
    await reached;
    whenPosting = async () => {};
    await instance().postDue();
    expect(posted).toEqual([]);
    expect(logged).toContain('drift report interrupted while posting, not posted again');
    died();
    await first;
    now = monday + 7 * DAY;
    await instance().postDue();
    expect(posted).toEqual([now]);
  });

  test('that Slack certainly did not accept is posted when Slack works again', async () => {
    const { postDue } = instance();
    await postDue();
    now = monday;
    whenPosting = () => Promise.reject(new ReportRefused('Slack is busy', { isTemporary: true }));
    await postDue();
    whenPosting = async () => {};
    await postDue();
    expect(posted).toEqual([]);
    now = monday + 60_000;
    await postDue();
    expect(posted).toEqual([now]);
  });

  test('that Slack refuses for good is skipped, and the log says so', async () => {
    const { postDue } = instance();
    await postDue();
    now = monday;
    whenPosting = () => Promise.reject(new ReportRefused('is_archived', { isTemporary: false }));
    await postDue();
    now = monday + HOUR;
    await postDue();
    expect(posted).toEqual([]);
    expect(logged).toEqual(['drift report not posted; the next one comes as scheduled']);
  });

  test('is posted at the new time after the schedule was changed', async () => {
    await instance().postDue();
    const changed = instance('0 12 * * *');
    await changed.postDue();
    now = monday - DAY + 3 * HOUR;
    await changed.postDue();
    expect(posted).toEqual([now]);
  });

  test('is not started after the app was told to stop', async () => {
    const { postDue, stop } = instance();
    await postDue();
    await stop();
    now = monday;
    await postDue();
    expect(posted).toEqual([]);
  });
});
