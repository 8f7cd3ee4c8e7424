import { showPhoneNumber } from '../../../orders/domain/phone-number.js';
import { MAX_LINES } from '../../../orders/domain/request.js';
import { MAX_QUANTITY } from '../../../orders/domain/search/search.js';
import type { AccountBar } from '../../../orders/domain/standing.js';
import type { DestinationProblem } from '../../../orders/use-cases/find-destinations.js';
import { MAX_FILE_BYTES, MAX_ROWS, type TableFaultCode } from '../../import/csv-table.js';
import type { FetchFault } from '../../import/fetch-file.js';
import type { RowFault, WrongRow } from '../../import/order-rows.js';
import type { ImportFault } from '../../import/read-import.js';
import { cut } from '../../text/escape.js';
import { theirBarWords } from '../bar-words.js';
import { count, figure } from '../format.js';
import { limits } from '../limits.js';
import { wrongNumberSentence } from '../wrong-numbers.js';
import { NAME_TOO_LONG, problemSentence, wordsProblemSentence } from './problems.js';

// What people read when a CSV file, or a row of it, can't be used. All of it is plain text, not escaped.

/** Enough of a cell to recognize it. */
const SHOWN = 40;

const shown = (cell: string): string => `“${cut(cell, SHOWN)}”`;

const SAVE_AS_CSV = 'In Excel, choose Save As and “CSV UTF-8 (Comma delimited)”.';

const tableSentences: Readonly<Record<TableFaultCode, string>> = {
  empty: 'This file is empty.',
  'too-large': `This file is too large: I read up to ${figure(MAX_FILE_BYTES / 1024)} kB.`,
  'too-many-rows': `This file has too many rows: I read up to ${figure(MAX_ROWS)}.`,
  spreadsheet: `This is a workbook, not a CSV file. ${SAVE_AS_CSV}`,
  binary: `This isn't a text file. ${SAVE_AS_CSV}`,
  'utf-16': `This file is encoded in UTF-16, and I read UTF-8. ${SAVE_AS_CSV}`,
  'not-utf-8': `This file isn't encoded in UTF-8, so I can't be sure of its letters. ${SAVE_AS_CSV}`,
  'web-page': 'This file is a web page, not a CSV file.',
};

const fetchSentences: Readonly<Record<FetchFault, string>> = {
  'outside-slack':
    "This file isn't stored in Slack, so I can't read it. Upload the CSV file itself and import that.",
  'too-large': tableSentences['too-large'],
  gone: "I can't find this file. It may have been deleted. Upload it again.",
  'no-access':
    "Slack doesn't let me read this file. If it was shared in a channel that I'm not in, add me with /invite @Numbers and try again. Otherwise an admin can reinstall the app to add the permission I'm missing (files:read).",
};

/** Returns why a file can't be fetched, and what to do. */
export const fetchFaultSentence = (fault: FetchFault): string => fetchSentences[fault];

/** For a file that someone shared who can't request anything. */
export const ownerBarredSentence = (bar: AccountBar): string =>
  `I won't read this file, because the person who shared it can't use me: ${theirBarWords[bar].replaceAll('`', '')}. Check what is in it, and import a copy of your own.`;

export const NOT_YOUR_FILE = 'Someone else uploaded this file. Upload a copy of your own.';

export const NO_FILE =
  'This message has no file. Nothing was ordered. Choose the shortcut on a message with a CSV file, or type `/numbers import`.';

export const SEVERAL_FILES =
  'This message has several files, and I read one at a time. Nothing was ordered. Share the one you mean in a message of its own, or type `/numbers import`.';

export const FILE_NOT_IMPORTED = "Your file wasn't imported.";

export const NOTHING_ELSE_IN_FILE =
  'A file that only lists numbers is for disconnecting them. To order them instead, add a column such as “reason”.';

export const tooManyLines = (lines: number): string =>
  `This file has numbers for ${figure(lines)} different places, and one order can have ${figure(MAX_LINES)}. Split the file.`;

/** Returns why a file can't be read, and what to do. */
export function importFaultSentence(fault: ImportFault): string {
  switch (fault.code) {
    case 'bad-quotes':
      return `Row ${figure(fault.row)} has a quotation mark that doesn't belong there, or one that isn't closed.`;
    case 'head-only':
      return 'This file has only a row of column names. Add rows below it.';
    case 'no-columns':
      return `I can't tell what is in the columns. Name them in the first row, such as “area code” and “quantity”, or “number” for numbers to disconnect.`;
    case 'same-column':
      return `The columns ${fault.heads.map(shown).join(' and ')} mean the same. Keep one of them.`;
    case 'misspelled-column':
      return `I don't know the column ${shown(fault.head)}. Did you mean “${fault.meant}”?`;
    case 'too-many-numbers':
      return `This file asks for ${figure(fault.count)} numbers, and one request can have at most ${figure(MAX_QUANTITY)}.`;
    default:
      return tableSentences[fault.code];
  }
}

/** Returns why a name in a file or a form isn't a sub-account or location. */
export const placeFaultSentence = (code: DestinationProblem['problem'], cell: string): string =>
  placeSentences[code](shown(cell));

const placeSentences: Readonly<Record<DestinationProblem['problem'], (cell: string) => string>> = {
  'no-such-site': (cell) => `No sub-account is called ${cell}.`,
  'no-such-location': (cell) => `No location of this sub-account is called ${cell}.`,
  'several-places': (cell) => `Several are called ${cell}. Use the id.`,
  'place-not-known': (cell) =>
    `I couldn't find ${cell}, but some of what Bandwidth lists can't be read. Try the id.`,
  'not-looked-up': (cell) => `I couldn't look up ${cell} in time. Use the id, or submit the form again.`,
};

/** Returns why a row can't be ordered or disconnected. */
export function rowFaultSentence(why: RowFault): string {
  switch (why.code) {
    case 'search':
      return problemSentence(why.problem);
    case 'wrong-number':
      return wrongNumberSentence(why.wrong);
    case 'excel-number':
      return `Excel shortened ${shown(why.cell)}, and its digits are lost. Format the column as text and enter it again.`;
    case 'letter-for-digit':
      return `${wordsProblemSentence({ why: why.code, typed: why.cell })} Did you mean ${cut(why.meant, SHOWN)}?`;
    case 'lost-zero':
      return `A ZIP code has five digits. Excel may have dropped the zero of 0${why.cell}: format the column as text.`;
    case 'number-and-place':
      return 'This row has a number and a place. Keep one of them.';
    case 'quantity-of-number':
      return "The quantity doesn't match the numbers in this row. Leave it empty.";
    case 'same-number':
      return `${showPhoneNumber(why.number)} is already in row ${figure(why.row)}.`;
    case 'name-too-long':
      return NAME_TOO_LONG;
    case 'reason-too-long':
      return `A reason has at most ${figure(limits.inputValue)} characters.`;
    case 'head-again':
      return 'This row repeats the column names. Delete it.';
    case 'example':
      return "This is the template's example. Replace or delete it.";
    case 'location-alone':
      return `Which sub-account is ${shown(why.cell)} in? Fill in its column too.`;
    default:
      return placeFaultSentence(why.code, why.cell);
  }
}

/** On one line, whatever the cell contains. */
export const wrongRowLine = ({ row, why }: WrongRow): string =>
  `Row ${figure(row)}: ${rowFaultSentence(why).replace(/\s+/g, ' ')}`;

/** Says which columns weren't read; undefined when all were. */
export function ignoredColumns(heads: readonly string[]): string | undefined {
  if (heads.length === 0) return undefined;
  const named = heads.slice(0, 5).map(shown).join(', ');
  const more = heads.length > 5 ? ` and ${count(heads.length - 5, 'more column')}` : '';
  return `I didn't use ${heads.length === 1 ? 'the column' : 'the columns'} ${named}${more}.`;
}
