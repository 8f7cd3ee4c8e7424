import { describe, expect, test } from '@jest/globals';
import { BoardUnreachable } from '../../../src/orders/ports.js';
import { orderCard } from '../../../src/slack/blocks/card/order-card.js';
import { announcement } from '../../../src/slack/blocks/thread/announcements.js';
import { openOffice, PLACE_WITHIN_MS } from '../../support/orders/office.js';
import {
  anna,
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
async function sentDisconnect(office = openOffice({ undoWindowMs: 0 }), request = disconnect()) {
  await office.request('o1', request);
  await office.approve('o1');
  return office;
}

describe('A disconnect whose answer was lost', () => {
  test('is looked up by its numbers and when it was sent, and never sent again', async () => {
    const office = openOffice();
    office.carrier.onPlace(takenButAnswerLost);
    await office.request('o1', disconnect());
    await office.approve('o1');
    await office.live(MINUTE);
    const [sentAt] = office.postedAt;
    expect(office.order('o1')).toMatchObject({ status: 'placing', answer: 'unknown' });
    await office.live(10 * SECOND);
    const [before, ...afterwards] = office.carrier.finds;
    expect(before).toMatchObject({ id: 'o1', sentAt: office.order('o1').requestedAt });
    expect(afterwards).toMatchObject([{ id: 'o1', request: disconnect(), sentAt }]);
    expect(office.order('o1')).toMatchObject({ status: 'placed', carrierOrder: { id: 'carrier-1' } });
    await office.live(HOUR);
    expect(office.carrier.posts).toEqual(['o1']);
    expect(office.board.announced).toEqual(['approved', 'unknown']);
  });

  test('after busy answers is looked up by when it was last sent', async () => {
    const office = openOffice({ undoWindowMs: 0 });
    office.carrier.onPlace(notTaken(), notTaken(), takenButAnswerLost);
    await sentDisconnect(office);
    await office.live(MINUTE);
    expect(office.postedAt).toHaveLength(3);
    expect(office.carrier.finds).toMatchObject([{ sentAt: office.postedAt[2] }]);
  });

  test('is not sent again no matter how long Bandwidth does not list it, nor when the lookup fails', async () => {
    const office = openOffice({ undoWindowMs: 0 });
    office.carrier.onPlace(lostOnTheWay);
    office.carrier.onFind(cannotBeAsked(), () => [], cannotBeAsked());
    await sentDisconnect(office);
    await office.live(2 * HOUR, office, MINUTE);
    expect(office.carrier.posts).toEqual(['o1']);
    expect(office.order('o1').status).toBe('placing');
    expect(office.carrier.finds.length).toBeGreaterThan(20);
    expect(new Set(office.carrier.finds.map(({ sentAt }) => sentAt))).toEqual(new Set(office.postedAt));
  });

  test('in a crash during the POST is looked up by the next process, once the POST must have ended', async () => {
    const office = openOffice({ undoWindowMs: 0 });
    office.carrier.onPlace((accept) => {
      accept();
      return new Promise(() => {});
    });
    await sentDisconnect(office);
    const restarted = office.start();
    await office.live(PLACE_WITHIN_MS - 1, restarted);
    expect(office.carrier.finds).toEqual([]);
    await office.live(SECOND, restarted);
    expect(office.carrier.finds).toMatchObject([{ id: 'o1', sentAt: office.postedAt[0] }]);
    expect(office.carrier.posts).toEqual(['o1']);
    expect(office.order('o1').status).toBe('placed');
  });

  test('is never called unknown if the first lookup finds it', async () => {
    const office = openOffice({ undoWindowMs: 0 });
    office.carrier.onPlace((accept) => {
      accept();
      return new Promise(() => {});
    });
    office.carrier.says(report('complete'));
    await sentDisconnect(office);
    await office.live(PLACE_WITHIN_MS + 10 * SECOND, office.start());
    expect(office.order('o1')).toMatchObject({ status: 'complete', outcome: { completed: twoNumbers } });
    expect(office.board.announced).toEqual(['approved', 'outcome']);
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
    const office = openOffice({ undoWindowMs: 0 });
    office.carrier.says(report(status));
    await sentDisconnect(office);
    await office.live(2 * HOUR, office, MINUTE);
    expect(office.order('o1')).toMatchObject({ status: 'placed', carrierOrder: { status } });
  });

  test('complete without a list of numbers: all that were named are disconnected', async () => {
    const office = openOffice({ undoWindowMs: 0 });
    office.carrier.says(report('complete'));
    await sentDisconnect(office);
    await office.live(10 * SECOND);
    expect(office.order('o1')).toMatchObject({ status: 'complete', outcome: { completed: twoNumbers } });
    expect(office.board.announced).toEqual(['approved', 'outcome']);
    expect(await office.store.open()).toEqual([]);
  });

  test('partial: what was disconnected and what was not, with Bandwidth’s own code and words', async () => {
    const office = openOffice({ undoWindowMs: 0 });
    office.carrier.says(report('partial', { completed: [first], failed: [second], faults: [notOurs] }));
    await sentDisconnect(office);
    await office.live(10 * SECOND);
    expect(office.order('o1')).toMatchObject({
      status: 'partial',
      outcome: { completed: [first], failed: [second], faults: [notOurs] },
    });
    expect(office.carrier.reports).toHaveLength(1);
  });

  test('failed: nothing was disconnected, although Bandwidth lists nothing at all', async () => {
    const office = openOffice({ undoWindowMs: 0 });
    office.carrier.says(report('failed', { faults: [notOurs] }));
    await sentDisconnect(office);
    await office.live(10 * SECOND);
    expect(office.order('o1')).toMatchObject({
      status: 'failed',
      outcome: { completed: [], faults: [notOurs] },
    });
  });

  test('refused: it ends there and is not sent again', async () => {
    const office = openOffice({ undoWindowMs: 0 });
    office.carrier.onPlace(saysNo);
    await sentDisconnect(office);
    await office.live(HOUR, office, MINUTE);
    expect(office.order('o1').status).toBe('refused');
    expect(office.carrier.posts).toEqual(['o1']);
    expect(office.board.announced).toEqual(['approved', 'refused']);
  });
});

describe('The list of a disconnect of more than ten numbers', () => {
  const uploadsFail = () => {
    throw new Error('the bot may not upload files');
  };
  /** An office whose thread takes no files until they are let in again. */
  function withoutFiles(why: () => never = uploadsFail) {
    const office = openOffice({ undoWindowMs: 0 });
    const tries: number[] = [];
    const { tell } = office.board;
    const letFilesIn = () => {
      office.board.tell = tell;
    };
    office.board.tell = async (order, kind) => {
      if (kind !== 'numbers') return tell(order, kind);
      tries.push(office.clock.now());
      return why();
    };
    return { office, tries, letFilesIn };
  }

  test('is in the thread while the approver reads the card, before any other message, and once', async () => {
    const office = openOffice();
    office.carrier.says(report('complete'));
    await office.request('o1', longDisconnect());
    expect(office.journal.filter((entry) => !entry.startsWith('saved'))).toEqual([
      'drew awaiting-approval',
      'told numbers',
    ]);
    await office.approve('o1');
    await office.live(2 * MINUTE);
    expect(office.board.announced).toEqual(['numbers', 'approved', 'outcome']);
    expect(office.order('o1')).toMatchObject({ status: 'complete', outcome: { completed: phones(11) } });
    expect(await office.store.open()).toEqual([]);
  });

  test('is not posted for ten', async () => {
    const office = openOffice();
    await office.request('o1', disconnect({ inService: phones(10).map(working) }));
    expect(office.board.announced).toEqual([]);
  });

  test.each([
    ['declined', 'declined'],
    ['cancelled', 'cancelled'],
    ['approved and undone', 'cancelled'],
  ] as const)(
    'is there, once and first, when it was %s before the card could be posted',
    async (how, end) => {
      const office = openOffice();
      office.board.trouble = () => {
        throw new Error('Slack does not answer');
      };
      await office.request('o1', longDisconnect());
      if (how === 'declined') await office.reviewOrder('o1', ben, { verdict: 'decline', why: 'no' });
      if (how === 'approved and undone') await office.approve('o1');
      if (how !== 'declined') await office.cancelOrder('o1', anna);
      office.board.trouble = undefined;
      await office.live(5 * MINUTE);
      expect(office.board.drawings.map(({ status }) => status)).toEqual([end]);
      expect(office.board.announced).toEqual(['numbers', end]);
      expect(await office.store.open()).toEqual([]);
    },
  );

  test('that cannot be uploaded holds up neither Bandwidth nor the card nor the thread', async () => {
    const { office, tries } = withoutFiles();
    office.carrier.says(report('complete'));
    await sentDisconnect(office, longDisconnect());
    await office.clock.advance(SECOND);
    expect(office.order('o1').status).toBe('complete');
    expect(office.board.drawings.at(-1)?.status).toBe('complete');
    expect(office.board.announced).toEqual(['approved', 'outcome']);
    expect(tries).toHaveLength(1);
  });

  test('that cannot be uploaded is retried with growing pauses, and posted once when it can be', async () => {
    const { office, tries, letFilesIn } = withoutFiles();
    await office.request('o1', longDisconnect());
    await office.cancelOrder('o1', anna);
    await office.live(10 * MINUTE);
    const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    expect(pauses.slice(0, 3)).toEqual([2_000, 4_000, 8_000]);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(65_000);
    expect(tries.length).toBeLessThan(20);
    expect(await office.store.open()).toEqual(['o1']);

    letFilesIn();
    await office.live(2 * MINUTE);
    expect(office.board.announced).toEqual(['cancelled', 'numbers']);
    expect(await office.store.open()).toEqual([]);
    expect(office.clock.alarms()).toBe(0);
  });

  test('that cannot be uploaded does not have the card drawn over and over', async () => {
    const { office } = withoutFiles();
    await office.request('o1', longDisconnect());
    await office.live(10 * MINUTE);
    expect(office.board.drawings).toHaveLength(1);
  });

  test('that hangs does not hold up Bandwidth', async () => {
    const office = openOffice({ undoWindowMs: 0 });
    await office.request('o1', longDisconnect());
    const { tell } = office.board;
    office.board.tell = (order, kind) => (kind === 'numbers' ? new Promise(() => {}) : tell(order, kind));
    office.carrier.says(report('complete'));
    const restarted = office.start();
    await office.approve('o1');
    await office.live(10 * SECOND, restarted);
    expect(office.order('o1').status).toBe('complete');
  });

  test('that a channel does not accept does not make the app say that there is no card, because there is one', async () => {
    const { office } = withoutFiles(() => {
      throw new BoardUnreachable('restricted_action');
    });
    await office.request('o1', longDisconnect());
    await office.live(10 * MINUTE);
    await office.approve('o1');
    await office.live(10 * MINUTE);
    expect(office.board.directMessages).toEqual([]);
    expect(office.order('o1').cards[0]).not.toHaveProperty('unreachable');
  });
});

describe('A disconnect of the same numbers that a colleague created at Bandwidth', () => {
  /** Ben approved it, and before it is sent somebody disconnects the numbers in Bandwidth's own pages. */
  async function madeByHand() {
    const office = openOffice({ undoWindowMs: MINUTE });
    await office.request('o1', disconnect());
    await office.approve('o1');
    office.carrier.disconnectsByHand('by-hand-1');
    await office.live(3 * MINUTE);
    return office;
  }

  test('is not mistaken for ours before ours was sent: ours is on hold, and the card says what was found', async () => {
    const office = await madeByHand();
    expect(office.carrier.posts).toEqual([]);
    expect(office.carrier.reports).toEqual([]);
    const order = office.order('o1');
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
    const office = await madeByHand();
    expect(await office.cancelOrder('o1', anna)).toMatchObject({ status: 'cancelled' });
    await office.live(5 * MINUTE);
    expect(office.carrier.posts).toEqual([]);
    expect(office.board.announced).toEqual(['approved', 'cancelled']);
    // The colleague's may well have disconnected them.
    const order = office.order('o1');
    for (const words of [JSON.stringify(orderCard(order)), announcement(order, 'cancelled').text]) {
      expect(words).toContain("This request wasn't sent to Bandwidth.");
      expect(words).not.toContain('Nothing was disconnected');
    }
  });

  test('lets ours be sent once Bandwidth no longer lists it', async () => {
    const office = await madeByHand();
    office.carrier.disconnectsByHand();
    await office.live(2 * MINUTE);
    expect(office.carrier.posts).toEqual(['o1']);
    expect(office.order('o1').status).toBe('placed');
  });

  test('may be ours once ours was sent without an answer', async () => {
    const office = openOffice({ undoWindowMs: 0 });
    office.carrier.onPlace(lostOnTheWay);
    await sentDisconnect(office);
    office.carrier.disconnectsByHand('nameless');
    await office.live(10 * SECOND);
    const order = office.order('o1');
    expect(order).toMatchObject({ status: 'placed', carrierOrder: { id: 'nameless' } });
    expect(orderCard(order).text).toContain(
      "Bandwidth has a disconnect of these numbers, `nameless`, without this order's ID; it may be someone else's.",
    );
  });

  test('whose failure is not mistaken for ours: the card and the thread say what is not known', async () => {
    const office = openOffice({ undoWindowMs: 0 });
    office.carrier.onPlace(lostOnTheWay);
    office.carrier.says(report('failed'));
    await sentDisconnect(office);
    office.carrier.disconnectsByHand('nameless');
    await office.live(MINUTE);
    const order = office.order('o1');
    expect(order.status).toBe('failed');
    for (const words of [orderCard(order).text, announcement(order, 'outcome').text]) {
      expect(words).toContain("`nameless`, without this order's ID; it may be someone else's.");
      expect(words).toContain("I don't know what became of this request");
    }
  });

  test('casts no doubt on one that Bandwidth returns with our id', async () => {
    const office = openOffice({ undoWindowMs: 0 });
    office.carrier.onPlace(takenButAnswerLost);
    office.carrier.says(report('failed'));
    await sentDisconnect(office);
    office.carrier.disconnectsByHand('nameless');
    await office.live(MINUTE);
    expect(office.order('o1')).toMatchObject({ status: 'failed', carrierOrderId: 'carrier-1' });
    expect(orderCard(office.order('o1')).text).not.toContain("someone else's");
  });
});
