import type { OrderId } from '../domain/request.js';

/** A problem found in the journal, and where. */
export type JournalProblem =
  /** Entries `from` to `to`, both included, although later ones exist. */
  | {
      readonly what: 'entries missing';
      readonly teamId: string;
      readonly from: number;
      readonly to: number;
    }
  | { readonly what: 'entry unreadable'; readonly teamId: string; readonly sequence: number }
  /** Its hash doesn't match its contents. */
  | { readonly what: 'entry changed'; readonly teamId: string; readonly sequence: number }
  /** It doesn't follow the previous entry: one of them was changed, replaced or moved. */
  | { readonly what: 'entry does not follow'; readonly teamId: string; readonly sequence: number }
  /** The events of an order aren't in sequence, each once. */
  | {
      readonly what: 'event out of turn';
      readonly teamId: string;
      readonly sequence: number;
      readonly orderId: OrderId;
      readonly index: number;
    }
  /** A stored value among the entries whose key no chain can have. */
  | { readonly what: 'no entry'; readonly key: string }
  | { readonly what: 'order missing'; readonly teamId: string; readonly orderId: OrderId }
  /** The journal has delegations that no one has a record of. */
  | { readonly what: 'delegations missing'; readonly teamId: string; readonly orderId: string }
  /** The journal has an explanation of drift that is on record nowhere else. */
  | { readonly what: 'explanation missing'; readonly teamId: string; readonly orderId: string }
  | { readonly what: 'order unreadable'; readonly orderId: OrderId; readonly why: string }
  /** The order has an event that the journal once had and now lacks. */
  | { readonly what: 'event missing'; readonly orderId: OrderId; readonly index: number }
  /** The journal has an event that the order lacks. */
  | { readonly what: 'event unknown'; readonly orderId: OrderId; readonly index: number }
  | { readonly what: 'event differs'; readonly orderId: OrderId; readonly index: number }
  | { readonly what: 'history impossible'; readonly orderId: OrderId; readonly why: string }
  /** The stored order differs from what its events give; `where` names the differences. */
  | { readonly what: 'order differs'; readonly orderId: OrderId; readonly where: readonly string[] };
