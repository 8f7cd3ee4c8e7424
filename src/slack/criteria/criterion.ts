import type { Criteria, Criterion } from '../../orders/domain/search/criteria.js';
import type { RuleFault } from './search-fault.js';

/** How people type, read and fill in one search criterion. `table.ts` lists them all. */
export interface CriterionWords {
  /** In a sentence: `an area code`. */
  readonly noun: string;
  readonly typed: TypedCriterion;
  /** Returns the words that its rules parse back; `tollfree` is added before them separately. */
  readonly print: (value: string, among: { readonly criteria: Criteria; readonly quote: boolean }) => string;
  /** Returns the words for people: a place follows `in`; anything else follows `numbers`. */
  readonly describe: (value: string, criteria: Criteria) => string;
  /** For when `Numbers` and its description don't make a headline. */
  readonly headline?: (value: string) => string;
  /** Says what is wrong with a malformed value. `shown` is enough of it to recognize it; not escaped. */
  readonly malformed: (shown: string, value: string) => string;
  /** Returns what may work instead of a malformed value, likeliest first. Not all of them need to work. */
  readonly remedies: (value: string, rephrase: Rephrase) => readonly string[];
  readonly form: CriterionField;
  /** Its column in CSV files, or the criterion whose column holds it too; undefined if no file can ask for it. */
  readonly column: CriterionColumn | { readonly sharedWith: Criterion } | undefined;
}

export interface TypedCriterion {
  /** A regular expression for the words that introduce it. They end a place that comes before them. */
  readonly keyword?: string;
  /** Its keyword as one word, which a mistyped word may have meant and which isn't a name. */
  readonly word?: string;
  /** What to suggest when its value is missing. */
  readonly example: string;
  /** Of all matching rules, the one that takes the most text counts; the first one if tied. */
  readonly rules: readonly Rule[];
}

export interface Rule {
  /** Made by {@link sticky}. */
  readonly pattern: RegExp;
  /** Takes what was found and returns what is wrong, if anything. */
  readonly read: (found: readonly (string | undefined)[], reader: Reader) => RuleFault | undefined;
}

/** The text at the point where a rule has just taken its words. */
export interface Reader {
  /** Whether words that could also be one name are a fault. If not, they are read as criteria. */
  readonly asks: boolean;
  /** What has been read so far. */
  readonly criteria: Criteria;
  readonly give: (field: Criterion, value: string) => RuleFault | undefined;
  /** Whether this pattern matches here. */
  readonly sees: (pattern: RegExp) => boolean;
  /** Reads a name, in quotes or not, with its state. */
  readonly readPlace: (field: 'city' | 'rateCenter') => RuleFault | undefined;
}

/** Returns the words of the same search with other criteria; undefined removes one. */
export interface Rephrase {
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
  /** Values and their labels, for a menu instead of a text field. */
  readonly options?: Readonly<Record<string, string>>;
  /** Converts what people type there to a search's value. */
  readonly read?: (text: string) => string;
}

/** A column of the CSV files that people import. */
export interface CriterionColumn {
  /** As the template names it. */
  readonly head: string;
  /** What else people call it, in lowercase without spaces and punctuation. */
  readonly alsoCalled: readonly string[];
  /** Its cells are digits, in which letters are typing errors. */
  readonly digits?: true;
}

/** The end of a word: no letter, digit, star or # follows, nor more of the same number (`800-FLOWERS`). */
export const END = String.raw`(?![\p{L}\p{N}*#]|[-./][\p{L}\d])`;
/** A keyword's value. */
export const VALUE = String.raw`(?:\s*[:=]?\s*([^\s,;]+))?`;

/**
 * Returns a pattern that matches at the reader's position. Create each once: otherwise reading a command would block
 * the event loop for ten milliseconds.
 */
export function sticky(pattern: string): RegExp {
  return new RegExp(pattern, 'iyu');
}

export function missing(field: Criterion): RuleFault {
  return { why: 'missing-value', field };
}
