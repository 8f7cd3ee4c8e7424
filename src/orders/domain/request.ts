import { criterionRules, givenCriteria } from './criteria.js';
import { nationalDigits, type PhoneNumber } from './phone-number.js';
import { isTollFreePrefix, type Search } from './search.js';

/** Milliseconds since 1970. */
export type Timestamp = number;

/** A UUID; Bandwidth gets it as CustomerOrderId (≤ 40 letters, digits, dashes), so a lost answer can be looked up. */
export type OrderId = string;

/** A Slack user. Two with one user id are one person, whatever team Slack names with it. */
export interface Person {
  /** The installation they acted in: its workspace, or its organization where the app belongs to that. */
  readonly teamId: string;
  readonly userId: string;
  /** They aren't known to belong to `teamId`: let in to decide, or named by somebody else. Grants no more than that. */
  readonly unplaced?: true;
}

/** A Bandwidth sub-account (SiteId), with its name as it was when the requester chose it. */
export interface Site {
  readonly id: string;
  readonly name: string;
}

/** A Bandwidth SIP peer (PeerId), shown to people as Location. */
export interface Location {
  readonly id: string;
  readonly name: string;
}

/** What a purchase is to buy: numbers somebody picked, or the first ones that match. */
export type Wanted =
  | { readonly by: 'numbers'; readonly numbers: readonly PhoneNumber[] }
  | { readonly by: 'search'; readonly search: Search };

export interface PurchaseRequest {
  readonly kind: 'purchase';
  readonly name: string;
  readonly wanted: Wanted;
  readonly site: Site;
  /** Left out, Bandwidth uses the sub-account's default location. */
  readonly location?: Location;
  readonly reason: string;
  readonly partialAllowed: boolean;
  readonly backOrder: boolean;
  readonly protected: boolean;
}

/**
 * How thoroughly Bandwidth lets go of a number (DisconnectMode). `normal` is what nearly everybody wants; the others
 * need privileges (5084, 5085).
 */
export const disconnectModes = ['normal', 'soft-remove', 'purge'] as const;

export type DisconnectMode = (typeof disconnectModes)[number];

/** What becomes of a number's Protected mark (5108). */
export const protectedChanges = ['UNCHANGED', 'TRUE', 'FALSE'] as const;

export type ProtectedChange = (typeof protectedChanges)[number];

/** What Bandwidth says of a number that works on our account, as far as it was asked. */
export interface NumberInService {
  readonly number: PhoneNumber;
  readonly city?: string;
  readonly state?: string;
  readonly site?: Site;
  readonly location?: Location;
  /** When it was put into service, in Bandwidth's own spelling of dates. */
  readonly since?: string;
  /** The carrier order that put it into service. */
  readonly byOrder?: string;
  /** What else would be cut off with it; absent when nobody looked. */
  readonly hanging?: { readonly e911: boolean; readonly messaging: boolean };
}

export interface DisconnectRequest {
  readonly kind: 'disconnect';
  readonly name: string;
  /** Each looked up on the account when the request was made. */
  readonly inService: readonly NumberInService[];
  readonly reason: string;
  readonly mode: DisconnectMode;
  readonly protected: ProtectedChange;
}

export type OrderRequest = PurchaseRequest | DisconnectRequest;

/** The numbers a request names; none for a search-and-order. */
export function namedNumbers(request: OrderRequest): readonly PhoneNumber[] {
  if (request.kind === 'disconnect') return request.inService.map(({ number }) => number);
  return request.wanted.by === 'numbers' ? request.wanted.numbers : [];
}

/** How many numbers the request asks for. */
export function askedQuantity(request: OrderRequest): number {
  if (request.kind === 'disconnect') return request.inService.length;
  const { wanted } = request;
  return wanted.by === 'numbers' ? wanted.numbers.length : wanted.search.quantity;
}

/** Toll-free numbers cannot be marked as protected (errors 5100 and 5101). */
export function takesProtected(wanted: Wanted): boolean {
  if (wanted.by === 'numbers') {
    return !wanted.numbers.some((number) => isTollFreePrefix(nationalDigits(number).slice(0, 3)));
  }
  return givenCriteria(wanted.search.criteria).every((name) => criterionRules[name].takes.protected);
}

/**
 * May Bandwidth be asked to keep looking for numbers it has not got? Not for named numbers, for an exchange, nor for
 * vanity numbers: "Backorders are not compatible with Specific TN, NPANXX, NPANXXX, TollFree Vanity or Local Vanity
 * orders" (error 5522).
 */
export function takesBackOrder(wanted: Wanted): boolean {
  if (wanted.by === 'numbers') return false;
  return givenCriteria(wanted.search.criteria).every((name) => criterionRules[name].backOrder);
}
