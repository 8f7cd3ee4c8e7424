import { plainSpelling } from '../../orders/domain/search/plain-text.js';
import { typingDistance } from '../../orders/domain/search/typing-distance.js';

/** What a column can hold, in the order of the template. */
export const columnNames = [
  'areaCode',
  'prefix',
  'number',
  'city',
  'state',
  'rateCenter',
  'zip',
  'lata',
  'quantity',
  'site',
  'location',
  'name',
  'reason',
] as const;

export type ColumnName = (typeof columnNames)[number];

/** How people head a column, in lowercase without spaces and punctuation. The first is the template's. */
const spellings: Readonly<Record<ColumnName, readonly string[]>> = {
  areaCode: ['areacode', 'areacodes', 'npa'],
  prefix: ['prefix', 'npanxx', 'npanxxx', 'nxx', 'exchange'],
  number: [
    'number',
    'numbers',
    'phone',
    'phonenumber',
    'phonenumbers',
    'telephone',
    'telephonenumber',
    'telephonenumbers',
    'fullnumber',
    'tel',
    'tn',
    'tns',
    'did',
    'dids',
    'e164',
  ],
  city: ['city', 'town'],
  state: ['state', 'province', 'stateprovince', 'stateorprovince'],
  rateCenter: ['ratecenter', 'ratecentre', 'rc'],
  zip: ['zip', 'zipcode', 'postalcode', 'postcode'],
  lata: ['lata'],
  quantity: ['quantity', 'qty', 'count', 'amount', 'howmany', 'numberofnumbers'],
  site: ['subaccount', 'subaccountname', 'subaccountid', 'site', 'sitename', 'siteid'],
  location: ['location', 'locationname', 'locationid', 'sippeer', 'sippeerid', 'peer', 'peerid'],
  name: ['name', 'ordername'],
  reason: ['reason', 'why', 'purpose', 'justification'],
};

/** Columns of a row that say nothing about what is ordered, or how many. */
const asides: ReadonlySet<ColumnName> = new Set(['quantity', 'site', 'location', 'name', 'reason']);

export interface Columns {
  /** The position of each column that is there. */
  readonly at: ReadonlyMap<ColumnName, number>;
  /** Unknown heads, as they are in the file. */
  readonly ignored: readonly string[];
}

export type ColumnsFault =
  /** No head names a number or a place. */
  | { readonly code: 'no-columns' }
  /** Two heads mean the same. */
  | { readonly code: 'same-column'; readonly heads: readonly [string, string] }
  /** A head that is close to a known one. Ignoring it could change what is ordered. */
  | { readonly code: 'misspelled-column'; readonly head: string; readonly meant: ColumnName };

/** Reads the first row. */
export function readColumns(heads: readonly string[]): Columns | { readonly fault: ColumnsFault } {
  const at = new Map<ColumnName, number>();
  const ignored: string[] = [];
  for (const [index, head] of heads.entries()) {
    const name = columnOf(head);
    if (name === undefined) {
      const meant = nearlyColumn(head);
      if (meant !== undefined) return { fault: { code: 'misspelled-column', head, meant } };
      if (head !== '') ignored.push(head);
      continue;
    }
    const before = at.get(name);
    if (before !== undefined) {
      return { fault: { code: 'same-column', heads: [heads[before] ?? '', head] } };
    }
    at.set(name, index);
  }
  return [...at.keys()].some((name) => !asides.has(name))
    ? { at, ignored }
    : { fault: { code: 'no-columns' } };
}

const bare = (head: string): string =>
  plainSpelling(head)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

function columnOf(head: string): ColumnName | undefined {
  const spelled = bare(head);
  return columnNames.find((name) => spellings[name].includes(spelled));
}

/** Shorter words are too often one letter from another. */
const MIN_MISSPELLED_LENGTH = 5;

function nearlyColumn(head: string): ColumnName | undefined {
  const spelled = bare(head);
  if (spelled.length < MIN_MISSPELLED_LENGTH) return undefined;
  return columnNames.find((name) =>
    spellings[name].some(
      (each) =>
        each.length >= MIN_MISSPELLED_LENGTH &&
        Math.abs(each.length - spelled.length) <= 1 &&
        typingDistance(spelled, each) === 1,
    ),
  );
}
