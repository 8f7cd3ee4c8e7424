import { nationalDigits, type PhoneNumber } from '../../orders/domain/phone-number.js';
import { namedNumbers, type OrderRequest, type Wanted } from '../../orders/domain/request.js';
import { searchPlace } from '../commands/describe-search.js';
import { count } from './vocabulary.js';

/** What to buy, in plain text: "2 numbers in 910", "5 numbers in area code 910". */
export function subject(wanted: Wanted): string {
  return wanted.by === 'search'
    ? `${count(wanted.search.quantity, 'number')} ${searchPlace(wanted.search)}`
    : subjectOfNumbers(wanted.numbers);
}

/** "2 numbers in 910"; "2 numbers" if their area codes differ. */
export function subjectOfNumbers(numbers: readonly PhoneNumber[]): string {
  return `${count(numbers.length, 'number')}${commonAreaCode(numbers)}`;
}

/** The numbers of a request, in plain text: "2 numbers in 910" to buy, "2 numbers" to disconnect. */
export function subjectOf(request: OrderRequest): string {
  return request.kind === 'purchase'
    ? subject(request.wanted)
    : count(namedNumbers(request).length, 'number');
}

/** The whole request, in plain text: "order of 2 numbers in 910", "disconnect of 2 numbers". */
export function actionOf(request: OrderRequest): string {
  return `${request.kind === 'purchase' ? 'order' : 'disconnect'} of ${subjectOf(request)}`;
}

function commonAreaCode(numbers: readonly PhoneNumber[]): string {
  const codes = new Set(
    numbers.map((number) => (number.startsWith('+1') ? nationalDigits(number).slice(0, 3) : undefined)),
  );
  const [only] = codes;
  return codes.size === 1 && only !== undefined ? ` in ${only}` : '';
}
