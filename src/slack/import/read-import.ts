import type { PhoneNumber } from '../../orders/domain/phone-number.js';
import { quantityOf } from '../../orders/domain/request.js';
import { MAX_QUANTITY } from '../../orders/domain/search/search.js';
import { type NumberList, readNumberList } from '../text/number-list.js';
import { typedNumbers } from '../text/typed-digits.js';
import { type ColumnsFault, readColumns } from './columns.js';
import { type CsvTable, readCsvTable, type TableFault } from './csv-table.js';
import {
  type CellOf,
  cellsOf,
  EXCEL_NUMBER,
  type ImportedRow,
  isNumberInList,
  makeOrderRowReader,
  type WrongRow,
  withoutFraction,
} from './order-rows.js';

/** What a file requests, as far as the file alone can tell. Nothing has been looked up yet. */
export type Import = OrderImport | DisconnectImport;

interface ImportedRows {
  readonly wrong: readonly WrongRow[];
  /** Unknown heads of columns. */
  readonly ignored: readonly string[];
}

export interface OrderImport extends ImportedRows {
  readonly kind: 'order';
  readonly rows: readonly ImportedRow[];
}

/** A list of numbers and nothing else. */
export interface DisconnectImport extends ImportedRows {
  readonly kind: 'disconnect';
  /** Each once. */
  readonly numbers: readonly PhoneNumber[];
}

export type ImportFault =
  | TableFault
  | ColumnsFault
  | { readonly code: 'head-only' }
  | { readonly code: 'too-many-numbers'; readonly count: number };

/** Reads a CSV file that a person wrote. Never throws for any bytes. */
export function readImport(bytes: Uint8Array): Import | { readonly fault: ImportFault } {
  const csv = readCsvTable(bytes);
  if ('fault' in csv) return csv;
  const filled = filledRows(csv.table);
  const [head, ...others] = filled;
  if (head === undefined) return { fault: { code: 'empty' } };
  if (filled.every(({ cells }) => cells.length === 1) && isNumberInList(head.cells[0] ?? '')) {
    return limited(readDisconnects(filled, ([cell = '']) => cell, []));
  }
  const columns = readColumns(head.cells);
  if ('fault' in columns) return columns;
  if (others.length === 0) return { fault: { code: 'head-only' } };
  const { again, rows } = headsApart(head.cells, others);
  const cells = (row: readonly string[]): CellOf => cellsOf(columns, row);
  const read =
    columns.at.size === 1 && columns.at.has('number')
      ? readDisconnects(rows, (row) => cells(row)('number'), columns.ignored)
      : readOrders(rows, cells, columns.ignored);
  return limited({ ...read, wrong: [...again, ...read.wrong].sort((one, other) => one.row - other.row) });
}

/** Separates rows from those that repeat the head. */
function headsApart(head: readonly string[], rows: readonly FilledRow[]) {
  const spelled = (cells: readonly string[]) => cells.join('\n').toLowerCase();
  const named = spelled(head);
  const isHead = ({ cells }: FilledRow) => cells.length === head.length && spelled(cells) === named;
  const again = rows.filter(isHead).map(({ row }): WrongRow => ({ row, why: { code: 'head-again' } }));
  return { again, rows: again.length === 0 ? rows : rows.filter((each) => !isHead(each)) };
}

interface FilledRow {
  /** The row number, as a spreadsheet counts. */
  readonly row: number;
  readonly cells: readonly string[];
}

/** Without blank rows and the empty cells at the end of a row, which spreadsheets add. */
function filledRows(table: CsvTable): readonly FilledRow[] {
  return table.flatMap((row, index) => {
    const last = row.findLastIndex((cell) => cell !== '');
    return last < 0 ? [] : [{ row: index + 1, cells: row.slice(0, last + 1) }];
  });
}

function readDisconnects(
  rows: readonly FilledRow[],
  numberIn: (cells: readonly string[]) => string,
  ignored: readonly string[],
): DisconnectImport {
  const numbers = new Set<PhoneNumber>();
  const wrong: WrongRow[] = [];
  for (const { row, cells } of rows) {
    const cell = numberIn(cells);
    const list = readNumbersIn(withoutFraction(cell));
    if (EXCEL_NUMBER.test(cell)) wrong.push({ row, why: { code: 'excel-number', cell } });
    else if (list.wrong.length > 0) wrong.push({ row, why: { code: 'wrong-number', wrong: list.wrong } });
    else for (const number of list.numbers) numbers.add(number);
  }
  return { kind: 'disconnect', numbers: [...numbers], wrong, ignored };
}

/** A row usually has one number, and a list takes longer to read. */
function readNumbersIn(cell: string): NumberList {
  const { numbers, unread } = typedNumbers(cell);
  return numbers.length === 1 && unread.length === 0 ? { numbers, wrong: [] } : readNumberList(cell);
}

function readOrders(
  rows: readonly FilledRow[],
  cellsIn: (cells: readonly string[]) => CellOf,
  ignored: readonly string[],
): OrderImport {
  const right: ImportedRow[] = [];
  const wrong: WrongRow[] = [];
  const seen = new Map<PhoneNumber, number>();
  const readRow = makeOrderRowReader();
  for (const { row, cells } of rows) {
    const read = readRow(row, cellsIn(cells));
    const again = 'why' in read ? read : (sameNumber(read, seen) ?? read);
    if ('why' in again) {
      wrong.push(again);
      continue;
    }
    for (const number of numbersOf(again)) seen.set(number, row);
    right.push(again);
  }
  return { kind: 'order', rows: right, wrong, ignored };
}

const numbersOf = ({ wanted }: ImportedRow): readonly PhoneNumber[] =>
  wanted.by === 'numbers' ? wanted.numbers : [];

/** A number can be bought only once. */
function sameNumber(read: ImportedRow, seen: ReadonlyMap<PhoneNumber, number>): WrongRow | undefined {
  for (const number of numbersOf(read)) {
    const row = seen.get(number);
    if (row !== undefined) return { row: read.row, why: { code: 'same-number', number, row } };
  }
  return undefined;
}

function limited(read: Import): Import | { readonly fault: ImportFault } {
  const count =
    read.kind === 'disconnect'
      ? read.numbers.length
      : read.rows.reduce((sum, { wanted }) => sum + quantityOf(wanted), 0);
  return count > MAX_QUANTITY ? { fault: { code: 'too-many-numbers', count } } : read;
}
