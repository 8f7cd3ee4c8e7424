import { isDeepStrictEqual } from 'node:util';
import { distance } from 'fastest-levenshtein';
import { areaCodesFrom, areaCodesOf, stateOf as stateOfAreaCode } from '../../orders/domain/area-codes.js';
import {
  type Criteria,
  checkSearch,
  isMalformed,
  isTollFreePrefix,
  MAX_QUANTITY,
  type SearchDraft,
  type SearchProblem,
  searchAndOrderProblems,
  states,
} from '../../orders/domain/search.js';
import type { Mend } from '../criteria/criterion.js';
import { criterionWords } from '../criteria/table.js';
import { knownCitiesNear, statesOfKnownCity } from './cities.js';
import { gistOf } from './gist.js';
import { areaCodesNear, statesNear } from './near-misses.js';
import { printSearch, spellOut } from './print-search.js';
import { readCriteria } from './search-criteria.js';
import { interpret } from './search-grammar.js';
import type { Fault } from './search-reading.js';
import { dashed, digitsOf, withDigits } from './typed-digits.js';
import { isTwoPlaces, searchesInCountry, stateOf } from './typed-places.js';
import { asTyped } from './typed-text.js';
import { asOneName } from './whole-names.js';

/** One to three alternatives that work after the same verb, likeliest first; not escaped. */
export type Suggestions = readonly [string, ...string[]];

/** Whether these words work after the verb. */
export type Works = (words: string) => boolean;

export const readsAsSearch: Works = (words) => {
  const reading = interpret(words);
  return 'draft' in reading && !asksInASentence(words, reading.draft);
};

/** `get NC` isn't a city called Get, but Show Low is one in Arizona. */
export function asksInASentence(text: string, draft: SearchDraft): boolean {
  if (draft.criteria.city === undefined) return false;
  const gist = gistOf(asTyped(text));
  const meant = gist === undefined ? undefined : interpret(gist.words);
  return meant !== undefined && 'draft' in meant && meant.draft.criteria.city === undefined;
}

export const readsAsOrder: Works = (words) => {
  const reading = interpret(words);
  if ('draft' in reading) return orderProblems(reading.draft).length === 0;
  return 'numbers' in reading;
};

const EXAMPLES = ['910', 'Raleigh, NC'] as const;
const MOST_SUGGESTIONS = 3;
/** A longer suggestion would be hard to read. */
const LONGEST_TEXT = 300;

/** Keeps only suggestions that really work. */
export function working(guesses: readonly string[], works: Works): Suggestions {
  const good: string[] = [];
  for (const words of new Set(guesses)) {
    if (good.length < MOST_SUGGESTIONS && words.length <= 200 && works(words)) {
      if (!good.some((other) => meansTheSame(other, words))) good.push(words);
    }
  }
  const [first = EXAMPLES[0], ...more] = good.length > 0 ? good : EXAMPLES;
  return [first, ...more.slice(0, MOST_SUGGESTIONS - 1)];
}

const meansTheSame = (one: string, other: string): boolean =>
  isDeepStrictEqual(interpret(one), interpret(other));

/** Returns what the words at fault may have meant, likeliest first. Not all of them need to work. */
export function candidates(fault: Fault): readonly string[] {
  if (fault.text.length > LONGEST_TEXT) return likely(fault);
  const gist = gistOf(fault.text);
  // Only polite words.
  if (gist?.words === '') return [];
  const plainly = gist === undefined ? [] : withQuantity(gist.words, gist.quantity);
  const name = fault.why === 'not-a-number' ? [] : asOneName(fault.text);
  if (plainly.length > 0) return plainly;
  const [first, ...others] = likely(fault);
  return [...(first === undefined ? [] : [first]), ...name, ...others];
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
        dashed(digitsOf(typed).slice(0, 6)),
      ];
    case 'whole-number':
      return [typed, ...digitCandidates(fault)];
    case 'missing-value':
      return withExamples(fault, [exampleFor(fault)]);
    case 'unknown-option':
      return withExamples(fault, optionsLike(typed));
    case 'twice':
      return fault.field === undefined
        ? []
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
  if (text.length > LONGEST_TEXT) return [];
  const pieces = text
    .split(/\s*(?:[,;/&]|(?<![\p{L}\p{N}])(?:or|and)(?![\p{L}\p{N}]))\s*/iu)
    .filter((piece) => piece !== '');
  if (pieces.filter((piece) => stateOf(piece) === undefined).length < 2) return [];
  const shared = stateOf(pieces.at(-1) ?? '');
  return pieces.flatMap((piece) => {
    if (stateOf(piece) !== undefined) return [];
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
  const all = digitsOf(fault.typed);
  const digits = all.length > 3 && all.startsWith('1') ? all.slice(1) : all;
  const inText = { ...fault, typed: whole };
  if (digits.length < 3) {
    const rest = inPlace(inText, [''])[0] ?? '';
    // One digit is too little to guess an area code from.
    const codes = rest === '' && digits.length === 2 ? areaCodesFrom(digits).slice(0, MOST_SUGGESTIONS) : [];
    return [
      ...(whole === fault.typed ? withQuantity(rest, Number(digits)) : []),
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

function remedies(problem: SearchProblem, draft: SearchDraft): readonly string[] {
  const instead: Mend['instead'] = (change) =>
    spellOut({ ...draft, criteria: givenOnly({ ...draft.criteria, ...change }) }, false);
  if (isMalformed(problem)) {
    const { field, value = '' } = problem;
    return criterionWords[field].remedies(value, { criteria: draft.criteria, instead });
  }
  const { field, code, value = '', other } = problem;
  const without = (...fields: readonly (string | undefined)[]) =>
    spellOut(
      {
        ...Object.fromEntries(Object.entries(draft).filter(([key]) => !fields.includes(key))),
        criteria: Object.fromEntries(Object.entries(draft.criteria).filter(([key]) => !fields.includes(key))),
      },
      false,
    );
  switch (code) {
    case 'nothing-to-search':
      return [instead({ areaCode: '910' }), instead({ city: 'Raleigh', state: 'NC' })];
    case 'toll-free-area-code':
      return [`tollfree ${value.slice(0, 3)}`];
    case 'state-missing':
      return withState(draft, instead);
    case 'bad-quantity': {
      const quantity = Number(value) > MAX_QUANTITY ? MAX_QUANTITY : 1;
      return [spellOut({ ...draft, quantity }, false)];
    }
    case 'does-not-combine':
      return [
        ...tollFreeInstead(draft),
        without(field, 'endsIn'),
        without(other, 'endsIn'),
        without(field),
        without(other),
      ];
    case 'option-not-here':
    case 'not-in-an-order':
      return [without(field)];
    case 'area-code-missing':
      return [
        spellOut({ ...draft, criteria: { ...onlyVanity(draft.criteria), areaCode: '910' } }, false),
        ...(draft.criteria.localVanity === undefined
          ? []
          : [`tollfree vanity ${draft.criteria.localVanity}`]),
      ];
  }
}

function onlyVanity({ localVanity, endsIn }: Criteria): Criteria {
  return {
    ...(localVanity === undefined ? {} : { localVanity }),
    ...(endsIn === undefined ? {} : { endsIn }),
  };
}

/** `tollfree NEWCARS` and `vanity PIZZA in 833` both mean a toll-free vanity number. */
function tollFreeInstead({ criteria }: SearchDraft): readonly string[] {
  const vanity = criteria.tollFreeVanity ?? criteria.localVanity ?? criteria.city;
  const tollFree = criteria.tollFreeVanity ?? criteria.tollFreeWildCardPattern;
  return vanity === undefined || tollFree === undefined || vanity.length > 7
    ? []
    : [`tollfree vanity ${vanity.toUpperCase()}`];
}

function givenOnly(criteria: { readonly [F in keyof Criteria]?: Criteria[F] | undefined }): Criteria {
  return Object.fromEntries(Object.entries(criteria).filter(([, value]) => value !== undefined));
}

function withState(draft: SearchDraft, instead: Mend['instead']): readonly string[] {
  const { city, rateCenter } = draft.criteria;
  const name = city ?? rateCenter ?? '';
  const misspelt = city === undefined ? [] : keywordsNear(draft, city);
  if (misspelt.length > 0) return misspelt;
  const swapped = stateFirst(name);
  if (swapped !== undefined) return [instead(swapped)];
  const inCountry = searchesInCountry(name);
  if (inCountry !== undefined) return inCountry;
  const known = statesOfCity(name);
  if (known.length > 0) return known.map((state) => instead({ state }));
  const near = knownCitiesNear(name).map((each) => instead({ city: each.name, state: each.state }));
  if (near.length > 0 && city !== undefined) return near;
  // Any other name may be in any state, unless there is an area code.
  const { areaCode } = draft.criteria;
  const state = areaCode === undefined ? undefined : stateOfAreaCode(areaCode);
  const cities = state === undefined ? [] : [instead({ state })];
  const isWord = /^[a-z0-9]{4,7}$/i.test(name) && city !== undefined;
  const asVanity = isWord && name === name.toUpperCase() ? vanityInstead(draft, name) : [];
  return cities.length + asVanity.length === 0 ? ['Raleigh, NC'] : [...asVanity, ...cities];
}

function vanityInstead(draft: SearchDraft, name: string): readonly string[] {
  const { city: _, ...criteria } = draft.criteria;
  return [spellOut({ ...draft, criteria: { ...criteria, localVanity: name.toUpperCase() } }, false)];
}

/** `NC Raleigh`; not `La Crosse`, `De Soto`, `Mt Vernon` … */
function stateFirst(name: string): { state: string; city: string } | undefined {
  const [first = '', ...rest] = name.split(' ');
  const state = first.length === 2 && !/^(?:la|de|al|mt|me|co)$/i.test(first) ? stateOf(first) : undefined;
  return state === undefined || rest.length === 0 ? undefined : { state, city: rest.join(' ') };
}

/** Returns the states a well-known city may be in, or the one its name starts with (Virginia Beach). */
function statesOfCity(name: string): readonly string[] {
  const known = statesOfKnownCity(name);
  if (known.length > 0) return known;
  return Object.entries(states)
    .filter(([, state]) => name.toLowerCase().startsWith(`${state.toLowerCase()} `))
    .map(([code]) => code);
}

const keywords = [
  'tollfree',
  ...Object.values(criterionWords).flatMap(({ typed }) => typed.word ?? []),
  'protected',
  'ending',
];

/** `vanty PIZZA`, `Nort Carolina`, `tolfree`: probably a keyword or a state. */
function keywordsNear(draft: SearchDraft, name: string): readonly string[] {
  const { city: _, ...criteria } = draft.criteria;
  const rest = spellOut({ ...draft, criteria }, false);
  const [first = '', ...more] = name.split(' ');
  const near = (word: string, meant: string) =>
    word.length > 2 && distance(word.toLowerCase(), meant.toLowerCase()) <= (meant.length > 5 ? 2 : 1);
  return [
    ...Object.entries(states)
      .filter(([, state]) => near(name, state))
      .map(([code]) => [rest, code]),
    ...keywords.filter((keyword) => near(first, keyword)).map((keyword) => [keyword, ...more, rest]),
  ].map((words) => words.filter((word) => word !== '').join(' '));
}

/** Returns why this draft, which can be searched for, can't be ordered. */
export function orderProblems(draft: SearchDraft): readonly SearchProblem[] {
  const search = checkSearch(draft);
  return 'kind' in search ? searchAndOrderProblems(search) : search;
}
