import {
  type Destination,
  type LineOfSeveral,
  quantityOf,
  type WantedLine,
} from '../../../orders/domain/request.js';
import { figure, typed } from '../format.js';
import { describeNumbers } from './describe-request.js';
import { searchPlace } from './describe-search.js';

/** One line of an order with several: "2 in 910", "3 in 919, Raleigh, NC", "1 number in 704". */
export function lineInWords(line: WantedLine): string {
  return line.by === 'search'
    ? typed(`${figure(quantityOf(line))} ${searchPlace(line.search)}`, MAX_LINE_LENGTH)
    : describeNumbers(line.numbers);
}

const MAX_LINE_LENGTH = 100;

/** The same, with the destination if it differs from the rest: "2 in 910 → Boston office (743)". */
export const lineWithDestination = (line: LineOfSeveral): string =>
  line.to === undefined ? lineInWords(line) : `${lineInWords(line)} → ${destinationInWords(line.to)}`;

/** "Boston office (743), Boston trunk (303716)" */
export const destinationInWords = ({ site, location }: Destination): string =>
  [site, ...(location === undefined ? [] : [location])]
    .map(({ id, name }) => (name === id ? typed(id, 20) : `${typed(name, 40)} (${typed(id, 20)})`))
    .join(', ');

/** What can be listed together, and how many lines that is. */
interface Words {
  readonly words: string;
  readonly lines: number;
}

/** As many lines as fit, and how many more there are. */
export const listLines = (lines: readonly string[], room: number): string =>
  list(
    lines.map((words) => ({ words, lines: 1 })),
    room,
  );

/** The same; area codes with the same quantity are listed together: "1 each in area codes 910, 919, 704". */
export const listWanted = (lines: readonly LineOfSeveral[], room: number): string =>
  list(areaCodesTogether(lines), room);

function list(all: readonly Words[], room: number): string {
  let length = 0;
  const fits = all.findIndex(({ words }) => {
    length += words.length + SEPARATOR.length;
    return length > room;
  });
  const shown = all.slice(0, fits === -1 ? all.length : Math.max(fits, 1));
  const more = all.slice(shown.length).reduce((sum, { lines }) => sum + lines, 0);
  return [...shown.map(({ words }) => words), ...(more === 0 ? [] : [`and ${figure(more)} more`])].join(
    SEPARATOR,
  );
}

/** All lines in the same way, in as many lists as it takes to show each line whole. */
export function listAllWanted(lines: readonly LineOfSeveral[], room: number): readonly string[] {
  const parts: string[][] = [];
  let length = 0;
  for (const { words } of areaCodesTogether(lines)) {
    length += words.length + SEPARATOR.length;
    const part = parts.at(-1);
    if (part !== undefined && length <= room) part.push(words);
    else {
      parts.push([words]);
      length = words.length + SEPARATOR.length;
    }
  }
  return parts.map((part) => part.join(SEPARATOR));
}

const SEPARATOR = ' · ';

/** Few enough that such a group isn't much longer than the longest single line. */
const MAX_GROUPED = 20;

function areaCodesTogether(lines: readonly LineOfSeveral[]): readonly Words[] {
  const [first] = lines;
  if (first === undefined) return [];
  const codes = areaCodesFrom(lines.slice(0, MAX_GROUPED));
  const together = Math.max(codes.length, 1);
  const words =
    together === 1
      ? lineWithDestination(first)
      : `${figure(quantityOf(first))} each in area codes ${codes.join(', ')}`;
  return [{ words, lines: together }, ...areaCodesTogether(lines.slice(together))];
}

/** The area codes of the first lines, as long as these differ in nothing else. */
function areaCodesFrom(lines: readonly LineOfSeveral[]): readonly string[] {
  const [first] = lines;
  const codes: string[] = [];
  for (const line of lines) {
    const code = areaCodeAlone(line);
    if (code === undefined || first === undefined || quantityOf(line) !== quantityOf(first)) break;
    codes.push(code);
  }
  return codes;
}

/** Undefined for a line that has more than an area code and a quantity. */
function areaCodeAlone(line: LineOfSeveral): string | undefined {
  if (line.by !== 'search') return undefined;
  const { search, by: _, ...more } = line;
  const { kind, criteria, quantity: __, ...options } = search;
  return kind === 'areaCode' && isEmpty(more) && isEmpty(options) ? criteria.areaCode : undefined;
}

const isEmpty = (given: object): boolean => Object.values(given).every((value) => value === undefined);
