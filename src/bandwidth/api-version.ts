import { nationalDigits, type PhoneNumber, parsePhoneNumber } from '../orders/domain/phone-number.js';
import { stateOf } from '../orders/domain/search/area-codes.js';
import type { Criteria } from '../orders/domain/search/criteria.js';

/** How a version of the API expects numbers in documents, paths and page keys. */
export type WriteNumber = (number: PhoneNumber) => string;

type Parameters = readonly (readonly [string, string])[];

/**
 * What one version of the API expects and the other doesn't. Paths, element names and date formats are the same in
 * both. Answers are read in either form, whichever version they come from.
 */
export interface ApiVersion {
  readonly writeNumber: WriteNumber;
  /** Parameters that go with the criteria of a search. Bandwidth may refuse them. */
  readonly besideCriteria: (criteria: Criteria) => Parameters;
  /** Whether there are calls that check and activate services of numbers. */
  readonly activatesServices: boolean;
}

const versions = {
  v1: { writeNumber: nationalDigits, besideCriteria: () => [], activatesServices: false },
  v2: { writeNumber: (number) => number, besideCriteria: countryOf, activatesServices: true },
} as const satisfies Readonly<Record<string, ApiVersion>>;

/** Returns the version at an address of the API, which ends in /v2 for version 2. */
export function apiVersionAt(apiUrl: string): ApiVersion {
  return /\/v2\/*$/i.test(apiUrl) ? versions.v2 : versions.v1;
}

/**
 * Returns a page key as this version writes it. Lists of numbers are paged by number, and a key may be older than the
 * setting it was read with.
 */
export function pageKeyFor({ writeNumber }: ApiVersion, key: string): string {
  const number = parsePhoneNumber(key);
  return number === undefined ? key : writeNumber(number);
}

/**
 * A search by area code or city names its country, and only one. Without it, version 2 searches the USA and Canada, so
 * an area code of unknown country is sent without one.
 */
function countryOf({ areaCode, city, state }: Criteria): Parameters {
  if (areaCode === undefined && city === undefined) return [];
  const country = countryOfState(state ?? stateOf(areaCode ?? ''));
  return country === undefined ? [] : [['countryCodeA3', country]];
}

const provinces: readonly string[] = 'AB BC MB NB NL NS NT NU ON PE QC SK YT'.split(' ');
/** Territories with a country code of their own. */
const territories: readonly string[] = ['AS', 'GU', 'MP', 'PR', 'VI'];

function countryOfState(state: string | undefined): 'USA' | 'CAN' | undefined {
  if (state === undefined || territories.includes(state)) return undefined;
  return provinces.includes(state) ? 'CAN' : 'USA';
}
