import type { CardPlace, OrderStatus } from '../order.js';
import type { OrderKind } from '../order-kinds.js';
import type { PhoneNumber } from '../phone-number.js';
import type { OrderId, Person, Site, Timestamp } from '../request.js';

/** Every kind of drift, in the order in which a report lists them. */
export const driftKinds = ['unexplained', 'gone', 'misplaced', 'waiting', 'open', 'hold'] as const;
export type DriftKind = (typeof driftKinds)[number];

/** The order that put a number into service, according to Bandwidth. */
export interface CausingOrder {
  readonly carrierOrderId: string;
  readonly at?: Timestamp;
  /** Bandwidth's name for the user that created it. */
  readonly user?: string;
  /** It belongs to this order, which ended without delivering anything as far as we know. */
  readonly ended?: { readonly orderId: OrderId; readonly status: OrderStatus };
  /** It should have taken the number out of service, but the number still is in service. */
  readonly disconnects?: true;
}

/** How one of our numbers left the account. `elsewhere`: it's on another account, or on none. */
export type Departure = 'not-in-service' | 'elsewhere';

/** Enough of an order to name it. */
export interface OrderBrief {
  readonly id: OrderId;
  readonly kind: OrderKind;
  readonly quantity: number;
  readonly requester: Person;
  readonly card?: CardPlace;
}

/** One thing the account and our records disagree about, or that is overdue. */
export type Drift =
  /** In service, but none of our orders bought it. */
  | {
      readonly kind: 'unexplained';
      readonly number: PhoneNumber;
      readonly site?: Site;
      readonly since?: Timestamp;
      /** Absent if Bandwidth wasn't asked; `not-known` if it didn't say. */
      readonly behind?: CausingOrder | 'not-known';
    }
  /** We bought it and never disconnected it, and Bandwidth says that it isn't in service here. */
  | {
      readonly kind: 'gone';
      readonly number: PhoneNumber;
      readonly orderId: OrderId;
      readonly departure: Departure;
      /** Bandwidth's status, e.g. Aging. */
      readonly status?: string;
    }
  /** In another sub-account than its order asked for. */
  | {
      readonly kind: 'misplaced';
      readonly number: PhoneNumber;
      readonly orderId: OrderId;
      readonly ordered: Site;
      readonly site: Site;
    }
  /** Waits for approval unusually long. */
  | { readonly kind: 'waiting'; readonly order: OrderBrief; readonly since: Timestamp }
  /** Approved, and unusually long without an end. */
  | {
      readonly kind: 'open';
      readonly order: OrderBrief;
      readonly since: Timestamp;
      readonly status: OrderStatus | 'backordered';
      readonly carrierOrderId?: string;
    }
  /** Bandwidth holds a number for an order that doesn't need it. */
  | {
      readonly kind: 'hold';
      readonly number: PhoneNumber;
      readonly order: OrderBrief;
      /** When the hold ends, by Bandwidth's clock; absent if it isn't known whether there is one. */
      readonly until?: Timestamp;
    };

export type DriftOf<K extends DriftKind> = Extract<Drift, { readonly kind: K }>;

/** What a drift is about: a number or an order. With its kind it names the drift. */
export function driftSubject(drift: Drift): string {
  return 'number' in drift ? drift.number : drift.order.id;
}

/**
 * Returns the facts that make a drift what it is. If they change, e.g. when a number is disconnected and bought again,
 * or a waiting order is edited, it is another drift.
 */
export function driftFacts(drift: Drift): string {
  switch (drift.kind) {
    case 'unexplained':
      return drift.since === undefined ? '' : String(drift.since);
    case 'gone':
      return drift.orderId;
    case 'misplaced':
      return `${drift.orderId} ${drift.site.id}`;
    case 'waiting':
      return String(drift.since);
    case 'open':
      return `${drift.status} ${drift.since}`;
    case 'hold':
      return drift.order.id;
  }
}
