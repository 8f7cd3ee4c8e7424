import type { ViewOutput } from '@slack/bolt';
import type { KnownBlock, ModalView } from '@slack/types';
import {
  type Location,
  type PurchaseRequest,
  type Site,
  takesBackOrder,
  takesProtected,
  type Wanted,
  type WantedLine,
} from '../../../orders/domain/request.js';
import type { LineOfList } from '../../commands/order-lines.js';
import { plainText } from '../../text/escape.js';
import { forms } from '../action-ids.js';
import { alreadyOursLead } from '../answers/our-numbers.js';
import { OUTDATED_FORM } from '../answers/problems.js';
import { context, section } from '../elements.js';
import { boldTyped, listNumbers, typed } from '../format.js';
import { describeWanted, nameOfPurchase } from '../order/describe-request.js';
import { describeSearch } from '../order/describe-search.js';
import { APPROVALS_DROPPED } from './edit-notice.js';
import { nameErrors, nameField } from './name-field.js';
import {
  fitNumbersField,
  numbersField,
  type OrderFormValues,
  optionsField,
  orderFields,
  quantityField,
  readNumbersField,
  readQuantityField,
  reasonField,
  tickedOptions,
} from './order-form-fields.js';
import {
  FIRST_LINES_FIELD,
  linesFields,
  linesInTexts,
  linesTextsIn,
  readLinesFields,
  stockIn,
  stockSection,
} from './order-form-lines.js';
import { type OrderFormMemory, readOrderFormMemory, writeMemory } from './order-form-memory.js';
import {
  chosenLocation,
  chosenSite,
  locationField,
  placeErrors,
  siteField,
  siteFieldIn,
} from './order-form-place.js';
import { textIn } from './text-input.js';

const NUMBERS_SHOWN = 100;

export interface OrderFormGiven extends OrderFormMemory {
  readonly site?: Site | undefined;
  /** A location of `site`. */
  readonly location?: Location | undefined;
  /** A sentence above the fields, such as why there are no sub-accounts to choose from. */
  readonly notice?: string | undefined;
  /** The block id of the sub-account field, if a person has chosen in it. */
  readonly siteField?: string | undefined;
  /** The initial values of the other fields. */
  readonly filled?: Partial<OrderFormValues> | undefined;
  /** For an order of several lines: what is available now, in mrkdwn, and the texts of their fields. */
  readonly stock?: string | undefined;
  readonly lineTexts?: readonly string[] | undefined;
}

/** The form that asks for everything an order needs. `wanted` must pass `fitsOrderForm`. */
export function orderForm(given: OrderFormGiven): ModalView {
  const { wanted, notice, filled } = given;
  const suggestedName = given.suggestedName ?? nameOfPurchase(wanted);
  const edits = given.edition !== undefined;
  return {
    type: 'modal',
    callback_id: forms.order,
    private_metadata: writeMemory(wanted.by === 'lines' ? { ...given, suggestedName } : given),
    title: plainText(edits ? 'Edit the order' : 'Order numbers'),
    submit: plainText(edits ? 'Save' : 'Submit for approval'),
    close: plainText('Cancel'),
    blocks: [
      ...(notice === undefined ? [] : [context(`⚠️ ${typed(notice, 1000)}`)]),
      ...(edits ? [context(APPROVALS_DROPPED)] : []),
      ...whatToOrder(given),
      nameField(filled?.name ?? suggestedName),
      siteField(given.site, given.siteField),
      locationField(given.site, given.location),
      ...(wanted.by === 'search' ? [quantityField(wanted.search.quantity)] : []),
      reasonField(filled?.reason),
      optionsField(wanted, filled),
    ],
  };
}

function whatToOrder({ wanted, edition, stock, lineTexts }: OrderFormGiven): KnownBlock[] {
  if (wanted.by === 'lines') {
    return [stockSection(stock), ...linesFields(lineTexts ?? linesInTexts(wanted.lines))];
  }
  return edition !== undefined && wanted.by === 'numbers' && fitNumbersField(wanted.numbers)
    ? [numbersField(wanted.numbers)]
    : [section(whatIsOrdered(wanted))];
}

/** Replaces the form when nothing is left to order. A private message has the details. */
export function alreadyOursForm(quantity: number): ModalView {
  const them = quantity === 1 ? 'it' : 'them';
  return {
    type: 'modal',
    title: plainText('Order numbers'),
    close: plainText('Close'),
    blocks: [
      section(`${alreadyOursLead(quantity)} I'm sending you what I know about ${them} in a private message.`),
    ],
  };
}

/** The form of an earlier request: with its `edition`, to edit it while it waits; otherwise to request it again. */
export function orderFormOf(
  request: PurchaseRequest,
  memory: Pick<OrderFormMemory, 'orderId' | 'channelId' | 'edition'>,
): ModalView {
  const { wanted, site, location } = request;
  return orderForm({ ...memory, wanted, site, location, filled: request });
}

/**
 * The same form after another sub-account was chosen, with an empty location field. Slack keeps the other fields,
 * because their ids stay the same.
 */
export function orderFormForSite(
  view: Pick<ViewOutput, 'private_metadata' | 'state'> & Partial<Pick<ViewOutput, 'blocks'>>,
): ModalView | undefined {
  const memory = readOrderFormMemory(view.private_metadata);
  if (memory === undefined) return undefined;
  return orderForm({
    ...memory,
    ...(memory.wanted.by === 'lines' ? { lineTexts: linesTextsIn(view.state), stock: stockIn(view) } : {}),
    site: chosenSite(view.state),
    siteField: siteFieldIn(view.state),
  });
}

/** The submitted form. With an edition, it replaces the earlier request. */
export interface RequestedPurchase
  extends Pick<OrderFormMemory, 'orderId' | 'channelId' | 'edition' | 'results' | 'basket'> {
  readonly request: Omit<PurchaseRequest, 'site' | 'location'>;
  /** The rows of a form that has them, each with its destination, as typed. */
  readonly lines?: readonly LineOfList[];
  /**
   * Only ids: the text of a chosen option also comes from the person's client, unlike private_metadata. So names are
   * looked up and ids are checked on our side.
   */
  readonly place: { readonly siteId: string; readonly peerId?: string };
  /** The fields at which to report an unknown place. */
  readonly fields: { readonly site: string; readonly location: string };
}

/** Returns the request as filled in, or an error by field. */
export function readOrderForm(
  view: Pick<ViewOutput, 'private_metadata' | 'state'>,
): RequestedPurchase | { errors: Record<string, string> } {
  const memory = readOrderFormMemory(view.private_metadata);
  if (memory === undefined) {
    return { errors: { [orderFields.name]: OUTDATED_FORM } };
  }
  const { state } = view;
  const name = textIn(state, orderFields.name);
  const reason = textIn(state, orderFields.reason);
  const site = chosenSite(state);
  const location = chosenLocation(state);
  const { wanted, lines, errors: unclear } = wantedIn(memory, state);
  const errors = { ...unclear, ...textErrors(name, reason), ...placeErrors(state) };
  if (site === undefined || wanted === undefined || Object.keys(errors).length > 0) return { errors };
  const ticked = tickedOptions(state);
  return {
    orderId: memory.orderId,
    channelId: memory.channelId,
    edition: memory.edition,
    results: memory.results,
    basket: memory.basket,
    ...(lines === undefined ? {} : { lines }),
    request: {
      kind: 'purchase',
      // A suggested name that no one changed is updated with the order.
      name: name === (memory.suggestedName ?? nameOfPurchase(memory.wanted)) ? nameOfPurchase(wanted) : name,
      wanted,
      reason,
      partialAllowed: ticked.includes('partial'),
      backOrder: ticked.includes('back-order') && takesBackOrder(wanted),
      protected: ticked.includes('protected') && takesProtected(wanted),
    },
    place: { siteId: site.id, ...(location === undefined ? {} : { peerId: location.id }) },
    fields: { site: siteFieldIn(state), location: location?.blockId ?? siteFieldIn(state) },
  };
}

function textErrors(name: string, reason: string): Record<string, string> {
  return {
    ...(name === '' ? { [orderFields.name]: 'Give the order a name.' } : {}),
    ...nameErrors(name),
    ...(reason === '' ? { [orderFields.reason]: 'Say what the numbers are for.' } : {}),
  };
}

/** Returns the field that says what to order, for what is wrong with that. */
export function fieldOfWhat({ values }: State): string {
  const fields = [orderFields.quantity, FIRST_LINES_FIELD];
  return fields.find((field) => field in values) ?? orderFields.name;
}

function whatIsOrdered(wanted: WantedLine): string {
  if (wanted.by === 'numbers') {
    return `${boldTyped(describeWanted(wanted), 300, ':')} ${listNumbers(wanted.numbers, NUMBERS_SHOWN)}`;
  }
  return `${boldTyped(describeSearch(wanted.search), 400, '.')} Bandwidth chooses which: the first it has.`;
}

type State = ViewOutput['state'];

interface ReadWanted {
  readonly wanted?: Wanted;
  readonly lines?: readonly LineOfList[];
  readonly errors: Record<string, string>;
}

/** Returns what is wanted, with the quantity, the numbers or the lines from the form. */
function wantedIn({ wanted }: OrderFormMemory, state: State): ReadWanted {
  switch (wanted.by) {
    case 'search': {
      const read = readQuantityField(state, wanted.search);
      return 'error' in read
        ? { errors: { [orderFields.quantity]: read.error } }
        : { wanted: { by: 'search', search: read.search }, errors: {} };
    }
    case 'lines': {
      const read = readLinesFields(state);
      return 'error' in read ? { errors: { [FIRST_LINES_FIELD]: read.error } } : wantedLines(read.lines);
    }
    case 'numbers': {
      const read = readNumbersField(state) ?? wanted;
      return 'error' in read
        ? { errors: { [orderFields.numbers]: read.error } }
        : { wanted: { by: 'numbers', numbers: read.numbers }, errors: {} };
    }
  }
}

function wantedLines(lines: readonly LineOfList[]): ReadWanted {
  const [only, ...others] = lines.map(({ to: _, ...line }) => line);
  if (only === undefined) throw new Error('rows without a line are a problem');
  return {
    wanted: others.length === 0 ? only : { by: 'lines', lines: [only, ...others] },
    lines,
    errors: {},
  };
}
