import { nationalDigits, type PhoneNumber } from './phone-number.js';
import { criterionRules, givenCriteria, isTollFreePrefix } from './search/criteria.js';
import type { Search } from './search/search.js';

/** Milliseconds since 1970. */
export type Timestamp = number;

/**
 * A UUID, sent to Bandwidth as CustomerOrderId (≤ 40 letters, digits, dashes) so an order can be found when the answer
 * was lost.
 */
export type OrderId = string;

/** A Slack user. The same user id is the same person, whatever team Slack reports with it. */
export interface Person {
  /** The installation they acted in: its workspace, or its organization if the app is installed there. */
  readonly teamId: string;
  readonly userId: string;
  /**
   * They aren't known to belong to `teamId`: they were let in only to decide, or someone else named them. Grants
   * nothing more.
   */
  readonly unplaced?: true;
}

/** A Bandwidth sub-account (SiteId), with its name at the time the requester chose it. */
export interface Site {
  readonly id: string;
  readonly name: string;
}

/** A Bandwidth SIP peer (PeerId), which people see as Location. */
export interface Location {
  readonly id: string;
  readonly name: string;
}

/** What one line of a purchase is to buy: specific numbers, or the first ones that match. */
export type WantedLine =
  | { readonly by: 'numbers'; readonly numbers: readonly PhoneNumber[] }
  | { readonly by: 'search'; readonly search: Search };

/** Where numbers go. Without a location, it's the sub-account's default one. */
export interface Destination {
  readonly site: Site;
  readonly location?: Location;
}

/** One of several lines. It names a destination only if that isn't the one of the whole order. */
export type LineOfSeveral = WantedLine & { readonly to?: Destination };

/** What a purchase is to buy: one line, or several, each of which becomes a carrier order. No number is in two lines. */
export type Wanted = WantedLine | { readonly by: 'lines'; readonly lines: readonly LineOfSeveral[] };

/** The most lines that one order may have. Their ids have room for three digits. */
export const MAX_LINES = 100;

/** The limit of an order's `Name` in Bandwidth's POST /accounts/{accountId}/orders. */
export const ORDER_NAME_MAX = 50;

/** Returns the lines of a purchase: one, unless it has several. */
export const linesWanted = (wanted: Wanted): readonly WantedLine[] =>
  wanted.by === 'lines' ? wanted.lines : [wanted];

/** Returns the lines of a request that has several; none for any other, which is its own line. */
export const severalLines = (request: OrderRequest): readonly LineOfSeveral[] =>
  request.kind === 'purchase' && request.wanted.by === 'lines' ? request.wanted.lines : [];

export interface PurchaseRequest {
  readonly kind: 'purchase';
  readonly name: string;
  readonly wanted: Wanted;
  readonly site: Site;
  /** If absent, Bandwidth uses the sub-account's default location. */
  readonly location?: Location;
  readonly reason: string;
  readonly partialAllowed: boolean;
  readonly backOrder: boolean;
  readonly protected: boolean;
}

/** Bandwidth's DisconnectMode. Nearly everyone wants `normal`; the others need privileges (5084, 5085). */
export const disconnectModes = ['normal', 'soft-remove', 'purge'] as const;

export type DisconnectMode = (typeof disconnectModes)[number];

/** What happens to a number's Protected flag (5108). */
export const protectedChanges = ['UNCHANGED', 'TRUE', 'FALSE'] as const;

export type ProtectedChange = (typeof protectedChanges)[number];

/** What Bandwidth says about an in-service number on our account, as far as it was asked. */
export interface NumberInService {
  readonly number: PhoneNumber;
  readonly city?: string;
  readonly state?: string;
  readonly site?: Site;
  readonly location?: Location;
  /** When it was put into service, in Bandwidth's date format. */
  readonly since?: string;
  /** The carrier order that put it into service. */
  readonly byOrder?: string;
  /** Services that would be cut off with it; absent if they weren't checked. */
  readonly hanging?: {
    readonly e911: boolean;
    readonly messaging: boolean;
    /** The id of the 10DLC campaign assigned to the number itself. */
    readonly campaign?: string;
  };
  /** Whether its calls are forwarded; absent if that wasn't asked or isn't known. */
  readonly forwarded?: boolean;
}

export interface DisconnectRequest {
  readonly kind: 'disconnect';
  readonly name: string;
  /** Each was looked up on the account when the request was made. */
  readonly inService: readonly NumberInService[];
  readonly reason: string;
  readonly mode: DisconnectMode;
  readonly protected: ProtectedChange;
}

/** Moves numbers to another location of the same account. */
export interface MoveRequest {
  readonly kind: 'move';
  readonly name: string;
  /** Each with the location it had when the request was made. */
  readonly inService: readonly NumberInService[];
  /** Where they go. */
  readonly site: Site;
  readonly location: Location;
  readonly reason: string;
}

/** A 10DLC campaign, as Bandwidth lists it. */
export interface ListedCampaign {
  readonly id: string;
  readonly description?: string;
  readonly messageClass?: string;
}

/** What happens to the text messages of numbers. A campaign turns them on, too. */
export type MessagingChange =
  | { readonly to: 'on' }
  | { readonly to: 'off' }
  | { readonly to: 'campaign'; readonly campaign: ListedCampaign };

export interface MessagingRequest {
  readonly kind: 'messaging';
  readonly name: string;
  /** Each with the messaging it had when the request was made. */
  readonly inService: readonly NumberInService[];
  readonly change: MessagingChange;
  readonly reason: string;
}

/** A request about numbers that are in service on the account. */
export type InServiceRequest = DisconnectRequest | MoveRequest | MessagingRequest;

/** The services that Bandwidth can activate on a number; an emergency address needs more than that. */
export const activatable = ['voice', 'messaging'] as const;

export type Activatable = (typeof activatable)[number];

/** Activates services on numbers that an order bought. Nothing is bought, so it doesn't count against the limits. */
export interface ActivationRequest {
  readonly kind: 'activation';
  readonly name: string;
  readonly numbers: readonly PhoneNumber[];
  readonly services: readonly Activatable[];
  /** The order that bought them. */
  readonly purchaseId: OrderId;
  readonly site: Site;
  readonly location?: Location;
  /** Where others of the numbers are, if that order sent its lines to several places. */
  readonly alsoTo?: readonly Destination[];
  readonly reason: string;
}

export type OrderRequest = PurchaseRequest | InServiceRequest | ActivationRequest;

export const isInService = (request: OrderRequest): request is InServiceRequest => 'inService' in request;

/** Returns the numbers that a request names; none for a search-and-order. */
export function namedNumbers(request: OrderRequest): readonly PhoneNumber[] {
  if (isInService(request)) return request.inService.map(({ number }) => number);
  if (request.kind === 'activation') return request.numbers;
  return linesWanted(request.wanted).flatMap(numbersIn);
}

/** Returns the numbers that a line names. */
export const numbersIn = (line: WantedLine): readonly PhoneNumber[] =>
  line.by === 'numbers' ? line.numbers : [];

/** Returns how many numbers the request asks for. */
export function requestedQuantity(request: OrderRequest): number {
  return request.kind === 'purchase'
    ? linesWanted(request.wanted).reduce((sum, line) => sum + quantityOf(line), 0)
    : namedNumbers(request).length;
}

/** Returns how many numbers a line asks for. */
export const quantityOf = (line: WantedLine): number =>
  line.by === 'search' ? line.search.quantity : line.numbers.length;

/** Whether it, or one of its lines, can be marked as protected: not toll-free numbers (errors 5100 and 5101). */
export function takesProtected(wanted: Wanted): boolean {
  return linesWanted(wanted).some((line) =>
    line.by === 'numbers'
      ? !line.numbers.some((number) => isTollFreePrefix(nationalDigits(number).slice(0, 3)))
      : givenCriteria(line.search.criteria).every((name) => criterionRules[name].takes.protected),
  );
}

/**
 * Whether Bandwidth can back-order it, or at least one of its lines. Not for named numbers, exchanges or vanity numbers: "Backorders are not
 * compatible with Specific TN, NPANXX, NPANXXX, TollFree Vanity or Local Vanity orders" (error 5522).
 */
export function takesBackOrder(wanted: Wanted): boolean {
  return linesWanted(wanted).some(
    (line) =>
      line.by === 'search' &&
      givenCriteria(line.search.criteria).every((name) => criterionRules[name].backOrder),
  );
}
