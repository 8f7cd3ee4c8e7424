import type { InputBlock, PlainTextOption } from '@slack/types';
import { nationalDigits, type PhoneNumber } from '../../../orders/domain/phone-number.js';
import {
  type Location,
  type PurchaseRequest,
  type Site,
  takesBackOrder,
  takesProtected,
  type Wanted,
} from '../../../orders/domain/request.js';
import { MAX_QUANTITY } from '../../../orders/domain/search.js';
import { dashed } from '../../commands/typed-digits.js';
import { cut, plainText } from '../../escape.js';
import { actions } from '../action-ids.js';
import { limits, ORDER_NAME_MAX } from '../limits.js';
import { locationOption, siteOption } from './place-options.js';

// Renders the fields of the order form.

/** The block ids of the form's fields, where errors are shown. */
export const orderFields = {
  name: 'name',
  /** Only in a form that edits an order for named numbers. */
  numbers: 'numbers',
  /** While it is empty; see {@link siteField}. */
  site: 'site',
  quantity: 'quantity',
  reason: 'reason',
  options: 'options',
} as const;

/** The location's block id contains the sub-account, so that choosing another one clears the field. */
const LOCATION = 'location:';

/** The fields of a new order that start empty. */
export type Filled = Pick<PurchaseRequest, 'name' | 'reason' | 'partialAllowed' | 'backOrder' | 'protected'>;

/** Returns the sub-account whose locations this field offers; undefined while none is chosen. */
export function siteOfLocationField(blockId: string): string | undefined {
  return blockId.startsWith(LOCATION) ? blockId.slice(LOCATION.length) || undefined : undefined;
}

const asList = (numbers: readonly PhoneNumber[]): string =>
  numbers.map((number) => dashed(nationalDigits(number))).join('\n');

/** Whether this many numbers fit into the field: about 230. */
export const fitNumbersField = (numbers: readonly PhoneNumber[]): boolean =>
  asList(numbers).length <= limits.inputValue;

/** The numbers as an editable list. */
export const numbersField = (numbers: readonly PhoneNumber[]): InputBlock => ({
  type: 'input',
  block_id: orderFields.numbers,
  label: plainText('Numbers'),
  element: {
    type: 'plain_text_input',
    action_id: orderFields.numbers,
    multiline: true,
    initial_value: asList(numbers),
    max_length: limits.inputValue,
  },
});

export const nameField = (name: string): InputBlock => ({
  type: 'input',
  block_id: orderFields.name,
  label: plainText('Name'),
  element: {
    type: 'plain_text_input',
    action_id: orderFields.name,
    initial_value: cut(name, ORDER_NAME_MAX),
    max_length: ORDER_NAME_MAX,
  },
});

/**
 * Slack keeps a field's value, even an empty one, when the form is redrawn with the same block id. So a sub-account
 * that we fill in gets its own block id, and one that a person chose keeps its id.
 */
export const siteField = (site: Site | undefined, chosenIn: string | undefined): InputBlock => ({
  type: 'input',
  block_id: chosenIn ?? (site === undefined ? orderFields.site : `${orderFields.site}:${site.id}`),
  label: plainText('Sub-account'),
  dispatch_action: true,
  element: {
    type: 'external_select',
    action_id: actions.chooseSite,
    min_query_length: 0,
    placeholder: plainText('Choose a sub-account'),
    ...(site === undefined ? {} : { initial_option: siteOption(site) }),
  },
});

export const locationField = (site: Site | undefined, location: Location | undefined): InputBlock => ({
  type: 'input',
  block_id: `${LOCATION}${site?.id ?? ''}`,
  label: plainText('Location'),
  optional: true,
  hint: plainText("If empty, the sub-account's default location is used."),
  element: {
    type: 'external_select',
    action_id: actions.chooseLocation,
    min_query_length: 0,
    placeholder: plainText(site === undefined ? 'Choose a sub-account first' : 'Default location'),
    ...(location === undefined ? {} : { initial_option: locationOption(location) }),
  },
});

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

export const reasonField = (reason: string | undefined): InputBlock => ({
  type: 'input',
  block_id: orderFields.reason,
  label: plainText('Reason'),
  hint: plainText('What the numbers are for. Approvers read this.'),
  element: {
    type: 'plain_text_input',
    action_id: orderFields.reason,
    multiline: true,
    max_length: limits.inputValue,
    ...(reason === undefined ? {} : { initial_value: cut(reason, limits.inputValue) }),
  },
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

/**
 * The rows of several lines can change below the options, so these stay. An option isn't sent for a line that can't
 * have it.
 */
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
export function optionsField(wanted: Wanted, filled: Partial<Filled> | undefined): InputBlock {
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
