import type { PhoneNumber } from '../../orders/domain/phone-number.js';
import type { SearchDraft } from '../../orders/domain/search/search.js';
import type { Fault } from '../criteria/search-fault.js';

/** The meaning of the words. A draft has passed `checkSearch`. */
export type Reading =
  | { readonly draft: SearchDraft }
  | { readonly numbers: readonly PhoneNumber[] }
  | { readonly fault: Fault };

/** What can be wrong with the lines of an order. */
export type LinesFault =
  /** More lines than one order may have. */
  | 'too-many-lines'
  | 'too-many-numbers'
  /** A number in two lines. */
  | 'number-twice'
  /** Several places, and it isn't clear how many numbers in each. */
  | 'quantity-for-each';
