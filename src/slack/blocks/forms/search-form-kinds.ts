import type { SearchField } from '../../../orders/domain/search/check-search.js';
import { type Criterion, criterionRules, standsAlone } from '../../../orders/domain/search/criteria.js';
import type { Filter } from '../../../orders/domain/search/filters.js';
import {
  rulesOf,
  type SearchDraft,
  type SearchKind,
  searchKind,
} from '../../../orders/domain/search/search.js';
import { criteriaInForm, criterionWords } from '../../criteria/table.js';
import { filtersInForm } from '../../filters/table.js';

// Which fields the search form shows for which kind of search.

/** The form asks for one kind of search and shows only its fields. */
export type FormKind = SearchKind;
/** `search` looks for numbers; `order` describes what to order without searching. */
export type FormMode = 'search' | 'order';

const criteriaTogether = criteriaInForm.filter((name) => !standsAlone(name));

/** In the order in which the form offers them. */
export const formKinds: readonly FormKind[] = [
  ...criteriaTogether,
  'combined',
  ...criteriaInForm.filter(standsAlone),
];

/** Returns the kind of form that shows everything in this draft. */
export function kindOfDraft(draft: Pick<SearchDraft, 'criteria'>): FormKind {
  return searchKind(draft.criteria) ?? 'areaCode';
}

export const kindLabel = (kind: FormKind): string =>
  kind === 'combined' ? 'Several of these' : criterionWords[kind].form.kind;

/** Returns the fields of a form, first to last. */
export function searchFieldsOf(kind: FormKind, mode: FormMode): readonly SearchField[] {
  const rules = rulesOf(kind);
  const options: readonly [SearchField, boolean][] = [
    ['endsIn', rules.endsIn],
    ['quantity', true],
    ['lca', rules.lca],
    // Orders have none of these.
    ['orderBy', rules.orderBy && mode === 'search'],
    ['protected', rules.protected && mode === 'search'],
    ...filtersInForm.map((name): [SearchField, boolean] => [name, mode === 'search' && fits(name, kind)]),
  ];
  const shown = options.filter(([, isShown]) => isShown).map(([field]) => field);
  return [...requiredCriteria(kind, mode), ...optionalCriteria(kind, mode), ...shown];
}

/** A vanity word and digits can't both be at the end. */
function fits(filter: Filter, kind: FormKind): boolean {
  return filter !== 'ending' || (kind !== 'localVanity' && kind !== 'tollFreeVanity');
}

export function requiredCriteria(kind: FormKind, mode: FormMode): readonly Criterion[] {
  if (kind === 'combined') return [];
  const within = orderedWithin(kind, mode);
  if (within !== undefined) return [kind, within];
  return criterionRules[kind].needsState ? [kind, 'state'] : [kind];
}

function optionalCriteria(kind: FormKind, mode: FormMode): readonly Criterion[] {
  if (kind === 'combined') return fieldsTogether;
  return orderedWithin(kind, mode) === undefined ? (criterionRules[kind].beside ?? []) : [];
}

/** The other criterion that an order needs: local vanity can only be ordered within an area code. */
const orderedWithin = (kind: Criterion, mode: FormMode): Criterion | undefined =>
  mode === 'order' ? criterionRules[kind].orderedWithin : undefined;

/** The prefixes first, and a name before its state. */
const fieldsTogether: readonly Criterion[] = [
  ...criteriaTogether.filter((name) => criterionRules[name].role === 'prefix'),
  ...criteriaTogether.filter((name) => criterionRules[name].needsState),
  ...criteriaTogether.filter(
    (name) => criterionRules[name].role !== 'prefix' && !criterionRules[name].needsState,
  ),
];
