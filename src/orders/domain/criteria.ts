import { areaCodesOf, stateOf } from './area-codes.js';
import { plainSpelling } from './plain-text.js';
import stateNames from './states.json' with { type: 'json' };

/**
 * What numbers can be searched by: one row for each criterion.
 *
 * A new criterion takes four steps, and the compiler asks for each:
 * 1. here, its name in {@link criterionNames} and its row in {@link criterionRules}: what Bandwidth allows;
 * 2. in `slack/criteria/`, a file of its own: how people type, read and fill it in;
 * 3. in `bandwidth/criteria.ts`, its row: its query parameter and its XML;
 * 4. in `test/criteria.test.ts`, one example, which is then typed, printed, queried, ordered and submitted in the form.
 *
 * The rules come from the parameter table of the guide "Search and Order Phone Numbers by Polling" and from the
 * combination table of GET /accounts/{accountId}/availableNumbers.
 */

/** By Bandwidth's query parameters, in the order in which queries, orders and sentences name them. */
export const criterionNames = [
  'areaCode',
  'npaNxx',
  'npaNxxx',
  'rateCenter',
  'city',
  'state',
  'zip',
  'lata',
  'localVanity',
  'tollFreeVanity',
  'tollFreeWildCardPattern',
] as const;

export type Criterion = (typeof criterionNames)[number];

export interface Criteria extends Readonly<Partial<Record<Criterion, string>>> {
  readonly endsIn?: boolean;
}

/** Why a value is refused, whatever stands beside it. */
export type MalformedCode =
  | 'bad-area-code'
  | 'bad-npa-nxx'
  | 'bad-npa-nxxx'
  | 'unknown-state'
  | 'bad-zip'
  | 'bad-lata'
  | 'bad-vanity'
  | 'bad-toll-free-pattern'
  | 'bad-text';

/** Which options a kind of search takes besides its criteria. */
export interface KindRules {
  readonly orderBy: boolean;
  readonly lca: boolean;
  readonly protected: boolean;
  readonly detail: boolean;
  readonly endsIn: boolean;
}

export interface CriterionRules {
  /** One prefix and any places combine with each other. A vanity word and toll-free stand alone but for `beside`. */
  readonly role: 'prefix' | 'place' | 'vanity' | 'toll-free';
  readonly beside?: readonly Criterion[];
  /** Not a place without its state. */
  readonly needsState?: true;
  /** An order takes it only together with this one, and with nothing else. */
  readonly orderedWithin?: 'areaCode';
  readonly fits: (value: string) => boolean;
  /** Said of a value that doesn't fit. */
  readonly malformed: MalformedCode;
  /** Spells the value as Bandwidth does; left out, it stays as it was given. */
  readonly tidied?: (value: string) => string;
  readonly takes: KindRules;
  /** May Bandwidth be asked to keep looking for it? */
  readonly backOrder: boolean;
  /** Where several criteria combined found nothing, the one with the highest is the first to try alone. */
  readonly narrowness?: number;
  /** What else may be searched for where this found nothing, nearest first. Bandwidth need not accept all of it. */
  readonly wider: (value: string, criteria: Criteria) => readonly Criteria[];
}

/** States, territories and Canadian provinces that share the North American numbering plan with Bandwidth's inventory. */
export const states: Readonly<Record<string, string>> = stateNames;

export const local: KindRules = { orderBy: false, lca: false, protected: true, detail: true, endsIn: false };
const tollFree: KindRules = { ...local, orderBy: true, protected: false, detail: false };

const capitals = (text: string): string => plainSpelling(text.toUpperCase());
const singleSpaced = (text: string): string => plainSpelling(text).replace(/\s+/gu, ' ').trim();
const isVanityWord = (value: string): boolean => /^[a-z0-9]{4,7}$/i.test(value);

/** `backOrder` by error 5522: "Backorders are not compatible with Specific TN, NPANXX, NPANXXX, TollFree Vanity or Local Vanity orders" */
export const criterionRules: Readonly<Record<Criterion, CriterionRules>> = {
  areaCode: {
    role: 'prefix',
    fits: isAreaCode,
    malformed: 'bad-area-code',
    takes: local,
    backOrder: true,
    narrowness: 6,
    wider: widerPrefixes,
  },
  npaNxx: {
    role: 'prefix',
    fits: (value) => /^[2-9]\d\d[2-9]\d\d$/.test(value),
    malformed: 'bad-npa-nxx',
    takes: { ...local, orderBy: true, lca: true },
    backOrder: false,
    narrowness: 7,
    wider: widerPrefixes,
  },
  npaNxxx: {
    role: 'prefix',
    fits: (value) => /^[2-9]\d\d[2-9]\d{3}$/.test(value),
    malformed: 'bad-npa-nxxx',
    takes: { ...local, orderBy: true, lca: true },
    backOrder: false,
    narrowness: 8,
    wider: widerPrefixes,
  },
  rateCenter: {
    role: 'place',
    needsState: true,
    fits: isPlaceName,
    malformed: 'bad-text',
    tidied: (text) => capitals(singleSpaced(text)),
    takes: { ...local, orderBy: true, lca: true },
    backOrder: true,
    narrowness: 4,
    wider: inItsState,
  },
  city: {
    role: 'place',
    needsState: true,
    fits: isPlaceName,
    malformed: 'bad-text',
    tidied: singleSpaced,
    takes: { ...local, orderBy: true },
    backOrder: true,
    narrowness: 3,
    wider: inItsState,
  },
  state: {
    role: 'place',
    fits: (value) => Object.hasOwn(states, value),
    malformed: 'unknown-state',
    tidied: capitals,
    takes: local,
    backOrder: true,
    narrowness: 1,
    wider: nowhere,
  },
  zip: {
    role: 'place',
    fits: (value) => /^\d{5}(?:-\d{4})?$/.test(value),
    malformed: 'bad-zip',
    takes: { ...local, orderBy: true },
    backOrder: true,
    narrowness: 5,
    // Which state a ZIP code or a LATA lies in we do not know.
    wider: nowhere,
  },
  lata: {
    role: 'place',
    fits: (value) => /^\d{1,5}$/.test(value),
    malformed: 'bad-lata',
    takes: local,
    backOrder: true,
    narrowness: 2,
    wider: nowhere,
  },
  localVanity: {
    role: 'vanity',
    beside: ['areaCode', 'state'],
    orderedWithin: 'areaCode',
    fits: isVanityWord,
    malformed: 'bad-vanity',
    tidied: capitals,
    takes: { ...local, endsIn: true },
    backOrder: false,
    wider: widerVanity,
  },
  tollFreeVanity: {
    role: 'toll-free',
    fits: isVanityWord,
    malformed: 'bad-vanity',
    tidied: capitals,
    takes: tollFree,
    backOrder: false,
    wider: () => [{ tollFreeWildCardPattern: '8**' }],
  },
  tollFreeWildCardPattern: {
    role: 'toll-free',
    // `8**`, `83*`, or one prefix: 804 fits Bandwidth's pattern too, but is Virginia.
    fits: (value) => /^8[\d*]\*$/.test(value) || isTollFreePrefix(value),
    malformed: 'bad-toll-free-pattern',
    takes: tollFree,
    backOrder: true,
    wider: (value) => [
      { tollFreeWildCardPattern: `${value.slice(0, 2)}*` },
      { tollFreeWildCardPattern: '8**' },
    ],
  },
};

export function isCriterion(field: string): field is Criterion {
  return Object.hasOwn(criterionRules, field);
}

/** Whether nothing combines with it, but for what may stand beside it. */
export function standsAlone(name: Criterion): boolean {
  const { role } = criterionRules[name];
  return role === 'vanity' || role === 'toll-free';
}

/** Those that a search names, in the order of {@link criterionNames}. */
export function givenCriteria(criteria: Criteria): readonly Criterion[] {
  return criterionNames.filter((name) => criteria[name] !== undefined);
}

/** 5002's rules: 2–9 first, not N11, second digit not 9, not 37x nor 96x. */
export function isAreaCode(text: string): boolean {
  return /^[2-9]\d\d$/.test(text) && !/^\d11$/.test(text) && !/^(?:\d9\d|37\d|96\d)$/.test(text);
}

export function isTollFreePrefix(text: string): boolean {
  return /^8(?:00|33|44|55|66|77|88)$/.test(text);
}

/** `COMPTON:GARDENA DA`, `Town 'n' Country`, `29 Palms`. No quotation marks, so that any name can stand in quotes. */
export function isPlaceName(value: string): boolean {
  // `Raleigh, NC` in a form's field for the city is a name and its state.
  const [, last = ''] = /,\s*(\p{L}{2})$/u.exec(value) ?? [];
  if (Object.hasOwn(states, last.toUpperCase())) return false;
  return value.length <= 60 && /^[\p{L}\p{N}'][\p{L}\p{M}\p{N} .,:'!&()/+#-]*$/u.test(value);
}

function nowhere(): Criteria[] {
  return [];
}

function inItsState(_: string, { state }: Criteria): Criteria[] {
  return state === undefined ? [] : [{ state }];
}

/** One digit group less, then the area codes of the same state, then all of it. */
function widerPrefixes(prefix: string): Criteria[] {
  const area = prefix.slice(0, 3);
  const state = stateOf(area);
  return [
    ...(prefix.length > 6 ? [{ npaNxx: prefix.slice(0, 6) }] : []),
    ...(prefix.length > 3 ? [{ areaCode: area }] : []),
    ...(state === undefined ? [] : [{ state }, ...neighbours(area, state)]),
  ];
}

/** The state's other area codes, the next higher ones first. */
function neighbours(areaCode: string, state: string): Criteria[] {
  const codes = areaCodesOf(state).filter((code) => code !== areaCode);
  const higher = codes.filter((code) => code > areaCode);
  const lower = codes.filter((code) => code < areaCode);
  return [...higher, ...lower].map((code) => ({ areaCode: code }));
}

function widerVanity(localVanity: string, { endsIn, areaCode, state }: Criteria): Criteria[] {
  const place = {
    ...(areaCode === undefined ? {} : { areaCode }),
    ...(state === undefined ? {} : { state }),
  };
  const home = areaCode === undefined ? undefined : stateOf(areaCode);
  return [
    ...(endsIn === true ? [{ localVanity, ...place }] : []),
    ...(home === undefined ? [] : [{ localVanity, state: home }]),
    { localVanity },
    ...(localVanity.length > 4 ? [{ localVanity: localVanity.slice(0, -1), ...place }] : []),
  ];
}
