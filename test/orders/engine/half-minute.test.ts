import { describe, expect, test } from '@jest/globals';
import { buttonsFor } from '../../../src/slack/blocks/card/order-buttons.js';
import { openOffice } from '../../support/orders/office.js';
import { anna, ben, disconnect, guest, purchase, sam, searchAndOrder } from '../../support/orders/people.js';
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
async function secondsGoBy(office: ReturnType<typeof openOffice>, seconds: number) {
  await office.live(seconds * SECOND, office, SECOND);
}

const buttons = (office: ReturnType<typeof openOffice>) =>
  buttonsFor(office.order('o1'))?.elements.map((each) => 'text' in each && each.text.text) ?? [];

async function lost(request = searchAndOrder(2), turns: readonly PlaceTurn[] = [lostOnTheWay]) {
  const office = openOffice({ undoWindowMs: 0 });
  office.carrier.onPlace(...turns);
  await office.request('o1', request);
  return office;
}

describe('Half a minute after an order was sent without a trace, the card asks for a decision', () => {
  test('although Bandwidth answered 503 to everything for the first ten seconds', async () => {
    const office = await lost(searchAndOrder(2), [answered503]);
    office.carrier.onFind(...Array.from({ length: 3 }, () => cannotBeAsked({ trouble: 'broken' })));
    await office.approve('o1');
    await secondsGoBy(office, 29);
    expect(office.board.announced).toEqual(['approved', 'unknown']);
    await secondsGoBy(office, 6);
    expect(office.board.announced).toEqual(['approved', 'unknown', 'untraced']);
    expect(buttons(office)).toEqual(['Check again', 'Order again', 'Give up']);
  });

  test('whatever mixture of failing and empty lookups there was', async () => {
    const mixture = fc.array(fc.constantFrom('fails', 'names a time', 'empty'), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(mixture, fc.constantFrom(searchAndOrder(2), disconnect()), async (looks, request) => {
        const office = await lost(request);
        const later = office.clock.now() + 5 * MINUTE;
        office.carrier.onFind(
          ...looks.map((each) =>
            each === 'empty'
              ? () => []
              : cannotBeAsked(each === 'fails' ? {} : { trouble: 'throttled', retryAt: later }),
          ),
        );
        await office.approve('o1');
        await secondsGoBy(office, 36);
        expect(office.board.announced.some((kind) => kind === 'untraced' || kind === 'not-known')).toBe(true);
        expect(buttons(office)).toContain('Give up');
        expect(office.carrier.posts).toEqual(['o1']);
        // Nor is anybody asked before.
        const asked = office.order('o1').events.find(({ what }) => what === 'not-known');
        if (asked !== undefined)
          expect(asked.at - (office.postedAt[0] ?? 0)).toBeGreaterThanOrEqual(30 * SECOND);
        expect(office.carrier.finds.length).toBeLessThan(20);
      }),
      { numRuns: runs(60) },
    );
  });

  test('and says that nothing is known if Bandwidth cannot be asked; once it can, that there is no record', async () => {
    const office = await lost();
    office.carrier.onFind(...Array.from({ length: 6 }, () => cannotBeAsked()));
    await office.approve('o1');
    await secondsGoBy(office, 33);
    expect(office.board.announced).toEqual(['approved', 'unknown', 'not-known']);
    expect(buttons(office)).toEqual(['Check again', 'Order again', 'Give up']);
    await secondsGoBy(office, 120);
    expect(office.board.announced).toEqual(['approved', 'unknown', 'not-known', 'untraced']);
  });

  test('even after a crash during the POST, and if Bandwidth cannot be asked', async () => {
    const office = await lost(searchAndOrder(2), [() => new Promise(() => {})]);
    await office.approve('o1');
    office.carrier.onFind(...Array.from({ length: 99 }, () => cannotBeAsked()));
    const next = office.start();
    await office.live(40 * SECOND, next, SECOND);
    expect(office.board.announced).toEqual(['approved', 'unknown', 'not-known']);
    expect(office.order('o1')).not.toHaveProperty('heard');
  });

  test('Order again, pressed while Bandwidth cannot be asked, sends nothing before it has said five times that there is no record', async () => {
    const office = await lost();
    office.carrier.onFind(...Array.from({ length: 6 }, () => cannotBeAsked()));
    await office.approve('o1');
    await secondsGoBy(office, 40);
    expect(await office.orderAgain('o1', ben)).toMatchObject({ status: 'placing' });
    expect(buttons(office)).toEqual(['Give up']);
    await secondsGoBy(office, 120);
    expect(office.carrier.posts).toEqual(['o1', 'o1']);
    const looks = office.journal.slice(office.journal.indexOf('POST'), office.journal.lastIndexOf('POST'));
    expect(looks.filter((each) => each === 'looked up').length).toBeGreaterThanOrEqual(6 + 5);
  });
});

describe('Bandwidth’s answer to a lost request is on record', () => {
  test.each([
    ['an error', answered503, 503],
    ['nothing', (() => ({ outcome: 'unknown', advice: '', heard: 'nothing' })) as PlaceTurn, 'nothing'],
  ] as const)('%s', async (_, turn, heard) => {
    const office = await lost(searchAndOrder(2), [turn]);
    await office.approve('o1');
    expect(office.order('o1')).toMatchObject({ status: 'placing', answer: 'unknown' });
    expect(office.order('o1').events.at(-1)).toMatchObject({ what: 'answer-unknown', heard });
  });
});

describe('Give up', () => {
  const lostForGood = async (request = searchAndOrder(2)) => {
    const office = await lost(request);
    await office.approve('o1');
    await secondsGoBy(office, 40);
    return office;
  };

  test.each([
    ['the requester', anna],
    ['an approver', ben],
  ])('pressed by %s ends the order, on record and in the thread', async (_, who) => {
    const office = await lostForGood();
    expect(await office.giveUp('o1', who)).toMatchObject({ status: 'given-up', by: who, noTrace: true });
    await secondsGoBy(office, 5);
    expect(office.board.announced.at(-1)).toBe('given-up');
    expect(buttons(office)).toEqual([]);
    expect(office.order('o1').events.at(-1)).toMatchObject({ what: 'given-up', by: who });
    await office.expectAllInJournal();
  });

  test.each([
    ['a colleague', sam],
    ['a guest', guest],
  ])('pressed by %s is refused', async (_, who) => {
    const office = await lostForGood();
    expect(await office.giveUp('o1', who)).toMatchObject({ refused: 'not-yours' });
    expect(office.order('o1').status).toBe('placing');
  });

  test('does not need Slack’s answer for the requester', async () => {
    const office = await lostForGood();
    office.members = new Error('Slack is out');
    expect(await office.giveUp('o1', anna)).toMatchObject({ status: 'given-up' });
  });

  test('is refused while the order may still be found, and once it is decided', async () => {
    const office = await lost();
    await office.approve('o1');
    await secondsGoBy(office, 10);
    expect(await office.giveUp('o1', anna)).toMatchObject({ refused: 'already-decided' });
    await secondsGoBy(office, 30);
    await office.giveUp('o1', anna);
    expect(await office.giveUp('o1', ben)).toMatchObject({ refused: 'already-decided' });
    expect(await office.orderAgain('o1', ben)).toMatchObject({ refused: 'already-decided' });
    expect(await office.giveUp('nobody', ben)).toEqual({ refused: 'no-such-order' });
  });

  test('and Order again at the same moment: one of them counts', async () => {
    const office = await lostForGood();
    const both = await Promise.all([office.giveUp('o1', anna), office.orderAgain('o1', ben)]);
    expect(both.filter((result) => 'refused' in result)).toHaveLength(1);
    await secondsGoBy(office, 60);
    const sentAgain = !('refused' in both[1]);
    expect(office.carrier.posts).toHaveLength(sentAgain ? 2 : 1);
  });

  test('sends nothing again: neither named numbers by itself, nor what was to be sent again or waits for a rate limit', async () => {
    for (const turns of [[lostOnTheWay], [lostOnTheWay, ...Array.from({ length: 99 }, () => notTaken())]]) {
      const office = await lost(purchase(), turns);
      office.carrier.onFind(...Array.from({ length: turns.length > 1 ? 0 : 7 }, () => cannotBeAsked()));
      await office.approve('o1');
      await secondsGoBy(office, 45);
      const posts = office.carrier.posts.length;
      expect(await office.giveUp('o1', ben)).toMatchObject({ status: 'given-up' });
      await office.live(HOUR, office, MINUTE);
      expect(office.carrier.posts).toHaveLength(posts);
    }
  });

  test('is followed by a day of ever fewer lookups; then the order has ended and its numbers no longer count', async () => {
    const office = openOffice({ maxNumbersPerMonth: 2 });
    office.carrier.onPlace(lostOnTheWay);
    await office.request('o1', searchAndOrder(2));
    await office.approve('o1');
    await secondsGoBy(office, 40);
    await office.giveUp('o1', anna);
    const before = office.carrier.finds.length;
    await office.live(23 * HOUR, office, 5 * MINUTE);
    const looks = office.carrier.finds.length - before;
    expect(looks).toBeGreaterThan(20);
    expect(looks).toBeLessThan(60);
    expect(await office.store.open()).toEqual(['o1']);
    // It may have arrived, so it counts.
    expect(
      await office.requestOrder({ id: 'o2', request: searchAndOrder(1), requester: anna, channelId: 'C1' }),
    ).toMatchObject({ refused: 'too-many' });
    await office.live(2 * HOUR, office, 5 * MINUTE);
    expect(office.order('o1')).toMatchObject({
      status: 'given-up',
      noTrace: true,
      endedAt: expect.any(Number),
    });
    expect(await office.store.open()).toEqual([]);
    expect(
      await office.requestOrder({ id: 'o3', request: searchAndOrder(1), requester: anna, channelId: 'C1' }),
    ).toMatchObject({ status: 'awaiting-approval' });
  });

  test('has not ended while Bandwidth cannot be asked, no matter how long', async () => {
    const office = await lostForGood();
    await office.giveUp('o1', anna);
    office.carrier.onFind(...Array.from({ length: 9_999 }, () => cannotBeAsked()));
    await office.live(26 * HOUR, office, 10 * MINUTE);
    expect(office.order('o1')).not.toHaveProperty('endedAt');
    expect(await office.store.open()).toEqual(['o1']);
  });

  test('loses nothing: an order that turns up hours later is followed to its end, and people are told', async () => {
    const office = openOffice();
    office.carrier.onPlace((accept) => {
      accept();
      return { outcome: 'unknown', advice: '', heard: 'nothing' };
    });
    office.carrier.onFind(...Array.from({ length: 25 }, () => () => []));
    await office.request('o1', searchAndOrder(2));
    await office.approve('o1');
    await secondsGoBy(office, 40);
    await office.giveUp('o1', ben);
    office.carrier.says(report('complete'));
    const next = office.start();
    await office.live(12 * HOUR, next, 5 * MINUTE);
    expect(office.order('o1')).toMatchObject({ status: 'complete', carrierOrderId: 'carrier-1' });
    expect(office.board.announced.slice(-3)).toEqual(['given-up', 'turned-up', 'outcome']);
    expect(office.carrier.posts).toEqual(['o1']);
    expect(await office.store.open()).toEqual([]);
    await office.expectAllInJournal();
  });

  test('releases the numbers that were held for it', async () => {
    const office = openOffice({}, 10);
    office.carrier.onPlace(lostOnTheWay, lostOnTheWay);
    await office.request('o1', purchase());
    await office.approve('o1');
    await secondsGoBy(office, 80);
    expect(buttons(office)).toContain('Give up');
    expect(office.carrier.reserved.size).toBe(2);
    await office.giveUp('o1', anna);
    await secondsGoBy(office, 5);
    expect(office.carrier.reserved.size).toBe(0);
    expect(office.order('o1').status).toBe('given-up');
  });
});

test('An order whose answer comes during the lookup is not decided on', async () => {
  const office = await lost(searchAndOrder(2), [taken]);
  await office.approve('o1');
  await secondsGoBy(office, 60);
  expect(office.board.announced).toEqual(['approved']);
});
