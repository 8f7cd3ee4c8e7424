import type { PhoneNumber } from '../../orders/domain/phone-number.js';
import { namedNumbers, type Timestamp } from '../../orders/domain/request.js';
import type { SentOrder } from '../../orders/ports/carrier.js';
import { isRecent, isSameId } from './read-list.js';

/** What identifies a carrier order that names its numbers: a disconnect, a move or a change of options. */
export interface CarrierOrderIdentity {
  readonly customerOrderId?: string;
  /** Absent unless the date is unambiguous. */
  readonly createdAt?: Timestamp;
  /** The numbers in the echoed request, or else the numbers with a result. Empty when any can't be read. */
  readonly numbers: readonly PhoneNumber[];
}

/** Whether a carrier order is the one we sent. */
export type Likeness =
  /** It has our id. */
  | 'ours'
  /** It has no id, isn't older than ours and is for exactly our numbers. */
  | 'same numbers'
  | 'another'
  /** It has no id, and its numbers don't settle the question. */
  | 'unclear';

export function likenessTo(sent: SentOrder, found: CarrierOrderIdentity): Likeness {
  if (found.customerOrderId !== undefined) {
    return isSameId(found.customerOrderId, sent.id) ? 'ours' : 'another';
  }
  if (!isRecent(found, sent)) return 'another';
  if (found.numbers.length === 0) return 'unclear';
  const ours = new Set(namedNumbers(sent.request));
  const theirs = new Set(found.numbers);
  return theirs.size === ours.size && [...theirs].every((number) => ours.has(number))
    ? 'same numbers'
    : 'another';
}
