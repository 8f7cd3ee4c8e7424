import { areaCodesOf, stateOf } from './area-codes.js';
import { plainSpelling } from './plain-text.js';
import stateNames from './states.json' with { type: 'json' };

/**
 * The search criteria, one row each. To add one, see “How to add” in ARCHITECTURE.md.
 *
 * The rules come from the parameter table of the guide "Search and Order Phone Numbers by Polling" and from the
 * combination table of GET /accounts/{accountId}/availableNumbers.
 */

/** Bandwidth's query parameters, in the order in which queries, orders and sentences name them. */
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

/** Why a value is invalid on its own. */
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

/** The options that a kind of search allows besides its criteria. */
export interface KindRules {
  readonly orderBy: boolean;
  readonly lca: boolean;
  readonly protected: boolean;
  readonly detail: boolean;
  readonly endsIn: boolean;
}

export interface CriterionRules {
  /** One prefix combines with any places. A vanity word and toll-free combine only with `beside`. */
  readonly role: 'prefix' | 'place' | 'vanity' | 'toll-free';
  readonly beside?: readonly Criterion[];
  /** The place needs its state. */
  readonly needsState?: true;
  /** An order allows it only together with this criterion and nothing else. */
  readonly orderedWithin?: 'areaCode';
  readonly fits: (value: string) => boolean;
  /** The problem to report for an invalid value. */
  readonly malformed: MalformedCode;
  /** Spells the value as Bandwidth does. Omitted when the value is used as given. */
  readonly tidied?: (value: string) => string;
  readonly takes: KindRules;
  /** Whether it can be back-ordered. */
  readonly backOrder: boolean;
  /** When a combination found nothing, the criterion with the highest narrowness is tried alone first. */
  readonly narrowness?: number;
  /** Wider searches to suggest when this one found nothing, nearest first. Bandwidth may reject some of them. */
  readonly wider: (value: string, criteria: Criteria) => readonly Criteria[];
}

/**
 * The states, territories and Canadian provinces of the North American numbering plan that Bandwidth sells numbers in.
 */
export const states: Readonly<Record<string, string>> = stateNames;

export const local: KindRules = { orderBy: false, lca: false, protected: true, detail: true, endsIn: false };
const tollFree: KindRules = { ...local, orderBy: true, protected: false, detail: false };

const capitals = (text: string): string => plainSpelling(text.toUpperCase());
const singleSpaced = (text: string): string => plainSpelling(text).replace(/\s+/gu, ' ').trim();
const isVanityWord = (value: string): boolean => /^[a-z0-9]{4,7}$/i.test(value);

/**
 * `backOrder` follows error 5522: "Backorders are not compatible with Specific TN, NPANXX, NPANXXX, TollFree Vanity or
 * Local Vanity orders".
 */
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
    // We don't know which state a ZIP code or a LATA is in.
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
    // `8**`, `83*`, or one prefix. 804 matches Bandwidth's pattern too, but it is in Virginia.
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

/** Whether nothing combines with it apart from its `beside` criteria. */
export function standsAlone(name: Criterion): boolean {
  const { role } = criterionRules[name];
  return role === 'vanity' || role === 'toll-free';
}

/** Returns the criteria that a search names, in the order of {@link criterionNames}. */
export function givenCriteria(criteria: Criteria): readonly Criterion[] {
  return criterionNames.filter((name) => criteria[name] !== undefined);
}

/** Follows the rules of error 5002: starts with 2–9, isn't N11, second digit isn't 9, not 37x or 96x. */
export function isAreaCode(text: string): boolean {
  return /^[2-9]\d\d$/.test(text) && !/^\d11$/.test(text) && !/^(?:\d9\d|37\d|96\d)$/.test(text);
}

export function isTollFreePrefix(text: string): boolean {
  return /^8(?:00|33|44|55|66|77|88)$/.test(text);
}

/**
 * Accepts `COMPTON:GARDENA DA`, `Town 'n' Country`, `29 Palms`. Excludes quotation marks, so that any name can be
 * quoted.
 */
export function isPlaceName(value: string): boolean {
  // `Raleigh, NC` in the form's city field is a name and its state.
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

/** Drops the last group of digits, then tries the state's other area codes, then the whole state. */
function widerPrefixes(prefix: string): Criteria[] {
  const area = prefix.slice(0, 3);
  const state = stateOf(area);
  return [
    ...(prefix.length > 6 ? [{ npaNxx: prefix.slice(0, 6) }] : []),
    ...(prefix.length > 3 ? [{ areaCode: area }] : []),
    ...(state === undefined ? [] : [{ state }, ...neighbors(area, state)]),
  ];
}

/** Returns the state's other area codes, the next higher ones first. */
function neighbors(areaCode: string, state: string): Criteria[] {
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
