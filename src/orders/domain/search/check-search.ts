import {
  type Criteria,
  type Criterion,
  criterionNames,
  criterionRules,
  givenCriteria,
  isCriterion,
  isTollFreePrefix,
  type MalformedCode,
  standsAlone,
} from './criteria.js';
import {
  contradiction,
  type Filter,
  type Filters,
  filterRules,
  givenFilters,
  type MalformedFilterCode,
  tidiedFilters,
} from './filters.js';
import {
  DEFAULT_SEARCH_QUANTITY,
  MAX_QUANTITY,
  rulesOf,
  type Search,
  type SearchDraft,
  type SearchKind,
  searchKind,
  takesLca,
} from './search.js';

/* Which searches Bandwidth accepts, and what is wrong with the others. */

export type SearchField = Criterion | Filter | 'endsIn' | 'quantity' | 'lca' | 'orderBy' | 'protected';

/** Why a search is invalid, at the field that causes it. */
export type SearchProblem = {
  readonly value?: string;
  /** The other field of a pair that doesn't combine. */
  readonly other?: SearchField;
  /** The value of that field, where both values matter. */
  readonly otherValue?: string;
} & (
  | { readonly field: Criterion; readonly code: MalformedCode }
  | { readonly field: Filter; readonly code: MalformedFilterCode }
  | { readonly field: SearchField; readonly code: BrokenRule }
);

export type MalformedCriterion = Extract<SearchProblem, { readonly code: MalformedCode }>;
export type MalformedFilter = Extract<SearchProblem, { readonly code: MalformedFilterCode }>;

/** Each has its sentence in `slack/blocks/answers/problems.ts`. */
export type BrokenRule =
  | 'nothing-to-search'
  | 'toll-free-area-code'
  | 'state-missing'
  | 'bad-quantity'
  | 'does-not-combine'
  | 'contradiction'
  | 'option-not-here'
  | 'not-in-an-order'
  | 'area-code-missing';

/** The criteria that combine: prefixes and places. */
const combinable = criterionNames.filter((name) => !standsAlone(name));
/** Names that need their state. City comes first because people know it best. */
const placeNames = criterionNames.filter((name) => criterionRules[name].needsState).toReversed();

/** Validates a draft. Returns the search to send, its criteria normalized, or every problem with it. */
export function checkSearch(given: SearchDraft): Search | readonly SearchProblem[] {
  const criteria = tidied(given.criteria);
  const { filters: typedFilters, ...unfiltered } = given;
  const filters = tidiedFilters(typedFilters);
  const draft = { ...unfiltered, criteria, ...(filters === undefined ? {} : { filters }) };
  const kind = searchKind(criteria);
  if (kind === undefined) return [{ field: 'areaCode', code: 'nothing-to-search' }];
  const quantity = draft.quantity ?? DEFAULT_SEARCH_QUANTITY;
  const problems = [
    ...criteriaProblems(criteria),
    ...combinationProblems(kind, criteria),
    ...optionProblems(kind, draft),
    ...quantityProblems(quantity),
    ...(filters === undefined ? [] : filterProblems(filters, draft)),
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
    ...(filters === undefined ? {} : { filters }),
  };
}

/** Uses Bandwidth's spelling: codes and rate centers in capitals, names with single spaces. */
function tidied(criteria: Criteria): Criteria {
  const given = Object.entries(criteria) as [keyof Criteria, string | boolean | undefined][];
  return Object.fromEntries(
    given
      .filter(([, value]) => value !== undefined)
      .map(([field, value]) => [
        field,
        typeof value === 'string' && isCriterion(field)
          ? (criterionRules[field].tidied?.(value) ?? value)
          : value,
      ]),
  );
}

/** Problems with codes come before problems with names, which are harder to fix. */
const checkedInTurn = [...criterionNames.filter((name) => !placeNames.includes(name)), ...placeNames];

function criteriaProblems(criteria: Criteria): SearchProblem[] {
  return checkedInTurn.flatMap((field): SearchProblem[] => {
    const value = criteria[field];
    const { fits, malformed: code, role } = criterionRules[field];
    if (value === undefined) return [];
    if (!fits(value)) return [{ field, code, value }];
    const beginsTollFree = role === 'prefix' && isTollFreePrefix(value.slice(0, 3));
    return beginsTollFree ? [{ field, code: 'toll-free-area-code', value }] : [];
  });
}

/** Whether the problem is an invalid value of a single filter. */
export function isMalformedFilter(problem: SearchProblem): problem is MalformedFilter {
  return Object.values(filterRules).some(({ malformed }) => malformed === problem.code);
}

/** Whether the problem is an invalid value of a single criterion. */
export function isMalformed(problem: SearchProblem): problem is MalformedCriterion {
  return malformedCodes.has(problem.code);
}

const malformedCodes: ReadonlySet<string> = new Set(
  criterionNames.map((name) => criterionRules[name].malformed),
);

function combinationProblems(kind: SearchKind, criteria: Criteria): SearchProblem[] {
  const given = givenCriteria(criteria);
  if (kind !== 'combined' && standsAlone(kind)) {
    const { beside = [], role } = criterionRules[kind];
    const others = given.filter((other) => other !== kind && !beside.includes(other));
    const isAlike = (other: Criterion) => criterionRules[other].role === role;
    return [...others.filter(isAlike), ...others.filter((other) => !isAlike(other))].map((field) => ({
      field,
      code: 'does-not-combine',
      other: kind,
    }));
  }
  const [first, ...rest] = given.filter((name) => criterionRules[name].role === 'prefix');
  const twoPrefixes = rest.map(
    (field): SearchProblem => ({ field, code: 'does-not-combine', other: first ?? 'areaCode' }),
  );
  const named = placeNames.find((name) => criteria[name] !== undefined);
  return criteria.state === undefined && named !== undefined
    ? [...twoPrefixes, { field: 'state', code: 'state-missing', other: named }]
    : twoPrefixes;
}

function optionProblems(kind: SearchKind, draft: SearchDraft): SearchProblem[] {
  const rules = rulesOf(kind);
  const { criteria } = draft;
  const problems: SearchProblem[] = [];
  const refuse = (field: SearchField, other: SearchField = primaryField(kind, criteria)) =>
    problems.push({ field, code: 'option-not-here', other });
  if (draft.orderBy !== undefined && !takesOrderBy(kind, criteria)) refuse('orderBy');
  if (draft.protected !== undefined && !rules.protected) refuse('protected');
  if (criteria.endsIn !== undefined && !rules.endsIn) refuse('endsIn');
  if (draft.lca === true) {
    // A wide search (LCA=true) combines with nothing, except that a seven-digit prefix may name its place too.
    if (!takesLca(criteria)) refuse('lca');
    else if (kind === 'combined' && criteria.npaNxxx === undefined) refuse('lca');
    else if (draft.orderBy !== undefined) refuse('lca', 'orderBy');
  }
  return problems;
}

/** A filter that contradicts another is reported only if each is valid on its own. */
function filterProblems(filters: Filters, draft: SearchDraft): SearchProblem[] {
  const { criteria, quantity } = draft;
  const given = givenFilters(filters);
  const malformed = given.flatMap((field): SearchProblem[] => {
    const value = filters[field] ?? '';
    const { fits, malformed: code } = filterRules[field];
    return fits(value) ? [] : [{ field, code, value }];
  });
  const [first, ...more] = given.filter((name) => filterRules[name].role === 'orders');
  const refused: readonly SearchField[] =
    first === undefined || draft.orderBy === undefined ? more : ['orderBy'];
  const twoOrders = refused.map(
    (field): SearchProblem => ({ field, code: 'does-not-combine', other: first ?? 'easy' }),
  );
  const word = givenCriteria(criteria).find((name) => name === 'localVanity' || name === 'tollFreeVanity');
  const twoEndings: SearchProblem[] =
    word === undefined || filters.ending === undefined
      ? []
      : [{ field: 'ending', code: 'does-not-combine', other: word }];
  const problems = [...malformed, ...twoOrders, ...twoEndings];
  if (problems.length > 0) return problems;
  const impossible = contradiction(filters, criteria, draft.lca === true);
  if (impossible !== undefined) return [{ ...impossible, code: 'contradiction' }];
  const { inARow } = filters;
  return inARow !== undefined && quantity !== undefined && quantity < Number(inARow)
    ? [
        {
          field: 'inARow',
          code: 'contradiction',
          value: inARow,
          other: 'quantity',
          otherValue: String(quantity),
        },
      ]
    : [];
}

function takesOrderBy(kind: SearchKind, criteria: Criteria): boolean {
  const kinds = kind === 'combined' ? givenCriteria(criteria) : [kind];
  return kinds.some((name) => rulesOf(name).orderBy);
}

function primaryField(kind: SearchKind, criteria: Criteria): SearchField {
  if (kind !== 'combined') return kind;
  return combinable.find((field) => criteria[field] !== undefined) ?? 'areaCode';
}

function quantityProblems(quantity: number): SearchProblem[] {
  return Number.isInteger(quantity) && quantity >= 1 && quantity <= MAX_QUANTITY
    ? []
    : [{ field: 'quantity', code: 'bad-quantity', value: String(quantity) }];
}

/**
 * Finds criteria that can be searched for but not ordered. An order takes no orderBy, protected or filters, and local
 * vanity only within an area code (CombinedSearchAndOrderType: AreaCode, LocalVanity, EndsIn).
 */
export function searchAndOrderProblems(search: Search): readonly SearchProblem[] {
  const { criteria, kind } = search;
  const options = (['orderBy', 'protected'] as const)
    .filter((field) => search[field] !== undefined)
    .map((field): SearchProblem => ({ field, code: 'not-in-an-order' }))
    .concat(givenFilters(search.filters).map((field) => ({ field, code: 'not-in-an-order' })));
  if (kind === 'combined') return options;
  const { orderedWithin, beside = [] } = criterionRules[kind];
  if (orderedWithin === undefined) return options;
  const missing: SearchProblem[] =
    criteria[orderedWithin] === undefined
      ? [{ field: orderedWithin, code: 'area-code-missing', other: kind }]
      : [];
  const others = beside
    .filter((field) => field !== orderedWithin && criteria[field] !== undefined)
    .map((field): SearchProblem => ({ field, code: 'does-not-combine', other: kind }));
  return [...missing, ...others, ...options];
}
