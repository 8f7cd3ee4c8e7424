import { type Criterion, givenCriteria } from '../orders/domain/search/criteria.js';
import { rulesOf, type Search, takesLca } from '../orders/domain/search/search.js';
import type { XmlContent } from './xml.js';

/** How a criterion is searched for and ordered. To add one, see `orders/domain/search/criteria.ts`. */
interface CriterionNames {
  /** The parameter of GET availableNumbers. */
  readonly parameter: string;
  /** The element of POST orders. */
  readonly element: string;
  /** The element around it when it is the only criterion. */
  readonly orderType: string;
}

const COMBINED = 'CombinedSearchAndOrderType';

export const carrierNames: Readonly<Record<Criterion, CriterionNames>> = {
  areaCode: { parameter: 'areaCode', element: 'AreaCode', orderType: 'AreaCodeSearchAndOrderType' },
  npaNxx: { parameter: 'npaNxx', element: 'NpaNxx', orderType: 'NPANXXSearchAndOrderType' },
  // Seven digits and local vanity have no order type of their own.
  npaNxxx: { parameter: 'npaNxxx', element: 'NpaNxxX', orderType: COMBINED },
  rateCenter: { parameter: 'rateCenter', element: 'RateCenter', orderType: 'RateCenterSearchAndOrderType' },
  city: { parameter: 'city', element: 'City', orderType: 'CitySearchAndOrderType' },
  state: { parameter: 'state', element: 'State', orderType: 'StateSearchAndOrderType' },
  zip: { parameter: 'zip', element: 'Zip', orderType: 'ZIPSearchAndOrderType' },
  lata: { parameter: 'lata', element: 'Lata', orderType: 'LATASearchAndOrderType' },
  localVanity: { parameter: 'localVanity', element: 'LocalVanity', orderType: COMBINED },
  tollFreeVanity: {
    parameter: 'tollFreeVanity',
    element: 'TollFreeVanity',
    orderType: 'TollFreeVanitySearchAndOrderType',
  },
  // Bandwidth does spell it "WildChar" outside and "WildCard" inside.
  tollFreeWildCardPattern: {
    parameter: 'tollFreeWildCardPattern',
    element: 'TollFreeWildCardPattern',
    orderType: 'TollFreeWildCharSearchAndOrderType',
  },
};

/** Returns the query parameters for the criteria of a search. */
export function criteriaParameters({
  criteria,
}: Search): readonly (readonly [string, string | boolean | undefined])[] {
  return [
    ...givenCriteria(criteria).map((name) => [carrierNames[name].parameter, criteria[name]] as const),
    ['endsIn', criteria.endsIn],
  ];
}

/** Returns the part of an order document that says what to search for and how many to order. */
export function searchAndOrderType({ kind, criteria, lca, quantity }: Search): {
  readonly [name: string]: XmlContent;
} {
  const elements = givenCriteria(criteria).map((name) => [carrierNames[name].element, criteria[name]]);
  return {
    [kind === 'combined' ? COMBINED : carrierNames[kind].orderType]: {
      ...Object.fromEntries(elements),
      EnableLCA: takesLca(criteria) ? String(lca ?? false) : undefined,
      EndsIn: rulesOf(kind).endsIn ? String(criteria.endsIn ?? false) : undefined,
      Quantity: String(quantity),
    },
  };
}
