import {
  type Criteria,
  combinationProblem,
  formatProblem,
  givenCriteria,
  matching,
  mayWiden,
} from './criteria.js';
import type { TelephoneNumber } from './numbers.js';
import { type CarrierFault, document, field, tag } from './write-xml.js';

/** Also the default quantity of a search. */
export const MAX_NUMBERS = 5000;

/** Answers GET /accounts/{accountId}/availableNumbers. Unknown parameters are ignored. */
export function searchAnswer(
  query: URLSearchParams,
  numbers: readonly TelephoneNumber[],
): { readonly status: 200 | 400; readonly body: string } {
  const wanted = readSearch(query);
  if ('code' in wanted) return { status: 400, body: searchRefused(wanted.code, wanted.description) };
  const available = numbers.filter((number) => number.status === 'Available');
  const suitable = available.filter(
    (number) => wanted.isProtected === undefined || number.isProtected === wanted.isProtected,
  );
  const found = matching(suitable, wanted.criteria, wanted.widen, numbers).slice(0, wanted.quantity);
  const { orderBy } = wanted;
  const sorted =
    orderBy === undefined
      ? found
      : [...found].sort((one, other) => orderBy(one.fullNumber).localeCompare(orderBy(other.fullNumber)));
  return { status: 200, body: document(results(sorted, wanted.detail)) };
}

export function searchRefused(code: string, description: string): string {
  return document(tag('SearchResult', tag('Error', field('Code', code), field('Description', description))));
}

interface Wanted {
  readonly criteria: Criteria;
  readonly quantity: number;
  readonly widen: boolean;
  readonly detail: boolean;
  readonly isProtected: boolean | undefined;
  readonly orderBy: ((fullNumber: string) => string) | undefined;
}

const orderings: Readonly<Record<string, (fullNumber: string) => string>> = {
  fullNumber: (fullNumber) => fullNumber,
  npaNxxx: (fullNumber) => fullNumber.slice(0, 7),
  npaNxx: (fullNumber) => fullNumber.slice(0, 6),
  areaCode: (fullNumber) => fullNumber.slice(0, 3),
};

function readSearch(query: URLSearchParams): Wanted | CarrierFault {
  const value = (name: string) => query.get(name) ?? undefined;
  const criteria: Criteria = Object.fromEntries(
    [
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
    ].flatMap((name) => {
      const text = value(name);
      return text === undefined ? [] : [[name, text]];
    }),
  );
  const ends = value('endsIn');
  const asked: Criteria = ends === undefined ? criteria : { ...criteria, endsIn: ends === 'true' };
  const given = givenCriteria(asked);
  if (given.length === 0 || given.some((name) => asked[name] === '')) {
    return {
      code: '4010',
      description:
        'One of more required search parameters are null or empty, please refer to the api documentation',
    };
  }
  const format = formatProblem(asked);
  if (format !== undefined) return { code: '4010', description: format };
  const combination = combinationProblem(asked);
  if (combination !== undefined) return { code: '5002', description: combination };
  return readOptions(query, asked);
}

function readOptions(query: URLSearchParams, criteria: Criteria): Wanted | CarrierFault {
  const value = (name: string) => query.get(name) ?? undefined;
  const tollFree = criteria.tollFreeVanity !== undefined || criteria.tollFreeWildCardPattern !== undefined;
  for (const name of ['enableTNDetail', 'LCA', 'endsIn']) {
    if (!['true', 'false', undefined].includes(value(name))) return unreadable(name);
  }
  const quantity = value('quantity') === undefined ? MAX_NUMBERS : Number(value('quantity'));
  if (!Number.isInteger(quantity)) return unreadable('quantity');
  if (quantity < 1 || quantity > MAX_NUMBERS) {
    return {
      code: '1006',
      description: `quantity must be between 1 and ${MAX_NUMBERS} (bounds are included)`,
    };
  }
  const lca = value('LCA');
  const takesLca = ['npaNxx', 'npaNxxx', 'rateCenter'] as const;
  if (
    lca !== undefined &&
    (takesLca.every((name) => criteria[name] === undefined) || (lca === 'true' && !mayWiden(criteria)))
  ) {
    return { code: '5002', description: 'LCA search is not supported for specified search criteria' };
  }
  const orderName = value('orderBy');
  if (orderName !== undefined && !Object.hasOwn(orderings, orderName)) {
    return {
      code: '4020',
      description:
        'Please verify that your orderBy search query parameter is correct. Valid values are: fullNumber,npaNxxx,npaNxx,areaCode',
    };
  }
  const sortable = [
    'npaNxx',
    'npaNxxx',
    'rateCenter',
    'city',
    'zip',
    'tollFreeVanity',
    'tollFreeWildCardPattern',
  ] as const;
  if (orderName !== undefined && (lca === 'true' || sortable.every((name) => criteria[name] === undefined))) {
    return {
      code: '4021',
      description: 'The orderBy parameter is not supported for specified search criteria',
    };
  }
  const protection = value('protected')?.toUpperCase();
  if (protection !== undefined && tollFree) {
    return { code: '5002', description: 'The combination of search criteria is unsupported.' };
  }
  if (!['NONE', 'ONLY', 'MIXED', undefined].includes(protection)) {
    return {
      code: '4022',
      description:
        'Please verify that your protected search query parameter is correct. Valid values are: NONE, ONLY, MIXED',
    };
  }
  return {
    criteria,
    quantity,
    widen: lca !== 'false' && mayWiden(criteria),
    // Has no effect with toll-free criteria.
    detail: value('enableTNDetail') === 'true' && !tollFree,
    isProtected: protection === 'NONE' ? false : protection === 'ONLY' ? true : undefined,
    orderBy: orderName === undefined ? undefined : orderings[orderName],
  };
}

function unreadable(name: string): CarrierFault {
  return {
    code: '4010',
    description: `The value specified for the search criteria '${name}' cannot be parsed.`,
  };
}

function results(found: readonly TelephoneNumber[], detail: boolean): string {
  if (found.length === 0) return tag('SearchResult');
  const list = detail
    ? tag('TelephoneNumberDetailList', ...found.map(numberDetail))
    : tag('TelephoneNumberList', ...found.map((number) => field('TelephoneNumber', number.fullNumber)));
  return tag('SearchResult', field('ResultCount', found.length), list);
}

function numberDetail(number: TelephoneNumber): string {
  return tag(
    'TelephoneNumberDetail',
    field('City', number.city),
    field('LATA', number.lata),
    field('RateCenter', number.rateCenter),
    field('State', number.state),
    field('FullNumber', number.fullNumber),
    field('Tier', number.tier),
    field('VendorId', 49),
    field('VendorName', 'Bandwidth CLEC'),
  );
}
