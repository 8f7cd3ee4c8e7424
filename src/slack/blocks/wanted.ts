import type { Wanted } from '../../orders/order.js';
import { nationalDigits } from '../../orders/phone-number.js';
import { searchPlace } from '../describe-search.js';
import { count } from './vocabulary.js';

/** What an order is for, in plain text: "2 numbers in 910", "5 numbers in area code 910". */
export function subject(wanted: Wanted): string {
  if (wanted.by === 'search')
    return `${count(wanted.search.quantity, 'number')} ${searchPlace(wanted.search)}`;
  return `${count(wanted.numbers.length, 'number')}${commonAreaCode(wanted)}`;
}

function commonAreaCode({ numbers }: Extract<Wanted, { by: 'numbers' }>): string {
  const codes = new Set(
    numbers.map((number) => (number.startsWith('+1') ? nationalDigits(number).slice(0, 3) : undefined)),
  );
  const [only] = codes;
  return codes.size === 1 && only !== undefined ? ` in ${only}` : '';
}
