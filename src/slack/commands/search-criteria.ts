import { isDeepStrictEqual } from 'node:util';
import { areaCodesOf } from '../../orders/domain/search/area-codes.js';
import { checkSearch } from '../../orders/domain/search/check-search.js';
import type { Criterion } from '../../orders/domain/search/criteria.js';
import { END, type Reader, type Rule, sticky } from '../criteria/criterion.js';
import type { RuleFault } from '../criteria/search-fault.js';
import { criteriaTyped } from '../criteria/table.js';
import { withDigits } from '../text/typed-digits.js';
import { makePlaceReader } from './read-place.js';
import { makeScanner } from './scanner.js';
import { optionRulesFor, type Said, settled } from './search-options.js';
import type { Reading } from './search-reading.js';

/**
 * The grammar of what people type after `/numbers search` and `/numbers order`.
 *
 * Words are read from left to right and all of them must mean something: a matching rule takes its words, and words
 * that no rule takes are a place (`Raleigh, NC`) or a fault. Only commas and `in`, `with` … are skipped.
 *
 * When the words could also be one name (`City View, SC`, `Lake rc Town, NC`), the person is asked instead of guessing.
 * A name in quotes is taken literally. `rc`, `x5` and `tollfree` at the start are always keywords.
 */

/** `or` between two places isn't the state, and neither is `OR` before another area code. */
const OR = String.raw`(?<=[^\s,;][\s,;]+)(?:[Oo]r(?=[\s,;]+[^\s,;])(?![\s,;]+(?:x\s*\d|by|protected|lca|no)(?![\p{L}\p{N}]))|OR(?=[\s,;]+\d{3}(?!\d)))`;
/** A single `number` before a name is part of it: there is a Number Nine in Arkansas. */
const NUMBERS = String.raw`[Nn]umbers|[Nn]umber(?![\s,;]+(?!(?:in|from|with|for|and)(?![\p{L}\p{N}]))\p{L})`;
const filler = new RegExp(
  String.raw`(?:[\s,;]+|(?:[Ii]n(?=[\s,;]+[^\s,;])(?!\s+[Aa]\s+[Rr][Oo][Ww](?:[\s,;]|$))|[Ff]rom|[Ww]ith|[Aa]nd|[Ff]or|&|${NUMBERS}|${OR})(?=[\s,;]|$))+`,
  'uy',
);

const nameStart = sticky(String.raw`["'\p{L}]`);
const anything = sticky(String.raw`[^\s,;]+`);

/** Each criterion's own rules, and one for a whole number, which starts like a prefix. */
const typedRules: readonly Rule[] = [
  ...criteriaTyped.flatMap(({ rules }) => rules),
  {
    pattern: sticky(String.raw`(?:\+?1[-.\s/]*)?\(?\d{3}\)?[-.\s/]*\d{3}[-.\s/]*\d{4}${END}`),
    read: () => ({ why: 'whole-number' }),
  },
];

/** Digits that aren't a criterion. */
const faultRules: readonly Rule[] = [
  {
    // `l10`, `O10`: digits and the letters mistaken for them, in their own case.
    pattern: /(?=[\dOoIlSBZ.()/-]+(?:[\s,;]|$))(?=[^\s,;]*\d)[^\s,;]+/uy,
    read: ([token = '']) => ({ why: withDigits(token) === undefined ? 'digits' : 'letter-for-digit' }),
  },
  {
    pattern: /[+(]*\d[^\s,;]*/uy,
    read: ([token = '']) => ({ why: /^[\d+().\-/]+$/.test(token) ? 'digits' : 'not-understood' }),
  },
];

/**
 * Never throws.
 *
 * @param asks whether words that could also be one name are a fault; if not, they are read as criteria.
 */
export function readCriteria(text: string, asks = true): Reading {
  const said: Said = { draft: { criteria: {} }, tollFree: false };
  const { criteria } = said.draft;
  const optionRules = optionRulesFor(text);
  const scanner = makeScanner(text);
  const { take, sees } = scanner;

  const give = (field: Criterion, value: string): RuleFault | undefined => {
    const before = criteria[field];
    if (before !== undefined && before.toUpperCase() !== value.toUpperCase()) {
      return { why: 'twice', field, typed: value };
    }
    criteria[field] = value;
    return undefined;
  };

  /** `200 Mile House, BC`: an area code outside the state may be part of the name after it. */
  const isUnclearBefore = (start: number): boolean => {
    const [, areaCode] = /(?:^|[\s,;])(\d{3}) +$/u.exec(text.slice(0, start)) ?? [];
    const { state } = criteria;
    if (!asks || areaCode === undefined || areaCode !== criteria.areaCode) return false;
    if (criteria.city === undefined || state === undefined) return false;
    return !areaCodesOf(state).includes(areaCode);
  };

  const readPlace = makePlaceReader({
    scanner,
    asks,
    give,
    isOtherwiseClear: () => !('fault' in readCriteria(text, false)),
  });
  const reader: Reader = { asks, criteria, give, sees, readPlace };

  /** Returns the rule that matches the most text here. */
  const longest = (rules: readonly Rule[]): Rule | undefined => {
    const lengths = rules.map(({ pattern }) => (sees(pattern) ? pattern.lastIndex - scanner.at : 0));
    const most = Math.max(...lengths);
    return most === 0 ? undefined : rules[lengths.indexOf(most)];
  };

  /** Reads words that no rule takes, if they start like a name. */
  const readBareName = (): RuleFault | undefined => {
    const start = scanner.at;
    const wrong = sees(nameStart) ? readPlace('city') : undefined;
    if (scanner.at === start) {
      take(anything);
      return { why: 'not-understood' };
    }
    return wrong === undefined && isUnclearBefore(start)
      ? { why: 'unclear-name', typed: `${criteria.areaCode} ${text.slice(start, scanner.at)}` }
      : wrong;
  };

  const readNext = (): RuleFault | undefined => {
    const option = optionRules.find(({ pattern }) => sees(pattern));
    if (option !== undefined) return option.read([...(take(option.pattern) ?? [])], said);
    const rule = longest(typedRules) ?? faultRules.find(({ pattern }) => sees(pattern));
    return rule === undefined ? readBareName() : rule.read([...(take(rule.pattern) ?? [])], reader);
  };

  const fault = (found: RuleFault, start: number): Reading => ({
    fault: {
      typed: text.slice(start, scanner.at).trim(),
      text,
      start,
      draft: settled(said),
      ...found,
    },
  });

  for (take(filler); scanner.at < text.length; take(filler)) {
    const start = scanner.at;
    const found = readNext();
    if (found !== undefined) return fault(found, start);
  }

  const asked = settled(said);
  if (isDeepStrictEqual(asked, { criteria: {} })) return fault({ why: 'nothing-typed' }, 0);
  const checked = checkSearch(asked);
  if (!('kind' in checked)) {
    const [problem = { field: 'areaCode', code: 'nothing-to-search' } as const] = checked;
    return { fault: { why: problem, typed: problem.value ?? text, text, start: 0, draft: asked } };
  }
  const { filters } = checked;
  return { draft: { ...asked, criteria: checked.criteria, ...(filters === undefined ? {} : { filters }) } };
}
