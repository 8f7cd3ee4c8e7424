import type { SearchDraft } from '../../orders/domain/search/search.js';
import type { CriterionField } from '../criteria/criterion.js';

/** How people type, read and fill in one search filter. `table.ts` lists them all. */
export interface FilterWords {
  /** In a sentence: `“ending”`. */
  readonly noun: string;
  readonly typed: TypedFilter;
  /** Returns the words that its rules parse back. */
  readonly print: (value: string) => string;
  /** Returns the words for people, after a comma: `ending in 00`. */
  readonly describe: (value: string) => string;
  /** Says what is wrong with a malformed value, which is empty if none was typed. `shown` isn't escaped. */
  readonly malformed: (shown: string, value: string) => string;
  /** Returns what may work instead of a malformed value, likeliest first. Not all of them need to work. */
  readonly remedies: (value: string, rephrase: RephraseFilter) => readonly string[];
  readonly form: FilterField;
}

interface TypedFilter {
  /** A regular expression for how it starts among the words of a name, which it ends. */
  readonly starts: string;
  /** Its keyword, which a mistyped word may have meant. */
  readonly word: string;
  /** The first matching rule counts. */
  readonly rules: readonly FilterRule[];
  /** Instead of the rules, where a vanity word is typed too. */
  readonly rulesBesideVanity?: readonly FilterRule[];
}

export interface FilterRule {
  /** Made by `sticky` in `criteria/criterion.ts`. */
  readonly pattern: RegExp;
  /** Returns the value, perhaps a malformed one; empty if it is missing. */
  readonly read: (found: readonly (string | undefined)[]) => string;
}

export interface RephraseFilter {
  readonly draft: SearchDraft;
  /** Returns the words of the same search with another value; undefined leaves the filter out. */
  readonly instead: (value: string | undefined) => string;
}

export interface FilterField extends Omit<CriterionField, 'kind' | 'example'> {
  readonly example?: string;
  /** The label of a checkbox instead of a text field. */
  readonly box?: string;
}

/** Every filter says so in the form. */
export const OURS = 'Filtered by this app, not by Bandwidth.';
