import type { PhoneNumber } from './phone-number.js';
import type { Timestamp } from './request.js';

/** The hold of one number while its order waits for approval. */
export type Hold = { readonly number: PhoneNumber } & (
  | {
      /**
       * A reservation was requested and its outcome isn't known (yet). At most one request per number is ever
       * unaccounted for: the next is sent only after a lookup has shown that this one had no effect.
       */
      readonly state: 'asked';
      /** When the last request was sent, by Bandwidth's clock. */
      readonly at: Timestamp;
      /** How many requests were sent; absent for one. */
      readonly times?: number;
    }
  /** `until` is by Bandwidth's clock. */
  | { readonly state: 'held'; readonly reservationId: string; readonly until: Timestamp }
  | { readonly state: 'gone' }
  | Unheld
  /** It expired before the order was decided. */
  | { readonly state: 'lapsed' }
  | { readonly state: 'released' }
  /** The order took the number and consumed the hold. */
  | { readonly state: 'used' }
);

/** Why a number isn't held although it may be available. */
export type Unheld =
  /** This account can't reserve numbers, or, with `advice`, Bandwidth refuses for another reason. */
  | { readonly state: 'unavailable'; readonly advice?: string }
  /** The requester's orders already hold the maximum. */
  | { readonly state: 'beyond-limit'; readonly most: number };

export type HoldIn<S extends Hold['state']> = Hold & { readonly state: S };
