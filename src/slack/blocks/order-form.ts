import type { ViewOutput } from '@slack/bolt';
import type { InputBlock, ModalView, PlainTextOption } from '@slack/types';
import {
  type Location,
  type OrderId,
  type PurchaseRequest,
  type Site,
  takesBackOrder,
  takesProtected,
  type Wanted,
} from '../../orders/order.js';
import { checkSearch, MAX_QUANTITY } from '../../orders/search.js';
import { describeSearch } from '../describe-search.js';
import { cut, plainText } from '../escape.js';
import { actions, forms } from './action-ids.js';
import { limits, ORDER_NAME_MAX } from './limits.js';
import { type OrderFormMemory, readMemory, writeMemory } from './order-form-memory.js';
import { locationOption, siteOption } from './place-options.js';
import { OUTDATED_FORM } from './problems.js';
import { subject } from './subject.js';
import { context, listNumbers, section, typed } from './vocabulary.js';

/** The block ids of the form's fields: errors are shown at these. */
export const orderFields = {
  name: 'name',
  /** While nothing is filled in; see {@link siteField}. */
  site: 'site',
  quantity: 'quantity',
  reason: 'reason',
  options: 'options',
} as const;

/** The location's block id carries the sub-account, so that another sub-account empties the field. */
const LOCATION = 'location:';

const NUMBERS_SHOWN = 100;

export interface OrderFormGiven extends OrderFormMemory {
  readonly site?: Site | undefined;
  /** A location of `site`. */
  readonly location?: Location | undefined;
  /** A sentence of ours above the fields, e.g. why there are no sub-accounts to choose from. */
  readonly notice?: string | undefined;
  /** The block id of the sub-account field, where somebody has chosen in it. */
  readonly siteField?: string | undefined;
}

/** The form that asks for everything an order needs. `wanted` must pass `fitsOrderForm`. */
export function orderForm(given: OrderFormGiven): ModalView {
  const { wanted, notice } = given;
  return {
    type: 'modal',
    callback_id: forms.order,
    private_metadata: writeMemory(given),
    title: plainText('Order numbers'),
    submit: plainText('Ask for approval'),
    close: plainText('Back'),
    blocks: [
      ...(notice === undefined ? [] : [context(`⚠️ ${typed(notice, 1000)}`)]),
      section(whatIsOrdered(wanted)),
      nameField(wanted),
      siteField(given),
      locationField(given.site, given.location),
      ...(wanted.by === 'search' ? [quantityField(wanted.search.quantity)] : []),
      reasonField,
      optionsField(wanted),
    ],
  };
}

/**
 * The same form after another sub-account was chosen: its location field starts anew. Slack keeps what was typed in
 * the other fields, because their ids stay the same.
 */
export function orderFormForSite(
  view: Pick<ViewOutput, 'private_metadata' | 'state'>,
): ModalView | undefined {
  const memory = readMemory(view.private_metadata);
  if (memory === undefined) return undefined;
  return orderForm({ ...memory, site: chosenSite(view.state), siteField: siteFieldIn(view.state) });
}

/** The sub-account whose locations this field offers; undefined while none is chosen. */
export function siteOfLocationField(blockId: string): string | undefined {
  return blockId.startsWith(LOCATION) ? blockId.slice(LOCATION.length) || undefined : undefined;
}

/** The request as filled in, or what to tell the person at which field. */
export function readOrderForm(
  view: Pick<ViewOutput, 'private_metadata' | 'state'>,
): { orderId: OrderId; channelId: string; request: PurchaseRequest } | { errors: Record<string, string> } {
  const memory = readMemory(view.private_metadata);
  if (memory === undefined) {
    return { errors: { [orderFields.name]: OUTDATED_FORM } };
  }
  const { state } = view;
  const name = textIn(state, orderFields.name);
  const reason = textIn(state, orderFields.reason);
  const site = chosenSite(state);
  const location = chosenLocation(state);
  const wanted = withQuantity(memory.wanted, state);
  const errors: Record<string, string> = {
    ...(name === '' ? { [orderFields.name]: 'Give the order a name.' } : {}),
    ...(Array.from(name).length > ORDER_NAME_MAX
      ? { [orderFields.name]: `A name has at most ${ORDER_NAME_MAX} characters.` }
      : {}),
    ...(site === undefined ? { [siteFieldIn(state)]: 'Choose the sub-account the numbers are for.' } : {}),
    ...(site !== undefined && location !== undefined && location.siteId !== site.id
      ? { [location.blockId]: `This location is not one of ${cut(site.name, 100)}. Choose it again.` }
      : {}),
    ...(wanted === undefined
      ? { [orderFields.quantity]: `Write a whole number from 1 to ${MAX_QUANTITY}.` }
      : {}),
    ...(reason === '' ? { [orderFields.reason]: 'Say what the numbers are for.' } : {}),
  };
  if (site === undefined || wanted === undefined || Object.keys(errors).length > 0) return { errors };
  const ticked = tickedOptions(state);
  return {
    orderId: memory.orderId,
    channelId: memory.channelId,
    request: {
      kind: 'purchase',
      name,
      wanted,
      site,
      ...(location === undefined ? {} : { location: { id: location.id, name: location.name } }),
      reason,
      partialAllowed: ticked.includes('partial'),
      backOrder: ticked.includes('back-order') && takesBackOrder(wanted),
      protected: ticked.includes('protected') && takesProtected(wanted),
    },
  };
}

function whatIsOrdered(wanted: Wanted): string {
  if (wanted.by === 'numbers') {
    return `*${typed(subject(wanted), 300)}:* ${listNumbers(wanted.numbers, NUMBERS_SHOWN)}`;
  }
  return `*${typed(describeSearch(wanted.search), 400)}.* Bandwidth chooses which: the first it has.`;
}

const nameField = (wanted: Wanted): InputBlock => ({
  type: 'input',
  block_id: orderFields.name,
  label: plainText('Name'),
  element: {
    type: 'plain_text_input',
    action_id: orderFields.name,
    initial_value: cut(subject(wanted), ORDER_NAME_MAX),
    max_length: ORDER_NAME_MAX,
  },
});

/**
 * Slack keeps what a field holds, also nothing, when the form is drawn again with the same block id. So a sub-account
 * that we fill in comes with a block id of its own, and one that somebody chose stays where it is.
 */
const siteField = ({ site, siteField }: OrderFormGiven): InputBlock => ({
  type: 'input',
  block_id: siteField ?? (site === undefined ? orderFields.site : `${orderFields.site}:${site.id}`),
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

const locationField = (site: Site | undefined, location: Location | undefined): InputBlock => ({
  type: 'input',
  block_id: `${LOCATION}${site?.id ?? ''}`,
  label: plainText('Location'),
  optional: true,
  hint: plainText("Left empty, the sub-account's default location is used."),
  element: {
    type: 'external_select',
    action_id: actions.chooseLocation,
    min_query_length: 0,
    placeholder: plainText(site === undefined ? 'Choose a sub-account first' : 'Default location'),
    ...(location === undefined ? {} : { initial_option: locationOption(location) }),
  },
});

const quantityField = (quantity: number): InputBlock => ({
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

const reasonField: InputBlock = {
  type: 'input',
  block_id: orderFields.reason,
  label: plainText('Reason'),
  hint: plainText('What the numbers are for: whoever approves the order reads it.'),
  element: {
    type: 'plain_text_input',
    action_id: orderFields.reason,
    multiline: true,
    max_length: limits.inputValue,
  },
};

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
    description: plainText('What is not in stock is delivered later, which may take days.'),
  },
  protected: {
    value: 'protected',
    text: plainText('Protected'),
    description: plainText('If your account has protected numbers: mark these as such.'),
  },
};

/**
 * Partial delivery is ticked from the start: that is what Bandwidth does with an order that does not say, and one
 * number taken meanwhile should not cost somebody the other nine.
 */
const optionsField = (wanted: Wanted): InputBlock => ({
  type: 'input',
  block_id: orderFields.options,
  label: plainText('Options'),
  optional: true,
  element: {
    type: 'checkboxes',
    action_id: orderFields.options,
    options: [
      choices.partial,
      ...(takesBackOrder(wanted) ? [choices['back-order']] : []),
      ...(takesProtected(wanted) ? [choices.protected] : []),
    ],
    initial_options: [choices.partial],
  },
});

type State = ViewOutput['state'];

const textIn = (state: State, field: string): string => state.values[field]?.[field]?.value?.trim() ?? '';

function siteFieldIn(state: State): string {
  const fields = Object.entries(state.values);
  return fields.find(([, elements]) => actions.chooseSite in elements)?.[0] ?? orderFields.site;
}

function chosenSite(state: State): Site | undefined {
  const chosen = state.values[siteFieldIn(state)]?.[actions.chooseSite]?.selected_option;
  return chosen ? { id: chosen.value, name: unescapeText(chosen.text.text) } : undefined;
}

function chosenLocation(
  state: State,
): (Location & { siteId: string | undefined; blockId: string }) | undefined {
  for (const [blockId, elements] of Object.entries(state.values)) {
    const chosen = elements[actions.chooseLocation]?.selected_option;
    if (chosen) {
      const siteId = siteOfLocationField(blockId);
      return { id: chosen.value, name: unescapeText(chosen.text.text), siteId, blockId };
    }
  }
  return undefined;
}

/** Slack may hand an option's text back with its three entities. */
const unescapeText = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

const tickedOptions = (state: State): string[] =>
  (state.values[orderFields.options]?.[orderFields.options]?.selected_options ?? []).map(
    ({ value }) => value,
  );

/** What is wanted, in the quantity of the form; undefined when that is not one. */
function withQuantity(wanted: Wanted, state: State): Wanted | undefined {
  if (wanted.by === 'numbers') return wanted;
  const text = textIn(state, orderFields.quantity);
  if (!/^\d{1,4}$/.test(text)) return undefined;
  const search = checkSearch({ ...wanted.search, quantity: Number(text) });
  return 'kind' in search ? { by: 'search', search } : undefined;
}
