import { type Criterion, criterionRules } from '../../orders/domain/search/criteria.js';
import { plainSpelling } from '../../orders/domain/search/plain-text.js';
import { typingDistance } from '../../orders/domain/search/typing-distance.js';
import type { CriterionColumn } from '../criteria/criterion.js';
import { criteriaInForm, criterionWords } from '../criteria/table.js';

/** What a column can hold: a criterion, or something else that people order by. */
export type ColumnName = Criterion | 'number' | OrderDetail;

/** What says nothing about which numbers are ordered, or where. */
type OrderDetail = 'quantity' | 'site' | 'location' | 'name' | 'reason';

interface Column<Name extends ColumnName> extends CriterionColumn {
  readonly name: Name;
}

/** The columns of criteria, without the criteria that share another's. */
export const criterionColumns: readonly Column<Criterion>[] = criteriaInForm.flatMap((name) => {
  const { column } = criterionWords[name];
  return column === undefined || 'sharedWith' in column ? [] : [{ name, ...column }];
});

const number: Column<'number'> = {
  name: 'number',
  head: 'number',
  alsoCalled: [
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
  digits: true,
};

const orderDetails: readonly Column<OrderDetail>[] = [
  {
    name: 'quantity',
    head: 'quantity',
    alsoCalled: ['qty', 'count', 'amount', 'howmany', 'numberofnumbers'],
    digits: true,
  },
  {
    name: 'site',
    head: 'sub-account',
    alsoCalled: ['subaccountname', 'subaccountid', 'site', 'sitename', 'siteid'],
  },
  {
    name: 'location',
    head: 'location',
    alsoCalled: ['locationname', 'locationid', 'sippeer', 'sippeerid', 'peer', 'peerid'],
  },
  { name: 'name', head: 'name', alsoCalled: ['ordername'] },
  { name: 'reason', head: 'reason', alsoCalled: ['why', 'purpose', 'justification'] },
];

const isPrefix = ({ name }: Column<Criterion>): boolean => criterionRules[name].role === 'prefix';

/** Every column, in the order of the template. */
export const columns: readonly Column<ColumnName>[] = [
  ...criterionColumns.filter(isPrefix),
  number,
  ...criterionColumns.filter((column) => !isPrefix(column)),
  ...orderDetails,
];

const bare = (head: string): string =>
  plainSpelling(head)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/** Each column with everything that people call it, as {@link bare} leaves it. */
const spelledColumns = columns.map((column) => ({
  column,
  spellings: [bare(column.head), ...column.alsoCalled],
}));

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
  /** A head that is close to that of a column. Ignoring it could change what is ordered. */
  | { readonly code: 'misspelled-column'; readonly head: string; readonly meant: string };

/** Reads the first row. */
export function readColumns(heads: readonly string[]): Columns | { readonly fault: ColumnsFault } {
  const at = new Map<ColumnName, number>();
  const ignored: string[] = [];
  for (const [index, head] of heads.entries()) {
    const name = columnOf(head);
    if (name === undefined) {
      const meant = nearlyColumn(head);
      if (meant !== undefined) return { fault: { code: 'misspelled-column', head, meant: meant.head } };
      if (head !== '') ignored.push(head);
      continue;
    }
    const before = at.get(name);
    if (before !== undefined) {
      return { fault: { code: 'same-column', heads: [heads[before] ?? '', head] } };
    }
    at.set(name, index);
  }
  return [...at.keys()].some((name) => !orderDetails.some((detail) => detail.name === name))
    ? { at, ignored }
    : { fault: { code: 'no-columns' } };
}

function columnOf(head: string): ColumnName | undefined {
  const spelled = bare(head);
  return spelledColumns.find(({ spellings }) => spellings.includes(spelled))?.column.name;
}

/** Shorter words are too often one letter from another. */
const MIN_MISSPELLED_LENGTH = 5;

function nearlyColumn(head: string): Column<ColumnName> | undefined {
  const spelled = bare(head);
  if (spelled.length < MIN_MISSPELLED_LENGTH) return undefined;
  const isNear = (each: string) =>
    each.length >= MIN_MISSPELLED_LENGTH &&
    Math.abs(each.length - spelled.length) <= 1 &&
    typingDistance(spelled, each) === 1;
  return spelledColumns.find(({ spellings }) => spellings.some(isNear))?.column;
}
