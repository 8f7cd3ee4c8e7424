import { isDeepStrictEqual } from 'node:util';
import { areaCodesOf } from '../orders/area-codes.js';
import {
  type Criteria,
  type Criterion,
  checkSearch,
  isTollFreePrefix,
  type OrderBy,
  type ProtectedChoice,
  type SearchDraft,
} from '../orders/search.js';
import { isKnownCity } from './cities.js';
import type { Fault, Reading } from './search-reading.js';
import { withDigits } from './typed-digits.js';
import { isStateCode, type Place, placeOf, STATE, stateOf } from './typed-places.js';
import { belongsToName, stateAfter } from './whole-names.js';

/**
 * The grammar of what people type after `/numbers search` and `/numbers order`.
 *
 * Words are read from left to right and every one of them must mean something: a rule that matches takes its words, and
 * words that no rule takes are a place (`Raleigh, NC`) or a fault. Nothing is skipped but commas and `in`, `with` …
 *
 * Where what is typed may as well be one name (`City View, SC`, `Lake rc Town, NC`), nothing is guessed: the person is
 * asked, and a name in quotes is taken literally. `rc`, `x5` and `tollfree` at the front are always ours.
 */

type Given = { -readonly [F in keyof Criteria]?: Exclude<Criteria[F], undefined> };
type Draft = {
  criteria: Given;
  quantity?: number;
  lca?: boolean;
  orderBy?: OrderBy;
  protected?: ProtectedChoice;
};

/** A word ends here: no letter, digit, star or # follows, nor more of the same number (`800-FLOWERS`). */
const END = String.raw`(?![\p{L}\p{N}*#]|[-./][\p{L}\d])`;
const VALUE = String.raw`(?:\s*[:=]?\s*([^\s,;]+))?`;

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
const RATE_CENTER = String.raw`(?:rc|rate\s*cent(?:er|re))`;
const PREFIX_NAME = String.raw`(?:area\s*code|npa(?:-?nxx(?:-?x)?)?|prefix)`;

const patterns = new Map<string, RegExp>();

/** Words that end a place: what they begin is something else. */
const stop = sticky(
  String.raw`(?:x\s*\d+|protected|(?:no\s+)?lca|${BY}\s+${ORDERING}|(?:order|sort)(?:ed)?\s+by|ending|ends\s*in|` +
    String.raw`${TOLL_FREE}|vanity|zip(?:\s*code)?|lata|${RATE_CENTER}|state\s+${STATE}|${PREFIX_NAME})${END}`,
);

/** Between two things asked for, `or` is no state; nor is `OR` before another area code. */
const OR = String.raw`(?<=[^\s,;][\s,;]+)(?:[Oo]r(?=[\s,;]+[^\s,;])(?![\s,;]+(?:x\s*\d|by|protected|lca|no)(?![\p{L}\p{N}]))|OR(?=[\s,;]+\d{3}(?!\d)))`;
/** A single `number` before a name is a part of it: there is a Number Nine in Arkansas. */
const NUMBERS = String.raw`[Nn]umbers|[Nn]umber(?![\s,;]+(?!(?:in|from|with|for|and)(?![\p{L}\p{N}]))\p{L})`;
const filler = new RegExp(
  String.raw`(?:[\s,;]+|(?:[Ii]n(?=[\s,;]+[^\s,;])|[Ff]rom|[Ww]ith|[Aa]nd|[Ff]or|&|${NUMBERS}|${OR})(?=[\s,;]|$))+`,
  'uy',
);

const word = sticky(String.raw`(?:[\p{L}'](?:[\p{L}\p{M}\p{N}.'!&()/+#-]|:(?=[\p{L}\p{N}]))*|[&/](?=\s))`);
/** As far as a state is looked for behind the first word of a name, and in how long a text anything is asked. */
const LONGEST = 100;
const LONGEST_TEXT = 300;
/** One piece of a name that is more than words. */
const piece = /[^\s,;]+/gu;
const quoted = sticky('"([^"]*)"');
const anything = sticky(String.raw`[^\s,;]+`);

/** Each is made once: reading a command would else take ten milliseconds, for which everybody waits. */
function sticky(pattern: string): RegExp {
  const made = patterns.get(pattern) ?? new RegExp(pattern, 'iyu');
  patterns.set(pattern, made);
  return made;
}

interface Rule {
  readonly pattern: RegExp;
  /** Answers what is wrong, if anything. */
  readonly read: (found: readonly (string | undefined)[]) => Complaint | undefined;
}

type Complaint = Pick<Fault, 'why'> & Partial<Pick<Fault, 'typed' | 'field'>>;

/**
 * Never throws.
 *
 * @param asks whether words that may as well be one name are a fault; else they are read as criteria.
 */
export function readCriteria(text: string, asks = true): Reading {
  const draft: Draft = { criteria: {} };
  const { criteria } = draft;
  let tollFree = false;
  let at = 0;

  const give = (field: Exclude<Criterion, 'endsIn'>, value: string): Complaint | undefined => {
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

  /** Consecutive words that no option or keyword begins, with the commas between them. */
  const takeWords = (): string => {
    const start = at;
    let end = at;
    while (end === start || !sees(stop)) {
      if (take(word) === undefined) break;
      end = at;
      take(/[\s,;]+/y);
    }
    const words = text.slice(start, end);
    const more = sees(/[\d"*]/y) || (sees(stop) && !sees(options));
    at = end;
    return more ? words.replace(/ (?:[Ii]n|or|and|&|\/)$/, '') : words;
  };

  const givePlace = (place: Place, field: 'city' | 'rateCenter'): Complaint | undefined => {
    const { name, state, unknownState } = place;
    // `NC, SC`: nobody means a city called NC.
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

  /** A name that goes on behind its plain words, up to a state: `QUEENS 8, NY`. */
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

  /** `200 Mile House, BC`: an area code that isn't one of the state's may be a part of the name behind it. */
  const isUnclearBefore = (start: number): boolean => {
    const [, areaCode] = /(?:^|[\s,;])(\d{3}) +$/u.exec(text.slice(0, start)) ?? [];
    const { state } = criteria;
    if (!asks || areaCode === undefined || areaCode !== criteria.areaCode) return false;
    if (criteria.city === undefined || state === undefined) return false;
    return !areaCodesOf(state).includes(areaCode);
  };

  const rules: readonly Rule[] = [
    {
      pattern: sticky(String.raw`(?:[x×]|(?:quantity|qty)\s*[:=]?)\s*([-+]?\d[^\s,;]*)${END}`),
      read: ([, value = '']) => {
        if (!/^\d+$/.test(value)) {
          return withDigits(value) === undefined
            ? { why: { field: 'quantity', code: 'bad-quantity', value } }
            : { why: 'letter-for-digit' };
        }
        if (draft.quantity !== undefined && draft.quantity !== Number(value))
          return { why: 'not-understood' };
        draft.quantity = Number(value);
        return undefined;
      },
    },
    { pattern: sticky(`(?:[x×]|quantity|qty)${END}`), read: () => ({ why: 'missing-value' }) },
    {
      pattern: sticky(`protected${END}${VALUE}`),
      read: ([, value = '']) => {
        const choice = protectedNames.get(value.toLowerCase());
        if (choice === undefined || (draft.protected ?? choice) !== choice) return { why: 'unknown-option' };
        draft.protected = choice;
        return undefined;
      },
    },
    {
      pattern: sticky(String.raw`${BY}${END}\s+(${ORDERING})${END}`),
      read: ([, value = '']) => {
        const by = orderingNames.get(value.toLowerCase().replace(/[\s-]/g, ''));
        if (by === undefined || (draft.orderBy ?? by) !== by) return { why: 'unknown-option' };
        draft.orderBy = by;
        return undefined;
      },
    },
    { pattern: sticky(`${BY}${END}${VALUE}`), read: () => ({ why: 'unknown-option' }) },
    {
      pattern: sticky(String.raw`(no\s+)?lca${END}`),
      read: ([, no]) => {
        const wide = no === undefined;
        if ((draft.lca ?? wide) !== wide) return { why: 'unknown-option' };
        draft.lca = wide;
        return undefined;
      },
    },
    {
      pattern: sticky(String.raw`(?:ending|ends\s*in)${END}`),
      read: () => {
        criteria.endsIn = true;
        return undefined;
      },
    },
    {
      pattern: sticky(`${TOLL_FREE}${END}`),
      read: () => {
        tollFree = true;
        return undefined;
      },
    },
    {
      pattern: sticky(
        String.raw`vanity${END}(?!\s+(?:in|ending|ends\s*in)(?:[\s,;]|$))(?:\s+"?([^\s,;"]+)"?)?`,
      ),
      read: ([, value]) => {
        if (value === undefined) return { why: 'missing-value' };
        if (asks && /^\p{L}+$/u.test(value) && sees(stateNext)) return { why: 'unclear-name' };
        return give('localVanity', value);
      },
    },
    { pattern: sticky(`vanity${END}`), read: () => ({ why: 'missing-value' }) },
    {
      pattern: sticky(String.raw`zip(?:\s*code)?${END}${VALUE}`),
      read: ([, value]) => {
        if (value === undefined) return { why: 'missing-value' };
        if (withDigits(value) !== undefined) return { why: 'letter-for-digit' };
        return give('zip', value.replace(/^(\d{5})(\d{4})$/, '$1-$2'));
      },
    },
    {
      pattern: sticky(`lata${END}${VALUE}`),
      read: ([, value]) => {
        if (value === undefined) return { why: 'missing-value' };
        return withDigits(value) === undefined ? give('lata', value) : { why: 'letter-for-digit' };
      },
    },
    {
      pattern: sticky(String.raw`state\s*[:=]?\s*(?:of\s+)?(${STATE})${END}`),
      read: ([, value = '']) => give('state', stateOf(value) ?? value),
    },
    {
      pattern: sticky(String.raw`state\s*[:=]?\s*(\p{L}{2})${END}`),
      read: ([, value = '']) => ({
        why: { field: 'state', code: 'unknown-state', value: value.toUpperCase() },
        typed: value,
      }),
    },
    { pattern: sticky(String.raw`${RATE_CENTER}${END}\s*[:=]?\s*`), read: () => readPlace('rateCenter') },
    {
      pattern: sticky(String.raw`city${END}(?!\s*of\b)\s*([:=]?)\s*`),
      read: ([, sign]) => {
        const isKeyword = sign !== '' || criteria.rateCenter !== undefined || sees(quoted);
        const complaint = readPlace('city');
        // City View, South Carolina; but a known city is certainly what was meant.
        const isClear = isKeyword || criteria.city === undefined || isKnownCity(criteria.city);
        return complaint === undefined && asks && !isClear ? { why: 'unclear-name' } : complaint;
      },
    },
    {
      pattern: sticky(String.raw`${PREFIX_NAME}${END}\s*[:=]?`),
      read: () => (sees(/\s*[+(]*\d/y) ? undefined : { why: 'missing-value' }),
    },
    {
      pattern: sticky(String.raw`([\d][\dx*]{2})(?<=[x*])${END}`),
      read: ([pattern = '']) => give('tollFreeWildCardPattern', pattern.toLowerCase().replaceAll('x', '*')),
    },
    {
      pattern: sticky(String.raw`(?:\+?1[-.\s/]*)?\(?\d{3}\)?[-.\s/]*\d{3}[-.\s/]*\d{4}${END}`),
      read: () => ({ why: 'whole-number' }),
    },
    {
      pattern: sticky(
        String.raw`(?:\+1[-.\s/]*|1[-.\s/]+)?\(?(\d{3})\)?(?:[-.\s/]*(\d{3})(?:[-.\s/]*(\d))?)?${END}`,
      ),
      read: ([, npa = '', nxx, x]) => {
        if (nxx === undefined) {
          return isTollFreePrefix(npa) ? give('tollFreeWildCardPattern', npa) : give('areaCode', npa);
        }
        return x === undefined ? give('npaNxx', npa + nxx) : give('npaNxxx', npa + nxx + x);
      },
    },
    { pattern: sticky(String.raw`\d{5}(?:-\d{4})?${END}`), read: ([zip = '']) => give('zip', zip) },
    {
      // `l10`, `O10`: digits and the letters mistaken for them, in their own case.
      pattern: /(?=[\dOoIlSBZ.()/-]+(?:[\s,;]|$))(?=[^\s,;]*\d)[^\s,;]+/uy,
      read: ([token = '']) => ({ why: withDigits(token) === undefined ? 'digits' : 'letter-for-digit' }),
    },
    {
      pattern: /[+(]*\d[^\s,;]*/uy,
      read: ([token = '']) => ({ why: /^[\d+().\-/]+$/.test(token) ? 'digits' : 'not-understood' }),
    },
    { pattern: sticky(String.raw`(?=["'\p{L}])`), read: () => undefined },
  ];

  const fault = (complaint: Complaint, start: number): Reading => ({
    fault: {
      typed: text.slice(start, at).trim(),
      text,
      start,
      draft: settled(draft, tollFree),
      ...complaint,
    },
  });

  for (take(filler); at < text.length; take(filler)) {
    const start = at;
    const rule = rules.find(({ pattern }) => sees(pattern));
    let complaint: Complaint | undefined;
    if (rule === undefined) {
      take(anything);
      complaint = { why: 'not-understood' };
    } else {
      const found = take(rule.pattern);
      // The last rule takes nothing itself: whatever begins like a name is a place.
      complaint = found === undefined ? readPlace('city') : rule.read([...found]);
      if (found === undefined && complaint === undefined && isUnclearBefore(start)) {
        complaint = { why: 'unclear-name', typed: `${criteria.areaCode} ${text.slice(start, at)}` };
      }
      if (at === start) {
        take(anything);
        complaint = { why: 'not-understood' };
      }
    }
    if (complaint !== undefined) return fault(complaint, start);
  }

  const asked = settled(draft, tollFree);
  if (isDeepStrictEqual(asked, { criteria: {} })) return fault({ why: 'nothing-typed' }, 0);
  const checked = checkSearch(asked);
  if (!('kind' in checked)) {
    const [problem = { field: 'areaCode', code: 'nothing-to-search' } as const] = checked;
    return { fault: { why: problem, typed: problem.value ?? text, text, start: 0, draft: asked } };
  }
  return { draft: { ...asked, criteria: checked.criteria } };
}

/** A state right behind a word, without the `in` that would part them. */
const stateNext = sticky(String.raw`[\s,;]+(?!in[\s,;]+[^\s,;])${STATE}(?:[\s,;]|$)`);
const isPlainWord = (token: string): boolean =>
  /^[\p{L}'&/][\p{L}\p{M}\p{N}.'&():/+#-]*$/u.test(token) && !startsWith(stop, token);

function startsWith(pattern: RegExp, token: string): boolean {
  pattern.lastIndex = 0;
  return pattern.test(token);
}

const options = sticky(String.raw`(?:x\s*\d|protected|(?:no\s+)?lca|${BY}\s)`);

/** `tollfree` may stand before or after what it belongs to, so it is understood at the end. */
function settled(draft: Draft, tollFree: boolean): SearchDraft {
  if (!tollFree) return draft;
  const { localVanity, areaCode, ...criteria } = draft.criteria;
  const given: Given = { ...criteria };
  if (areaCode !== undefined) given.tollFreeWildCardPattern ??= areaCode;
  if (localVanity !== undefined) given.tollFreeVanity = localVanity;
  else given.tollFreeWildCardPattern ??= '8**';
  return { ...draft, criteria: given };
}
