import { describe, expect, test } from '@jest/globals';
import type { Order } from '../../../../src/orders/domain/order.js';
import { ClockWasSet, makeHoldRequests } from '../../../../src/orders/engine/holds/hold-requests.js';
import { makeHoldTroubles } from '../../../../src/orders/engine/holds/hold-troubles.js';
import { noon, number } from '../../../support/sample-orders.js';

describe('When our clock is set while Bandwidth is asked for the time', () => {
  const front = number('9102414365');

  test('no number is held by a wrong time; it is tried again, with a warning', async () => {
    const heard: string[] = [];
    const hear = (level: string) => (_: object, sentence: string) => void heard.push(`${level}: ${sentence}`);
    const log = { debug: hear('debug'), info: hear('info'), warn: hear('warn'), error: hear('error') };
    const requests = makeHoldRequests({
      orders: { get: async (): Promise<Order | undefined> => undefined, openAbout: async () => [] },
      carrier: {
        now: () => undefined,
        findHold: async () => undefined,
        hold: () => Promise.reject(new Error('no number may be held')),
      },
      requestWithinMs: 10_000,
    });
    const error: unknown = await requests.readCarrierTime(front).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ClockWasSet);
    const troubles = makeHoldTroubles({ now: () => noon }, log);
    troubles.note('o1', [{ number: front, at: 0, outcome: 'no-answer', error }], 'will retry');
    expect(troubles.of('o1')).toMatchObject({ failures: 1 });
    expect(heard).toEqual(['warn: will retry']);
  });
});
