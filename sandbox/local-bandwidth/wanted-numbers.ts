import type { Criteria } from './criteria.js';
import { child, children, childText, type XmlElement } from './read-xml.js';
import { MAX_NUMBERS } from './search.js';

// What an order is for: named numbers, or any that match a search. Each kind of search has an element of its own.

export type WantedNumbers =
  | { readonly named: readonly string[]; readonly reservationIds: readonly string[] }
  | { readonly criteria: Criteria; readonly quantity: number; readonly widen: boolean };

interface TypeRules {
  /** Child element → criterion. */
  readonly criteria: Readonly<Record<string, Exclude<keyof Criteria, 'endsIn'>>>;
  readonly required: readonly string[];
  readonly lca?: boolean;
}

const named = 'ExistingTelephoneNumberOrderType';
const searchTypes: Readonly<Record<string, TypeRules>> = {
  AreaCodeSearchAndOrderType: { criteria: { AreaCode: 'areaCode' }, required: ['AreaCode'] },
  RateCenterSearchAndOrderType: {
    criteria: { RateCenter: 'rateCenter', State: 'state' },
    required: ['RateCenter', 'State'],
    lca: true,
  },
  NPANXXSearchAndOrderType: {
    criteria: { NpaNxx: 'npaNxx', NpaNxxX: 'npaNxxx' },
    required: [],
    lca: true,
  },
  StateSearchAndOrderType: { criteria: { State: 'state' }, required: ['State'] },
  CitySearchAndOrderType: { criteria: { City: 'city', State: 'state' }, required: ['City', 'State'] },
  ZIPSearchAndOrderType: { criteria: { Zip: 'zip' }, required: ['Zip'] },
  LATASearchAndOrderType: { criteria: { Lata: 'lata' }, required: ['Lata'] },
  TollFreeVanitySearchAndOrderType: {
    criteria: { TollFreeVanity: 'tollFreeVanity' },
    required: ['TollFreeVanity'],
  },
  TollFreeWildCharSearchAndOrderType: {
    criteria: { TollFreeWildCardPattern: 'tollFreeWildCardPattern' },
    required: ['TollFreeWildCardPattern'],
  },
  CombinedSearchAndOrderType: {
    criteria: {
      AreaCode: 'areaCode',
      NpaNxx: 'npaNxx',
      NpaNxxX: 'npaNxxx',
      RateCenter: 'rateCenter',
      State: 'state',
      Lata: 'lata',
      City: 'city',
      Zip: 'zip',
      LocalVanity: 'localVanity',
    },
    required: [],
    lca: true,
  },
};

/** Whether an element of this name says what an order is for. */
export const isOrderType = (name: string): boolean => isNamedType(name) || Object.hasOwn(searchTypes, name);
export const isNamedType = (name: string): boolean => name === named;

/** Returns the elements that a search of this type must have. */
export const requiredIn = (type: string): readonly string[] => searchTypes[type]?.required ?? [];

export function readWanted(typeElement: XmlElement): WantedNumbers {
  if (typeElement.name === named) {
    return {
      named: children(child(typeElement, 'TelephoneNumberList'), 'TelephoneNumber').map((each) => each.text),
      reservationIds: children(child(typeElement, 'ReservationIdList'), 'ReservationId').map(
        (each) => each.text,
      ),
    };
  }
  const rules = searchTypes[typeElement.name];
  const criteria: Criteria = Object.fromEntries(
    Object.entries(rules?.criteria ?? {}).flatMap(([element, criterion]) => {
      const text = childText(typeElement, element);
      return text === undefined ? [] : [[criterion, text]];
    }),
  );
  const ends = childText(typeElement, 'EndsIn');
  const quantity = childText(typeElement, 'Quantity');
  return {
    criteria: ends === undefined ? criteria : { ...criteria, endsIn: ends === 'true' },
    quantity: quantity === undefined ? MAX_NUMBERS : Number(quantity),
    widen:
      rules?.lca === true &&
      criteria.localVanity === undefined &&
      (criteria.npaNxx ?? criteria.npaNxxx ?? criteria.rateCenter) !== undefined &&
      childText(typeElement, 'EnableLCA') !== 'false',
  };
}

export function asksProtected(order: XmlElement): boolean {
  return children(child(order, 'TnAttributes'), 'TnAttribute').some((each) => each.text === 'Protected');
}
