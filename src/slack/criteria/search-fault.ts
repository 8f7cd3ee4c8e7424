import type { SearchProblem } from '../../orders/domain/search/check-search.js';
import type { Criterion } from '../../orders/domain/search/criteria.js';
import type { SearchDraft } from '../../orders/domain/search/search.js';

/** What can be wrong with the words of a search. */
export type FaultCode =
  /** No words at all. */
  | 'nothing-typed'
  /** `91O`. */
  | 'letter-for-digit'
  /** Digits that are too many or too few for any criterion. */
  | 'digits'
  /** An entry in a list of whole numbers that isn't one. */
  | 'not-a-number'
  /** `lata` with nothing after it. */
  | 'missing-value'
  /** `protected maybe`. */
  | 'unknown-option'
  /** Two area codes, two cities … */
  | 'twice'
  /** Words that may be one name, or a name with criteria before or in it: `Lake rc Town, NC`. */
  | 'unclear-name'
  /** A whole number in the description of a search. */
  | 'whole-number'
  /** Nothing that is recognized. */
  | 'not-understood';

/** What is wrong with the words of a search, and where. */
export interface Fault {
  readonly why: FaultCode | SearchProblem;
  /** The words at fault, in plain spelling. */
  readonly typed: string;
  /** The whole text in plain spelling, and where the words at fault start in it. */
  readonly text: string;
  readonly start: number;
  /** What the other words mean so far, unchecked. */
  readonly draft: SearchDraft;
  /** For `twice` and `missing-value`, the criterion it is about, if known. */
  readonly field?: Criterion;
}

/** What a rule finds wrong with the words it took. */
export type RuleFault = Pick<Fault, 'why'> & Partial<Pick<Fault, 'typed' | 'field'>>;
