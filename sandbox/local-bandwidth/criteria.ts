import type { TelephoneNumber } from './numbers.js';
import type { CarrierFault } from './write-xml.js';

/** Search criteria under the names of the query parameters; orders translate theirs into these. */
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

type Criterion = Exclude<keyof Criteria, 'endsIn'>;

const prefixes = ['areaCode', 'npaNxx', 'npaNxxx'] as const;
const criteriaNames: readonly Criterion[] = [
  ...prefixes,
  'rateCenter',
  'city',
  'state',
  'zip',
  'lata',
  'localVanity',
  'tollFreeVanity',
  'tollFreeWildCardPattern',
];

export function givenCriteria(criteria: Criteria): readonly Criterion[] {
  return criteriaNames.filter((name) => criteria[name] !== undefined);
}

/** Describes a malformed value. Searches report it with code 4010, orders with 5002, in the same words. */
export function formatProblem(criteria: Criteria): string | undefined {
  for (const name of givenCriteria(criteria)) {
    const problem = formatProblems[name](criteria[name] ?? '');
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const formatProblems: Readonly<Record<Criterion, (value: string) => string | undefined>> = {
  areaCode: (value) => {
    if (!/^\d{3}$/.test(value))
      return `The length of the search criteria 'areaCode' is not valid, the acceptable length is 3 characters.`;
    return areaCodeProblem(value);
  },
  npaNxx: (value) => {
    if (!/^\d{6}$/.test(value))
      return `The length of the search criteria 'npaNxx' is not valid, the acceptable length is 6 characters.`;
    return areaCodeProblem(value) ?? exchangeProblem(value);
  },
  npaNxxx: (value) => {
    if (!/^\d{7}$/.test(value))
      return `The length of the search criteria 'npaNxxx' is not valid, the acceptable length is 7 characters.`;
    return areaCodeProblem(value) ?? exchangeProblem(value);
  },
  rateCenter: (value) => (value === '' ? `The ratecenter abbreviation ${value} is not valid` : undefined),
  city: (value) => (value === '' ? `The city value ${value} is not valid.` : undefined),
  state: (value) => (/^[A-Z]{2}$/i.test(value) ? undefined : `The state abbreviation ${value} is not valid.`),
  zip: (value) => (/^\d{5}(?:-\d{4})?$/.test(value) ? undefined : `The zip code ${value} is not valid.`),
  lata: (value) => (/^\d{1,5}$/.test(value) ? undefined : `The lata ${value} is not valid`),
  localVanity: (value) =>
    /^[a-z0-9]{4,7}$/i.test(value) ? undefined : `The localVanity value ${value} is invalid.`,
  tollFreeVanity: (value) =>
    /^[a-z0-9]{4,7}$/i.test(value) ? undefined : 'tollFreeVanity should be alphanumeric.',
  tollFreeWildCardPattern: (value) =>
    /^8(?:\*\*|\d\*|\d\d)$/.test(value) ? undefined : 'Tollfree Wild Card search invalid format.',
};

function areaCodeProblem(value: string): string | undefined {
  if (/^(?:0|1|37|96)/.test(value))
    return 'The area code of telephone numbers cannot begin with 0,1 or 37 or 96.';
  if (value[1] === '9') return 'The area Code of telephone numbers can not have a 9 as the second digit.';
  if (/^\d11/.test(value)) return 'The area code of telephone numbers can not end with 11.';
  if (isTollFree(value)) return `Telephone number should not contain toll free ${value.slice(0, 3)}`;
  return undefined;
}

function exchangeProblem(value: string): string | undefined {
  return /^\d{3}[01]/.test(value) ? 'The Nxx cannot begin with a 0 or 1' : undefined;
}

export function isTollFree(value: string): boolean {
  return /^8(?:00|33|44|55|66|77|88)/.test(value);
}

const unsupported = 'The combination of search criteria is unsupported.';

/** Describes criteria that can't be combined (5002). */
export function combinationProblem(criteria: Criteria): string | undefined {
  const given = givenCriteria(criteria);
  const only = (...allowed: readonly Criterion[]) => given.every((name) => allowed.includes(name));
  if (criteria.endsIn !== undefined && criteria.localVanity === undefined) {
    return 'Ends In is meaningless without Local Vanity';
  }
  if (criteria.tollFreeVanity !== undefined) return only('tollFreeVanity') ? undefined : unsupported;
  if (criteria.tollFreeWildCardPattern !== undefined) {
    return only('tollFreeWildCardPattern') ? undefined : unsupported;
  }
  if (criteria.localVanity !== undefined)
    return only('localVanity', 'state', 'areaCode') ? undefined : unsupported;
  if (prefixes.filter((name) => criteria[name] !== undefined).length > 1) return unsupported;
  if ((criteria.city !== undefined || criteria.rateCenter !== undefined) && criteria.state === undefined) {
    return 'Please also specify state to search by current criteria.';
  }
  return undefined;
}

/** Whether the local calling area may widen a search: only for a prefix or a rate center alone. */
export function mayWiden(criteria: Criteria): boolean {
  if (criteria.npaNxxx !== undefined) return true;
  const given = givenCriteria(criteria);
  if (criteria.npaNxx !== undefined) return given.length === 1;
  return (
    criteria.rateCenter !== undefined && given.every((name) => name === 'rateCenter' || name === 'state')
  );
}

/**
 * Returns the matching `numbers` in their order. With `widen`, they are followed by numbers in the local calling area,
 * which may start with other digits.
 */
export function matching(
  numbers: readonly TelephoneNumber[],
  criteria: Criteria,
  widen: boolean,
  everywhere: readonly TelephoneNumber[] = numbers,
): readonly TelephoneNumber[] {
  const exact = numbers.filter((number) => fits(number, criteria));
  if (!widen) return exact;
  const areas = new Set(
    everywhere.filter((number) => fits(number, criteria)).map((number) => number.callingArea),
  );
  const nearby = numbers.filter(
    (number) => !number.tollFree && areas.has(number.callingArea) && !fits(number, criteria),
  );
  return [...exact, ...nearby];
}

export function fits(number: TelephoneNumber, criteria: Criteria): boolean {
  const { areaCode, npaNxx, npaNxxx, rateCenter, city, state, zip, lata } = criteria;
  if (criteria.tollFreeWildCardPattern !== undefined) {
    return (
      number.tollFree && number.fullNumber.startsWith(criteria.tollFreeWildCardPattern.replaceAll('*', ''))
    );
  }
  if (criteria.tollFreeVanity !== undefined) {
    return number.tollFree && spelled(number.fullNumber, criteria.tollFreeVanity, false);
  }
  if (number.tollFree) return false;
  return (
    [areaCode, npaNxx, npaNxxx].every((prefix) => number.fullNumber.startsWith(prefix ?? '')) &&
    (rateCenter === undefined || same(number.rateCenter, rateCenter)) &&
    (city === undefined || same(number.city, city)) &&
    (state === undefined || same(number.state, state)) &&
    (zip === undefined || number.zip === zip.slice(0, 5)) &&
    (lata === undefined || number.lata === lata) &&
    (criteria.localVanity === undefined ||
      spelled(number.fullNumber, criteria.localVanity, criteria.endsIn === true))
  );
}

function same(one: string, other: string): boolean {
  return one.toUpperCase() === other.trim().toUpperCase();
}

const keypad = '22233344455566677778889999';

/** Matches letters on a telephone's keys in the last seven digits. */
function spelled(fullNumber: string, word: string, atEnd: boolean): boolean {
  const wanted = word.toUpperCase().replace(/[A-Z]/g, (letter) => keypad[letter.charCodeAt(0) - 65] ?? '');
  const lastSeven = fullNumber.slice(3);
  return atEnd ? lastSeven.endsWith(wanted) : lastSeven.includes(wanted);
}

export function validationError(description: string): CarrierFault {
  return { code: '5002', description };
}
