import type { ViewOutput } from '@slack/bolt';
import type { InputBlock, PlainTextOption } from '@slack/types';
import { nationalDigits, type PhoneNumber } from '../../../orders/domain/phone-number.js';
import {
  type PurchaseRequest,
  takesBackOrder,
  takesProtected,
  type Wanted,
} from '../../../orders/domain/request.js';
import { checkSearch } from '../../../orders/domain/search/check-search.js';
import { MAX_QUANTITY, type Search } from '../../../orders/domain/search/search.js';
import { cut, plainText } from '../../text/escape.js';
import { readNumberList } from '../../text/number-list.js';
import { dashed } from '../../text/typed-digits.js';
import { limits } from '../limits.js';
import { wrongNumberSentence } from '../wrong-numbers.js';
import { NAME_FIELD } from './name-field.js';
import { textIn, textInput } from './text-input.js';

// Renders and reads the fields of the order form, apart from those for the place and for several lines.

/** The block ids of the form's fields, where errors are shown. */
export const orderFields = {
  name: NAME_FIELD,
  /** Only in a form that edits an order for named numbers. */
  numbers: 'numbers',
  quantity: 'quantity',
  reason: 'reason',
  options: 'options',
} as const;

/** What people fill in, or what an earlier request contained. */
export type OrderFormValues = Pick<
  PurchaseRequest,
  'name' | 'reason' | 'partialAllowed' | 'backOrder' | 'protected'
>;

type State = ViewOutput['state'];

const asList = (numbers: readonly PhoneNumber[]): string =>
  numbers.map((number) => dashed(nationalDigits(number))).join('\n');

/** Whether this many numbers fit into the field: about 230. */
export const fitNumbersField = (numbers: readonly PhoneNumber[]): boolean =>
  asList(numbers).length <= limits.inputValue;

/** The numbers as an editable list. */
export const numbersField = (numbers: readonly PhoneNumber[]): InputBlock =>
  textInput({ id: orderFields.numbers, label: 'Numbers', value: asList(numbers), multiline: true });

/** Returns the numbers in that field, or what is wrong with them; undefined if the form has no such field. */
export function readNumbersField(
  state: State,
): { readonly numbers: readonly PhoneNumber[] } | { readonly error: string } | undefined {
  if (!(orderFields.numbers in state.values)) return undefined;
  const { numbers, wrong } = readNumberList(textIn(state, orderFields.numbers));
  if (wrong.length > 0) return { error: cut(wrongNumberSentence(wrong), limits.fieldError) };
  return numbers.length === 0 ? { error: 'Enter the numbers to order.' } : { numbers };
}

export const quantityField = (quantity: number): InputBlock => ({
  type: 'input',
  block_id: orderFields.quantity,
  label: plainText('Quantity'),
  element: {
    type: 'number_input',
    action_id: orderFields.quantity,
    is_decimal_allowed: false,
    initial_value: String(quantity),
    min_value: '1',
    max_value: String(MAX_QUANTITY),
  },
});

/** Returns the search with the quantity in that field, or what is wrong with the quantity. */
export function readQuantityField(
  state: State,
  asked: Search,
): { readonly search: Search } | { readonly error: string } {
  const text = textIn(state, orderFields.quantity);
  const search = /^\d{1,4}$/.test(text) ? checkSearch({ ...asked, quantity: Number(text) }) : undefined;
  return search !== undefined && 'kind' in search
    ? { search }
    : { error: `Enter a whole number from 1 to ${MAX_QUANTITY}.` };
}

export const reasonField = (reason: string | undefined): InputBlock =>
  textInput({
    id: orderFields.reason,
    label: 'Reason',
    hint: 'What the numbers are for. Approvers read this.',
    value: reason,
    multiline: true,
  });

type Choice = 'partial' | 'back-order' | 'protected';

const choices: Readonly<Record<Choice, PlainTextOption>> = {
  partial: {
    value: 'partial',
    text: plainText('Partial delivery allowed'),
    description: plainText('If some numbers are gone, deliver the others. Off: all or none.'),
  },
  'back-order': {
    value: 'back-order',
    text: plainText('Back-order'),
    description: plainText("Numbers that aren't in stock are delivered later, which may take days."),
  },
  protected: {
    value: 'protected',
    text: plainText('Protected'),
    description: plainText('Marks the numbers as protected, if your account has protected numbers.'),
  },
};

/** People can edit the lines next to the options, so all are offered. An option isn't sent for a line that can't have it. */
const optionsFor = (wanted: Wanted) =>
  wanted.by === 'lines'
    ? { backOrder: true, isProtected: true }
    : { backOrder: takesBackOrder(wanted), isProtected: takesProtected(wanted) };

const partialOfLines: PlainTextOption = {
  ...choices.partial,
  description: plainText('If some are gone, deliver the others. Off: each line in full or not at all.'),
};

/**
 * Partial delivery is checked by default. It is Bandwidth's own default, and losing one number to another customer
 * shouldn't cost a person the other nine.
 */
export function optionsField(wanted: Wanted, filled: Partial<OrderFormValues> | undefined): InputBlock {
  const { backOrder, isProtected } = optionsFor(wanted);
  const offered: Choice[] = [
    'partial',
    ...(backOrder ? ['back-order' as const] : []),
    ...(isProtected ? ['protected' as const] : []),
  ];
  const ticked: Readonly<Record<Choice, boolean>> = {
    partial: filled?.partialAllowed ?? true,
    'back-order': filled?.backOrder ?? false,
    protected: filled?.protected ?? false,
  };
  const options = wanted.by === 'lines' ? { ...choices, partial: partialOfLines } : choices;
  const initial = offered.filter((choice) => ticked[choice]).map((choice) => options[choice]);
  return {
    type: 'input',
    block_id: orderFields.options,
    label: plainText('Options'),
    optional: true,
    element: {
      type: 'checkboxes',
      action_id: orderFields.options,
      options: offered.map((choice) => options[choice]),
      // Slack refuses an empty list.
      ...(initial.length === 0 ? {} : { initial_options: initial }),
    },
  };
}

/** Returns the values of the checked options. */
export const tickedOptions = (state: State): string[] =>
  (state.values[orderFields.options]?.[orderFields.options]?.selected_options ?? []).map(
    ({ value }) => value,
  );
