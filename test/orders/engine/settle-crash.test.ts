import { describe, expect, test } from '@jest/globals';
import { isFinal, type Order } from '../../../src/orders/domain/order.js';
import { namedNumbers, type OrderRequest } from '../../../src/orders/domain/request.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import { makeCrashingProcess } from '../../support/orders/crashing-process.js';
import { allQuiet } from '../../support/orders/manual-clock.js';
import { type OrdersApp, startOrdersApp } from '../../support/orders/orders-app.js';
import { ana, ben, longDisconnect, purchase, searchAndOrder } from '../../support/orders/people.js';
import {
  lostOnTheWay,
  notTaken,
  type PlaceTurn,
  report,
  saysNo,
  taken,
  takenButAnswerLost,
} from '../../support/orders/scripted-carrier.js';
import { visible } from '../../support/orders/visible.js';
import { ONE_IN } from '../../support/properties.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

interface Story {
  readonly title: string;
  readonly turns: readonly PlaceTurn[];
  /** How it ends when nobody crashes. */
  readonly ending: Order['status'];
  /** The same, of a purchase of named numbers, which may be sent again. */
  readonly namedEnding?: Order['status'];
}

const UNDO_WINDOW_MS = 10 * SECOND;

const endings: readonly Story[] = [
  { title: 'Bandwidth takes the order at once', turns: [taken], ending: 'complete' },
  {
    title: 'Bandwidth takes the order and its answer is lost',
    turns: [takenButAnswerLost],
    ending: 'complete',
  },
  {
    title: 'the order is lost on its way',
    turns: [lostOnTheWay],
    ending: 'placing',
    namedEnding: 'complete',
  },
  {
    title: 'Bandwidth is busy twice, then takes it',
    turns: [notTaken(), notTaken(), taken],
    ending: 'complete',
  },
  { title: 'Bandwidth refuses the order', turns: [saysNo], ending: 'refused' },
];

const stories: readonly (Story & { readonly what: string; readonly request: OrderRequest })[] =
  endings.flatMap((story) => [
    {
      ...story,
      what: 'a purchase of named numbers',
      request: purchase(),
      ending: story.namedEnding ?? story.ending,
    },
    { ...story, what: 'a search-and-order', request: searchAndOrder(2) },
    { ...story, what: 'a long disconnect', request: longDisconnect() },
  ]);

const open = () => startOrdersApp({ undoWindowMs: UNDO_WINDOW_MS }, 100);

/**
 * Ana asks, Ben approves, Bandwidth delivers, in a process that dies at that step; then another process takes over.
 * Says how many steps the first one took.
 */
async function live(app: OrdersApp, story: (typeof stories)[number], diesAtStep?: number) {
  app.carrier.onPlace(...story.turns);
  app.carrier.says(report('complete'));
  const crashing = makeCrashingProcess(diesAtStep);
  const instance = app.start(crashing.gate);
  const acknowledged = { request: false, approval: false };

  void instance
    .requestOrder({ id: 'o1', request: story.request, requester: ana, channelId: 'C1' })
    .then(() => {
      acknowledged.request = true;
    });
  await allQuiet();
  const seen = app.store.onRecord('o1');
  if (seen !== undefined) {
    void instance.reviewOrder('o1', ben, { verdict: 'approve', seen: requestDigest(seen) }).then(() => {
      acknowledged.approval = true;
    });
    await allQuiet();
  }
  for (let pass = 0; pass < 9 && !crashing.isDead(); pass += 1) {
    void instance.engine.pass();
    await app.clock.advance(5 * SECOND);
  }
  return { acknowledged, steps: crashing.steps() };
}

/** Each story dies at every sixteenth of its steps, not at the same ones as the others; `TEST_EVERY_STEP=1` plays all of them. */
const STRIDE = process.env.TEST_EVERY_STEP === undefined ? 16 : 1;

describe.each(stories.map((story, index) => ({ ...story, index })))('When $title: $what', (story) => {
  test(`it ends as ${story.ending}`, async () => {
    const app = open();
    await live(app, story);
    expect(app.order('o1').status).toBe(story.ending);
  });

  test('a crash at any step neither loses the order nor orders it twice', async () => {
    const { steps } = await live(open(), story);
    expect(steps).toBeGreaterThan(20);
    for (let diesAtStep = 1 + (story.index % STRIDE); diesAtStep <= steps; diesAtStep += STRIDE * ONE_IN) {
      const app = open();
      const { acknowledged } = await live(app, story, diesAtStep);
      const restarted = app.start();
      await app.live(2 * MINUTE, restarted, 10 * SECOND);

      const { accepted, posts } = app.carrier;
      const order = app.store.onRecord('o1');
      const seen = { diesAtStep, accepted: accepted.length, status: order?.status };
      expect(accepted.length).toBeLessThanOrEqual(1);
      const again = order !== undefined && 'approval' in order && order.approval?.again !== undefined;
      if (again) expect(namedNumbers(story.request)).not.toEqual([]);
      expect(posts.length).toBeLessThanOrEqual(story.turns.length + (again ? 1 : 0));
      if (acknowledged.request) expect(order).toBeDefined();
      if (order === undefined) {
        expect(posts).toEqual([]);
        continue;
      }
      if (acknowledged.approval) expect(order.status).not.toBe('awaiting-approval');
      if (story.request.kind === 'disconnect' && 'approval' in order) {
        const over = (order.approval?.at ?? 0) + UNDO_WINDOW_MS;
        for (const at of app.postedAt) expect(at).toBeGreaterThanOrEqual(over);
        expect(app.board.announced).toContain('numbers');
      }
      if (accepted.length === 1) expect(seen).toEqual({ diesAtStep, accepted: 1, status: 'complete' });
      else expect(seen).not.toMatchObject({ status: 'complete' });

      // What was kept aside is named by every request, and given back when it is not taken.
      if ('wanted' in story.request && story.request.wanted.by === 'numbers' && acknowledged.approval) {
        for (const named of app.carrier.named) expect(named).toHaveLength(2);
      }
      if (isFinal(order)) expect([...app.carrier.reserved]).toEqual([]);

      // The journal, the card and the thread catch up, whatever was interrupted.
      await app.expectAllInJournal();
      const shown = app.board.drawings.at(-1);
      expect(shown && visible(shown)).toEqual(visible(order));
      const told = new Set(app.board.announced);
      if (order.status === 'complete')
        expect([...told]).toEqual(expect.arrayContaining(['approved', 'outcome']));
      if (order.status === 'refused')
        expect([...told]).toEqual(expect.arrayContaining(['approved', 'refused']));
    }
  });
});
