import { nationalDigits, type PhoneNumber, parsePhoneNumber } from '../../../orders/domain/phone-number.js';
import type { OrderId, Wanted } from '../../../orders/domain/request.js';
import { checkSearch, type SearchDraft } from '../../../orders/domain/search.js';
import { limits } from '../limits.js';

/**
 * What an order form remembers while it is open. Slack keeps it as private_metadata, which only our token can write, and
 * signs the request that brings it back: so what is wanted, the order's id and its channel are ours. What the fields
 * hold is the person's, ids and block ids included, and is checked where the form is read.
 */
export interface OrderFormMemory {
  /** Made when the form opens, so that a form sent twice is one order. */
  readonly orderId: OrderId;
  /** Where the card is to be posted. */
  readonly channelId: string;
  readonly wanted: Wanted;
  /** Which edition of the order this form changes; absent in the form of a new order. */
  readonly edition?: number | undefined;
}

/** As written: bare digits, to find room for many numbers. */
interface Written {
  readonly orderId: string;
  readonly channelId: string;
  readonly wanted: { readonly numbers: string } | { readonly search: SearchDraft };
  readonly edition?: number | undefined;
}

/**
 * Whether a form can remember this: about 250 picked numbers. The form carries them itself, so that what it shows is
 * what is ordered, even if the search is picked from again or forgotten while it is open.
 */
export function fitsOrderForm(wanted: Wanted): boolean {
  const longestIds = { orderId: '-'.repeat(36), channelId: '-'.repeat(30), edition: 999 };
  return writeMemory({ ...longestIds, wanted }).length <= limits.viewMetadata;
}

export function writeMemory({ orderId, channelId, wanted, edition }: OrderFormMemory): string {
  const written: Written = {
    orderId,
    channelId,
    wanted:
      wanted.by === 'search'
        ? { search: wanted.search }
        : { numbers: wanted.numbers.map(shortened).join(' ') },
    edition,
  };
  return JSON.stringify(written);
}

const shortened = (number: PhoneNumber): string =>
  number.startsWith('+1') ? nationalDigits(number) : number;

/** Undefined for the memory of a form that another version of the app has opened. */
export function readMemory(text: string): OrderFormMemory | undefined {
  let written: Partial<Written> | null;
  try {
    written = JSON.parse(text) as Partial<Written> | null;
  } catch {
    return undefined;
  }
  const { orderId, channelId, edition } = written ?? {};
  const wanted = readWanted(written?.wanted);
  if (typeof orderId !== 'string' || typeof channelId !== 'string' || wanted === undefined) return undefined;
  return { orderId, channelId, wanted, ...(typeof edition === 'number' ? { edition } : {}) };
}

function readWanted(written: Written['wanted'] | null | undefined): Wanted | undefined {
  if (written === undefined || written === null) return undefined;
  if ('search' in written) {
    const search = checkSearch(written.search);
    return 'kind' in search ? { by: 'search', search } : undefined;
  }
  const numbers = String(written.numbers).split(' ').map(parsePhoneNumber);
  return numbers.every((number): number is PhoneNumber => number !== undefined)
    ? { by: 'numbers', numbers }
    : undefined;
}
