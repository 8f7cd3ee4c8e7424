import type { Explanation } from '../orders/domain/drift/drift-explanations.js';
import type { KeptExplanation } from '../orders/domain/explanation-event.js';
import type { DriftReport, DriftReportStore, DueReport, ExplanationStore } from '../orders/ports/drift.js';
import type { Log } from '../orders/ports/log.js';
import { type Namespace, readEvenIfDamaged, UnreadableEntry } from './namespace.js';

const FORMAT_VERSION = 1;

type Versioned<Value> = Value & { readonly v: number };

/** One entry for each explanation; it may explain thousands of drifts. */
export function makeExplanationStore(explanations: Namespace, log: Pick<Log, 'error'>): ExplanationStore {
  const logged = new Set<string>();
  return {
    async add(id, explanation) {
      await explanations.insertIfAbsent(id, { v: FORMAT_VERSION, ...explanation });
    },
    async all() {
      const found: KeptExplanation[] = [];
      for await (const [id, stored] of explanations.walk()) {
        if (isExplanation(stored)) found.push({ ...stored, id });
        // What it explained is reported again.
        else if (!logged.has(id)) log.error({ id }, 'explanation of a drift unreadable, left out');
        logged.add(id);
      }
      return found;
    },
  };
}

function isExplanation(stored: unknown): stored is Versioned<Explanation> {
  const { v, kind, subjects, by, at } = (stored ?? {}) as Partial<Versioned<Explanation>>;
  return (
    v === FORMAT_VERSION &&
    typeof kind === 'string' &&
    Array.isArray(subjects) &&
    typeof by?.userId === 'string' &&
    typeof at === 'number'
  );
}

/** Long enough to act on a monthly report. */
const KEPT_FOR_MS = 40 * 24 * 60 * 60_000;
/** The key of the report that comes next; those of others are UUIDs. */
const NEXT = 'next';

export function makeDriftReportStore(reports: Namespace): DriftReportStore {
  /** An unreadable entry counts as missing: a report can be made again. */
  const read = async (key: string): Promise<unknown> =>
    reports.get(key).catch((error: unknown) => {
      if (error instanceof UnreadableEntry) return undefined;
      throw error;
    });
  return {
    put: (report) => reports.set(report.id, { v: FORMAT_VERSION, ...report }, KEPT_FOR_MS),
    async get(id) {
      const stored = id === NEXT ? undefined : await read(id);
      if (!isReport(stored)) return undefined;
      const { v, ...report } = stored;
      return report;
    },
    async nextDue() {
      const stored = await read(NEXT);
      return isDue(stored) ? stored : undefined;
    },
    async replaceDue(current, next) {
      const value = { v: FORMAT_VERSION, ...next };
      if (current !== undefined) return reports.replace(NEXT, current, value);
      if (await reports.insertIfAbsent(NEXT, value)) return true;
      const stored = await readEvenIfDamaged(reports, NEXT);
      return !isDue(stored) && reports.replace(NEXT, stored, value);
    },
  };
}

function isReport(stored: unknown): stored is Versioned<DriftReport> {
  const { v, id, lists, inventory } = (stored ?? {}) as Partial<Versioned<DriftReport>>;
  return (
    v === FORMAT_VERSION &&
    typeof id === 'string' &&
    typeof lists === 'object' &&
    lists !== null &&
    typeof inventory === 'object'
  );
}

function isDue(stored: unknown): stored is Versioned<DueReport> {
  const { v, schedule, dueAt, state } = (stored ?? {}) as Partial<Versioned<DueReport>>;
  return (
    v === FORMAT_VERSION &&
    typeof schedule === 'string' &&
    typeof dueAt === 'number' &&
    (state === 'due' || state === 'posting')
  );
}
