import { quantityOf, type WantedLine } from '../../../orders/domain/request.js';
import { searchPlace } from '../../commands/describe-search.js';
import { subjectOfNumbers } from '../subject.js';
import { figure, typed } from '../vocabulary.js';

/** One line of an order with several: "2 in 910", "3 in 919, Raleigh, NC", "1 number in 704". */
export function lineInWords(line: WantedLine): string {
  return line.by === 'search'
    ? typed(`${figure(quantityOf(line))} ${searchPlace(line.search)}`, LONGEST_LINE)
    : subjectOfNumbers(line.numbers);
}

const LONGEST_LINE = 100;

/** As many lines as fit, and how many more there are. */
export function listLines(lines: readonly string[], room: number): string {
  let length = 0;
  const fits = lines.findIndex((line) => {
    length += line.length + SEPARATOR.length;
    return length > room;
  });
  if (fits === -1) return lines.join(SEPARATOR);
  const shown = Math.max(fits, 1);
  const more = lines.length - shown;
  const words = lines.slice(0, shown).join(SEPARATOR);
  return more === 0 ? words : `${words}${SEPARATOR}and ${figure(more)} more`;
}

const SEPARATOR = ' · ';
