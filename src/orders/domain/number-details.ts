import type { PhoneNumber } from './phone-number.js';
import type { Location, Site } from './request.js';
import type { ServiceStates } from './service-states.js';

/** The answer to a yes-or-no question. `not-known`: nobody could be asked, or the answer doesn't say. */
export type Known = 'yes' | 'no' | 'not-known';

/** Where a number is, as far as Bandwidth says. */
export type Whereabouts =
  /** In service on our account. */
  | 'in-service'
  /** On our account, but not in service, e.g. Aging after a disconnect. */
  | 'not-in-service'
  /** Not in service on our account; Bandwidth doesn't let us read where else it is. */
  | 'not-in-service-here'
  | 'other-account'
  /** Bandwidth has it, but on no account, e.g. Available or Reserved. */
  | 'unassigned'
  /** Bandwidth has no record of it. */
  | 'no-record'
  | 'not-known';

/** The 10DLC campaign that text messages from a number are sent under. */
export type Campaign =
  | {
      readonly state: 'assigned';
      readonly id: string;
      readonly messageClass?: string;
      /** Whether carriers accept messages under it. */
      readonly provisioned: Known;
    }
  /** Whatever the number's location is set to. */
  | { readonly state: 'location-default' }
  | { readonly state: 'not-known' };

/** What works on a number. */
export interface NumberServices {
  readonly voice: Known;
  /** Whether an emergency address is active. */
  readonly e911: Known;
  /** The result of the last E911 order, in Bandwidth's words. */
  readonly e911Outcome?: string;
  readonly messaging: Known;
  readonly campaign: Campaign;
  /** Services that another account runs on this number; they end with it too. */
  readonly hosted: readonly ('E911' | 'messaging')[];
  /** Whether it is protected against being ported out or reassigned. */
  readonly protected: Known;
}

/** The carrier order that last changed a number. */
export interface LastCarrierOrder {
  readonly id: string;
  /** Bandwidth's type, e.g. NEW_NUMBER_ORDER. */
  readonly type?: string;
  /** In Bandwidth's date format. */
  readonly createdAt?: string;
}

/** Everything Bandwidth says about one number; about another customer's, only that it is theirs. */
export interface NumberDetails {
  readonly number: PhoneNumber;
  readonly whereabouts: Whereabouts;
  /** Bandwidth's status, e.g. Inservice. */
  readonly status?: string;
  readonly city?: string;
  readonly state?: string;
  readonly rateCenter?: string;
  /** The name is the id where Bandwidth gives no name. */
  readonly site?: Site;
  readonly location?: Location;
  /** In Bandwidth's date format. */
  readonly inServiceSince?: string;
  readonly lastOrder?: LastCarrierOrder;
  /** Absent if it couldn't be asked. */
  readonly services?: NumberServices;
  /** What works on it, and what can be activated; absent where Bandwidth has no such answer. */
  readonly activation?: ServiceStates;
  /** Why something above is missing: sentences for people, each once. */
  readonly notRead: readonly string[];
}
