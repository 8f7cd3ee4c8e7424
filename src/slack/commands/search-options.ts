import type { Criteria } from '../../orders/domain/search/criteria.js';
import type { Filter } from '../../orders/domain/search/filters.js';
import type { OrderBy, ProtectedChoice, SearchDraft } from '../../orders/domain/search/search.js';
import { END, sticky, VALUE } from '../criteria/criterion.js';
import type { RuleFault } from '../criteria/search-fault.js';
import { filterWords } from '../filters/table.js';
import { withDigits } from '../text/typed-digits.js';

/** The options people type besides criteria: quantity, sort order, calling area, filters and `tollfree`. */

type Given = { -readonly [F in keyof Criteria]?: Exclude<Criteria[F], undefined> };
type Draft = {
  criteria: Given;
  quantity?: number;
  lca?: boolean;
  orderBy?: OrderBy;
  protected?: ProtectedChoice;
  filters?: Partial<Record<Filter, string>>;
};

/** What the words have said so far. */
export interface Said {
  readonly draft: Draft;
  tollFree: boolean;
  /** `in a row` was typed without how many. */
  uncountedRow?: true;
}

const orderingNames: ReadonlyMap<string, OrderBy> = new Map([
  ['fullnumber', 'fullNumber'],
  ['number', 'fullNumber'],
  ['areacode', 'areaCode'],
  ['npanxx', 'npaNxx'],
  ['npanxxx', 'npaNxxx'],
]);
const protectedNames: ReadonlyMap<string, ProtectedChoice> = new Map([
  ['none', 'None'],
  ['only', 'ONLY'],
  ['mixed', 'MIXED'],
]);

const ORDERING = String.raw`(?:full\s*number|number|area\s*code|npa-?nxx-?x|npa-?nxx)`;
const BY = String.raw`(?:(?:order|sort)(?:ed)?\s+)?by`;
const TOLL_FREE = String.raw`toll[\s-]*free`;

const FILTER = Object.values(filterWords)
  .map(({ typed }) => typed.starts)
  .join('|');

/** How an option starts among the words of a name. */
export const OPTION = String.raw`${FILTER}|x\s*\d+|protected|(?:no\s+)?lca|${BY}\s+${ORDERING}|(?:order|sort)(?:ed)?\s+by|ending|ends\s*in|${TOLL_FREE}`;
/** An option that can follow a whole search. */
export const optionHere = sticky(String.raw`(?:${FILTER}|x\s*\d|protected|(?:no\s+)?lca|${BY}\s)`);

interface OptionRule {
  readonly pattern: RegExp;
  readonly read: (found: readonly (string | undefined)[], said: Said) => RuleFault | undefined;
}

function rulesOfFilter(name: Filter, besideVanity: boolean): readonly OptionRule[] {
  const { rules, rulesBesideVanity = rules } = filterWords[name].typed;
  return (besideVanity ? rulesBesideVanity : rules).map(({ pattern, read }) => ({
    pattern,
    read: (found, said) => giveFilter(said, name, read(found)),
  }));
}

function giveFilter(said: Said, name: Filter, value: string): RuleFault | undefined {
  if (name === 'inARow' && value === '') {
    said.uncountedRow = true;
    return undefined;
  }
  const { draft } = said;
  const before = draft.filters?.[name];
  if (before !== undefined && before !== value && name !== 'without') return { why: 'twice' };
  const all = name === 'without' && before !== undefined ? `${before} ${value}` : value;
  draft.filters = { ...draft.filters, [name]: all };
  return undefined;
}

const otherOptions: readonly OptionRule[] = [
  {
    pattern: sticky(String.raw`(?:[x×]|(?:quantity|qty)\s*[:=]?)\s*([-+]?\d[^\s,;]*)${END}`),
    read: ([, value = ''], { draft }) => {
      if (!/^\d+$/.test(value)) {
        return withDigits(value) === undefined
          ? { why: { field: 'quantity', code: 'bad-quantity', value } }
          : { why: 'letter-for-digit' };
      }
      if (draft.quantity !== undefined && draft.quantity !== Number(value)) return { why: 'not-understood' };
      draft.quantity = Number(value);
      return undefined;
    },
  },
  { pattern: sticky(`(?:[x×]|quantity|qty)${END}`), read: () => ({ why: 'missing-value' }) },
  {
    pattern: sticky(`protected${END}${VALUE}`),
    read: ([, value = ''], { draft }) => {
      const choice = protectedNames.get(value.toLowerCase());
      if (choice === undefined || (draft.protected ?? choice) !== choice) return { why: 'unknown-option' };
      draft.protected = choice;
      return undefined;
    },
  },
  {
    pattern: sticky(String.raw`${BY}${END}\s+(${ORDERING})${END}`),
    read: ([, value = ''], { draft }) => {
      const by = orderingNames.get(value.toLowerCase().replace(/[\s-]/g, ''));
      if (by === undefined || (draft.orderBy ?? by) !== by) return { why: 'unknown-option' };
      draft.orderBy = by;
      return undefined;
    },
  },
  { pattern: sticky(`${BY}${END}${VALUE}`), read: () => ({ why: 'unknown-option' }) },
  {
    pattern: sticky(String.raw`(no\s+)?lca${END}`),
    read: ([, no], { draft }) => {
      const wide = no === undefined;
      if ((draft.lca ?? wide) !== wide) return { why: 'unknown-option' };
      draft.lca = wide;
      return undefined;
    },
  },
  {
    pattern: sticky(String.raw`(?:ending|ends\s*in)${END}`),
    read: (_, { draft }) => {
      draft.criteria.endsIn = true;
      return undefined;
    },
  },
  {
    pattern: sticky(`${TOLL_FREE}${END}`),
    read: (_, said) => {
      said.tollFree = true;
      return undefined;
    },
  },
];

const filtersTyped = Object.keys(filterWords) as readonly Filter[];
const optionRules = (besideVanity: boolean): readonly OptionRule[] => [
  ...filtersTyped.flatMap((name) => rulesOfFilter(name, besideVanity)),
  ...otherOptions,
];
const [allOptions, optionsBesideVanity] = [optionRules(false), optionRules(true)];

/**
 * Returns the rules for this text; the first that matches wins. Beside a vanity word, `ending` says where in the number
 * the word is: `vanity PIZZA ending 910`.
 */
export function optionRulesFor(text: string): readonly OptionRule[] {
  return /vanity/i.test(text) ? optionsBesideVanity : allOptions;
}

/** Applies `tollfree` and `in a row` last, because they may come before or after the words they apply to. */
export function settled(said: Said): SearchDraft {
  const { tollFree } = said;
  const draft = said.uncountedRow === true ? withRow(said.draft) : said.draft;
  if (!tollFree) return draft;
  const { localVanity, areaCode, ...criteria } = draft.criteria;
  const given: Given = { ...criteria };
  if (areaCode !== undefined) given.tollFreeWildCardPattern ??= areaCode;
  if (localVanity !== undefined) given.tollFreeVanity = localVanity;
  else given.tollFreeWildCardPattern ??= '8**';
  return { ...draft, criteria: given };
}

/** `in a row 910 x5` says how many in a row, not how many at most. */
function withRow({ quantity, ...draft }: Draft): Draft {
  if (draft.filters?.inARow !== undefined)
    return { ...draft, ...(quantity === undefined ? {} : { quantity }) };
  return { ...draft, filters: { ...draft.filters, inARow: quantity === undefined ? '' : String(quantity) } };
}
