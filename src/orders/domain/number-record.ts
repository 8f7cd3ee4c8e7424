import type { Approval } from './approval.js';
import type { CardPlace } from './order.js';
import type { NumberInService, OrderId, Person, Timestamp } from './request.js';

/** A number on the account, as far as Bandwidth's lists describe it. */
export interface AccountNumber
  extends Pick<NumberInService, 'number' | 'city' | 'state' | 'site' | 'location'> {
  readonly rateCenter?: string;
  /** Bandwidth's status in its own spelling, e.g. `Inservice`. Absent if Bandwidth listed only the number. */
  readonly status?: string;
  readonly inServiceSince?: Timestamp;
  readonly lastModified?: Timestamp;
}

/** Whether a number with this status is on the account, but no calls reach it yet: Bandwidth's InAccount. */
export const isInAccountOnly = (status: string): boolean =>
  status.toLowerCase().replace(/[^a-z]/g, '') === 'inaccount';

/** A number of the inventory, with the order that bought it. */
export interface InventoryNumber extends AccountNumber {
  /** `by` is a user id. `unexplained`: no order of the app bought it. Absent if the orders weren't asked. */
  readonly bought?: { readonly orderId: OrderId; readonly by: string } | 'unexplained';
}

/** The order that bought a number, as people ask for it. */
export interface NumberOrigin {
  readonly orderId: OrderId;
  readonly requester: Person;
  readonly requestedAt: Timestamp;
  readonly reason: string;
  readonly approval?: Approval;
  /** Absent if the order has no card. */
  readonly card?: CardPlace;
}

/** A number on the account, joined with the order that bought it. */
export interface NumberRecord extends AccountNumber {
  /** `unexplained`: no order of the app bought it. `not-known`: the orders couldn't be asked. */
  readonly origin: NumberOrigin | 'unexplained' | 'not-known';
}
