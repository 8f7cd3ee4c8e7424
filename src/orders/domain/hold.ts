import type { PhoneNumber } from './phone-number.js';
import type { Timestamp } from './request.js';

/** What became of keeping one number aside while its order waits for approval. */
export type Hold = { readonly number: PhoneNumber } & (
  | {
      /**
       * A reservation was requested, and what came of it isn't known (yet). Only one request for a number is ever
       * unaccounted for: the next one leaves after a lookup has shown that this one had no effect.
       */
      readonly state: 'asked';
      /** When the last request left, by Bandwidth's clock. */
      readonly at: Timestamp;
      /** How many requests have left; absent for one. */
      readonly times?: number;
    }
  /** `until` is a time of Bandwidth's clock. */
  | { readonly state: 'held'; readonly reservationId: string; readonly until: Timestamp }
  | { readonly state: 'gone' }
  | Unheld
  /** Its time was up before the order was decided. */
  | { readonly state: 'lapsed' }
  | { readonly state: 'released' }
  /** The order took the number, and with it the hold. */
  | { readonly state: 'used' }
);

/** Why a number is not held although it may well be on offer. */
export type Unheld =
  /** This account may not reserve numbers, or, in `advice`, Bandwidth refuses for another reason. */
  | { readonly state: 'unavailable'; readonly advice?: string }
  /** The requester's orders hold as many as one person's may. */
  | { readonly state: 'beyond-limit'; readonly most: number };

export type HoldIn<S extends Hold['state']> = Hold & { readonly state: S };
