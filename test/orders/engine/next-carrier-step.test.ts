import { describe, expect, test } from '@jest/globals';
import type { Order, OrderIn } from '../../../src/orders/domain/order.js';
import {
  answerUnknown,
  approved,
  cancelled,
  placed,
  placing,
} from '../../../src/orders/domain/transitions.js';
import { nextCarrierStep } from '../../../src/orders/engine/next-carrier-step.js';
import { ana, ben, disconnect, waitingOrder } from '../../support/orders/people.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const WITHIN = 30 * SECOND;

const waiting = waitingOrder();
const yes = approved(waiting, ben, 100) as OrderIn<'approved'>;
const sent = placing(yes, 200) as OrderIn<'placing'>;
const asksToDisconnect = waitingOrder(disconnect(), 'o2');
const undoable = approved(asksToDisconnect, ben, 100, 100 + MINUTE) as OrderIn<'approved'>;

describe('What an order needs from Bandwidth next', () => {
  test.each<[string, Order, number, object]>([
    ['to wait, while it waits for approval', waiting, 0, { do: 'wait', until: 86_400_000 }],
    ['to expire, when no one decided in time', waiting, 86_400_000, { do: 'expire' }],
    ['nothing, once it is canceled', cancelled(waiting, ana, 1), 2, { do: 'nothing' }],
    ['to be placed, once it is approved', yes, 100, { do: 'place' }],
    ['to wait, while it can be undone', undoable, 99 + MINUTE, { do: 'wait', until: 100 + MINUTE }],
    ['to be placed, once it can no longer be undone', undoable, 100 + MINUTE, { do: 'place' }],
    ['nothing, once it is undone', cancelled(undoable, ana, 200), HOUR, { do: 'nothing' }],
    ['to wait, while the POST may be under way', sent, 300, { do: 'wait', until: 200 + WITHIN }],
    ['to be looked up, once the POST must be over', sent, 200 + WITHIN, { do: 'find' }],
    [
      'to wait, when the answer was lost just now',
      answerUnknown(sent, 900, 900),
      899,
      { do: 'wait', until: 900 },
    ],
    ['to be looked up, when the answer was lost', answerUnknown(sent, 900, 900), 900, { do: 'find' }],
    ['to wait, once it is placed', placed(sent, 'c1', 300, 600), 599, { do: 'wait', until: 600 }],
    ['to be asked about, once it is placed', placed(sent, 'c1', 300, 600), 600, { do: 'look up status' }],
  ])('%s', (_need, order, now, step) => {
    expect(nextCarrierStep(order, now, WITHIN)).toMatchObject(step);
  });
});
