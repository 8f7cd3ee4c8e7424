import { describe, expect, test } from '@jest/globals';
import { buttonsFor } from '../../../src/slack/blocks/card/order-buttons.js';
import { startOrdersApp } from '../../support/orders/orders-app.js';
import { ana, ben, disconnect, guest, purchase, sam, searchAndOrder } from '../../support/orders/people.js';
import {
  cannotBeAsked,
  lostOnTheWay,
  notTaken,
  type PlaceTurn,
  report,
  taken,
} from '../../support/orders/scripted-carrier.js';
import { fc, runs } from '../../support/properties.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const answered503: PlaceTurn = () => ({ outcome: 'unknown', advice: 'Unclear.', heard: 503 });

/** Every second a pass, as the poller asks for. */
async function secondsGoBy(app: ReturnType<typeof startOrdersApp>, seconds: number) {
  await app.live(seconds * SECOND, app, SECOND);
}

const buttons = (app: ReturnType<typeof startOrdersApp>) =>
  buttonsFor(app.order('o1'))?.elements.map((each) => 'text' in each && each.text.text) ?? [];

async function lost(request = searchAndOrder(2), turns: readonly PlaceTurn[] = [lostOnTheWay]) {
  const app = startOrdersApp({ undoWindowMs: 0 });
  app.carrier.onPlace(...turns);
  await app.request('o1', request);
  return app;
}

describe('Half a minute after an order was sent without a trace, the card asks for a decision', () => {
  test('although Bandwidth answered 503 to everything for the first ten seconds', async () => {
    const app = await lost(searchAndOrder(2), [answered503]);
    app.carrier.onFind(...Array.from({ length: 3 }, () => cannotBeAsked({ trouble: 'broken' })));
    await app.approve('o1');
    await secondsGoBy(app, 29);
    expect(app.board.announced).toEqual(['approved', 'unknown']);
    await secondsGoBy(app, 6);
    expect(app.board.announced).toEqual(['approved', 'unknown', 'untraced']);
    expect(buttons(app)).toEqual(['Check again', 'Order again', 'Give up']);
  });

  test('whatever mixture of failing and empty lookups there was', async () => {
    const mixture = fc.array(fc.constantFrom('fails', 'names a time', 'empty'), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(mixture, fc.constantFrom(searchAndOrder(2), disconnect()), async (looks, request) => {
        const app = await lost(request);
        const later = app.clock.now() + 5 * MINUTE;
        app.carrier.onFind(
          ...looks.map((each) =>
            each === 'empty'
              ? () => []
              : cannotBeAsked(each === 'fails' ? {} : { trouble: 'throttled', retryAt: later }),
          ),
        );
        await app.approve('o1');
        await secondsGoBy(app, 36);
        expect(app.board.announced.some((kind) => kind === 'untraced' || kind === 'not-known')).toBe(true);
        expect(buttons(app)).toContain('Give up');
        expect(app.carrier.posts).toEqual(['o1']);
        // Nor is anybody asked before.
        const asked = app.order('o1').events.find(({ what }) => what === 'not-known');
        if (asked !== undefined)
          expect(asked.at - (app.postedAt[0] ?? 0)).toBeGreaterThanOrEqual(30 * SECOND);
        expect(app.carrier.finds.length).toBeLessThan(20);
      }),
      { numRuns: runs(60) },
    );
  });

  test('and says that nothing is known if Bandwidth cannot be asked; once it can, that there is no record', async () => {
    const app = await lost();
    app.carrier.onFind(...Array.from({ length: 6 }, () => cannotBeAsked()));
    await app.approve('o1');
    await secondsGoBy(app, 33);
    expect(app.board.announced).toEqual(['approved', 'unknown', 'not-known']);
    expect(buttons(app)).toEqual(['Check again', 'Order again', 'Give up']);
    await secondsGoBy(app, 120);
    expect(app.board.announced).toEqual(['approved', 'unknown', 'not-known', 'untraced']);
  });

  test('even after a crash during the POST, and if Bandwidth cannot be asked', async () => {
    const app = await lost(searchAndOrder(2), [() => new Promise(() => {})]);
    await app.approve('o1');
    app.carrier.onFind(...Array.from({ length: 99 }, () => cannotBeAsked()));
    const next = app.start();
    await app.live(40 * SECOND, next, SECOND);
    expect(app.board.announced).toEqual(['approved', 'unknown', 'not-known']);
    expect(app.order('o1')).not.toHaveProperty('heard');
  });

  test('Order again, pressed while Bandwidth cannot be asked, sends nothing before it has said five times that there is no record', async () => {
    const app = await lost();
    app.carrier.onFind(...Array.from({ length: 6 }, () => cannotBeAsked()));
    await app.approve('o1');
    await secondsGoBy(app, 40);
    expect(await app.orderAgain('o1', ben)).toMatchObject({ status: 'placing' });
    expect(buttons(app)).toEqual(['Give up']);
    await secondsGoBy(app, 120);
    expect(app.carrier.posts).toEqual(['o1', 'o1']);
    const looks = app.journal.slice(app.journal.indexOf('POST'), app.journal.lastIndexOf('POST'));
    expect(looks.filter((each) => each === 'looked up').length).toBeGreaterThanOrEqual(6 + 5);
  });
});

describe('Bandwidth’s answer to a lost request is on record', () => {
  test.each([
    ['an error', answered503, 503],
    ['nothing', (() => ({ outcome: 'unknown', advice: '', heard: 'nothing' })) as PlaceTurn, 'nothing'],
  ] as const)('%s', async (_, turn, heard) => {
    const app = await lost(searchAndOrder(2), [turn]);
    await app.approve('o1');
    expect(app.order('o1')).toMatchObject({ status: 'placing', answer: 'unknown' });
    expect(app.order('o1').events.at(-1)).toMatchObject({ what: 'answer-unknown', heard });
  });
});

describe('Give up', () => {
  const lostForGood = async (request = searchAndOrder(2)) => {
    const app = await lost(request);
    await app.approve('o1');
    await secondsGoBy(app, 40);
    return app;
  };

  test.each([
    ['the requester', ana],
    ['an approver', ben],
  ])('pressed by %s ends the order, on record and in the thread', async (_, who) => {
    const app = await lostForGood();
    expect(await app.giveUp('o1', who)).toMatchObject({ status: 'given-up', by: who, noTrace: true });
    await secondsGoBy(app, 5);
    expect(app.board.announced.at(-1)).toBe('given-up');
    expect(buttons(app)).toEqual([]);
    expect(app.order('o1').events.at(-1)).toMatchObject({ what: 'given-up', by: who });
    await app.expectAllInJournal();
  });

  test.each([
    ['a colleague', sam],
    ['a guest', guest],
  ])('pressed by %s is refused', async (_, who) => {
    const app = await lostForGood();
    expect(await app.giveUp('o1', who)).toMatchObject({ refused: 'not-yours' });
    expect(app.order('o1').status).toBe('placing');
  });

  test('does not need Slack’s answer for the requester', async () => {
    const app = await lostForGood();
    app.members = new Error('Slack is out');
    expect(await app.giveUp('o1', ana)).toMatchObject({ status: 'given-up' });
  });

  test('is refused while the order may still be found, and once it is decided', async () => {
    const app = await lost();
    await app.approve('o1');
    await secondsGoBy(app, 10);
    expect(await app.giveUp('o1', ana)).toMatchObject({ refused: 'already-decided' });
    await secondsGoBy(app, 30);
    await app.giveUp('o1', ana);
    expect(await app.giveUp('o1', ben)).toMatchObject({ refused: 'already-decided' });
    expect(await app.orderAgain('o1', ben)).toMatchObject({ refused: 'already-decided' });
    expect(await app.giveUp('nobody', ben)).toEqual({ refused: 'no-such-order' });
  });

  test('and Order again at the same moment: one of them counts', async () => {
    const app = await lostForGood();
    const both = await Promise.all([app.giveUp('o1', ana), app.orderAgain('o1', ben)]);
    expect(both.filter((result) => 'refused' in result)).toHaveLength(1);
    await secondsGoBy(app, 60);
    const sentAgain = !('refused' in both[1]);
    expect(app.carrier.posts).toHaveLength(sentAgain ? 2 : 1);
  });

  test('sends nothing again: neither named numbers by itself, nor what was to be sent again or waits for a rate limit', async () => {
    for (const turns of [[lostOnTheWay], [lostOnTheWay, ...Array.from({ length: 99 }, () => notTaken())]]) {
      const app = await lost(purchase(), turns);
      app.carrier.onFind(...Array.from({ length: turns.length > 1 ? 0 : 7 }, () => cannotBeAsked()));
      await app.approve('o1');
      await secondsGoBy(app, 45);
      const posts = app.carrier.posts.length;
      expect(await app.giveUp('o1', ben)).toMatchObject({ status: 'given-up' });
      await app.live(HOUR, app, MINUTE);
      expect(app.carrier.posts).toHaveLength(posts);
    }
  });

  test('is followed by a day of ever fewer lookups; then the order has ended and its numbers no longer count', async () => {
    const app = startOrdersApp({ maxNumbersPerMonth: 2 });
    app.carrier.onPlace(lostOnTheWay);
    await app.request('o1', searchAndOrder(2));
    await app.approve('o1');
    await secondsGoBy(app, 40);
    await app.giveUp('o1', ana);
    const before = app.carrier.finds.length;
    await app.live(23 * HOUR, app, 5 * MINUTE);
    const looks = app.carrier.finds.length - before;
    expect(looks).toBeGreaterThan(20);
    expect(looks).toBeLessThan(60);
    expect(await app.store.open()).toEqual(['o1']);
    // It may have arrived, so it counts.
    expect(
      await app.requestOrder({ id: 'o2', request: searchAndOrder(1), requester: ana, channelId: 'C1' }),
    ).toMatchObject({ refused: 'too-many' });
    await app.live(2 * HOUR, app, 5 * MINUTE);
    expect(app.order('o1')).toMatchObject({
      status: 'given-up',
      noTrace: true,
      endedAt: expect.any(Number),
    });
    expect(await app.store.open()).toEqual([]);
    expect(
      await app.requestOrder({ id: 'o3', request: searchAndOrder(1), requester: ana, channelId: 'C1' }),
    ).toMatchObject({ status: 'awaiting-approval' });
  });

  test('has not ended while Bandwidth cannot be asked, no matter how long', async () => {
    const app = await lostForGood();
    await app.giveUp('o1', ana);
    app.carrier.onFind(...Array.from({ length: 9_999 }, () => cannotBeAsked()));
    await app.live(26 * HOUR, app, 10 * MINUTE);
    expect(app.order('o1')).not.toHaveProperty('endedAt');
    expect(await app.store.open()).toEqual(['o1']);
  });

  test('loses nothing: an order that turns up hours later is followed to its end, and people are told', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace((accept) => {
      accept();
      return { outcome: 'unknown', advice: '', heard: 'nothing' };
    });
    app.carrier.onFind(...Array.from({ length: 25 }, () => () => []));
    await app.request('o1', searchAndOrder(2));
    await app.approve('o1');
    await secondsGoBy(app, 40);
    await app.giveUp('o1', ben);
    app.carrier.says(report('complete'));
    const next = app.start();
    await app.live(12 * HOUR, next, 5 * MINUTE);
    expect(app.order('o1')).toMatchObject({ status: 'complete', carrierOrderId: 'carrier-1' });
    expect(app.board.announced.slice(-3)).toEqual(['given-up', 'turned-up', 'outcome']);
    expect(app.carrier.posts).toEqual(['o1']);
    expect(await app.store.open()).toEqual([]);
    await app.expectAllInJournal();
  });

  test('releases the numbers that were held for it', async () => {
    const app = startOrdersApp({}, 10);
    app.carrier.onPlace(lostOnTheWay, lostOnTheWay);
    await app.request('o1', purchase());
    await app.approve('o1');
    await secondsGoBy(app, 80);
    expect(buttons(app)).toContain('Give up');
    expect(app.carrier.reserved.size).toBe(2);
    await app.giveUp('o1', ana);
    await secondsGoBy(app, 5);
    expect(app.carrier.reserved.size).toBe(0);
    expect(app.order('o1').status).toBe('given-up');
  });
});

test('An order whose answer comes during the lookup is not decided on', async () => {
  const app = await lost(searchAndOrder(2), [taken]);
  await app.approve('o1');
  await secondsGoBy(app, 60);
  expect(app.board.announced).toEqual(['approved']);
});
