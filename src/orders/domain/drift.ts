import { isActive } from './holds.js';
import { linesOf, wholeOf } from './lines.js';
import type { AccountNumber } from './number-record.js';
import type { CardPlace, Order, OrderStatus } from './order.js';
import type { OrderEffects, OwnedNumber } from './order-effects.js';
import type { OrderKind } from './order-kinds.js';
import type { PhoneNumber } from './phone-number.js';
import {
  askedQuantity,
  namedNumbers,
  type OrderId,
  type Person,
  type Site,
  type Timestamp,
} from './request.js';

/** Every kind of drift, in the order in which a report lists them. */
export const driftKinds = ['unexplained', 'gone', 'misplaced', 'waiting', 'open', 'hold'] as const;
export type DriftKind = (typeof driftKinds)[number];

/** The order that put a number into service, according to Bandwidth. */
export interface OrderBehind {
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

/** One thing the account and our records disagree about, or that has been left lying. */
export type Drift =
  /** In service, but none of our orders bought it. */
  | {
      readonly kind: 'unexplained';
      readonly number: PhoneNumber;
      readonly site?: Site;
      readonly since?: Timestamp;
      /** Absent if Bandwidth wasn't asked; `not-known` if it didn't say. */
      readonly behind?: OrderBehind | 'not-known';
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
export function subjectOf(drift: Drift): string {
  return 'number' in drift ? drift.number : drift.order.id;
}

/**
 * Returns the facts that make a drift what it is. If they change, e.g. when a number is disconnected and bought again,
 * or a waiting order is edited, it is another drift.
 */
export function factsOf(drift: Drift): string {
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

/** A person's word that some drifts are fine. */
export interface Explanation {
  readonly kind: DriftKind;
  /** What each of them is about; see {@link subjectOf} and {@link factsOf}. */
  readonly subjects: ReadonlyArray<readonly [subject: string, facts: string]>;
  readonly by: Person;
  readonly at: Timestamp;
  readonly reason?: string;
}

/** The explanations on record, for looking up single drifts. */
export interface Explained {
  of(drift: Drift): Explanation | undefined;
  about(kind: DriftKind, subject: string, facts: string): Explanation | undefined;
}

/** The latest explanation of a drift counts. */
export function indexExplanations(explanations: readonly Explanation[]): Explained {
  const found = new Map<string, { readonly facts: string; readonly explanation: Explanation }>();
  for (const explanation of [...explanations].sort((one, other) => one.at - other.at)) {
    for (const [subject, facts] of explanation.subjects) {
      found.set(`${explanation.kind} ${subject}`, { facts, explanation });
    }
  }
  const about: Explained['about'] = (kind, subject, facts) => {
    const known = found.get(`${kind} ${subject}`);
    if (known === undefined) return undefined;
    // Bandwidth doesn't always say since when a number is in service.
    return known.facts === facts || known.facts === '' || facts === '' ? known.explanation : undefined;
  };
  return { about, of: (drift) => about(drift.kind, subjectOf(drift), factsOf(drift)) };
}

/** Reports a number on the account that none of our orders explains. */
export function unexplainedDrift({ number, site, inServiceSince }: AccountNumber): DriftOf<'unexplained'> {
  return {
    kind: 'unexplained',
    number,
    ...(site === undefined ? {} : { site }),
    ...(inServiceSince === undefined ? {} : { since: inServiceSince }),
  };
}

/**
 * Compares one number of the account with our orders.
 *
 * @param asOf when the inventory was read: a number that an order disconnected since then may still be in it.
 */
export function driftOfNumber(
  found: AccountNumber,
  effects: OrderEffects,
  asOf: Timestamp,
): DriftOf<'unexplained' | 'misplaced'> | undefined {
  const { number, site } = found;
  const known = effects.standingOf(number);
  if (known?.standing === 'in-progress') return undefined;
  if (known?.standing === 'disconnected' && known.at >= asOf) return undefined;
  if (known?.standing !== 'owned') return unexplainedDrift(found);
  const { orderId, site: ordered } = known.owned;
  if (site === undefined || site.id === ordered.id) return undefined;
  return { kind: 'misplaced', number, orderId, ordered, site };
}

/** What Bandwidth says about a number when asked about it by itself. */
type Verdict =
  | { readonly verdict: 'in-service'; readonly number: AccountNumber }
  | { readonly verdict: 'not-in-service'; readonly status?: string }
  | { readonly verdict: 'not-ours' };

/** Judges one of our numbers that is missing from the inventory by Bandwidth's answer about that number. */
export function driftOfMissing(
  { number, orderId, site: ordered }: OwnedNumber,
  verdict: Verdict,
): DriftOf<'gone' | 'misplaced'> | undefined {
  switch (verdict.verdict) {
    case 'in-service': {
      const { site } = verdict.number;
      if (site === undefined || site.id === ordered.id) return undefined;
      return { kind: 'misplaced', number, orderId, ordered, site };
    }
    case 'not-in-service': {
      const { status } = verdict;
      const departure = 'not-in-service';
      return { kind: 'gone', number, orderId, departure, ...(status === undefined ? {} : { status }) };
    }
    case 'not-ours':
      return { kind: 'gone', number, orderId, departure: 'elsewhere' };
  }
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** An order waits unusually long after this, or after half of its time to decide if that is shorter. */
const LONG_WAIT_MS = DAY;
/** Bandwidth delivers most orders within minutes. */
const LONG_OPEN_MS = HOUR;
const LONG_BACKORDER_MS = 7 * DAY;
/** Holds are released within moments; a failed release is repeated. */
const LONG_RELEASE_MS = 15 * MINUTE;

/** Returns what is unusual about one order at this time. */
export function driftOfOrder(
  order: Order,
  now: Timestamp,
): ReadonlyArray<DriftOf<'waiting' | 'open' | 'hold'>> {
  return [...lateOrder(order, now), ...unneededHolds(order, now)];
}

function lateOrder(order: Order, now: Timestamp): ReadonlyArray<DriftOf<'waiting' | 'open'>> {
  const brief = briefOf(order);
  switch (order.status) {
    case 'awaiting-approval': {
      const since = order.events.findLast(({ what }) => asksForApproval.has(what))?.at ?? order.requestedAt;
      const patience = Math.min(LONG_WAIT_MS, (order.expiresAt - since) / 2);
      return now - since > patience ? [{ kind: 'waiting', order: brief, since }] : [];
    }
    case 'approved':
    case 'placing': {
      const since = order.status === 'placing' ? order.sentAt : approvedAt(order);
      return now - since > LONG_OPEN_MS ? [{ kind: 'open', order: brief, since, status: order.status }] : [];
    }
    case 'placed': {
      const { id: carrierOrderId, placedAt: since, status } = order.carrierOrder;
      const isBackordered = status === 'backordered';
      if (now - since <= (isBackordered ? LONG_BACKORDER_MS : LONG_OPEN_MS)) return [];
      return [
        {
          kind: 'open',
          order: brief,
          since,
          status: isBackordered ? 'backordered' : order.status,
          carrierOrderId,
        },
      ];
    }
    case 'ordering':
      // One of its lines is enough to look at the order.
      return linesOf(order)
        .flatMap((line) => lateOrder(line, now))
        .slice(0, 1);
    default:
      return [];
  }
}

const asksForApproval: ReadonlySet<string> = new Set(['requested', 'edited', 'reopened']);

/** Until its approval can no longer be undone, an order isn't late. */
function approvedAt({ approval, events }: Extract<Order, { status: 'approved' }>): Timestamp {
  const event = events.findLast(({ what }) => what === 'approved' || what === 'approved-by-rule');
  return event !== undefined && 'actAt' in event ? event.actAt : approval.at;
}

function unneededHolds(order: Order, now: Timestamp): ReadonlyArray<DriftOf<'hold'>> {
  const needed = needsHolds.has(order.status) ? new Set(namedNumbers(order.request)) : new Set<PhoneNumber>();
  const since = order.events.at(-1)?.at ?? order.requestedAt;
  if (now - since <= LONG_RELEASE_MS) return [];
  return order.holds.filter(isActive).flatMap((hold) => {
    if (needed.has(hold.number)) return [];
    if (hold.state === 'held' && hold.until <= now) return [];
    const until = hold.state === 'held' ? { until: hold.until } : {};
    return [{ kind: 'hold' as const, number: hold.number, order: briefOf(order), ...until }];
  });
}

const needsHolds: ReadonlySet<OrderStatus> = new Set([
  'awaiting-approval',
  'approved',
  'placing',
  'placed',
  'ordering',
]);

export function briefOf(order: Order): OrderBrief {
  const { id, request, requester, cards } = wholeOf(order);
  const [{ place }] = cards;
  return {
    id,
    kind: request.kind,
    quantity: askedQuantity(request),
    requester,
    ...(place === undefined ? {} : { card: place }),
  };
}
