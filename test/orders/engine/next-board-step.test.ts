import { describe, expect, test } from '@jest/globals';
import type { Order, OrderIn } from '../../../src/orders/domain/order.js';
import {
  announced,
  approved,
  cancelled,
  redrawRequested,
  rendered,
} from '../../../src/orders/domain/transitions.js';
import { type BoardTrouble, nextBoardStep } from '../../../src/orders/engine/next-board-step.js';
import { ana, ben, longDisconnect, waitingOrder } from '../../support/orders/people.js';

const waiting = waitingOrder();
const yes = approved(waiting, ben, 100) as OrderIn<'approved'>;
const place = { channelId: 'C1', ts: '1.0' };

describe('What an order needs from Slack next', () => {
  const current = rendered(yes, place, yes.revision);
  test.each<[string, Order, object]>([
    ['a card', waiting, { do: 'draw', card: expect.anything() }],
    [
      'a redrawn card before any announcement',
      rendered(yes, place, 1),
      { do: 'draw', card: expect.anything() },
    ],
    [
      "a redrawn card, when it isn't known what the card shows",
      redrawRequested(announced(current, 'approved')),
      { do: 'draw', card: expect.anything() },
    ],
    ['an announcement, once the card shows it', current, { do: 'tell', kind: 'approved' }],
    ['nothing, when everything is drawn and announced', announced(current, 'approved'), { do: 'nothing' }],
  ])('%s', (_need, order, step) => {
    expect(nextBoardStep(order, 0)).toEqual(step);
  });

  test("the list of a long disconnect first; but a list that can't be uploaded right now holds up nothing else", () => {
    const long = waitingOrder(longDisconnect(), 'o3');
    const undone = cancelled(approved(long, ben, 1, 61) as OrderIn<'approved'>, ana, 2);
    const shown = rendered(undone, place, undone.revision);
    const noList = (what: BoardTrouble) => what !== 'numbers';
    expect(nextBoardStep(undone, 0, noList)).toMatchObject({ do: 'draw' });
    expect(nextBoardStep(shown, 0)).toEqual({ do: 'tell', kind: 'numbers' });
    expect(nextBoardStep(shown, 0, noList)).toEqual({ do: 'tell', kind: 'cancelled' });
    expect(nextBoardStep(announced(shown, 'cancelled'), 0, noList)).toEqual({ do: 'nothing' });
    expect(nextBoardStep(announced(shown, 'cancelled'), 0)).toEqual({ do: 'tell', kind: 'numbers' });
  });
});
