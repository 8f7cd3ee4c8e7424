/** Excel takes a file for UTF-8 only with it: the beginning of every CSV file, and of no other. */
const BYTE_ORDER_MARK = '\uFEFF';

/** A whole file of these rows. */
export const csvFile = (rows: readonly (readonly string[])[]): string => `${BYTE_ORDER_MARK}${csv(rows)}`;

/** Rows as RFC 4180 has them, and safe to open in a spreadsheet. */
export const csv = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map(cellOf).join(',')}\r\n`).join('');

/**
 * A spreadsheet would run a cell that begins like a formula (https://owasp.org/www-community/attacks/CSV_Injection).
 * Where commas are decimal marks it parts cells at semicolons, and then a cell begins in the middle of ours:
 * CSV libraries look at the beginning of ours only.
 */
function cellOf(text: string): string {
  const safe = text.replace(/(?<=^|[;\t\r\n])(?="*[=+\-@\t\r\n＝＋－＠])/g, "'");
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
