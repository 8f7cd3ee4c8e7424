import type { Criteria, Criterion } from '../../orders/domain/criteria.js';
import type { Fault } from '../commands/search-reading.js';

/** How people type, read and fill in one criterion of a search. `table.ts` has all of them. */
export interface CriterionWords {
  /** In a sentence: `an area code`. */
  readonly noun: string;
  readonly typed: TypedCriterion;
  /** The words that mean it, read back by its rules; `tollfree` stands before them by itself. */
  readonly print: (value: string, among: { readonly criteria: Criteria; readonly quote: boolean }) => string;
  /** As people read it: a place as it stands after `in`; what stands alone as it stands after `numbers`. */
  readonly describe: (value: string, criteria: Criteria) => string;
  /** Where `Numbers` and its description are no headline. */
  readonly headline?: (value: string) => string;
  /** What is wrong with a malformed value. `shown` is enough of it to recognise it; not escaped. */
  readonly malformed: (shown: string, value: string) => string;
  /** What may work instead of a malformed value, likeliest first; not all of it need work. */
  readonly remedies: (value: string, mend: Mend) => readonly string[];
  readonly form: CriterionField;
}

export interface TypedCriterion {
  /** A regular expression of the words that announce it. They end a place that stands before them. */
  readonly keyword?: string;
  /** Its keyword in one word: what a mistyped word may have meant, and no name by itself. */
  readonly word?: string;
  /** What to suggest where its value is missing. */
  readonly example: string;
  /** Of all the rules that match, the one that takes most words counts; of two alike, the first. */
  readonly rules: readonly Rule[];
}

export interface Rule {
  /** Made by {@link sticky}. */
  readonly pattern: RegExp;
  /** Takes in what was found; answers what is wrong, if anything. */
  readonly read: (found: readonly (string | undefined)[], reader: Reader) => Complaint | undefined;
}

export type Complaint = Pick<Fault, 'why'> & Partial<Pick<Fault, 'typed' | 'field'>>;

/** The text at the point where a rule has just taken its words. */
export interface Reader {
  /** Are words that may as well be one name a fault? Else they are read as criteria. */
  readonly asks: boolean;
  /** What was read so far. */
  readonly criteria: Criteria;
  readonly give: (field: Criterion, value: string) => Complaint | undefined;
  /** Does this stand here? */
  readonly sees: (pattern: RegExp) => boolean;
  /** Reads a name, in quotes or not, with its state. */
  readonly readPlace: (field: 'city' | 'rateCenter') => Complaint | undefined;
}

/** The words of the same search with other criteria; undefined leaves one out. */
export interface Mend {
  readonly criteria: Criteria;
  readonly instead: (change: { readonly [F in keyof Criteria]?: Criteria[F] | undefined }) => string;
}

/** A field of the search form. */
export interface CriterionField {
  /** What the form calls a search by it. */
  readonly kind: string;
  readonly label: string;
  readonly hint?: string;
  readonly example: string;
  /** The most characters it takes. */
  readonly most?: number;
  /** Values and their labels, for a menu instead of a field to type in. */
  readonly options?: Readonly<Record<string, string>>;
  /** What people type there, as a search has it. */
  readonly read?: (text: string) => string;
}

/** A word ends here: no letter, digit, star or # follows, nor more of the same number (`800-FLOWERS`). */
export const END = String.raw`(?![\p{L}\p{N}*#]|[-./][\p{L}\d])`;
/** A keyword's value. */
export const VALUE = String.raw`(?:\s*[:=]?\s*([^\s,;]+))?`;

/** Matches where the reader stands. Make each once: reading a command would else take ten milliseconds, for which everybody waits. */
export function sticky(pattern: string): RegExp {
  return new RegExp(pattern, 'iyu');
}

export function missing(field: Criterion): Complaint {
  return { why: 'missing-value', field };
}
