import { describe, expect, test } from '@jest/globals';
import { changeOrder } from '../../../src/orders/change-order.js';
import type { Order } from '../../../src/orders/domain/order.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import { redrawRequested } from '../../../src/orders/domain/transitions.js';
import type { Refusal } from '../../../src/orders/policy/refusal.js';
import { OutcomeUnknown, type Saving, StoreError } from '../../../src/orders/ports/store-errors.js';
import { allQuiet } from '../../support/orders/manual-clock.js';
import { type OrdersApp, startOrdersApp } from '../../support/orders/orders-app.js';
import { ana, ben, disconnect, purchase, searchAndOrder } from '../../support/orders/people.js';
import { lostOnTheWay, report } from '../../support/orders/scripted-carrier.js';

const MINUTE = 60_000;

interface Act {
  readonly call: 'insert' | 'replace';
  /** What isn't known to be saved. */
  readonly saving: Saving;
  prepare(): Promise<OrdersApp>;
  act(app: OrdersApp): Promise<Order | Refusal>;
  /** What the record says once it has happened. */
  readonly done: object;
}

async function requested(changes: Parameters<typeof startOrdersApp>[0] = {}, request = searchAndOrder(2)) {
  const app = startOrdersApp(changes);
  await app.request('o1', request);
  return app;
}

const approves = (app: OrdersApp) =>
  app.reviewOrder('o1', ben, { verdict: 'approve', seen: requestDigest(app.order('o1')) });

async function leftNoTrace() {
  const app = await requested();
  app.carrier.onPlace(lostOnTheWay);
  await approves(app);
  await app.live(2 * MINUTE);
  expect(app.order('o1')).toMatchObject({ status: 'placing', failedLookups: expect.any(Number) });
  return app;
}

const happened = (what: string) => ({
  events: expect.arrayContaining([expect.objectContaining({ what })]),
});

const acts: Readonly<Record<string, Act>> = {
  'asking for numbers': {
    call: 'insert',
    saving: 'requested',
    prepare: async () => startOrdersApp(),
    act: (app) => app.requestOrder({ id: 'o1', request: purchase(), requester: ana, channelId: 'C1' }),
    done: happened('requested'),
  },
  'asking for a disconnect': {
    call: 'insert',
    saving: 'requested',
    prepare: async () => startOrdersApp(),
    act: (app) => app.requestOrder({ id: 'o1', request: disconnect(), requester: ana, channelId: 'C1' }),
    done: happened('requested'),
  },
  'an approval': {
    call: 'replace',
    saving: 'approved',
    prepare: requested,
    act: approves,
    done: happened('approved'),
  },
  'the first of two approvals': {
    call: 'replace',
    saving: 'approval-given',
    prepare: () => requested({ approvalsRequired: 2 }),
    act: approves,
    done: happened('approval-given'),
  },
  'a decline': {
    call: 'replace',
    saving: 'declined',
    prepare: requested,
    act: (app) => app.reviewOrder('o1', ben, { verdict: 'decline', why: 'no' }),
    done: happened('declined'),
  },
  'a cancellation': {
    call: 'replace',
    saving: 'cancelled',
    prepare: requested,
    act: (app) => app.cancelOrder('o1', ana),
    done: happened('cancelled'),
  },
  'an undo': {
    call: 'replace',
    saving: 'cancelled',
    prepare: async () => {
      const app = await requested({}, disconnect());
      await approves(app);
      await allQuiet();
      return app;
    },
    act: (app) => app.cancelOrder('o1', ana),
    done: happened('cancelled'),
  },
  'an edit': {
    call: 'replace',
    saving: 'edited',
    prepare: requested,
    act: (app) => app.editOrder('o1', ana, { edition: 1, request: searchAndOrder(3) }),
    done: happened('edited'),
  },
  'ordering it again': {
    call: 'replace',
    saving: 'wanted-again',
    prepare: leftNoTrace,
    act: (app) => app.orderAgain('o1', ben),
    done: happened('wanted-again'),
  },
  'giving it up': {
    call: 'replace',
    saving: 'given-up',
    prepare: leftNoTrace,
    act: (app) => app.giveUp('o1', ana),
    done: happened('given-up'),
  },
  'closing a back-order': {
    call: 'replace',
    saving: 'close-wanted',
    prepare: async () => {
      const app = await requested();
      app.carrier.says(report('backordered'));
      await approves(app);
      await app.live(10_000);
      return app;
    },
    act: (app) => app.closeBackOrder('o1', ana),
    done: happened('close-wanted'),
  },
  'checking again': {
    call: 'replace',
    saving: 'check-again',
    prepare: leftNoTrace,
    act: (app) => app.checkAgain('o1', ana),
    done: { status: 'placing' },
  },
};

describe.each(Object.entries(acts))('Where the database’s answer is lost, %s', (_name, given) => {
  test.each([
    ['was written: it counts as what it is', true],
    ['was not written: it is written once more', false],
  ])('and %s', async (_, written) => {
    const app = await given.prepare();
    app.store.loseAnswer(given.call, { written });
    const answer = await given.act(app);
    expect(answer).not.toHaveProperty('refused');
    expect(app.store.onRecord('o1')).toMatchObject(given.done);
    await allQuiet();
    expect(app.carrier.accepted.length).toBeLessThanOrEqual(1);
  });

  test.each([true, false])(
    'and the database is down after it: nobody is told that nothing was changed (written: %s)',
    async (written) => {
      const app = await given.prepare();
      app.store.loseAnswer(given.call, { written, away: true });
      const answer = given.act(app).then(
        () => undefined,
        (error: unknown) => error,
      );
      await app.clock.advance(5_000);
      const error = await answer;
      if (!(error instanceof OutcomeUnknown)) throw new Error(`not said to be unknown: ${error}`);
      expect(error.saving).toBe(given.saving);
      app.store.recover();
      await app.clock.advance(MINUTE);
      expect(await error.becomes).toBe(written);
      if (written) expect(app.store.onRecord('o1')).toMatchObject(given.done);
    },
  );
});

describe('Where the database’s answer to an approval is lost', () => {
  test('and someone else writes before the record is read, it still counts', async () => {
    const app = await requested();
    const other = app.start();
    app.store.loseAnswer('replace', { written: true });
    let passed = false;
    app.store.before((call) => {
      if (call !== 'get' || passed || app.store.onRecord('o1')?.status !== 'approved') return undefined;
      passed = true;
      return other.engine.settle('o1');
    });
    expect(await approves(app)).not.toHaveProperty('refused');
    await allQuiet();
    expect(app.carrier.posts).toEqual(['o1']);
  });

  test('and someone declines before our write arrives, the approver is told that', async () => {
    const app = await requested();
    const other = app.start();
    app.store.loseAnswer('replace', { written: false });
    const approval = approves(app);
    const decline = other.reviewOrder('o1', ben, { verdict: 'decline', why: 'no' });
    const answers = await Promise.all([approval, decline]);
    await allQuiet();
    expect(answers.filter((answer) => 'refused' in answer)).toHaveLength(1);
    expect(app.carrier.posts).toHaveLength(app.order('o1').status === 'declined' ? 0 : 1);
  });

  test('nothing is sent to Bandwidth unless the intent is known to be on record', async () => {
    const app = await requested({}, disconnect());
    await approves(app);
    await app.live(MINUTE - 10_000);
    app.store.loseAnswer('replace', { written: true, away: true });
    const passed = app.engine.pass();
    await app.clock.advance(20_000);
    await passed;
    expect(app.store.onRecord('o1')?.status).toBe('placing');
    expect(app.carrier.posts).toEqual([]);
    app.store.recover();
    await app.live(5 * MINUTE);
    expect(app.carrier.posts).toEqual([]);
    expect(app.board.announced).toContain('untraced');
  });
});

test('A refusal is reported even if its card cannot be marked for a redraw', async () => {
  const app = await requested();
  await app.cancelOrder('o1', ana);
  await allQuiet();
  app.store.failWhen((call) => call === 'replace');
  expect(await app.cancelOrder('o1', ana)).toMatchObject({ refused: 'already-decided' });
});

test('A record that is different at every read is given up with an error, and nobody waits forever', async () => {
  const app = await requested();
  let tries = 0;
  let waitedMs = 0;
  const orders = {
    get: app.store.get,
    async replace() {
      tries += 1;
      return false;
    },
  };
  const changed = changeOrder(orders, 'o1', redrawRequested, async (ms) => {
    waitedMs += ms;
  });
  await expect(changed).rejects.toBeInstanceOf(StoreError);
  expect(tries).toBeLessThan(100);
  expect(waitedMs).toBeLessThan(5_000);
});
