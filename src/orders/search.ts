import { plainSpelling } from './spelling.js';
import stateNames from './states.json' with { type: 'json' };

/**
 * What may be searched for, and what may be combined with what.
 *
 * The field names are Bandwidth's query parameters. The rules come from the parameter table of the guide "Search and
 * Order Phone Numbers by Polling" and from the combination table of GET /accounts/{accountId}/availableNumbers.
 */

export interface Criteria {
  readonly areaCode?: string;
  readonly npaNxx?: string;
  readonly npaNxxx?: string;
  readonly rateCenter?: string;
  readonly city?: string;
  readonly state?: string;
  readonly zip?: string;
  readonly lata?: string;
  readonly localVanity?: string;
  readonly endsIn?: boolean;
  readonly tollFreeVanity?: string;
  readonly tollFreeWildCardPattern?: string;
}

export type Criterion = Exclude<keyof Criteria, 'endsIn'>;
export const orderings = ['fullNumber', 'npaNxxx', 'npaNxx', 'areaCode'] as const;
export type OrderBy = (typeof orderings)[number];
export const protectedChoices = ['None', 'ONLY', 'MIXED'] as const;
export type ProtectedChoice = (typeof protectedChoices)[number];

/** A search that Bandwidth accepts. Made by {@link checkSearch}, which refuses what Bandwidth would. */
export interface Search {
  readonly kind: SearchKind;
  readonly criteria: Criteria;
  readonly quantity: number;
  /** Sent explicitly wherever it applies: left out, Bandwidth answers with numbers outside the prefix asked for. */
  readonly lca?: boolean;
  readonly orderBy?: OrderBy;
  readonly protected?: ProtectedChoice;
}

/** What a person asked for, before anybody checked it. */
export type SearchDraft = Omit<Search, 'kind' | 'quantity'> & { readonly quantity?: number };

export type SearchKind =
  | 'areaCode'
  | 'npaNxx'
  | 'npaNxxx'
  | 'rateCenter'
  | 'city'
  | 'state'
  | 'zip'
  | 'lata'
  | 'combined'
  | 'localVanity'
  | 'tollFreeVanity'
  | 'tollFreeWildCardPattern';

/** Bandwidth's most, and its default when Quantity is left out, which is why we never leave it out. */
export const MAX_QUANTITY = 5000;
/** One search asks for this many and is then paged through. */
export const DEFAULT_SEARCH_QUANTITY = 100;
/** An order buys what it asks for, so it asks for one unless somebody says more. */
export const DEFAULT_ORDER_QUANTITY = 1;

const places = ['rateCenter', 'city', 'state', 'zip', 'lata'] as const satisfies readonly Criterion[];
const prefixes = ['areaCode', 'npaNxx', 'npaNxxx'] as const satisfies readonly Criterion[];
const ordinary: readonly Criterion[] = [...prefixes, ...places];

/** Which options a kind of search takes besides its criteria. */
export interface KindRules {
  readonly orderBy: boolean;
  readonly lca: boolean;
  readonly protected: boolean;
  readonly detail: boolean;
  readonly endsIn: boolean;
}

const local = { orderBy: false, lca: false, protected: true, detail: true, endsIn: false };

export const kindRules: Readonly<Record<SearchKind, KindRules>> = {
  areaCode: local,
  npaNxx: { ...local, orderBy: true, lca: true },
  npaNxxx: { ...local, orderBy: true, lca: true },
  rateCenter: { ...local, orderBy: true, lca: true },
  city: { ...local, orderBy: true },
  state: local,
  zip: { ...local, orderBy: true },
  lata: local,
  combined: { ...local, orderBy: true, lca: true },
  localVanity: { ...local, endsIn: true },
  tollFreeVanity: { ...local, orderBy: true, protected: false, detail: false },
  tollFreeWildCardPattern: { ...local, orderBy: true, protected: false, detail: false },
};

export type SearchField = Criterion | 'endsIn' | 'quantity' | 'lca' | 'orderBy' | 'protected';

/** Why a search is refused, at the field that causes it. Each code has its sentence in `slack/blocks/problems.ts`. */
export interface SearchProblem {
  readonly field: SearchField;
  readonly code: SearchProblemCode;
  readonly value?: string;
  /** The other field, where two do not go together. */
  readonly other?: SearchField;
}

export type SearchProblemCode =
  | 'nothing-to-search'
  | 'bad-area-code'
  | 'toll-free-area-code'
  | 'bad-npa-nxx'
  | 'bad-npa-nxxx'
  | 'unknown-state'
  | 'state-missing'
  | 'bad-zip'
  | 'bad-lata'
  | 'bad-vanity'
  | 'bad-toll-free-pattern'
  | 'bad-quantity'
  | 'bad-text'
  | 'does-not-combine'
  | 'option-not-here'
  | 'not-in-an-order'
  | 'area-code-missing';

/** Decides which kind of search these criteria make, or undefined for none at all. */
export function searchKind(criteria: Criteria): SearchKind | undefined {
  if (criteria.tollFreeWildCardPattern !== undefined) return 'tollFreeWildCardPattern';
  if (criteria.tollFreeVanity !== undefined) return 'tollFreeVanity';
  if (criteria.localVanity !== undefined) return 'localVanity';
  const given = ordinary.filter((field) => criteria[field] !== undefined);
  const [only, second, third] = given;
  if (only === undefined) return undefined;
  if (second === undefined) return only as SearchKind;
  // A city or a rate center is only a place together with its state: still one criterion.
  if (third === undefined && second === 'state' && (only === 'city' || only === 'rateCenter')) return only;
  return 'combined';
}

/** Checks a draft; gives the search to send, its criteria tidied, or every problem with it. */
export function checkSearch(given: SearchDraft): Search | readonly SearchProblem[] {
  const criteria = tidied(given.criteria);
  const draft = { ...given, criteria };
  const kind = searchKind(criteria);
  if (kind === undefined) return [{ field: 'areaCode', code: 'nothing-to-search' }];
  const quantity = draft.quantity ?? DEFAULT_SEARCH_QUANTITY;
  const problems = [
    ...criteriaProblems(criteria),
    ...combinationProblems(kind, criteria),
    ...optionProblems(kind, draft),
    ...quantityProblems(quantity),
  ];
  if (problems.length > 0) return problems;
  const lca = takesLca(criteria) ? (draft.lca ?? false) : undefined;
  return {
    kind,
    criteria,
    quantity,
    ...(lca === undefined ? {} : { lca }),
    ...(draft.orderBy === undefined ? {} : { orderBy: draft.orderBy }),
    ...(draft.protected === undefined ? {} : { protected: draft.protected }),
  };
}

/** Spelled as Bandwidth spells them: codes and rate centers in capitals, names with single spaces. */
function tidied(criteria: Criteria): Criteria {
  const capitals = (text: string) => plainSpelling(text.toUpperCase());
  const name = (text: string) => plainSpelling(text).replace(/\s+/gu, ' ').trim();
  const spelling: Partial<Record<Criterion, (text: string) => string>> = {
    city: name,
    rateCenter: (text) => capitals(name(text)),
    state: capitals,
    localVanity: capitals,
    tollFreeVanity: capitals,
  };
  const given = Object.entries(criteria) as [keyof Criteria, string | boolean | undefined][];
  return Object.fromEntries(
    given
      .filter(([, value]) => value !== undefined)
      .map(([field, value]) => [
        field,
        typeof value === 'string' && field !== 'endsIn' ? (spelling[field]?.(value) ?? value) : value,
      ]),
  );
}

/** LCA is understood only beside a prefix or a rate center; elsewhere sending it is an error (5002). */
export function takesLca(criteria: Criteria): boolean {
  return criteria.npaNxx !== undefined || criteria.npaNxxx !== undefined || criteria.rateCenter !== undefined;
}

/** 5002's rules: 2–9 first, not N11, second digit not 9, not 37x nor 96x. */
export function isAreaCode(text: string): boolean {
  return /^[2-9]\d\d$/.test(text) && !/^\d11$/.test(text) && !/^(?:\d9\d|37\d|96\d)$/.test(text);
}

export function isTollFreePrefix(text: string): boolean {
  return /^8(?:00|33|44|55|66|77|88)$/.test(text);
}

const formats: Readonly<Record<Criterion, readonly [SearchProblemCode, (value: string) => boolean]>> = {
  areaCode: ['bad-area-code', isAreaCode],
  npaNxx: ['bad-npa-nxx', (value) => /^[2-9]\d\d[2-9]\d\d$/.test(value)],
  npaNxxx: ['bad-npa-nxxx', (value) => /^[2-9]\d\d[2-9]\d{3}$/.test(value)],
  state: ['unknown-state', (value) => Object.hasOwn(states, value)],
  zip: ['bad-zip', (value) => /^\d{5}(?:-\d{4})?$/.test(value)],
  lata: ['bad-lata', (value) => /^\d{1,5}$/.test(value)],
  localVanity: ['bad-vanity', (value) => /^[a-z0-9]{4,7}$/i.test(value)],
  tollFreeVanity: ['bad-vanity', (value) => /^[a-z0-9]{4,7}$/i.test(value)],
  tollFreeWildCardPattern: ['bad-toll-free-pattern', isTollFreePattern],
  city: ['bad-text', isPlaceName],
  rateCenter: ['bad-text', isPlaceName],
};

/** `8**`, `83*`, or one prefix: 804 fits Bandwidth's pattern too, but is Virginia. */
function isTollFreePattern(value: string): boolean {
  return /^8[\d*]\*$/.test(value) || isTollFreePrefix(value);
}

/** `COMPTON:GARDENA DA`, `Town 'n' Country`, `29 Palms`. No quotation marks, so that any name can stand in quotes. */
export function isPlaceName(value: string): boolean {
  // `Raleigh, NC` in a form's field for the city is a name and its state.
  const [, last = ''] = /,\s*(\p{L}{2})$/u.exec(value) ?? [];
  if (Object.hasOwn(states, last.toUpperCase())) return false;
  return value.length <= 60 && /^[\p{L}\p{N}'][\p{L}\p{M}\p{N} .,:'!&()/+#-]*$/u.test(value);
}

function criteriaProblems(criteria: Criteria): SearchProblem[] {
  return (Object.keys(formats) as Criterion[]).flatMap((field) => {
    const value = criteria[field];
    const [code, fits] = formats[field];
    if (value === undefined) return [];
    if (!fits(value)) return [{ field, code, value }];
    const beginsTollFree =
      (prefixes as readonly Criterion[]).includes(field) && isTollFreePrefix(value.slice(0, 3));
    return beginsTollFree ? [{ field, code: 'toll-free-area-code', value }] : [];
  });
}

function combinationProblems(kind: SearchKind, criteria: Criteria): SearchProblem[] {
  const given = [...ordinary, 'localVanity' as const].filter((field) => criteria[field] !== undefined);
  const clashes = (field: Criterion, allowed: readonly Criterion[]): SearchProblem[] =>
    given
      .filter((other) => other !== field && !allowed.includes(other))
      .map((other) => ({ field: other, code: 'does-not-combine', other: field }));
  if (kind === 'tollFreeWildCardPattern') {
    const extra = criteria.tollFreeVanity === undefined ? [] : [tollFreeTwice];
    return [...extra, ...clashes(kind, [])];
  }
  if (kind === 'tollFreeVanity') return clashes(kind, []);
  if (kind === 'localVanity') return clashes(kind, ['state', 'areaCode']);
  const [first, ...rest] = prefixes.filter((field) => criteria[field] !== undefined);
  const twoPrefixes = rest.map(
    (field): SearchProblem => ({ field, code: 'does-not-combine', other: first ?? 'areaCode' }),
  );
  const stateMissing =
    criteria.state === undefined
      ? (['city', 'rateCenter'] as const)
          .filter((field) => criteria[field] !== undefined)
          .slice(0, 1)
          .map((other): SearchProblem => ({ field: 'state', code: 'state-missing', other }))
      : [];
  return [...twoPrefixes, ...stateMissing];
}

const tollFreeTwice: SearchProblem = {
  field: 'tollFreeVanity',
  code: 'does-not-combine',
  other: 'tollFreeWildCardPattern',
};

function optionProblems(kind: SearchKind, draft: SearchDraft): SearchProblem[] {
  const rules = kindRules[kind];
  const { criteria } = draft;
  const problems: SearchProblem[] = [];
  const refuse = (field: SearchField, other: SearchField = primaryField(kind, criteria)) =>
    problems.push({ field, code: 'option-not-here', other });
  if (draft.orderBy !== undefined && !takesOrderBy(kind, criteria)) refuse('orderBy');
  if (draft.protected !== undefined && !rules.protected) refuse('protected');
  if (criteria.endsIn !== undefined && !rules.endsIn) refuse('endsIn');
  if (draft.lca === true) {
    // The wide search (LCA=true) stands alone, except that a seven-digit prefix may name its place too.
    if (!takesLca(criteria)) refuse('lca');
    else if (kind === 'combined' && criteria.npaNxxx === undefined) refuse('lca');
    else if (draft.orderBy !== undefined) refuse('lca', 'orderBy');
  }
  return problems;
}

function takesOrderBy(kind: SearchKind, criteria: Criteria): boolean {
  if (kind !== 'combined') return kindRules[kind].orderBy;
  return (['npaNxx', 'npaNxxx', 'rateCenter', 'city', 'zip'] as const).some(
    (field) => criteria[field] !== undefined,
  );
}

function primaryField(kind: SearchKind, criteria: Criteria): SearchField {
  if (kind !== 'combined') return kind;
  return ordinary.find((field) => criteria[field] !== undefined) ?? 'areaCode';
}

function quantityProblems(quantity: number): SearchProblem[] {
  return Number.isInteger(quantity) && quantity >= 1 && quantity <= MAX_QUANTITY
    ? []
    : [{ field: 'quantity', code: 'bad-quantity', value: String(quantity) }];
}

/**
 * What may be searched for but not ordered. An order knows neither orderBy nor protected, and local vanity only within
 * an area code (CombinedSearchAndOrderType: AreaCode, LocalVanity, EndsIn).
 */
export function searchAndOrderProblems(search: Search): readonly SearchProblem[] {
  const { criteria } = search;
  const options = (['orderBy', 'protected'] as const)
    .filter((field) => search[field] !== undefined)
    .map((field): SearchProblem => ({ field, code: 'not-in-an-order' }));
  if (search.kind !== 'localVanity') return options;
  const state: SearchProblem[] =
    criteria.state === undefined ? [] : [{ field: 'state', code: 'does-not-combine', other: 'localVanity' }];
  const area: SearchProblem[] =
    criteria.areaCode === undefined
      ? [{ field: 'areaCode', code: 'area-code-missing', other: 'localVanity' }]
      : [];
  return [...area, ...state, ...options];
}

/** States, territories and Canadian provinces that share the North American numbering plan with Bandwidth's inventory. */
export const states: Readonly<Record<string, string>> = stateNames;
