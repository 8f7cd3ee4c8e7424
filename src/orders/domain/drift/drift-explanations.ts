import type { Person, Timestamp } from '../request.js';
import { type Drift, type DriftKind, driftFacts, driftSubject } from './drift.js';

/** A person's statement that some drifts are fine. */
export interface Explanation {
  readonly kind: DriftKind;
  /** What each of them is about; see {@link driftSubject} and {@link driftFacts}. */
  readonly subjects: ReadonlyArray<readonly [subject: string, facts: string]>;
  readonly by: Person;
  readonly at: Timestamp;
  readonly reason?: string;
}

/** The explanations on record, for looking up single drifts. */
export interface Explained {
  of(drift: Drift): Explanation | undefined;
  about(kind: DriftKind, subject: string, facts: string): Explanation | undefined;
}

/** The latest explanation of a drift counts. */
export function indexExplanations(explanations: readonly Explanation[]): Explained {
  const found = new Map<string, { readonly facts: string; readonly explanation: Explanation }>();
  for (const explanation of [...explanations].sort((one, other) => one.at - other.at)) {
    for (const [subject, facts] of explanation.subjects) {
      found.set(`${explanation.kind} ${subject}`, { facts, explanation });
    }
  }
  const about: Explained['about'] = (kind, subject, facts) => {
    const known = found.get(`${kind} ${subject}`);
    if (known === undefined) return undefined;
    // Bandwidth doesn't always say since when a number is in service.
    return known.facts === facts || known.facts === '' || facts === '' ? known.explanation : undefined;
  };
  return { about, of: (drift) => about(drift.kind, driftSubject(drift), driftFacts(drift)) };
}
