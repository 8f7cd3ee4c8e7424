import { describe, expect, test } from '@jest/globals';
import { BoardUnreachable } from '../../../src/orders/ports.js';
import { allQuiet } from '../../support/orders/hand-clock.js';
import { openOffice } from '../../support/orders/office.js';
import { anna, ben } from '../../support/orders/people.js';
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
    const office = openOffice();
    office.carrier.onReport(
      () => report('processing'),
      () => report('backordered'),
      () => report('complete'),
    );
    await office.request('o1');
    await office.approve('o1');
    await office.live(MINUTE);
    expect(office.board.drawings.map(({ status }) => status)).toEqual([
      'awaiting-approval',
      'approved',
      'placed',
      'placed',
      'placed',
      'complete',
    ]);
    expect(office.board.cards()).toBe(1);
    const { revision, cards } = office.order('o1');
    expect(cards[0].renderedRevision).toBe(revision);
  });

  test('a card that was posted, and a sentence that was sent, while the database was down are there once', async () => {
    const office = openOffice();
    office.store.failWhen((call) => call === 'replace');
    await office.request('o1');
    expect(office.board.cards()).toBe(1);
    await office.live(10 * SECOND);
    office.store.recover();
    office.board.trouble = () => office.store.failWhen((call) => call === 'replace');
    await office.cancelOrder('o1', anna).catch(() => {});
    await allQuiet();
    office.board.trouble = undefined;
    await office.live(10 * SECOND);
    office.store.recover();
    await office.live(MINUTE);
    await office.cancelOrder('o1', anna);
    await office.live(MINUTE);
    expect(office.board.cards()).toBe(1);
    expect(office.board.announced).toEqual(['cancelled']);
    expect(office.board.drawings.at(-1)?.status).toBe('cancelled');
  });

  test('a change that comes while the card is being drawn is drawn next', async () => {
    const office = openOffice();
    let goOn = () => {};
    office.board.trouble = () =>
      new Promise((resolve) => {
        goOn = resolve;
      });
    await office.request('o1');
    office.board.trouble = undefined;
    await office.cancelOrder('o1', anna);
    await allQuiet();
    expect(office.board.drawings).toEqual([]);
    goOn();
    await allQuiet();
    expect(office.board.drawings.map(({ status }) => status)).toEqual(['awaiting-approval', 'cancelled']);
    expect(office.board.cards()).toBe(1);
  });

  test('a card pressed without effect while it is being drawn is drawn once more', async () => {
    const office = openOffice();
    await office.request('o1');
    let goOn = () => {};
    office.board.trouble = () =>
      new Promise((resolve) => {
        goOn = resolve;
      });
    await office.cancelOrder('o1', anna);
    await allQuiet();
    office.board.trouble = undefined;
    await office.cancelOrder('o1', anna);
    await allQuiet();
    goOn();
    await allQuiet();
    expect(office.board.drawings.map(({ status }) => status)).toEqual([
      'awaiting-approval',
      'cancelled',
      'cancelled',
    ]);
  });

  test('a board that fails is retried with growing pauses, and catches up with what happened', async () => {
    const office = openOffice();
    await office.request('o1');
    let tries: number[] = [];
    const start = office.clock.now();
    office.board.trouble = () => {
      tries.push(office.clock.now() - start);
      slackIsDown();
    };
    office.carrier.says(report('complete'));
    await office.approve('o1');
    await office.clock.advance(2 * SECOND);
    expect(office.order('o1').status).toBe('complete');
    await office.live(10 * MINUTE);
    const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    expect(pauses.slice(0, 3)).toEqual([2_000, 4_000, 8_000]);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(65_000);
    expect(tries.length).toBeLessThan(20);

    tries = [];
    office.board.trouble = undefined;
    await office.live(2 * MINUTE);
    expect(office.board.drawings.map(({ status }) => status)).toEqual(['awaiting-approval', 'complete']);
    expect(office.board.announced).toEqual(['approved', 'outcome']);
    expect(await office.store.open()).toEqual([]);
  });

  test('the pauses begin short again after something worked', async () => {
    const office = openOffice();
    await office.request('o1');
    office.board.trouble = slackIsDown;
    await office.cancelOrder('o1', anna);
    await office.live(5 * MINUTE);
    const calls: number[] = [];
    office.board.trouble = () => {
      calls.push(office.clock.now());
      if (calls.length === 2) slackIsDown();
    };
    await office.live(2 * MINUTE);
    const [draw = 0, failed = 0, told = 0] = calls;
    expect([failed - draw, told - failed]).toEqual([0, 2_000]);
    expect(office.board.announced).toEqual(['cancelled']);
  });

  test('an order that is sent again shows so while it is under way', async () => {
    const office = openOffice();
    office.carrier.onPlace(notTaken(), () => new Promise(() => {}));
    await office.request('o1');
    await office.approve('o1');
    expect(office.board.drawings.at(-1)).toMatchObject({ asking: { trouble: 'Bandwidth is busy.' } });
    await office.clock.advance(2 * SECOND);
    expect(office.carrier.posts).toHaveLength(2);
    expect(office.board.drawings.at(-1)).not.toHaveProperty('asking.trouble');
  });

  test('however many cards are stale and however long Slack takes, only a few are drawn at a time', async () => {
    const office = openOffice();
    await office.engine.stop();
    for (let count = 0; count < 30; count += 1) await office.request(`o${count}`);
    let underWay = 0;
    office.board.trouble = () => {
      underWay += 1;
      return new Promise(() => {});
    };
    await office.live(30 * SECOND, office.start());
    expect(underWay).toBe(8);
  });

  test('a board that hangs does not hold up the order', async () => {
    const office = openOffice();
    await office.request('o1');
    office.board.trouble = () => new Promise(() => {});
    office.carrier.says(report('complete'));
    await office.approve('o1');
    await office.clock.advance(SECOND);
    expect(office.order('o1').status).toBe('complete');
  });

  test('a carrier that hangs does not hold up the card', async () => {
    const office = openOffice();
    office.carrier.onPlace(() => new Promise(() => {}));
    await office.request('o1');
    await office.approve('o1');
    expect(office.board.drawings.at(-1)?.status).toBe('approved');
    expect(office.board.announced).toEqual(['approved']);
    expect(office.carrier.posts).toEqual(['o1']);
  });

  test('a settled order is not looked at again', async () => {
    const office = openOffice();
    office.carrier.says(report('complete'));
    await office.request('o1');
    await office.approve('o1');
    expect(await office.store.open()).toEqual(['o1']);
    await office.clock.advance(SECOND);
    expect(await office.store.open()).toEqual([]);
    const before = office.journal.length;
    await office.live(HOUR, office, MINUTE);
    expect(office.journal.slice(before)).toEqual([]);
    expect(office.clock.alarms()).toBe(0);
  });

  test('a card whose place could not be recorded is posted again rather than lost', async () => {
    const office = openOffice();
    office.store.failWhen((call) => call === 'replace');
    await office.request('o1');
    expect(office.order('o1').cards[0].place).toBeUndefined();
    office.store.recover();
    await office.live(MINUTE);
    expect(office.order('o1').cards[0]).toMatchObject({ renderedRevision: 1, place: { channelId: 'C1' } });
  });

  test('a problem that another process has solved holds nothing up here', async () => {
    const office = openOffice();
    await office.request('o1');
    office.board.trouble = slackIsDown;
    await office.cancelOrder('o1', anna);
    await office.live(5 * MINUTE);
    office.board.trouble = undefined;
    await office.start().engine.settle('o1');
    await office.engine.settle('o1');
    const before = office.board.drawings.length;
    await office.cancelOrder('o1', anna);
    await allQuiet();
    expect(office.board.drawings.length).toBe(before + 1);
  });
});

describe('A card that cannot be posted', () => {
  test('the requester is told once, and the card is posted when the bot is let in', async () => {
    const office = openOffice();
    office.board.trouble = notInvited;
    await office.request('o1');
    await office.live(30 * MINUTE, office, MINUTE);
    expect(office.board.directMessages).toEqual(['not_in_channel']);
    expect(office.order('o1').cards[0].unreachable).toBe('not_in_channel');
    office.board.trouble = undefined;
    await office.live(2 * MINUTE);
    expect(office.board.drawings.map(({ status }) => status)).toEqual(['awaiting-approval']);
    expect(office.order('o1').cards[0]).not.toHaveProperty('unreachable');
  });

  test('the requester is told again when the reason changes, or when it happens again later', async () => {
    const office = openOffice();
    office.board.trouble = notInvited;
    await office.request('o1');
    office.board.trouble = () => {
      throw new BoardUnreachable('is_archived');
    };
    await office.live(5 * MINUTE);
    office.board.trouble = undefined;
    await office.live(5 * MINUTE);
    office.board.trouble = notInvited;
    await office.cancelOrder('o1', anna);
    await office.live(5 * MINUTE);
    expect(office.board.directMessages).toEqual(['not_in_channel', 'is_archived', 'not_in_channel']);
  });

  test('after a restart the requester is not told again', async () => {
    const office = openOffice();
    office.board.trouble = notInvited;
    await office.request('o1');
    await office.engine.stop();
    await office.live(10 * MINUTE, office.start());
    expect(office.board.directMessages).toEqual(['not_in_channel']);
  });

  test('a direct message that fails is tried again, too', async () => {
    const office = openOffice();
    office.board.trouble = notInvited;
    const { tellUnreachable } = office.board;
    office.board.tellUnreachable = async () => slackIsDown();
    await office.request('o1');
    await office.live(MINUTE);
    office.board.tellUnreachable = tellUnreachable;
    await office.live(2 * MINUTE);
    expect(office.board.directMessages).toEqual(['not_in_channel']);
  });
});

describe('The thread', () => {
  test('gets each announcement once, in order, and only after the card shows it', async () => {
    const office = openOffice();
    office.carrier.onReport(
      () => report('backordered'),
      () => report('partial'),
    );
    await office.request('o1');
    await office.approve('o1');
    await office.live(10 * MINUTE);
    const seen = office.journal.filter((entry) => entry.startsWith('drew') || entry.startsWith('told'));
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
    const office = openOffice();
    await office.request('o1');
    await office.reviewOrder('o1', ben, { verdict: 'decline', why: 'too many' });
    await allQuiet();
    expect(office.journal.filter((entry) => entry.startsWith('told'))).toEqual(['told declined']);
    expect(await office.store.open()).toEqual([]);
  });

  test('gets a failed announcement once it can be reached', async () => {
    const office = openOffice();
    await office.request('o1');
    const { tell } = office.board;
    office.board.tell = async () => slackIsDown();
    await office.cancelOrder('o1', anna);
    await office.live(MINUTE);
    expect(office.board.drawings.at(-1)?.status).toBe('cancelled');
    expect(await office.store.open()).toEqual(['o1']);
    office.board.tell = tell;
    await office.live(2 * MINUTE);
    expect(office.board.announced).toEqual(['cancelled']);
    expect(await office.store.open()).toEqual([]);
  });
});

test('settling, asking and passing all at once draw and announce everything once', async () => {
  const office = openOffice();
  await office.engine.stop();
  await office.request('o1');
  await office.cancelOrder('o1', anna);
  const { engine } = office.start();
  for (let time = 0; time < 5; time += 1) engine.ask('o1');
  await Promise.all([engine.settle('o1'), engine.pass(), engine.settle('o1'), engine.pass()]);
  await allQuiet();
  expect(office.board.drawings.map(({ status }) => status)).toEqual(['cancelled']);
  expect(office.board.announced).toEqual(['cancelled']);
});

describe('Settling', () => {
  test('resolves when the card is drawn and the thread has everything', async () => {
    const office = openOffice();
    await office.request('o1');
    await office.engine.stop();
    await office.approve('o1');
    await office.clock.advance(10 * SECOND);
    office.carrier.onPlace(async (accept) => {
      for (let time = 0; time < 9; time += 1) await allQuiet();
      return { outcome: 'taken', carrierOrderId: accept() };
    });
    office.board.trouble = allQuiet;
    await office.start().engine.settle('o1');
    expect(office.order('o1')).toMatchObject({ status: 'placed', announced: ['approved'] });
    expect(office.order('o1').cards[0].renderedRevision).toBe(office.order('o1').revision);
  });

  test('does nothing for an unknown order', async () => {
    const office = openOffice();
    await office.engine.settle('never heard of');
    expect(office.errors).toEqual([]);
  });

  test('never rejects, and leaves what the store could not provide for later', async () => {
    const office = openOffice();
    await office.request('o1');
    office.store.failWhen(() => true);
    await office.engine.settle('o1');
    expect(office.errors.length).toBeGreaterThan(0);
  });
});
