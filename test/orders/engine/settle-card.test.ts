import { describe, expect, test } from '@jest/globals';
import { BoardUnreachable } from '../../../src/orders/ports/order-board.js';
import { allQuiet } from '../../support/orders/manual-clock.js';
import { startOrdersApp } from '../../support/orders/orders-app.js';
import { ana, ben } from '../../support/orders/people.js';
import { notTaken, report } from '../../support/orders/scripted-carrier.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const slackIsDown = () => {
  throw new Error('Slack does not answer');
};
const notInvited = () => {
  throw new BoardUnreachable('not_in_channel');
};

describe('The card tells the truth', () => {
  test('every visible change is drawn, in order, on one card', async () => {
    const app = startOrdersApp();
    app.carrier.onReport(
      () => report('processing'),
      () => report('backordered'),
      () => report('complete'),
    );
    await app.request('o1');
    await app.approve('o1');
    await app.live(MINUTE);
    expect(app.board.drawings.map(({ status }) => status)).toEqual([
      'awaiting-approval',
      'approved',
      'placed',
      'placed',
      'placed',
      'complete',
    ]);
    expect(app.board.cards()).toBe(1);
    const { revision, cards } = app.order('o1');
    expect(cards[0].renderedRevision).toBe(revision);
  });

  test('a card that was posted, and a sentence that was sent, while the database was down are there once', async () => {
    const app = startOrdersApp();
    app.store.failWhen((call) => call === 'replace');
    await app.request('o1');
    expect(app.board.cards()).toBe(1);
    await app.live(10 * SECOND);
    app.store.recover();
    app.board.trouble = () => app.store.failWhen((call) => call === 'replace');
    await app.cancelOrder('o1', ana).catch(() => {});
    await allQuiet();
    app.board.trouble = undefined;
    await app.live(10 * SECOND);
    app.store.recover();
    await app.live(MINUTE);
    await app.cancelOrder('o1', ana);
    await app.live(MINUTE);
    expect(app.board.cards()).toBe(1);
    expect(app.board.announced).toEqual(['cancelled']);
    expect(app.board.drawings.at(-1)?.status).toBe('cancelled');
  });

  test('a change that comes while the card is being drawn is drawn next', async () => {
    const app = startOrdersApp();
    let goOn = () => {};
    app.board.trouble = () =>
      new Promise((resolve) => {
        goOn = resolve;
      });
    await app.request('o1');
    app.board.trouble = undefined;
    await app.cancelOrder('o1', ana);
    await allQuiet();
    expect(app.board.drawings).toEqual([]);
    goOn();
    await allQuiet();
    expect(app.board.drawings.map(({ status }) => status)).toEqual(['awaiting-approval', 'cancelled']);
    expect(app.board.cards()).toBe(1);
  });

  test('a card pressed without effect while it is being drawn is drawn once more', async () => {
    const app = startOrdersApp();
    await app.request('o1');
    let goOn = () => {};
    app.board.trouble = () =>
      new Promise((resolve) => {
        goOn = resolve;
      });
    await app.cancelOrder('o1', ana);
    await allQuiet();
    app.board.trouble = undefined;
    await app.cancelOrder('o1', ana);
    await allQuiet();
    goOn();
    await allQuiet();
    expect(app.board.drawings.map(({ status }) => status)).toEqual([
      'awaiting-approval',
      'cancelled',
      'cancelled',
    ]);
  });

  test('a board that fails is retried with growing pauses, and catches up with what happened', async () => {
    const app = startOrdersApp();
    await app.request('o1');
    let tries: number[] = [];
    const start = app.clock.now();
    app.board.trouble = () => {
      tries.push(app.clock.now() - start);
      slackIsDown();
    };
    app.carrier.says(report('complete'));
    await app.approve('o1');
    await app.clock.advance(2 * SECOND);
    expect(app.order('o1').status).toBe('complete');
    await app.live(10 * MINUTE);
    const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    expect(pauses.slice(0, 3)).toEqual([2_000, 4_000, 8_000]);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(65_000);
    expect(tries.length).toBeLessThan(20);

    tries = [];
    app.board.trouble = undefined;
    await app.live(2 * MINUTE);
    expect(app.board.drawings.map(({ status }) => status)).toEqual(['awaiting-approval', 'complete']);
    expect(app.board.announced).toEqual(['approved', 'outcome']);
    expect(await app.store.open()).toEqual([]);
  });

  test('the pauses begin short again after something worked', async () => {
    const app = startOrdersApp();
    await app.request('o1');
    app.board.trouble = slackIsDown;
    await app.cancelOrder('o1', ana);
    await app.live(5 * MINUTE);
    const calls: number[] = [];
    app.board.trouble = () => {
      calls.push(app.clock.now());
      if (calls.length === 2) slackIsDown();
    };
    await app.live(2 * MINUTE);
    const [draw = 0, failed = 0, told = 0] = calls;
    expect([failed - draw, told - failed]).toEqual([0, 2_000]);
    expect(app.board.announced).toEqual(['cancelled']);
  });

  test('an order that is sent again shows so while it is under way', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(notTaken(), () => new Promise(() => {}));
    await app.request('o1');
    await app.approve('o1');
    expect(app.board.drawings.at(-1)).toMatchObject({ asking: { trouble: 'Bandwidth is busy.' } });
    await app.clock.advance(2 * SECOND);
    expect(app.carrier.posts).toHaveLength(2);
    expect(app.board.drawings.at(-1)).not.toHaveProperty('asking.trouble');
  });

  test('however many cards are stale and however long Slack takes, only a few are drawn at a time', async () => {
    const app = startOrdersApp();
    await app.engine.stop();
    for (let count = 0; count < 30; count += 1) await app.request(`o${count}`);
    let underWay = 0;
    app.board.trouble = () => {
      underWay += 1;
      return new Promise(() => {});
    };
    await app.live(30 * SECOND, app.start());
    expect(underWay).toBe(8);
  });

  test('a board that hangs does not hold up the order', async () => {
    const app = startOrdersApp();
    await app.request('o1');
    app.board.trouble = () => new Promise(() => {});
    app.carrier.says(report('complete'));
    await app.approve('o1');
    await app.clock.advance(SECOND);
    expect(app.order('o1').status).toBe('complete');
  });

  test('a carrier that hangs does not hold up the card', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(() => new Promise(() => {}));
    await app.request('o1');
    await app.approve('o1');
    expect(app.board.drawings.at(-1)?.status).toBe('approved');
    expect(app.board.announced).toEqual(['approved']);
    expect(app.carrier.posts).toEqual(['o1']);
  });

  test('a settled order is not looked at again', async () => {
    const app = startOrdersApp();
    app.carrier.says(report('complete'));
    await app.request('o1');
    await app.approve('o1');
    expect(await app.store.open()).toEqual(['o1']);
    await app.clock.advance(SECOND);
    expect(await app.store.open()).toEqual([]);
    const before = app.journal.length;
    await app.live(HOUR, app, MINUTE);
    expect(app.journal.slice(before)).toEqual([]);
    expect(app.clock.timers()).toBe(0);
  });

  test('a card whose place could not be recorded is posted again rather than lost', async () => {
    const app = startOrdersApp();
    app.store.failWhen((call) => call === 'replace');
    await app.request('o1');
    expect(app.order('o1').cards[0].place).toBeUndefined();
    app.store.recover();
    await app.live(MINUTE);
    expect(app.order('o1').cards[0]).toMatchObject({ renderedRevision: 1, place: { channelId: 'C1' } });
  });

  test('a problem that another process has solved holds nothing up here', async () => {
    const app = startOrdersApp();
    await app.request('o1');
    app.board.trouble = slackIsDown;
    await app.cancelOrder('o1', ana);
    await app.live(5 * MINUTE);
    app.board.trouble = undefined;
    await app.start().engine.settle('o1');
    await app.engine.settle('o1');
    const before = app.board.drawings.length;
    await app.cancelOrder('o1', ana);
    await allQuiet();
    expect(app.board.drawings.length).toBe(before + 1);
  });
});

describe('A card that cannot be posted', () => {
  test('the requester is told once, and the card is posted when the bot is let in', async () => {
    const app = startOrdersApp();
    app.board.trouble = notInvited;
    await app.request('o1');
    await app.live(30 * MINUTE, app, MINUTE);
    expect(app.board.directMessages).toEqual(['not_in_channel']);
    expect(app.order('o1').cards[0].unreachable).toBe('not_in_channel');
    app.board.trouble = undefined;
    await app.live(2 * MINUTE);
    expect(app.board.drawings.map(({ status }) => status)).toEqual(['awaiting-approval']);
    expect(app.order('o1').cards[0]).not.toHaveProperty('unreachable');
  });

  test('the requester is told again when the reason changes, or when it happens again later', async () => {
    const app = startOrdersApp();
    app.board.trouble = notInvited;
    await app.request('o1');
    app.board.trouble = () => {
      throw new BoardUnreachable('is_archived');
    };
    await app.live(5 * MINUTE);
    app.board.trouble = undefined;
    await app.live(5 * MINUTE);
    app.board.trouble = notInvited;
    await app.cancelOrder('o1', ana);
    await app.live(5 * MINUTE);
    expect(app.board.directMessages).toEqual(['not_in_channel', 'is_archived', 'not_in_channel']);
  });

  test('after a restart the requester is not told again', async () => {
    const app = startOrdersApp();
    app.board.trouble = notInvited;
    await app.request('o1');
    await app.engine.stop();
    await app.live(10 * MINUTE, app.start());
    expect(app.board.directMessages).toEqual(['not_in_channel']);
  });

  test('a direct message that fails is tried again, too', async () => {
    const app = startOrdersApp();
    app.board.trouble = notInvited;
    const { tellUnreachable } = app.board;
    app.board.tellUnreachable = async () => slackIsDown();
    await app.request('o1');
    await app.live(MINUTE);
    app.board.tellUnreachable = tellUnreachable;
    await app.live(2 * MINUTE);
    expect(app.board.directMessages).toEqual(['not_in_channel']);
  });
});

describe('The thread', () => {
  test('gets each announcement once, in order, and only after the card shows it', async () => {
    const app = startOrdersApp();
    app.carrier.onReport(
      () => report('backordered'),
      () => report('partial'),
    );
    await app.request('o1');
    await app.approve('o1');
    await app.live(10 * MINUTE);
    const seen = app.journal.filter((entry) => entry.startsWith('drew') || entry.startsWith('told'));
    const shownFirst = { approved: 'drew approved', backordered: 'drew placed', outcome: 'drew partial' };
    expect(seen.filter((entry) => entry.startsWith('told'))).toEqual(
      Object.keys(shownFirst).map((kind) => `told ${kind}`),
    );
    for (const [kind, drew] of Object.entries(shownFirst)) {
      expect(seen.indexOf(drew)).toBeGreaterThanOrEqual(0);
      expect(seen.indexOf(drew)).toBeLessThan(seen.indexOf(`told ${kind}`));
    }
  });

  test('gets the decline', async () => {
    const app = startOrdersApp();
    await app.request('o1');
    await app.reviewOrder('o1', ben, { verdict: 'decline', why: 'too many' });
    await allQuiet();
    expect(app.journal.filter((entry) => entry.startsWith('told'))).toEqual(['told declined']);
    expect(await app.store.open()).toEqual([]);
  });

  test('gets a failed announcement once it can be reached', async () => {
    const app = startOrdersApp();
    await app.request('o1');
    const { tell } = app.board;
    app.board.tell = async () => slackIsDown();
    await app.cancelOrder('o1', ana);
    await app.live(MINUTE);
    expect(app.board.drawings.at(-1)?.status).toBe('cancelled');
    expect(await app.store.open()).toEqual(['o1']);
    app.board.tell = tell;
    await app.live(2 * MINUTE);
    expect(app.board.announced).toEqual(['cancelled']);
    expect(await app.store.open()).toEqual([]);
  });
});

test('settling, asking and passing all at once draw and announce everything once', async () => {
  const app = startOrdersApp();
  await app.engine.stop();
  await app.request('o1');
  await app.cancelOrder('o1', ana);
  const { engine } = app.start();
  for (let time = 0; time < 5; time += 1) engine.settleSoon('o1');
  await Promise.all([engine.settle('o1'), engine.pass(), engine.settle('o1'), engine.pass()]);
  await allQuiet();
  expect(app.board.drawings.map(({ status }) => status)).toEqual(['cancelled']);
  expect(app.board.announced).toEqual(['cancelled']);
});

describe('Settling', () => {
  test('resolves when the card is drawn and the thread has everything', async () => {
    const app = startOrdersApp();
    await app.request('o1');
    await app.engine.stop();
    await app.approve('o1');
    await app.clock.advance(10 * SECOND);
    app.carrier.onPlace(async (accept) => {
      for (let time = 0; time < 9; time += 1) await allQuiet();
      return { outcome: 'taken', carrierOrderId: accept() };
    });
    app.board.trouble = allQuiet;
    await app.start().engine.settle('o1');
    expect(app.order('o1')).toMatchObject({ status: 'placed', announced: ['approved'] });
    expect(app.order('o1').cards[0].renderedRevision).toBe(app.order('o1').revision);
  });

  test('does nothing for an unknown order', async () => {
    const app = startOrdersApp();
    await app.engine.settle('never heard of');
    expect(app.errors).toEqual([]);
  });

  test('never rejects, and leaves what the store could not provide for later', async () => {
    const app = startOrdersApp();
    await app.request('o1');
    app.store.failWhen(() => true);
    await app.engine.settle('o1');
    expect(app.errors.length).toBeGreaterThan(0);
  });
});
