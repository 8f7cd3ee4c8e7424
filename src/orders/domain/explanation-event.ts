import type { Explanation } from './drift/drift-explanations.js';

/** An explanation on record. Its id is also its id in the journal. */
export interface KeptExplanation extends Explanation {
  readonly id: string;
}

/** The event of the journal that says a person explained drift. */
export interface ExplanationEvent extends Explanation {
  readonly what: 'drift-explained';
}

export function explanationEvent({ kind, subjects, by, at, reason }: Explanation): ExplanationEvent {
  const why = reason === undefined ? {} : { reason };
  return { what: 'drift-explained', at, by, kind, subjects, ...why };
}

/** Whether an event of the journal is about an explanation of drift rather than an order. */
export const isExplanationEvent = <E extends { readonly what: string }>(
  event: E | ExplanationEvent,
): event is ExplanationEvent => event.what === 'drift-explained';
