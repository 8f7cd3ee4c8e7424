import type { PhoneNumber } from '../../orders/domain/phone-number.js';
import type { SearchProblem } from '../../orders/domain/search/check-search.js';
import type { Criterion } from '../../orders/domain/search/criteria.js';
import type { SearchDraft } from '../../orders/domain/search/search.js';

/** The meaning of the words. A draft has passed `checkSearch`. */
export type Reading =
  | { readonly draft: SearchDraft }
  | { readonly numbers: readonly PhoneNumber[] }
  | { readonly fault: Fault };

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

export type LinesFault =
  /** More lines than one order may have. */
  | 'too-many-lines'
  | 'too-many-numbers'
  /** A number in two lines. */
  | 'number-twice'
  /** Several places, and it isn't clear how many numbers in each. */
  | 'quantity-for-each';

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
