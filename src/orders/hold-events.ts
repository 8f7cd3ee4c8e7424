import { binds, type Hold, numbersToHold, type Unheld } from './holds.js';
import type { CarrierReport, Facts, Timestamp } from './order.js';
import type { PhoneNumber } from './phone-number.js';

/** What happens to the numbers an order keeps aside. None of it changes where the order itself stands. */
export type HoldEvent =
  /** The requests to Bandwidth are about to leave: the first ones, or more, after the ones before had no effect. */
  | {
      readonly what: 'holding';
      readonly numbers: readonly PhoneNumber[];
      /** When that is by Bandwidth's clock; absent in old records, which have our own. */
      readonly sentAt?: Timestamp;
    }
  | { readonly what: 'held'; readonly holds: readonly HeldNumber[] }
  /** Somebody else has them: said by Bandwidth when they were to be held, or when they were looked for again. */
  | { readonly what: 'gone'; readonly numbers: readonly PhoneNumber[] }
  | { readonly what: 'not-held'; readonly numbers: readonly PhoneNumber[]; readonly because: Unheld }
  | { readonly what: 'lapsed'; readonly numbers: readonly PhoneNumber[] }
  | { readonly what: 'released'; readonly numbers: readonly PhoneNumber[] };

export interface HeldNumber {
  readonly number: PhoneNumber;
  readonly reservationId: string;
  readonly until: Timestamp;
}

const names: Readonly<Record<HoldEvent['what'], true>> = {
  holding: true,
  held: true,
  gone: true,
  'not-held': true,
  lapsed: true,
  released: true,
};

export function isHoldEvent<E extends { readonly what: string }>(
  event: E,
): event is Extract<E, { what: HoldEvent['what'] }> {
  return Object.hasOwn(names, event.what);
}

/** The holds after one more such event. */
export function holdsAfter(
  { holds }: Pick<Facts, 'holds'>,
  event: HoldEvent & { readonly at: Timestamp },
): readonly Hold[] {
  switch (event.what) {
    case 'holding':
      return changed(
        holds,
        event.numbers.map((number) => {
          const before = holds.find((hold) => hold.number === number);
          const times = before?.state === 'asked' ? { times: (before.times ?? 1) + 1 } : {};
          return { number, state: 'asked', at: event.sentAt ?? event.at, ...times };
        }),
      );
    case 'held':
      return changed(
        holds,
        event.holds.map((held) => ({ ...held, state: 'held' })),
      );
    case 'not-held':
      return changed(
        holds,
        event.numbers.map((number) => ({ number, ...event.because })),
      );
    case 'gone':
    case 'lapsed':
    case 'released':
      return changed(
        holds,
        event.numbers.map((number) => ({ number, state: event.what })),
      );
  }
}

/**
 * What the order has taken at last is not held any more, and needs no release. A complete order that lists no numbers
 * has those that the request names; what an edit left out may still be held.
 */
export function holdsAfterReport(
  { holds, request }: Pick<Facts, 'holds' | 'request'>,
  { status, completed }: Pick<CarrierReport, 'status' | 'completed'>,
): readonly Hold[] {
  const silent = status === 'complete' && completed.length === 0;
  const taken = silent ? numbersToHold(request) : completed;
  return holds.map((hold) =>
    binds(hold) && taken.includes(hold.number) ? { number: hold.number, state: 'used' } : hold,
  );
}

function changed(holds: readonly Hold[], changes: readonly Hold[]): readonly Hold[] {
  const byNumber = new Map([...holds, ...changes].map((hold) => [hold.number, hold]));
  return [...byNumber.values()];
}
