import type { PhoneNumber } from '../../orders/domain/phone-number.js';
import type { Criterion, SearchDraft, SearchProblem } from '../../orders/domain/search.js';

/** What the words mean; a draft has passed `checkSearch`. */
export type Reading =
  | { readonly draft: SearchDraft }
  | { readonly numbers: readonly PhoneNumber[] }
  | { readonly fault: Fault };

export type FaultCode =
  /** No words at all. */
  | 'nothing-typed'
  /** `91O`. */
  | 'letter-for-digit'
  /** Digits of a length that means nothing. */
  | 'digits'
  /** Part of a list of whole numbers, but not one. */
  | 'not-a-number'
  /** `lata` and nothing after it. */
  | 'missing-value'
  /** `protected maybe`. */
  | 'unknown-option'
  /** Two area codes, two cities … */
  | 'twice'
  /** Words that may be one name, or a name with criteria before or in it: `Lake rc Town, NC`. */
  | 'unclear-name'
  /** A whole number where a search is described. */
  | 'whole-number'
  /** Nothing we know. */
  | 'not-understood';

export interface Fault {
  readonly why: FaultCode | SearchProblem;
  /** The words at fault, in plain spelling. */
  readonly typed: string;
  /** The whole text in plain spelling, and where in it the words at fault stand. */
  readonly text: string;
  readonly start: number;
  /** What the other words mean so far, unchecked. */
  readonly draft: SearchDraft;
  /** For `twice` and `missing-value`, which criterion it is about, if that is known. */
  readonly field?: Criterion;
}
