import { randomUUID } from 'node:crypto';
import { type Drift, type DriftKind, driftFacts, driftKinds, driftSubject } from '../domain/drift/drift.js';
import type { Person } from '../domain/request.js';
import type { AccountBar } from '../domain/standing.js';
import { requestingBar } from '../policy/admission.js';
import type { DriftFindings, DriftList, DriftReport, DriftReportStore } from '../ports/drift.js';
import type { Accounts } from '../ports/people.js';
import { DRIFTS_SHOWN, type FindDrift } from './find-drift.js';

export interface ReportedDrift {
  readonly report: DriftReport;
  /** All findings; the report's lists show only some and count the rest. */
  readonly findings: DriftFindings;
}

/** Makes a report and keeps it for some weeks. Throws StoreError. */
export type ReportDrift = () => Promise<ReportedDrift>;

export function makeReportDrift(deps: {
  readonly findDrift: FindDrift;
  readonly reports: Pick<DriftReportStore, 'put'>;
}): ReportDrift {
  return async () => {
    const findings = await deps.findDrift();
    const { drifts, ...rest } = findings;
    const report = { ...rest, id: randomUUID(), lists: listsOf(drifts) };
    await deps.reports.put(report);
    return { report, findings };
  };
}

/** Leaves out kinds without any drift. */
function listsOf(drifts: readonly Drift[]): DriftReport['lists'] {
  const lists: Partial<Record<DriftKind, DriftList>> = {};
  for (const kind of driftKinds) {
    const ofKind = drifts.filter((drift) => drift.kind === kind);
    if (ofKind.length === 0) continue;
    lists[kind] = {
      shown: ofKind.slice(0, DRIFTS_SHOWN),
      subjects: ofKind.map((drift) => [driftSubject(drift), driftFacts(drift)]),
    };
  }
  return lists;
}

/** A person who can't see drift. */
export interface DriftBarred {
  readonly bar: AccountBar;
}

export const isBarred = (answer: object): answer is DriftBarred => 'bar' in answer;

/**
 * Returns why a person can't see or explain drift; undefined if they can. Drift shows everyone's numbers and orders, so
 * it is for full members only, even where guests can order.
 */
export type DriftBarOf = (by: Person) => Promise<AccountBar | undefined>;

export function makeDriftBar(deps: { readonly accounts: Pick<Accounts, 'standingOf'> }): DriftBarOf {
  return async (by) =>
    requestingBar(await deps.accounts.standingOf(by, 'recent'), {
      guestsMayRequest: false,
      externalChannels: 'refuse',
    });
}

/** Makes a report for a person who asks, and checks soon whether the account's numbers changed. Throws StoreError. */
export type AskDrift = (by: Person) => Promise<ReportedDrift | DriftBarred>;

export function makeAskDrift(deps: {
  readonly reportDrift: ReportDrift;
  readonly driftBarOf: DriftBarOf;
  /** Checks the account's numbers sooner than planned. */
  readonly readNow: () => void;
}): AskDrift {
  return async (by) => {
    const bar = await deps.driftBarOf(by);
    if (bar !== undefined) return { bar };
    deps.readNow();
    return deps.reportDrift();
  };
}
