import type { Announcement } from '../../../orders/domain/announcement.js';
import type { Order } from '../../../orders/domain/order.js';
import type { PhoneNumber } from '../../../orders/domain/phone-number.js';
import { namedNumbers } from '../../../orders/domain/request.js';
import { codeSpan, cut } from '../../text/escape.js';
import { count, listNumbers } from '../format.js';

// What people read instead of a file with all numbers.

/** The announcements that attach all numbers as a file. */
export type NumbersFile = Extract<Announcement, 'numbers' | 'delivered'>;

/** How many numbers fit into one message. */
const NUMBERS_IN_WORDS = 200;

const numbersIn = (order: Order, kind: NumbersFile): readonly PhoneNumber[] =>
  kind === 'delivered' && 'outcome' in order ? order.outcome.completed : namedNumbers(order.request);

/** Lists the numbers of the file, as many as fit. */
export const listedInWords = (order: Order, kind: NumbersFile): string =>
  listNumbers(numbersIn(order, kind), NUMBERS_IN_WORDS);

/** For when Slack doesn't accept the file. `why` is Slack's error code, if there is one. */
export function numbersInWords(order: Order, kind: NumbersFile, why: string | undefined): string {
  const { length } = numbersIn(order, kind);
  const fix =
    why === 'missing_scope'
      ? "I'm missing a permission (`files:write`). An admin can reinstall the app to add it."
      : `Slack ${why === undefined ? "didn't accept the file" : `says ${codeSpan(cut(why, 100))}`}.`;
  return [
    `I can't attach the list of all ${count(length, kind === 'delivered' ? 'delivered number' : 'number')} as a file. ${fix}`,
    `Here it is: ${listedInWords(order, kind)}`,
  ].join('\n');
}
