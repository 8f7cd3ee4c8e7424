import type { BasketMark } from '../../../orders/domain/basket.js';
import { nationalDigits, type PhoneNumber, parsePhoneNumber } from '../../../orders/domain/phone-number.js';
import type { OrderId, Wanted } from '../../../orders/domain/request.js';
import { checkSearch } from '../../../orders/domain/search/check-search.js';
import type { SearchDraft } from '../../../orders/domain/search/search.js';
import { limits } from '../limits.js';
import { fitLinesFields } from './order-form-lines.js';

/**
 * What an order form keeps while it is open, in Slack's private_metadata. Only our token can write it and Slack signs
 * it, so the wanted numbers, the order's id and its channel can be trusted. The fields, including their ids, come from
 * the person's client and are checked when the form is read.
 */
export interface OrderFormMemory {
  /** Created when the form opens, so that a form submitted twice is one order. */
  readonly orderId: OrderId;
  /** The channel to post the card in. */
  readonly channelId: string;
  readonly wanted: Wanted;
  /** The name that the form suggested, if it isn't derived from `wanted`. */
  readonly suggestedName?: string | undefined;
  /** The edition of the order that this form edits; absent for a new order. */
  readonly edition?: number | undefined;
  /** The search results that the numbers were picked in. */
  readonly results?: { readonly searchId: string; readonly ts: string } | undefined;
  /** The basket that the numbers were picked into, to be emptied. */
  readonly basket?: BasketMark | undefined;
}

/** The stored form: bare digits, to fit many numbers. */
interface Written {
  readonly orderId: string;
  readonly channelId: string;
  readonly wanted:
    | { readonly numbers: string }
    | { readonly search: SearchDraft }
    /** The lines are in the form's own fields. */
    | { readonly lines: true };
  readonly suggestedName?: string | undefined;
  readonly edition?: number | undefined;
  readonly results?: OrderFormMemory['results'];
  readonly basket?: BasketMark | undefined;
}

/**
 * Whether a form can keep this: about 250 selected numbers, or as many lines as it can show. The form holds them
 * itself, so that it orders what it shows even if the search results change or expire while it is open.
 */
export function fitsOrderForm(wanted: Wanted): boolean {
  if (wanted.by === 'lines') return fitLinesFields(wanted.lines);
  const longestIds = { orderId: '-'.repeat(36), channelId: '-'.repeat(30), edition: 999 };
  const results = { searchId: '-'.repeat(36), ts: '-'.repeat(20) };
  return writeMemory({ ...longestIds, results, wanted }).length <= limits.viewMetadata;
}

export const TOO_MANY_FOR_A_FORM = 'A form holds about 250 selected numbers. Submit several orders.';

export function writeMemory(memory: OrderFormMemory): string {
  const { orderId, channelId, wanted, suggestedName, edition, results, basket } = memory;
  const written: Written = {
    orderId,
    channelId,
    wanted: writeWanted(wanted),
    suggestedName,
    edition,
    results,
    basket,
  };
  return JSON.stringify(written);
}

function writeWanted(wanted: Wanted): Written['wanted'] {
  switch (wanted.by) {
    case 'search':
      return { search: wanted.search };
    case 'numbers':
      return { numbers: wanted.numbers.map(shortened).join(' ') };
    case 'lines':
      return { lines: true };
  }
}

const shortened = (number: PhoneNumber): string =>
  number.startsWith('+1') ? nationalDigits(number) : number;

/** Undefined for a form that another version of the app opened. */
export function readOrderFormMemory(text: string): OrderFormMemory | undefined {
  let written: Partial<Written> | null;
  try {
    written = JSON.parse(text) as Partial<Written> | null;
  } catch {
    return undefined;
  }
  const { orderId, channelId, suggestedName, edition, results, basket } = written ?? {};
  const wanted = readWanted(written?.wanted);
  if (typeof orderId !== 'string' || typeof channelId !== 'string' || wanted === undefined) return undefined;
  return {
    orderId,
    channelId,
    wanted,
    ...(typeof suggestedName === 'string' ? { suggestedName } : {}),
    ...(typeof edition === 'number' ? { edition } : {}),
    ...(typeof results?.searchId === 'string' && typeof results.ts === 'string' ? { results } : {}),
    ...(typeof basket?.basketId === 'string' && typeof basket.upTo === 'number' ? { basket } : {}),
  };
}

function readWanted(written: Written['wanted'] | null | undefined): Wanted | undefined {
  if (written === undefined || written === null) return undefined;
  if ('search' in written) {
    const search = checkSearch(written.search);
    return 'kind' in search ? { by: 'search', search } : undefined;
  }
  if ('lines' in written) return { by: 'lines', lines: [] };
  const numbers = String(written.numbers).split(' ').map(parsePhoneNumber);
  return numbers.every((number): number is PhoneNumber => number !== undefined)
    ? { by: 'numbers', numbers }
    : undefined;
}
