import { describe, expect, test } from '@jest/globals';
import type { OrderIn } from '../../../../src/orders/domain/order.js';
import { approved, newOrder } from '../../../../src/orders/domain/transitions.js';
import {
  lookBeforeSendingAt,
  makeEarlierAttempts,
} from '../../../../src/orders/engine/placing/earlier-attempts.js';
import { ana, ben, purchase } from '../../../support/orders/people.js';

const SECOND = 1_000;
const DAY = 86_400 * SECOND;

const waiting = newOrder({
  id: 'o1',
  request: purchase(),
  requester: ana,
  channelId: 'C1',
  now: SECOND,
  expiresAt: DAY,
});
const yes = approved(waiting, ben, 5 * SECOND) as OrderIn<'approved'>;

/** A process that saw the order requested and approved, unless told otherwise. */
function aProcess({ alone = true, sawRequest = true, isSent = false } = {}) {
  let now = 0;
  const attempts = makeEarlierAttempts({ alone, isSent: () => isSent, clock: { now: () => now } });
  now = 5 * SECOND;
  if (sawRequest) attempts.note(undefined, waiting, [[undefined, waiting]]);
  attempts.note(waiting, yes, [[waiting, yes]]);
  return {
    attempts,
    at(time: number) {
      now = time;
      return attempts;
    },
  };
}

describe('An order that was approved a moment ago', () => {
  test('is certainly unsent in the only process, which also saw the request', () => {
    expect(aProcess().attempts.isCertainlyUnsent(yes)).toBe(true);
    expect(aProcess().attempts.mayBeAtBandwidth(yes)).toBe('no');
  });

  test.each([
    ['another instance may have sent it', { alone: false }],
    ['this process only knows it from the store', { sawRequest: false }],
    ['this process sent it', { isSent: true }],
  ])('is looked up before it is sent, if %s', (_why, given) => {
    expect(aProcess(given).attempts.isCertainlyUnsent(yes)).toBe(false);
  });

  test('is looked up if its POST comes later than ten seconds after the approval', () => {
    const { at } = aProcess();
    expect(at(15 * SECOND).isCertainlyUnsent(yes)).toBe(true);
    expect(at(16 * SECOND).isCertainlyUnsent(yes)).toBe(false);
  });

  test('is canceled only after Bandwidth was asked, and not before it would list the order', () => {
    const late = { ...yes, asking: { ...yes.asking, nextAt: 6 * SECOND } };
    const { at } = aProcess({ alone: false });
    expect(at(8 * SECOND).mayBeAtBandwidth(late)).toBe('too-early');
    expect(at(16 * SECOND).mayBeAtBandwidth(late)).toBe('ask');
  });
});

describe('An order that another process may have tried to send', () => {
  const planned = (nextAt: number) => ({ approval: yes.approval, asking: { ...yes.asking, nextAt } });

  test('is looked up ten seconds after it was due, when Bandwidth lists what it accepted', () => {
    expect(lookBeforeSendingAt(planned(20 * SECOND), 21 * SECOND)).toBe(30 * SECOND);
    expect(lookBeforeSendingAt(planned(20 * SECOND), 31 * SECOND)).toBe(31 * SECOND);
  });

  test('is looked up at once if a wrong clock planned it for another day', () => {
    expect(lookBeforeSendingAt(planned(3 * DAY), 21 * SECOND)).toBe(21 * SECOND);
  });
});
