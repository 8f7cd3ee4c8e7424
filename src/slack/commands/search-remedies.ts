import { distance } from 'fastest-levenshtein';
import { stateOf as stateOfAreaCode } from '../../orders/domain/search/area-codes.js';
import {
  isMalformed,
  isMalformedFilter,
  type SearchProblem,
} from '../../orders/domain/search/check-search.js';
import { type Criteria, states } from '../../orders/domain/search/criteria.js';
import { type Filter, filterNames } from '../../orders/domain/search/filters.js';
import { MAX_QUANTITY, type SearchDraft } from '../../orders/domain/search/search.js';
import type { Rephrase } from '../criteria/criterion.js';
import { criterionWords } from '../criteria/table.js';
import { filterWords } from '../filters/table.js';
import { knownCitiesNear, statesOfKnownCity } from '../text/cities.js';
import { searchesInCountry, stateCodeOf } from '../text/typed-places.js';
import { spellOut } from './print-search.js';

export function remedies(problem: SearchProblem, draft: SearchDraft): readonly string[] {
  const instead: Rephrase['instead'] = (change) =>
    spellOut({ ...draft, criteria: givenOnly({ ...draft.criteria, ...change }) }, false);
  if (isMalformed(problem)) {
    const { field, value = '' } = problem;
    return criterionWords[field].remedies(value, { criteria: draft.criteria, instead });
  }
  if (isMalformedFilter(problem)) {
    const { field, value = '' } = problem;
    return filterWords[field].remedies(value, {
      draft,
      instead: (other) => spellOut(withFilter(draft, field, other), false),
    });
  }
  const { field, code, value = '', other } = problem;
  const without = (...fields: readonly (string | undefined)[]) =>
    spellOut(
      {
        ...Object.fromEntries(Object.entries(draft).filter(([key]) => !fields.includes(key))),
        filters: Object.fromEntries(
          Object.entries(draft.filters ?? {}).filter(([key]) => !fields.includes(key)),
        ),
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
      return [...(field === 'endsIn' ? [`${without(field)} ending 00`] : []), without(field)];
    case 'not-in-an-order':
      return [without(field), without(...filterNames, 'orderBy', 'protected')];
    case 'contradiction':
      return other === 'quantity' ? [without(other)] : [without(field), without(other)];
    case 'area-code-missing':
      return [
        spellOut({ ...draft, criteria: { ...onlyVanity(draft.criteria), areaCode: '910' } }, false),
        ...(draft.criteria.localVanity === undefined
          ? []
          : [`tollfree vanity ${draft.criteria.localVanity}`]),
      ];
  }
}

/** Undefined leaves the filter out. */
function withFilter(draft: SearchDraft, field: Filter, value: string | undefined): SearchDraft {
  const { [field]: _, ...others } = draft.filters ?? {};
  return { ...draft, filters: { ...others, ...(value === undefined ? {} : { [field]: value }) } };
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

function withState(draft: SearchDraft, instead: Rephrase['instead']): readonly string[] {
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
  const state =
    first.length === 2 && !/^(?:la|de|al|mt|me|co)$/i.test(first) ? stateCodeOf(first) : undefined;
  return state === undefined || rest.length === 0 ? undefined : { state, city: rest.join(' ') };
}

/** Returns the states a well-known city may be in, or the one its name starts with (Virginia Beach). */
export function statesOfCity(name: string): readonly string[] {
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
