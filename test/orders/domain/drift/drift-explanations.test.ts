import { describe, expect, test } from '@jest/globals';
import { type Drift, driftFacts, driftSubject } from '../../../../src/orders/domain/drift/drift.js';
import {
  type Explanation,
  indexExplanations,
} from '../../../../src/orders/domain/drift/drift-explanations.js';
import type { PhoneNumber } from '../../../../src/orders/domain/phone-number.js';
import { approver, noon, numbers, orderId, requester } from '../../../support/sample-orders.js';

const HOUR = 3_600_000;
const [first, second] = numbers('9102414365', '9102414366') as [PhoneNumber, PhoneNumber];

describe('An explanation', () => {
  const unexplained: Drift = { kind: 'unexplained', number: first, since: noon };
  const explaining = (drift: Drift, given: Partial<Explanation> = {}): Explanation => ({
    kind: drift.kind,
    subjects: [[driftSubject(drift), driftFacts(drift)]],
    by: approver,
    at: noon,
    ...given,
  });

  test('applies to the drift it was given for, and to no other', () => {
    const explained = indexExplanations([explaining(unexplained)]);
    expect(explained.of(unexplained)?.by).toEqual(approver);
    expect(explained.of({ ...unexplained, number: second })).toBeUndefined();
    const gone: Drift = { kind: 'gone', number: first, orderId, departure: 'elsewhere' };
    expect(explained.of(gone)).toBeUndefined();
  });

  test('ends when the facts change: the number was bought again, or moved again', () => {
    const explained = indexExplanations([explaining(unexplained)]);
    expect(explained.of({ ...unexplained, since: noon + HOUR })).toBeUndefined();
    expect(explained.of({ kind: 'unexplained', number: first })?.at).toBe(noon);
  });

  test('of an order ends when it waits again, gets stuck elsewhere, or the number is held for another order', () => {
    const order = { id: orderId, kind: 'purchase', quantity: 1, requester } as const;
    const isExplained = (drift: Drift, later: Drift) =>
      indexExplanations([explaining(drift)]).of(later) !== undefined;
    const waits: Drift = { kind: 'waiting', order, since: noon };
    expect(isExplained(waits, waits)).toBe(true);
    expect(isExplained(waits, { ...waits, since: noon + HOUR })).toBe(false);
    const open: Drift = { kind: 'open', order, since: noon, status: 'backordered' };
    expect(isExplained(open, open)).toBe(true);
    expect(isExplained(open, { ...open, status: 'placing' })).toBe(false);
    const held: Drift = { kind: 'hold', number: first, order };
    expect(isExplained(held, { ...held, until: noon })).toBe(true);
    expect(isExplained(held, { ...held, order: { ...order, id: 'another' } })).toBe(false);
  });

  test('given later replaces an earlier one', () => {
    const later = explaining(unexplained, { by: requester, at: noon + 1 });
    expect(indexExplanations([later, explaining(unexplained)]).of(unexplained)?.by).toEqual(requester);
  });
});
