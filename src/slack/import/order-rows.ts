import { type PhoneNumber, parsePhoneNumber } from '../../orders/domain/phone-number.js';
import { ORDER_NAME_MAX, type WantedLine } from '../../orders/domain/request.js';
import {
  checkSearch,
  type SearchProblem,
  searchAndOrderProblems,
} from '../../orders/domain/search/check-search.js';
import { type Criteria, type Criterion, isTollFreePrefix } from '../../orders/domain/search/criteria.js';
import { plainSpelling } from '../../orders/domain/search/plain-text.js';
import { DEFAULT_ORDER_QUANTITY } from '../../orders/domain/search/search.js';
import { prefixDigits } from '../criteria/prefix.js';
import { FIELD_LENGTH } from '../text/field-length.js';
import { readNumberList } from '../text/number-list.js';
import { withDigits } from '../text/typed-digits.js';
import { placeOf, stateCodeOf } from '../text/typed-places.js';
import { type ColumnName, type Columns, columns, criterionColumns } from './columns.js';

/** One row of an order, its places as they are spelled in the file. */
export interface ImportedRow {
  /** As a spreadsheet counts: the head is row 1. */
  readonly row: number;
  readonly wanted: WantedLine;
  readonly site: string;
  readonly location: string;
  readonly name: string;
  readonly reason: string;
}

/** Why a row can't be ordered or disconnected. Each has its sentence in `blocks/answers/import-words.ts`. */
export type RowFault =
  | { readonly code: 'search'; readonly problem: SearchProblem }
  | { readonly code: 'wrong-number'; readonly wrong: readonly string[] }
  /** `9.10241E+09` */
  | { readonly code: 'excel-number'; readonly cell: string }
  /** `91O` */
  | { readonly code: 'letter-for-digit'; readonly cell: string; readonly meant: string }
  /** A ZIP code of four digits. */
  | { readonly code: 'lost-zero'; readonly cell: string }
  | { readonly code: 'number-and-place' }
  | { readonly code: 'quantity-of-number' }
  | { readonly code: 'same-number'; readonly number: PhoneNumber; readonly row: number }
  | { readonly code: 'name-too-long' }
  | { readonly code: 'reason-too-long' }
  /** As when two files were concatenated. */
  | { readonly code: 'head-again' }
  /** The template's own example, unchanged. */
  | { readonly code: 'example' }
  | { readonly code: 'location-alone'; readonly cell: string }
  | { readonly code: PlaceFaultCode; readonly cell: string };

export type PlaceFaultCode = 'no-such-site' | 'no-such-location' | 'several-places' | 'place-not-known';

export interface WrongRow {
  readonly row: number;
  readonly why: RowFault;
}

/** In the reason of the template's rows, so that nobody orders them by accident. */
export const EXAMPLE = 'Example: replace this row';

/** A cell of one row, by its column; empty without that column. */
export type CellOf = (name: ColumnName) => string;

export function cellsOf({ at }: Columns, cells: readonly string[]): CellOf {
  const spelled = new Map([...at].map(([name, index]) => [name, spelling(cells[index] ?? '')]));
  return (name) => spelled.get(name) ?? '';
}

/** An apostrophe before digits or a sign tells a spreadsheet that they are text; our own files have it too. */
const spelling = (cell: string): string =>
  plainSpelling(cell)
    .trim()
    .replace(/^'(?=[\d+\-=@(])/, '');

/** A number that a spreadsheet keeps only the first digits of: `9.10241E+09`, `9,10241E9`. */
export const EXCEL_NUMBER = /^\d(?:[.,]\d+)?E[+-]?\d{1,3}$/i;

const digitColumns = columns.filter(({ digits }) => digits).map(({ name }) => name);

/** Reads the rows of one file. What they say about sub-accounts and locations is looked up later. */
export function makeOrderRowReader(): (row: number, cell: CellOf) => ImportedRow | WrongRow {
  // A long file has many rows for few places.
  const searches = new Map<string, Read>();
  return (row, cell) =>
    readOrderRow(row, cell, () => {
      const key = searchColumns.map(cell).join('\n');
      const known = searches.get(key);
      if (known !== undefined) return known;
      const read = readSearch(cell);
      searches.set(key, read);
      return read;
    });
}

function readOrderRow(row: number, cell: CellOf, readSearchHere: () => Read): ImportedRow | WrongRow {
  for (const text of digitColumns.map(cell)) {
    if (EXCEL_NUMBER.test(text)) return { row, why: { code: 'excel-number', cell: text } };
    const meant = withDigits(text);
    if (meant !== undefined) return { row, why: { code: 'letter-for-digit', cell: text, meant } };
  }
  if (cell('reason') === EXAMPLE) return { row, why: { code: 'example' } };
  if (Array.from(cell('name')).length > ORDER_NAME_MAX) return { row, why: { code: 'name-too-long' } };
  if (cell('reason').length > FIELD_LENGTH) return { row, why: { code: 'reason-too-long' } };
  if (cell('location') !== '' && cell('site') === '') {
    return { row, why: { code: 'location-alone', cell: cell('location') } };
  }
  const read = cell('number') === '' ? readSearchHere() : readNumbers(cell);
  if ('why' in read) return { row, ...read };
  return {
    row,
    ...read,
    site: cell('site'),
    location: cell('location'),
    name: cell('name'),
    reason: cell('reason'),
  };
}

type Read = { readonly wanted: WantedLine } | { readonly why: RowFault };

const searchColumns: readonly ColumnName[] = [...criterionColumns.map(({ name }) => name), 'quantity'];

function readNumbers(cell: CellOf): Read {
  if (criterionColumns.some(({ name }) => cell(name) !== '')) return { why: { code: 'number-and-place' } };
  const { numbers, wrong } = readNumberList(withoutFraction(cell('number')));
  if (wrong.length > 0) return { why: { code: 'wrong-number', wrong } };
  const quantity = cell('quantity') === '' ? numbers.length : readQuantity(cell('quantity'));
  return quantity === numbers.length
    ? { wanted: { by: 'numbers', numbers } }
    : { why: { code: 'quantity-of-number' } };
}

function readSearch(cell: CellOf): Read {
  if (/^\d{4}$/.test(cell('zip'))) return { why: { code: 'lost-zero', cell: cell('zip') } };
  const quantity = cell('quantity') === '' ? DEFAULT_ORDER_QUANTITY : readQuantity(cell('quantity'));
  const search = checkSearch({ criteria: readCriteria(cell), quantity: quantity ?? 1 });
  if (!('kind' in search)) return problem(search);
  if (quantity === undefined) {
    return problem([{ field: 'quantity', code: 'bad-quantity', value: cell('quantity') }]);
  }
  const notOrdered = searchAndOrderProblems(search);
  return notOrdered.length > 0 ? problem(notOrdered) : { wanted: { by: 'search', search } };
}

function problem([first]: readonly SearchProblem[]): Read {
  if (first === undefined) throw new Error('a search is refused without a problem');
  return { why: { code: 'search', problem: first } };
}

/** `5`, `x5`, and `5.0`, which programs write for a whole number. */
function readQuantity(text: string): number | undefined {
  const [, digits] = /^x?\s*(\d{1,6})$/i.exec(withoutFraction(text)) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** `910.0` is how some programs write a whole number, and `910.00` how spreadsheets show one. */
export const withoutFraction = (text: string): string => text.replace(/^(\+?\d+)\.0+$/, '$1');

function readCriteria(cell: CellOf): Criteria {
  const typed = cell('city');
  const place = typed === '' || cell('state') !== '' ? { name: typed } : placeOf(typed);
  const state = cell('state') === '' ? ('state' in place ? place.state : undefined) : cell('state');
  const given: Partial<Record<Criterion, string | undefined>> = {
    ...Object.fromEntries(
      criterionColumns.map(({ name, digits }) => [name, digits ? withoutFraction(cell(name)) : cell(name)]),
    ),
    // The digits of two columns may be one prefix, and a city's cell may name its state.
    areaCode: undefined,
    npaNxx: undefined,
    ...prefixOf(withoutFraction(cell('areaCode')), withoutFraction(cell('npaNxx'))),
    city: place.name,
    state: state === undefined ? undefined : (stateCodeOf(state) ?? state),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== ''));
}

/** The count of the digits decides what they mean, as in a command. `910` and `241` in two columns are one prefix. */
function prefixOf(areaCode: string, prefix: string): Criteria {
  const [npa, more] = [prefixDigits(areaCode), prefixDigits(prefix)];
  if (npa !== '' && /^\d{3,4}$/.test(more) && /^\d{3}$/.test(npa)) return digitsAs(npa + more);
  if (npa !== '' && more.startsWith(npa)) return digitsAs(more);
  return { ...digitsAs(npa), ...digitsAs(more) };
}

function digitsAs(digits: string): Criteria {
  if (digits === '') return {};
  if (isTollFreePrefix(digits) || /^8[\d*x]\*$/i.test(digits)) {
    return { tollFreeWildCardPattern: digits.toLowerCase().replaceAll('x', '*') };
  }
  if (/^\d{7}$/.test(digits)) return { npaNxxx: digits };
  return /^\d{6}$/.test(digits) ? { npaNxx: digits } : { areaCode: digits };
}

/** A list of one number per row may have no head, even if Excel shortened its first number. */
export const isNumberInList = (cell: string): boolean =>
  EXCEL_NUMBER.test(cell) || parsePhoneNumber(withoutFraction(cell)) !== undefined;
