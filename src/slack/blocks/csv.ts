/** Starts every CSV file: without it, Excel doesn't read the file as UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF';

/** Returns a complete file with these rows. */
export const csvFile = (rows: readonly (readonly string[])[]): string => `${BYTE_ORDER_MARK}${csv(rows)}`;

/** Formats rows according to RFC 4180, safe to open in a spreadsheet. */
export const csv = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map(cellOf).join(',')}\r\n`).join('');

/**
 * A spreadsheet runs a cell that begins like a formula (https://owasp.org/www-community/attacks/CSV_Injection). With a
 * decimal-comma locale it splits cells at semicolons, so a formula may also begin inside one of our cells, which CSV
 * libraries don't check.
 */
function cellOf(text: string): string {
  const safe = text.replace(/(?<=^|[;\t\r\n])(?="*[=+\-@\t\r\n＝＋－＠])/g, "'");
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
