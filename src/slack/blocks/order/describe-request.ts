import type { OrderKind } from '../../../orders/domain/order-kinds.js';
import type { PhoneNumber } from '../../../orders/domain/phone-number.js';
import {
  namedNumbers,
  ORDER_NAME_MAX,
  type OrderRequest,
  quantityOf,
  type Wanted,
} from '../../../orders/domain/request.js';
import { areaCodeOf } from '../../../orders/domain/search/area-code-of.js';
import { cut } from '../../text/escape.js';
import { count, typed } from '../format.js';
import { kindWords } from '../kind-words.js';
import { searchPlace } from './describe-search.js';

/** What to buy, in plain text: "2 numbers in 910", "5 numbers in area code 910", "6 numbers in 3 places". */
export function describeWanted(wanted: Wanted): string {
  switch (wanted.by) {
    case 'search':
      return `${count(wanted.search.quantity, 'number')} ${searchPlace(wanted.search)}`;
    case 'numbers':
      return describeNumbers(wanted.numbers);
    case 'lines': {
      const quantity = wanted.lines.reduce((sum, line) => sum + quantityOf(line), 0);
      return `${count(quantity, 'number')} in ${count(wanted.lines.length, 'place')}`;
    }
  }
}

/** "2 numbers in 910"; "2 numbers" if their area codes differ. */
export function describeNumbers(numbers: readonly PhoneNumber[]): string {
  return `${count(numbers.length, 'number')}${commonAreaCode(numbers)}`;
}

/** The numbers of a request, in plain text: "2 numbers in 910" to buy, otherwise "2 numbers". */
export function describeRequested(request: OrderRequest): string {
  return request.kind === 'purchase'
    ? describeWanted(request.wanted)
    : count(namedNumbers(request).length, 'number');
}

/** The whole request, in plain text: "order of 2 numbers in 910", "disconnect of 2 numbers". */
export function describeRequest(request: OrderRequest): string {
  return `${kindWords[request.kind].title.toLowerCase()} of ${describeRequested(request)}`;
}

/** The same two for mrkdwn and the text of a message. */
export const requestedInText = (request: OrderRequest): string => typed(describeRequested(request), 300);
export const requestInText = (request: OrderRequest): string => typed(describeRequest(request), 300);

/** The name that the form suggests for a request: what it is about. */
export function defaultName(request: OrderRequest): string {
  return request.kind === 'purchase'
    ? nameOfPurchase(request.wanted)
    : nameOfNumbers(request.kind, namedNumbers(request));
}

export const nameOfPurchase = (wanted: Wanted): string => cut(describeWanted(wanted), ORDER_NAME_MAX);

/** "Disconnect 2 numbers in 910" */
export const nameOfNumbers = (kind: OrderKind, numbers: readonly PhoneNumber[]): string =>
  cut(`${kindWords[kind].title} ${describeNumbers(numbers)}`, ORDER_NAME_MAX);

export const nameOfActivation = (numbers: readonly PhoneNumber[]): string =>
  cut(`Activate ${describeNumbers(numbers)}`, ORDER_NAME_MAX);

function commonAreaCode(numbers: readonly PhoneNumber[]): string {
  const only = areaCodeOf(numbers);
  return only === undefined ? '' : ` in ${only}`;
}
