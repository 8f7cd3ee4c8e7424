import { isDeepStrictEqual } from 'node:util';
import { areaCodesOf } from '../../orders/domain/area-codes.js';
import { checkSearch } from '../../orders/domain/check-search.js';
import type { Criterion } from '../../orders/domain/criteria.js';
import { type Complaint, END, type Reader, type Rule, sticky } from '../criteria/criterion.js';
import { criterionWords } from '../criteria/table.js';
import { OPTION, optionHere, optionRulesFor, type Said, settled } from './search-options.js';
import type { Reading } from './search-reading.js';
import { withDigits } from './typed-digits.js';
import { isStateCode, type Place, placeOf } from './typed-places.js';
import { belongsToName, stateAfter } from './whole-names.js';

/**
 * The grammar of what people type after `/numbers search` and `/numbers order`.
 *
 * Words are read from left to right and all of them must mean something: a matching rule takes its words, and words
 * that no rule takes are a place (`Raleigh, NC`) or a fault. Only commas and `in`, `with` … are skipped.
 *
 * When the words could also be one name (`City View, SC`, `Lake rc Town, NC`), the person is asked instead of guessing.
 * A name in quotes is taken literally. `rc`, `x5` and `tollfree` at the start are always keywords.
 */

const criteriaTyped = Object.values(criterionWords).map(({ typed }) => typed);
const KEYWORDS = criteriaTyped.flatMap(({ keyword }) => (keyword === undefined ? [] : [keyword])).join('|');

/** Words that end a place because something else starts with them. */
const stop = sticky(`(?:${OPTION}|${KEYWORDS})${END}`);

/** `or` between two places isn't the state, and neither is `OR` before another area code. */
const OR = String.raw`(?<=[^\s,;][\s,;]+)(?:[Oo]r(?=[\s,;]+[^\s,;])(?![\s,;]+(?:x\s*\d|by|protected|lca|no)(?![\p{L}\p{N}]))|OR(?=[\s,;]+\d{3}(?!\d)))`;
/** A single `number` before a name is part of it: there is a Number Nine in Arkansas. */
const NUMBERS = String.raw`[Nn]umbers|[Nn]umber(?![\s,;]+(?!(?:in|from|with|for|and)(?![\p{L}\p{N}]))\p{L})`;
const filler = new RegExp(
  String.raw`(?:[\s,;]+|(?:[Ii]n(?=[\s,;]+[^\s,;])(?!\s+[Aa]\s+[Rr][Oo][Ww](?:[\s,;]|$))|[Ff]rom|[Ww]ith|[Aa]nd|[Ff]or|&|${NUMBERS}|${OR})(?=[\s,;]|$))+`,
  'uy',
);

const word = sticky(String.raw`(?:[\p{L}'](?:[\p{L}\p{M}\p{N}.'!&()/+#-]|:(?=[\p{L}\p{N}]))*|[&/](?=\s))`);
/** How far after a name's first word to look for its state, and the longest text to ask about. */
const LONGEST = 100;
const LONGEST_TEXT = 300;
/** One piece of a name, which may contain more than letters. */
const piece = /[^\s,;]+/gu;
const quoted = sticky('"([^"]*)"');
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
  let at = 0;

  const give = (field: Criterion, value: string): Complaint | undefined => {
    const before = criteria[field];
    if (before !== undefined && before.toUpperCase() !== value.toUpperCase()) {
      return { why: 'twice', field, typed: value };
    }
    criteria[field] = value;
    return undefined;
  };
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null || found[0] === '') return undefined;
    at = pattern.lastIndex;
    return found;
  };
  const sees = (pattern: RegExp, from = at): boolean => {
    pattern.lastIndex = from;
    return pattern.test(text);
  };

  /** Consecutive words that don't start an option or keyword, with the commas between them. */
  const takeWords = (): string => {
    const start = at;
    let end = at;
    while (end === start || !sees(stop)) {
      if (take(word) === undefined) break;
      end = at;
      take(/[\s,;]+/y);
    }
    const words = text.slice(start, end);
    const more = sees(/[\d"*]/y) || (sees(stop) && !sees(optionHere));
    at = end;
    return more ? words.replace(/ (?:[Ii]n|or|and|&|\/)$/, '') : words;
  };

  const givePlace = (place: Place, field: 'city' | 'rateCenter'): Complaint | undefined => {
    const { name, state, unknownState } = place;
    // `NC, SC` never means a city called NC.
    const named =
      name === undefined ? undefined : isStateCode(name) ? give('state', name) : give(field, name);
    if (named !== undefined) return named;
    if (unknownState !== undefined) {
      return {
        why: { field: 'state', code: 'unknown-state', value: unknownState },
        typed: unknownState,
      };
    }
    return state === undefined ? undefined : give('state', state);
  };

  const readPlace = (field: 'city' | 'rateCenter'): Complaint | undefined => {
    const literal = take(quoted)?.[1];
    const start = at;
    const words = literal === undefined ? takeWords() : '';
    if (literal !== undefined) {
      return literal.trim() === '' ? { why: 'missing-value' } : give(field, literal);
    }
    if (words.trim() === '') {
      // `rc 29 PALMS CA`
      const longer = field === 'rateCenter' ? readLongName(field, start) : 'no';
      return longer === 'no' ? { why: 'missing-value' } : longer;
    }
    const place = placeOf(words);
    if (field === 'rateCenter' && place.name === undefined) return { why: 'missing-value' };
    if (place.state === undefined) {
      const longer = readLongName(field, start);
      if (longer !== 'no') return longer;
    }
    if (asks && place.unclear === true) return { why: 'unclear-name', typed: words.trim() };
    return givePlace(place, field);
  };

  /** A name that continues after its plain words, up to a state: `QUEENS 8, NY`. */
  const readLongName = (field: 'city' | 'rateCenter', start: number): Complaint | undefined | 'no' => {
    const goesOn = (at === start ? /^[^\s,;"]/u : /^ +[^\s,;"]/u).test(text.slice(at, at + 80));
    // A name has at most 60 characters.
    const ending = goesOn ? stateAfter(text.slice(0, start + LONGEST), at) : undefined;
    if (ending === undefined) return 'no';
    const name = text.slice(start, ending.start).replace(/[\s,;]+$/u, '');
    if (/[,;"]/.test(name)) return 'no';
    const more = text.slice(at, start + name.length).match(piece) ?? [];
    const isName = more.every((each) => isPlainWord(each) || belongsToName(each, ending.state));
    if (isName && field === 'rateCenter') {
      at = ending.end;
      return givePlace({ name, state: ending.state }, field);
    }
    if (!asks || text.length > LONGEST_TEXT) return 'no';
    if (!isName && 'fault' in readCriteria(text, false)) return 'no';
    return { why: 'unclear-name', typed: name };
  };

  /** `200 Mile House, BC`: an area code outside the state may be part of the name after it. */
  const isUnclearBefore = (start: number): boolean => {
    const [, areaCode] = /(?:^|[\s,;])(\d{3}) +$/u.exec(text.slice(0, start)) ?? [];
    const { state } = criteria;
    if (!asks || areaCode === undefined || areaCode !== criteria.areaCode) return false;
    if (criteria.city === undefined || state === undefined) return false;
    return !areaCodesOf(state).includes(areaCode);
  };

  const reader: Reader = { asks, criteria, give, sees, readPlace };

  /** Returns the rule that matches the most text here. */
  const longest = (rules: readonly Rule[]): Rule | undefined => {
    const lengths = rules.map(({ pattern }) => (sees(pattern) ? pattern.lastIndex - at : 0));
    const most = Math.max(...lengths);
    return most === 0 ? undefined : rules[lengths.indexOf(most)];
  };

  /** Reads words that no rule takes, if they start like a name. */
  const readBareName = (): Complaint | undefined => {
    const start = at;
    const complaint = sees(nameStart) ? readPlace('city') : undefined;
    if (at === start) {
      take(anything);
      return { why: 'not-understood' };
    }
    return complaint === undefined && isUnclearBefore(start)
      ? { why: 'unclear-name', typed: `${criteria.areaCode} ${text.slice(start, at)}` }
      : complaint;
  };

  const readNext = (): Complaint | undefined => {
    const option = optionRules.find(({ pattern }) => sees(pattern));
    if (option !== undefined) return option.read([...(take(option.pattern) ?? [])], said);
    const rule = longest(typedRules) ?? faultRules.find(({ pattern }) => sees(pattern));
    return rule === undefined ? readBareName() : rule.read([...(take(rule.pattern) ?? [])], reader);
  };

  const fault = (complaint: Complaint, start: number): Reading => ({
    fault: {
      typed: text.slice(start, at).trim(),
      text,
      start,
      draft: settled(said),
      ...complaint,
    },
  });

  for (take(filler); at < text.length; take(filler)) {
    const start = at;
    const complaint = readNext();
    if (complaint !== undefined) return fault(complaint, start);
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

const isPlainWord = (token: string): boolean =>
  /^[\p{L}'&/][\p{L}\p{M}\p{N}.'&():/+#-]*$/u.test(token) && !startsWith(stop, token);

function startsWith(pattern: RegExp, token: string): boolean {
  pattern.lastIndex = 0;
  return pattern.test(token);
}
