import type { DriftKind } from '../domain/drift/drift.js';
import { type Explanation, indexExplanations } from '../domain/drift/drift-explanations.js';
import type { Person } from '../domain/request.js';
import type { ExplanationJournal } from '../journal/journal-explanations.js';
import type { Clock } from '../ports/clock.js';
import type { DriftReport, DriftReportStore, ExplanationStore } from '../ports/drift.js';
import type { Log } from '../ports/log.js';
import { StoreError } from '../ports/store-errors.js';
import { type DriftBarOf, type DriftBarred, isBarred } from './report-drift.js';

/** What a person explains: one drift, or every drift of a kind in one report. */
export interface DriftToExplain {
  readonly reportId: string;
  readonly kind: DriftKind;
  /** Absent for all of them. */
  readonly subject?: string;
}

/** What became of the drifts in a report since it was made. */
export interface CurrentReport {
  readonly report: DriftReport;
  readonly explanations: readonly Explanation[];
}

export type ExplainRefusal =
  | DriftBarred
  /** The report isn't kept any longer, or never had this drift. */
  | { readonly gone: true }
  /** Every drift that was meant has an explanation. */
  | ({ readonly already: Explanation } & CurrentReport);

export type Explaining = { readonly subjects: Explanation['subjects'] } & CurrentReport;

/** Whether this person may explain this now. Throws StoreError. */
export type MayExplain = (what: DriftToExplain, by: Person) => Promise<Explaining | ExplainRefusal>;

/**
 * Puts an explanation on record, after which these drifts aren't reported again. Throws StoreError.
 *
 * @param id repeating it with the same id adds nothing.
 */
export type ExplainDrift = (
  id: string,
  what: DriftToExplain,
  by: Person,
  reason: string | undefined,
) => Promise<(Explaining & { readonly explanation: Explanation }) | ExplainRefusal>;

interface Deps {
  readonly explanations: ExplanationStore;
  readonly journal: ExplanationJournal;
  readonly reports: Pick<DriftReportStore, 'get'>;
  readonly driftBarOf: DriftBarOf;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Log, 'info'>;
}

export function makeMayExplain({
  explanations,
  reports,
  driftBarOf,
}: Omit<Deps, 'journal' | 'clock' | 'log'>): MayExplain {
  return async ({ reportId, kind, subject }, by) => {
    const bar = await driftBarOf(by);
    if (bar !== undefined) return { bar };
    const report = await reports.get(reportId);
    const meant = report?.lists[kind]?.subjects.filter(([each]) => subject === undefined || each === subject);
    if (report === undefined || meant === undefined || meant.length === 0) return { gone: true };
    const known = await explanations.all();
    const explained = indexExplanations(known);
    const subjects = meant.filter(([each, facts]) => explained.about(kind, each, facts) === undefined);
    if (subjects.length > 0) return { report, explanations: known, subjects };
    const [[first, facts] = ['', '']] = meant;
    const already = explained.about(kind, first, facts);
    return already === undefined ? { gone: true } : { already, report, explanations: known };
  };
}

export function makeExplainDrift(deps: Deps): ExplainDrift {
  const mayExplain = makeMayExplain(deps);
  return async (id, what, by, reason) => {
    const may = await mayExplain(what, by);
    if (isBarred(may) || !('subjects' in may)) return may;
    const { subjects } = may;
    const explanation: Explanation = {
      kind: what.kind,
      subjects,
      by,
      at: deps.clock.now(),
      ...(reason === undefined ? {} : { reason }),
    };
    // It's in effect whether or not the journal can be written at this moment.
    await deps.journal.whileAdding(() => deps.explanations.add(id, explanation));
    deps.log.info({ kind: what.kind, count: subjects.length, by: by.userId, reason }, 'drift explained');
    return { ...may, explanation, explanations: await explanationsNow([...may.explanations, explanation]) };
  };

  /** Others may have explained something in the same report at the same time. */
  async function explanationsNow(known: readonly Explanation[]): Promise<readonly Explanation[]> {
    try {
      return await deps.explanations.all();
    } catch (error) {
      if (error instanceof StoreError) return known;
      throw error;
    }
  }
}
