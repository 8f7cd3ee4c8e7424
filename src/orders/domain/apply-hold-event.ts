import type { CarrierReport } from './carrier-report.js';
import type { Hold } from './hold.js';
import { isActive, numbersToHold } from './holds.js';
import type { Facts } from './order.js';
import type { HoldEvent } from './order-event.js';
import type { Timestamp } from './request.js';

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

/** Returns the holds after one more hold event. */
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
 * Marks the holds that the order consumed. A complete order that lists no numbers consumed every requested number; a
 * number that an edit removed may still be held.
 */
export function holdsAfterReport(
  { holds, request }: Pick<Facts, 'holds' | 'request'>,
  { status, completed }: Pick<CarrierReport, 'status' | 'completed'>,
): readonly Hold[] {
  const silent = status === 'complete' && completed.length === 0;
  const taken = silent ? numbersToHold(request) : completed;
  return holds.map((hold) =>
    isActive(hold) && taken.includes(hold.number) ? { number: hold.number, state: 'used' } : hold,
  );
}

function changed(holds: readonly Hold[], changes: readonly Hold[]): readonly Hold[] {
  const byNumber = new Map([...holds, ...changes].map((hold) => [hold.number, hold]));
  return [...byNumber.values()];
}
