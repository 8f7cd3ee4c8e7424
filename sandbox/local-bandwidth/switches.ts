import type { ServicesAtFirst } from './activations.js';
import type { ListDays, ListSort } from './order-list.js';
import type { Spelling } from './versions.js';

/**
 * `Numbers` is for /tns, `InService` for /inserviceNumbers, `Locations` for the numbers and features of SIP peers,
 * `Moving` for /moveTns, `Options` for /tnoptions, `Campaigns` for the list of campaigns, `Activation` for checking and
 * activating services.
 */
export type Role = 'Numbers' | 'InService' | 'Locations' | 'Moving' | 'Options' | 'Campaigns' | 'Activation';

/** Behavior that Bandwidth shows at some times or to some accounts. */
export interface Switches extends Spelling {
  /** 201 answers have no OrderStatus. */
  readonly omitOrderStatus: boolean;
  /** Orders and disconnects pass through PROCESSING. */
  readonly processing: boolean;
  /** The lists of orders and disconnects omit those still RECEIVED or PROCESSING. */
  readonly listOmitsReceived: boolean;
  /** The sort order of the lists, which Bandwidth doesn't document. */
  readonly listSort: ListSort;
  /** Which date of an order a list's days refer to, which Bandwidth doesn't document. */
  readonly listDays: ListDays;
  /** The list of disconnects shows the CustomerOrderId, although the documentation says it doesn't. */
  readonly disconnectListNamesOrders: boolean;
  /** A finished disconnect has no DisconnectedTelephoneNumberList. */
  readonly omitDisconnectedNumbers: boolean;
  /** False when this account may not reserve numbers (5046). */
  readonly reservationsAllowed: boolean;
  /** How long a reservation holds a number. */
  readonly reservationSeconds: number;
  /** A pending order is reported with error 5019, which isn't an error. */
  readonly pendingError: boolean;
  /** Finished orders have their empty lists as empty elements. */
  readonly emptyLists: boolean;
  /** Notices aren't delivered. */
  readonly noticesLost: boolean;
  /** The answer for a list of orders without rows. */
  readonly emptyOrderList: 200 | 204 | 404;
  /** Whether searches in version 2 by area code or city must, may or must not name their country. */
  readonly countryCodes: 'required' | 'optional' | 'refused';
  /** Roles that the credentials lack: calls that need one are answered with 403 and an empty body. */
  readonly lacksRoles: readonly Role[];
  /** What works on a number that was just bought, as version 2 has it. */
  readonly services: ServicesAtFirst;
  /** From RECEIVED to the end; 'manual' waits for finish(). */
  readonly orderDelayMs: number | 'manual';
  /** From an order for a campaign to the number being fully provisioned; 'manual' waits for provision(). */
  readonly provisioningDelayMs: number | 'manual';
  /** From BACKORDERED to COMPLETE. */
  readonly backorderDelayMs: number | 'manual';
}

export const ordinarySwitches: Switches = {
  omitOrderStatus: false,
  processing: false,
  listOmitsReceived: false,
  listSort: 'newest first',
  listDays: 'created',
  disconnectListNamesOrders: false,
  omitDisconnectedNumbers: false,
  reservationsAllowed: true,
  reservationSeconds: 4 * 60 * 60,
  pendingError: false,
  emptyLists: false,
  noticesLost: false,
  emptyOrderList: 200,
  countryCodes: 'optional',
  omitCustomerOrderIds: false,
  dashedDates: false,
  emptyLinks: false,
  lacksRoles: [],
  services: { voice: 'IN_SERVICE', messaging: 'NOT_READY' },
  orderDelayMs: 400,
  provisioningDelayMs: 400,
  backorderDelayMs: 'manual',
};
