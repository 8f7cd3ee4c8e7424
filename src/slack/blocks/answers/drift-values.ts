import { driftKinds } from '../../../orders/domain/drift/drift.js';
import type { DriftToExplain } from '../../../orders/use-cases/explain-drift.js';

/** What a button or form about drift carries. Slack signs it, and only we write it. */
export const writeDriftValue = ({ reportId, kind, subject }: DriftToExplain): string =>
  JSON.stringify({ reportId, kind, subject });

/** Undefined for a value that another version of the app wrote. */
export function readDriftValue(value: string): DriftToExplain | undefined {
  let read: Partial<Record<keyof DriftToExplain, unknown>> | null;
  try {
    read = JSON.parse(value) as typeof read;
  } catch {
    return undefined;
  }
  const { reportId, subject } = read ?? {};
  const kind = driftKinds.find((each) => each === read?.kind);
  if (typeof reportId !== 'string' || kind === undefined) return undefined;
  return { reportId, kind, ...(typeof subject === 'string' ? { subject } : {}) };
}
