import { isDeepStrictEqual } from 'node:util';
import {
  areaCodesFrom,
  areaCodesOf,
  stateOf as stateOfAreaCode,
} from '../../orders/domain/search/area-codes.js';
import {
  checkSearch,
  type SearchProblem,
  searchAndOrderProblems,
} from '../../orders/domain/search/check-search.js';
import { type Criteria, isTollFreePrefix } from '../../orders/domain/search/criteria.js';
import type { SearchDraft } from '../../orders/domain/search/search.js';
import type { Fault } from '../criteria/search-fault.js';
import { criterionWords } from '../criteria/table.js';
import { statesOfKnownCity } from '../text/cities.js';
import { areaCodesNear, statesNear } from '../text/near-misses.js';
import { dashed, withDigits, withoutNonDigits } from '../text/typed-digits.js';
import { isTwoPlaces, stateCodeOf } from '../text/typed-places.js';
import { asOneName } from './names-with-keywords.js';
import { printSearch } from './print-search.js';
import { respelledFilters } from './respelled-filters.js';
import { readCriteria } from './search-criteria.js';
import { interpret } from './search-grammar.js';
import { remedies, statesOfCity } from './search-remedies.js';
import { isSentence } from './sentence-or-city.js';
import { requestInSentence } from './sentence-request.js';

/** One to three alternatives that work after the same verb, likeliest first; not escaped. */
export type Suggestions = readonly [string, ...string[]];

/** Whether these words work after the verb. */
export type Works = (words: string) => boolean;

export const readsAsSearch: Works = (words) => {
  const reading = interpret(words);
  return 'draft' in reading && !isSentence(words, reading.draft);
};

export const readsAsOrder: Works = (words) => {
  const reading = interpret(words);
  if ('draft' in reading) return orderProblems(reading.draft).length === 0;
  return 'numbers' in reading;
};

const EXAMPLES = ['910', 'Raleigh, NC'] as const;
const MAX_SUGGESTIONS = 3;
/** A longer suggestion would be hard to read. */
const MAX_TEXT_LENGTH = 300;

/** The rest beside one digit may contain further faults; this limits how much of it is tried. */
const MAX_REST_LENGTH = 100;

/** Keeps only suggestions that really work. */
export function working(guesses: readonly string[], works: Works): Suggestions {
  const good: string[] = [];
  for (const words of new Set(guesses)) {
    if (good.length < MAX_SUGGESTIONS && words.length <= 200 && works(words)) {
      if (!good.some((other) => meansTheSame(other, words))) good.push(words);
    }
  }
  const [first = EXAMPLES[0], ...more] = good.length > 0 ? good : EXAMPLES;
  return [first, ...more.slice(0, MAX_SUGGESTIONS - 1)];
}

const meansTheSame = (one: string, other: string): boolean =>
  isDeepStrictEqual(interpret(one), interpret(other));

/** Returns what the words at fault may have meant, likeliest first. Not all of them need to work. */
export function candidates(fault: Fault): readonly string[] {
  if (fault.text.length > MAX_TEXT_LENGTH) return likely(fault);
  const request = requestInSentence(fault.text);
  // Only polite words.
  if (request?.words === '') return [];
  const plainly = request === undefined ? [] : withQuantity(request.words, request.quantity);
  const name = fault.why === 'not-a-number' ? [] : asOneName(fault.text);
  if (plainly.length > 0) return plainly;
  const [first, ...others] = likely(fault);
  const filters = respelledFilters(fault.text);
  return [...filters, ...(first === undefined ? [] : [first]), ...name, ...others];
}

/** Combines words and a quantity into one search; empty when the words mean nothing. */
function withQuantity(words: string, quantity: number | undefined): readonly string[] {
  if (words === '') return [];
  const reading = interpret(words);
  const drafts =
    'fault' in reading
      ? candidates(reading.fault)
          .map(interpret)
          .flatMap((each) => ('draft' in each ? [each.draft] : []))
      : 'draft' in reading
        ? [reading.draft]
        : [];
  return drafts.map((draft) => printSearch({ ...draft, ...(quantity === undefined ? {} : { quantity }) }));
}

function likely(fault: Fault): readonly string[] {
  const { why, typed, draft } = fault;
  if (typeof why === 'object') return placeRemedies(why, fault);
  switch (why) {
    case 'nothing-typed':
      return [];
    case 'letter-for-digit':
      return letterCandidates(fault);
    case 'digits':
      return digitCandidates(fault);
    case 'not-a-number':
      return [
        fault.text,
        ...(/^\d{5}-/.test(typed) ? [typed.slice(0, 5)] : []),
        dashed(withoutNonDigits(typed).slice(0, 6)),
      ];
    case 'whole-number':
      return [typed, ...digitCandidates(fault)];
    case 'missing-value':
      return withExamples(fault, [exampleFor(fault)]);
    case 'unknown-option':
      return withExamples(fault, optionsLike(typed));
    case 'twice':
      return fault.field === undefined
        ? [printSearch(draft)]
        : [
            printSearch(draft),
            printSearch({ ...draft, criteria: { ...draft.criteria, [fault.field]: typed } }),
          ];
    case 'unclear-name': {
      const split = readCriteria(fault.text, false);
      const parted = 'draft' in split && isPlausible(split.draft) ? [printSearch(split.draft)] : [];
      // Words that parse without quotes are likelier than ones that need them.
      const isPlain = parted.every((words) => !words.includes('"'));
      const places = eachPlace(fault.text);
      return isPlain ? [...parted, ...places] : [...places, ...parted];
    }
    case 'not-understood':
      return isWildcard(typed)
        ? digitCandidates({ ...fault, typed: typed.replace(WILD_REST, '') }, typed)
        : [...tollFreeWord(typed), ...inPlace(fault, [typed.replace(/[^\p{L}\p{N}]+/gu, ''), ''])];
  }
}

/** `20679*****`: digits followed by wildcards; only the digits before them count. */
const WILD_REST = /[-./() ]*[*?#•_x].*$/iu;
const isWildcard = (typed: string): boolean =>
  typed.length <= 30 && /^[+(]*\d[\d\s().*?#•_x/-]*$/iu.test(typed) && WILD_REST.test(typed);

/** Returns places that may have been named together, one by one: `Raleigh or Durham, NC`. */
function eachPlace(text: string): readonly string[] {
  if (text.length > MAX_TEXT_LENGTH) return [];
  const pieces = text
    .split(/\s*(?:[,;/&]|(?<![\p{L}\p{N}])(?:or|and)(?![\p{L}\p{N}]))\s*/iu)
    .filter((piece) => piece !== '');
  if (pieces.filter((piece) => stateCodeOf(piece) === undefined).length < 2) return [];
  const shared = stateCodeOf(pieces.at(-1) ?? '');
  return pieces.flatMap((piece) => {
    if (stateCodeOf(piece) !== undefined) return [];
    const states = shared === undefined ? statesOfKnownCity(piece) : [shared];
    return 'draft' in interpret(piece) ? [piece] : states.map((state) => `${piece}, ${state}`);
  });
}

/** A place isn't combined with another state's area code, and its name contains no comma. */
function isPlausible({ criteria: { areaCode, state, city } }: SearchDraft): boolean {
  if (city !== undefined && (city.includes(',') || isTwoPlaces(city))) return false;
  return areaCode === undefined || state === undefined || areaCodesOf(state).includes(areaCode);
}

/** For a missing or unknown state: also the same words as one name in quotes, and only the places in them. */
function placeRemedies(problem: SearchProblem, { draft, text }: Fault): readonly string[] {
  const { code, value = '' } = problem;
  const [first, ...others] = remedies(problem, draft);
  const plain = first === undefined ? [] : [first];
  if (code !== 'unknown-state' && code !== 'state-missing') return [...plain, ...others];
  const { areaCode, city = '', rateCenter } = draft.criteria;
  const [near] = code === 'unknown-state' ? statesNear(value) : statesOfCity(rateCenter ?? city);
  const state = near ?? (areaCode === undefined ? undefined : stateOfAreaCode(areaCode));
  const isLong = rateCenter !== undefined || (/:|\p{L} +\d/u.test(text) && !/ in /i.test(text));
  const name = isLong && state !== undefined && !text.includes(',') ? asOneName(`${text}, ${state}`) : [];
  return [...eachPlace(text), ...plain, ...name, ...others];
}

/** Returns the whole text with the words at fault replaced, then the replacements alone. */
function inPlace({ text, start, typed }: Fault, words: readonly string[]): string[] {
  const before = text.slice(0, start);
  const at = text.indexOf(typed, start);
  const after = text.slice((at < 0 ? start : at) + typed.length);
  return [
    ...words.map((word) => `${before}${word}${after}`.replace(/\s+/g, ' ').trim()),
    ...words.filter((word) => word !== ''),
  ];
}

/** An option needs a criterion, so an example is added when the text has none. */
function withExamples(fault: Fault, words: readonly string[]): string[] {
  const alone = isEmpty(fault.draft.criteria)
    ? words.filter((word) => /^(?:x\d|by |protected )/.test(word))
    : [];
  return [
    ...inPlace(fault, words),
    ...EXAMPLES.flatMap((example) => alone.map((word) => `${example} ${word}`)),
  ];
}

function isEmpty(criteria: Criteria): boolean {
  return Object.keys(criteria).length === 0;
}

function optionsLike(typed: string): readonly string[] {
  if (/^protected/i.test(typed)) return ['protected none', 'protected only', 'protected mixed'];
  return /lca$/i.test(typed) ? [''] : ['by fullNumber', 'by npaNxx', 'by areaCode'];
}

function exampleFor({ field, typed }: Fault): string {
  if (field !== undefined) return criterionWords[field].typed.example;
  return /^(?:x|×|qty|quantity)/i.test(typed) ? 'x25' : '910';
}

/** `91O` as `910`; `x1O` as `x10`; `l10`, which would be 110, as the area codes near that. */
function letterCandidates(fault: Fault): readonly string[] {
  const [, keyword = '', token = ''] = /^(.*?[x×:=\s]|)(\S*)$/iu.exec(fault.typed) ?? [];
  const fixed = withDigits(token) ?? withDigits(fault.typed) ?? '';
  return inPlace(fault, [keyword + fixed, fixed, ...(/^\d{3}$/.test(fixed) ? areaCodesNear(fixed) : [])]);
}

function digitCandidates(fault: Fault, whole = fault.typed): readonly string[] {
  const all = withoutNonDigits(fault.typed);
  const digits = all.length > 3 && all.startsWith('1') ? all.slice(1) : all;
  const inText = { ...fault, typed: whole };
  if (digits.length < 3) {
    const rest = inPlace(inText, [''])[0] ?? '';
    // One digit is too little to guess an area code from.
    const codes = rest === '' && digits.length === 2 ? areaCodesFrom(digits).slice(0, MAX_SUGGESTIONS) : [];
    return [
      ...(whole === fault.typed && rest.length <= MAX_REST_LENGTH ? withQuantity(rest, Number(digits)) : []),
      ...inPlace(inText, codes),
      ...(whole !== fault.typed && digits.startsWith('8') ? [`tollfree ${digits.padEnd(2, '*')}*`] : []),
      ...inKnownState(fault),
    ];
  }
  const zip =
    digits.length === 9 && whole === fault.typed ? [`${digits.slice(0, 5)}-${digits.slice(5)}`] : [];
  const lengths = [7, 6, 3].filter((length) => length <= digits.length);
  return inPlace(inText, [...lengths.slice(0, 2).map((length) => dashed(digits.slice(0, length))), ...zip]);
}

/** `QUEENS 8`, without its state, as one name. */
function inKnownState({ text, draft }: Fault): readonly string[] {
  const { city, rateCenter, state } = draft.criteria;
  if (state !== undefined || !/\p{L} +\d+$/u.test(text)) return [];
  return statesOfCity(city ?? rateCenter ?? '').flatMap((known) => asOneName(`${text}, ${known}`));
}

/** `800-FLOWERS`. */
function tollFreeWord(typed: string): readonly string[] {
  const [, npa, vanity] = /^(?:\+?1)?[-.(]*(8\d\d)[-.)]*([a-z]{4,7})/i.exec(typed) ?? [];
  return vanity !== undefined && npa !== undefined && isTollFreePrefix(npa)
    ? [`tollfree vanity ${vanity.toUpperCase()}`]
    : [];
}

/** Returns why this draft, which can be searched for, can't be ordered. */
export function orderProblems(draft: SearchDraft): readonly SearchProblem[] {
  const search = checkSearch(draft);
  return 'kind' in search ? searchAndOrderProblems(search) : search;
}
