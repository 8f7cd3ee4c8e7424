import type { AccountNumber } from '../number-record.js';
import type { OrderEffects, OwnedNumber } from '../order-effects.js';
import type { Timestamp } from '../request.js';
import type { DriftOf } from './drift.js';

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
