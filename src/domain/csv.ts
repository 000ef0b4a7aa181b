/** A cell: null and NaN become an empty field. */
export type CsvCell = string | number | boolean | null;

/** Spreadsheets run a text that starts like this as a formula (OWASP, "CSV Injection"). */
const FORMULA_START = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /[",\r\n]/;

/**
 * Writes a table as CSV (RFC 4180): comma, CRLF, quotes where needed. A text that a spreadsheet would run as a formula
 * gets an apostrophe in front; numbers do not, so -1 stays a number.
 */
export function toCsv(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map((row) => `${row.map(writeCell).join(',')}\r\n`).join('');
}

function writeCell(cell: CsvCell): string {
  if (cell === null || Number.isNaN(cell)) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = FORMULA_START.test(cell) ? `'${cell}` : cell;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
