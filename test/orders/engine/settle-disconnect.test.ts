import { describe, expect, test } from '@jest/globals';
import { BoardUnreachable } from '../../../src/orders/ports/order-board.js';
import { orderCard } from '../../../src/slack/blocks/card/order-card.js';
import { announcement } from '../../../src/slack/blocks/thread/announcements.js';
import { LOOK_UP_AFTER_MS, startOrdersApp } from '../../support/orders/orders-app.js';
import {
  ana,
  ben,
  disconnect,
  longDisconnect,
  phones,
  twoNumbers,
  working,
} from '../../support/orders/people.js';
import {
  cannotBeAsked,
  lostOnTheWay,
  notTaken,
  report,
  saysNo,
  takenButAnswerLost,
} from '../../support/orders/scripted-carrier.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A disconnect that goes out as soon as it is approved. */
async function sentDisconnect(app = startOrdersApp({ undoWindowMs: 0 }), request = disconnect()) {
  await app.request('o1', request);
  await app.approve('o1');
  return app;
}

describe('A disconnect whose answer was lost', () => {
  test('is looked up by its numbers and when it was sent, and never sent again', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(takenButAnswerLost);
    await app.request('o1', disconnect());
    await app.approve('o1');
    await app.live(MINUTE);
    const [sentAt] = app.postedAt;
    expect(app.order('o1')).toMatchObject({ status: 'placing', answer: 'unknown' });
    await app.live(10 * SECOND);
    const [before, ...afterwards] = app.carrier.finds;
    expect(before).toMatchObject({ id: 'o1', sentAt: app.order('o1').requestedAt });
    expect(afterwards).toMatchObject([{ id: 'o1', request: disconnect(), sentAt }]);
    expect(app.order('o1')).toMatchObject({ status: 'placed', carrierOrder: { id: 'carrier-1' } });
    await app.live(HOUR);
    expect(app.carrier.posts).toEqual(['o1']);
    expect(app.board.announced).toEqual(['approved', 'unknown']);
  });

  test('after busy answers is looked up by when it was last sent', async () => {
    const app = startOrdersApp({ undoWindowMs: 0 });
    app.carrier.onPlace(notTaken(), notTaken(), takenButAnswerLost);
    await sentDisconnect(app);
    await app.live(MINUTE);
    expect(app.postedAt).toHaveLength(3);
    expect(app.carrier.finds).toMatchObject([{ sentAt: app.postedAt[2] }]);
  });

  test('is not sent again no matter how long Bandwidth does not list it, nor when the lookup fails', async () => {
    const app = startOrdersApp({ undoWindowMs: 0 });
    app.carrier.onPlace(lostOnTheWay);
    app.carrier.onFind(cannotBeAsked(), () => [], cannotBeAsked());
    await sentDisconnect(app);
    await app.live(2 * HOUR, app, MINUTE);
    expect(app.carrier.posts).toEqual(['o1']);
    expect(app.order('o1').status).toBe('placing');
    expect(app.carrier.finds.length).toBeGreaterThan(20);
    expect(new Set(app.carrier.finds.map(({ sentAt }) => sentAt))).toEqual(new Set(app.postedAt));
  });

  test('in a crash during the POST is looked up by the next process, once the POST must have ended', async () => {
    const app = startOrdersApp({ undoWindowMs: 0 });
    app.carrier.onPlace((accept) => {
      accept();
      return new Promise(() => {});
    });
    await sentDisconnect(app);
    const restarted = app.start();
    await app.live(LOOK_UP_AFTER_MS - 1, restarted);
    expect(app.carrier.finds).toEqual([]);
    await app.live(SECOND, restarted);
    expect(app.carrier.finds).toMatchObject([{ id: 'o1', sentAt: app.postedAt[0] }]);
    expect(app.carrier.posts).toEqual(['o1']);
    expect(app.order('o1').status).toBe('placed');
  });

  test('is never called unknown if the first lookup finds it', async () => {
    const app = startOrdersApp({ undoWindowMs: 0 });
    app.carrier.onPlace((accept) => {
      accept();
      return new Promise(() => {});
    });
    app.carrier.says(report('complete'));
    await sentDisconnect(app);
    await app.live(LOOK_UP_AFTER_MS + 10 * SECOND, app.start());
    expect(app.order('o1')).toMatchObject({ status: 'complete', outcome: { completed: twoNumbers } });
    expect(app.board.announced).toEqual(['approved', 'outcome']);
  });
});

describe('A disconnect is followed to its end', () => {
  const [first, second] = twoNumbers;
  if (first === undefined || second === undefined) throw new Error('two numbers are needed');
  const notOurs = {
    code: '5006',
    description: 'Telephone number could not be disconnected since it is not associated with your account',
    numbers: [second],
  };

  test.each(['received', 'processing'] as const)('%s never ends it', async (status) => {
    const app = startOrdersApp({ undoWindowMs: 0 });
    app.carrier.says(report(status));
    await sentDisconnect(app);
    await app.live(2 * HOUR, app, MINUTE);
    expect(app.order('o1')).toMatchObject({ status: 'placed', carrierOrder: { status } });
  });

  test('complete without a list of numbers: all that were named are disconnected', async () => {
    const app = startOrdersApp({ undoWindowMs: 0 });
    app.carrier.says(report('complete'));
    await sentDisconnect(app);
    await app.live(10 * SECOND);
    expect(app.order('o1')).toMatchObject({ status: 'complete', outcome: { completed: twoNumbers } });
    expect(app.board.announced).toEqual(['approved', 'outcome']);
    expect(await app.store.open()).toEqual([]);
  });

  test('partial: what was disconnected and what was not, with Bandwidth’s own code and words', async () => {
    const app = startOrdersApp({ undoWindowMs: 0 });
    app.carrier.says(report('partial', { completed: [first], failed: [second], faults: [notOurs] }));
    await sentDisconnect(app);
    await app.live(10 * SECOND);
    expect(app.order('o1')).toMatchObject({
      status: 'partial',
      outcome: { completed: [first], failed: [second], faults: [notOurs] },
    });
    expect(app.carrier.reports).toHaveLength(1);
  });

  test('failed: nothing was disconnected, although Bandwidth lists nothing at all', async () => {
    const app = startOrdersApp({ undoWindowMs: 0 });
    app.carrier.says(report('failed', { faults: [notOurs] }));
    await sentDisconnect(app);
    await app.live(10 * SECOND);
    expect(app.order('o1')).toMatchObject({
      status: 'failed',
      outcome: { completed: [], faults: [notOurs] },
    });
  });

  test('refused: it ends there and is not sent again', async () => {
    const app = startOrdersApp({ undoWindowMs: 0 });
    app.carrier.onPlace(saysNo);
    await sentDisconnect(app);
    await app.live(HOUR, app, MINUTE);
    expect(app.order('o1').status).toBe('refused');
    expect(app.carrier.posts).toEqual(['o1']);
    expect(app.board.announced).toEqual(['approved', 'refused']);
  });
});

describe('The list of a disconnect of more than ten numbers', () => {
  const uploadsFail = () => {
    throw new Error('the bot may not upload files');
  };
  /** An app whose thread takes no files until they are let in again. */
  function withoutFiles(why: () => never = uploadsFail) {
    const app = startOrdersApp({ undoWindowMs: 0 });
    const tries: number[] = [];
    const { tell } = app.board;
    const letFilesIn = () => {
      app.board.tell = tell;
    };
    app.board.tell = async (order, kind) => {
      if (kind !== 'numbers') return tell(order, kind);
      tries.push(app.clock.now());
      return why();
    };
    return { app, tries, letFilesIn };
  }

  test('is in the thread while the approver reads the card, before any other message, and once', async () => {
    const app = startOrdersApp();
    app.carrier.says(report('complete'));
    await app.request('o1', longDisconnect());
    expect(app.journal.filter((entry) => !entry.startsWith('saved'))).toEqual([
      'drew awaiting-approval',
      'told numbers',
    ]);
    await app.approve('o1');
    await app.live(2 * MINUTE);
    expect(app.board.announced).toEqual(['numbers', 'approved', 'outcome']);
    expect(app.order('o1')).toMatchObject({ status: 'complete', outcome: { completed: phones(11) } });
    expect(await app.store.open()).toEqual([]);
  });

  test('is not posted for ten', async () => {
    const app = startOrdersApp();
    await app.request('o1', disconnect({ inService: phones(10).map(working) }));
    expect(app.board.announced).toEqual([]);
  });

  test.each([
    ['declined', 'declined'],
    ['cancelled', 'cancelled'],
    ['approved and undone', 'cancelled'],
  ] as const)(
    'is there, once and first, when it was %s before the card could be posted',
    async (how, end) => {
      const app = startOrdersApp();
      app.board.trouble = () => {
        throw new Error('Slack does not answer');
      };
      await app.request('o1', longDisconnect());
      if (how === 'declined') await app.reviewOrder('o1', ben, { verdict: 'decline', why: 'no' });
      if (how === 'approved and undone') await app.approve('o1');
      if (how !== 'declined') await app.cancelOrder('o1', ana);
      app.board.trouble = undefined;
      await app.live(5 * MINUTE);
      expect(app.board.drawings.map(({ status }) => status)).toEqual([end]);
      expect(app.board.announced).toEqual(['numbers', end]);
      expect(await app.store.open()).toEqual([]);
    },
  );

  test('that cannot be uploaded holds up neither Bandwidth nor the card nor the thread', async () => {
    const { app, tries } = withoutFiles();
    app.carrier.says(report('complete'));
    await sentDisconnect(app, longDisconnect());
    await app.clock.advance(SECOND);
    expect(app.order('o1').status).toBe('complete');
    expect(app.board.drawings.at(-1)?.status).toBe('complete');
    expect(app.board.announced).toEqual(['approved', 'outcome']);
    expect(tries).toHaveLength(1);
  });

  test('that cannot be uploaded is retried with growing pauses, and posted once when it can be', async () => {
    const { app, tries, letFilesIn } = withoutFiles();
    await app.request('o1', longDisconnect());
    await app.cancelOrder('o1', ana);
    await app.live(10 * MINUTE);
    const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    expect(pauses.slice(0, 3)).toEqual([2_000, 4_000, 8_000]);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(65_000);
    expect(tries.length).toBeLessThan(20);
    expect(await app.store.open()).toEqual(['o1']);

    letFilesIn();
    await app.live(2 * MINUTE);
    expect(app.board.announced).toEqual(['cancelled', 'numbers']);
    expect(await app.store.open()).toEqual([]);
    expect(app.clock.timers()).toBe(0);
  });

  test('that cannot be uploaded does not have the card drawn over and over', async () => {
    const { app } = withoutFiles();
    await app.request('o1', longDisconnect());
    await app.live(10 * MINUTE);
    expect(app.board.drawings).toHaveLength(1);
  });

  test('that hangs does not hold up Bandwidth', async () => {
    const app = startOrdersApp({ undoWindowMs: 0 });
    await app.request('o1', longDisconnect());
    const { tell } = app.board;
    app.board.tell = (order, kind) => (kind === 'numbers' ? new Promise(() => {}) : tell(order, kind));
    app.carrier.says(report('complete'));
    const restarted = app.start();
    await app.approve('o1');
    await app.live(10 * SECOND, restarted);
    expect(app.order('o1').status).toBe('complete');
  });

  test('that a channel does not accept does not make the app say that there is no card, because there is one', async () => {
    const { app } = withoutFiles(() => {
      throw new BoardUnreachable('restricted_action');
    });
    await app.request('o1', longDisconnect());
    await app.live(10 * MINUTE);
    await app.approve('o1');
    await app.live(10 * MINUTE);
    expect(app.board.directMessages).toEqual([]);
    expect(app.order('o1').cards[0]).not.toHaveProperty('unreachable');
  });
});

describe('A disconnect of the same numbers that a colleague created at Bandwidth', () => {
  /** Ben approved it, and before it is sent somebody disconnects the numbers in Bandwidth's own pages. */
  async function madeByHand() {
    const app = startOrdersApp({ undoWindowMs: MINUTE });
    await app.request('o1', disconnect());
    await app.approve('o1');
    app.carrier.disconnectsByHand('by-hand-1');
    await app.live(3 * MINUTE);
    return app;
  }

  test('is not mistaken for ours before ours was sent: ours is on hold, and the card says what was found', async () => {
    const app = await madeByHand();
    expect(app.carrier.posts).toEqual([]);
    expect(app.carrier.reports).toEqual([]);
    const order = app.order('o1');
    expect(order.status).toBe('approved');
    expect(order.events.filter(({ what }) => what === 'held-back')).toHaveLength(1);
    const card = JSON.stringify(orderCard(order));
    expect(card).toContain('Bandwidth already has a disconnect of these numbers, by-hand-1,');
    expect(card).toContain('press Undo here');
    expect(card).toContain('On hold: disconnect of 2 numbers');
    expect(card).not.toContain('undo until then');
    expect(card).not.toContain('will be disconnected');
  });

  test('lets Undo cancel ours', async () => {
    const app = await madeByHand();
    expect(await app.cancelOrder('o1', ana)).toMatchObject({ status: 'cancelled' });
    await app.live(5 * MINUTE);
    expect(app.carrier.posts).toEqual([]);
    expect(app.board.announced).toEqual(['approved', 'cancelled']);
    // The colleague's may well have disconnected them.
    const order = app.order('o1');
    for (const words of [JSON.stringify(orderCard(order)), announcement(order, 'cancelled').text]) {
      expect(words).toContain("This request wasn't sent to Bandwidth.");
      expect(words).not.toContain('Nothing was disconnected');
    }
  });

  test('lets ours be sent once Bandwidth no longer lists it', async () => {
    const app = await madeByHand();
    app.carrier.disconnectsByHand();
    await app.live(2 * MINUTE);
    expect(app.carrier.posts).toEqual(['o1']);
    expect(app.order('o1').status).toBe('placed');
  });

  test('may be ours once ours was sent without an answer', async () => {
    const app = startOrdersApp({ undoWindowMs: 0 });
    app.carrier.onPlace(lostOnTheWay);
    await sentDisconnect(app);
    app.carrier.disconnectsByHand('nameless');
    await app.live(10 * SECOND);
    const order = app.order('o1');
    expect(order).toMatchObject({ status: 'placed', carrierOrder: { id: 'nameless' } });
    expect(orderCard(order).text).toContain(
      "Bandwidth has a disconnect of these numbers, `nameless`, without this order's ID; it may be someone else's.",
    );
  });

  test('whose failure is not mistaken for ours: the card and the thread say what is not known', async () => {
    const app = startOrdersApp({ undoWindowMs: 0 });
    app.carrier.onPlace(lostOnTheWay);
    app.carrier.says(report('failed'));
    await sentDisconnect(app);
    app.carrier.disconnectsByHand('nameless');
    await app.live(MINUTE);
    const order = app.order('o1');
    expect(order.status).toBe('failed');
    for (const words of [orderCard(order).text, announcement(order, 'outcome').text]) {
      expect(words).toContain("`nameless`, without this order's ID; it may be someone else's.");
      expect(words).toContain("I don't know what became of this request");
    }
  });

  test('casts no doubt on one that Bandwidth returns with our id', async () => {
    const app = startOrdersApp({ undoWindowMs: 0 });
    app.carrier.onPlace(takenButAnswerLost);
    app.carrier.says(report('failed'));
    await sentDisconnect(app);
    app.carrier.disconnectsByHand('nameless');
    await app.live(MINUTE);
    expect(app.order('o1')).toMatchObject({ status: 'failed', carrierOrderId: 'carrier-1' });
    expect(orderCard(app.order('o1')).text).not.toContain("someone else's");
  });
});
