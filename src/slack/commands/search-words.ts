import { nationalDigits, type PhoneNumber, showPhoneNumber } from '../../orders/domain/phone-number.js';
import type { SearchProblem } from '../../orders/domain/search/check-search.js';
import type { Criterion } from '../../orders/domain/search/criteria.js';
import { DEFAULT_ORDER_QUANTITY, type SearchDraft } from '../../orders/domain/search/search.js';
import type { Fault, FaultCode } from '../criteria/search-fault.js';
import { dashed } from '../text/typed-digits.js';
import { asTyped } from '../text/typed-text.js';
import { interpret } from './search-grammar.js';
import type { LinesFault } from './search-reading.js';
import {
  candidates,
  orderProblems,
  readsAsOrder,
  readsAsSearch,
  type Suggestions,
  type Works,
  working,
} from './search-suggestions.js';
import { isSentence } from './sentence-or-city.js';

/**
 * What people typed after `/numbers search`. A draft has passed `checkSearch`; it has a quantity only if they typed
 * one.
 */
export type SearchWords = { readonly draft: SearchDraft } | { readonly problem: WordsProblem };
/** In an order, whole numbers work too: each once, in the order typed. */
export type OrderWords = SearchWords | { readonly numbers: readonly PhoneNumber[] };
export interface WordsProblem {
  /** Wrong words, or a search that Bandwidth refuses. */
  readonly why: FaultCode | LinesFault | SearchProblem;
  /** The words at fault, in plain characters; not escaped. */
  readonly typed: string;
  readonly suggestions: Suggestions;
  /** For `twice`, the criterion that was typed twice; absent for a filter. */
  readonly field?: Criterion;
}

/** Never throws, for any text. */
export function readSearchWords(text: string): SearchWords {
  const reading = interpret(text);
  if ('draft' in reading) {
    if (!isSentence(text, reading.draft)) return reading;
    const typed = text.trim();
    return problemOf(
      { why: 'unclear-name', typed, text: asTyped(text), start: 0, draft: reading.draft },
      readsAsSearch,
    );
  }
  if ('fault' in reading) return problemOf(reading.fault, readsAsSearch);
  const [number] = reading.numbers;
  const digits = number === undefined ? '' : nationalDigits(number);
  const near = [dashed(digits.slice(0, 6)), digits.slice(0, 3)];
  return {
    problem: {
      why: 'whole-number',
      typed: number === undefined ? text : showPhoneNumber(number),
      suggestions: working(near, readsAsSearch),
    },
  };
}

/**
 * Never throws. Also refuses what can be searched for but not ordered. The draft always has a quantity: one by default.
 */
export function readOrderWords(text: string): OrderWords {
  const reading = interpret(text);
  if ('fault' in reading) return problemOf(reading.fault, readsAsOrder);
  if ('numbers' in reading) return reading;
  const [problem] = orderProblems(reading.draft);
  if (problem === undefined) return { draft: { quantity: DEFAULT_ORDER_QUANTITY, ...reading.draft } };
  const fault: Fault = { why: problem, typed: text.trim(), text, start: 0, draft: reading.draft };
  return problemOf(fault, readsAsOrder);
}

function problemOf(fault: Fault, works: Works): { readonly problem: WordsProblem } {
  const { why, typed, field } = fault;
  return {
    problem: {
      why,
      typed,
      suggestions: working(candidates(fault), works),
      ...(why === 'twice' && field !== undefined ? { field } : {}),
    },
  };
}
