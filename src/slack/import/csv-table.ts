import { CsvError, parse } from 'csv-parse/sync';

/** The rows of a CSV file. The first has index 0 and is number 1 in a spreadsheet; blank rows are kept as such. */
export type CsvTable = readonly (readonly string[])[];

/** Why a file isn't a table. Each has its sentence in `blocks/answers/import-words.ts`. */
export type TableFault =
  | { readonly code: TableFaultCode }
  /** A quotation mark that isn't closed, or one inside a value. */
  | { readonly code: 'bad-quotes'; readonly row: number };

export type TableFaultCode =
  | 'empty'
  | 'too-large'
  | 'too-many-rows'
  /** An Excel, Numbers or OpenDocument file, or another archive. */
  | 'spreadsheet'
  | 'binary'
  | 'utf-16'
  | 'not-utf-8'
  /** Slack sends its login page to an app that can't read a file. */
  | 'web-page';

/** Room for 5,000 rows of a hundred characters. */
export const MAX_FILE_BYTES = 512 * 1024;
/** Each row requests at least one number, so this is the same limit as that of numbers. */
export const MAX_ROWS = 5_000;

const DELIMITERS = [',', ';', '\t'] as const;

/** Never throws for any bytes. */
export function readCsvTable(
  bytes: Uint8Array,
): { readonly table: CsvTable } | { readonly fault: TableFault } {
  const decoded = decode(bytes);
  if ('fault' in decoded) return decoded;
  const { text, delimiter } = withDelimiter(withoutBlankEnd(decoded.text));
  if (text.trim() === '') return { fault: { code: 'empty' } };
  // An HTML page also when it was saved under the name of a CSV file.
  if (text.trimStart().startsWith('<')) return { fault: { code: 'web-page' } };
  try {
    const table = parse(text, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      // Cells are trimmed below. This also accepts a space between a delimiter and a quotation mark.
      ltrim: delimiter !== '\t',
      rtrim: delimiter !== '\t',
      // One more than is allowed below the head, to notice it.
      to: MAX_ROWS + 2,
    });
    if (table.length > MAX_ROWS + 1) return { fault: { code: 'too-many-rows' } };
    return { table: table.map((row) => row.map((cell) => cell.trim())) };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { fault: { code: 'bad-quotes', row: Number(error.records) + 1 } };
  }
}

/** Spreadsheets write blank rows as far down as somebody once typed something. */
function withoutBlankEnd(text: string): string {
  let end = text.length;
  while (end > 0 && /[\s,;]/.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function decode(bytes: Uint8Array): { readonly text: string } | { readonly fault: TableFault } {
  const fault = (code: TableFaultCode) => ({ fault: { code } });
  if (bytes.length > MAX_FILE_BYTES) return fault('too-large');
  if (beginsWith(bytes, [0x50, 0x4b, 0x03, 0x04]) || beginsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0])) {
    return fault('spreadsheet');
  }
  if (beginsWith(bytes, [0xff, 0xfe]) || beginsWith(bytes, [0xfe, 0xff])) return fault('utf-16');
  if (bytes.includes(0)) return fault(isPlainUtf16(bytes) ? 'utf-16' : 'binary');
  try {
    // Drops a byte order mark.
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return fault('not-utf-8');
  }
}

const beginsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, index) => bytes[index] === byte);

/** Plain letters in UTF-16 have a zero in every second byte. */
const isPlainUtf16 = (bytes: Uint8Array): boolean =>
  bytes.filter((byte) => byte === 0).length > bytes.length / 4 &&
  [0, 1].some((parity) => bytes.every((byte, index) => byte !== 0 || index % 2 === parity));

/** Excel writes semicolons where the comma is the decimal mark, and understands a first line such as `sep=;`. */
function withDelimiter(text: string): { readonly text: string; readonly delimiter: string } {
  const [line = '', named] = /^sep=([,;\t])[ \t,;]*(?:\r\n|\n|\r|$)/i.exec(text) ?? [];
  if (named !== undefined) return { text: text.slice(line.length), delimiter: named };
  const [head = ''] = /(?:"[^"]*"|[^"\r\n])+/.exec(text) ?? [];
  const bare = head.replace(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length);
  return { text, delimiter: DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',' };
}
