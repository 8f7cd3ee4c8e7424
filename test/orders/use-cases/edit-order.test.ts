import { describe, expect, test } from '@jest/globals';
import { decided, rebuild } from '../../../src/orders/domain/apply-event.js';
import { editOf } from '../../../src/orders/domain/editions.js';
import { type OrderRequest, requestedQuantity } from '../../../src/orders/domain/request.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import { makeHeldCalls } from '../../support/orders/held-calls.js';
import { allQuiet } from '../../support/orders/manual-clock.js';
import { type OrdersApp, startOrdersApp } from '../../support/orders/orders-app.js';
import {
  ana,
  bea,
  ben,
  disconnect,
  longDisconnect,
  purchase,
  sam,
  searchAndOrder,
  twoNumbers,
} from '../../support/orders/people.js';
import { ONE_IN_FEW } from '../../support/properties.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

async function waiting(request: OrderRequest = purchase()) {
  const app = startOrdersApp();
  await app.request('o1', request);
  return app;
}

const edits = async (app: OrdersApp, request: OrderRequest, edition = 1, by = ana) => {
  const result = await app.editOrder('o1', by, { edition, request });
  await allQuiet();
  return result;
};

describe('A waiting request that Ana edits', () => {
  test('is a different request, and its card and thread say so', async () => {
    const app = await waiting();
    expect(await edits(app, purchase({ name: 'Back instance' }))).toMatchObject({
      status: 'awaiting-approval',
      edition: 2,
      request: { name: 'Back instance' },
    });
    expect(app.board.drawings.at(-1)).toMatchObject({ request: { name: 'Back instance' } });
    expect(app.board.announced).toEqual(['edited-2']);
  });

  test('cannot be approved on an old card', async () => {
    const app = await waiting();
    const seen = requestDigest(app.order('o1'));
    await edits(app, purchase({ name: 'Back instance' }));
    expect(await app.reviewOrder('o1', ben, { verdict: 'approve', seen })).toMatchObject({
      refused: 'changed-since',
    });
    await app.approve('o1');
    expect(app.carrier.accepted).toMatchObject([{ request: { name: 'Back instance' } }]);
  });

  test('not even when she edits it back to what it was', async () => {
    const app = await waiting();
    const seen = requestDigest(app.order('o1'));
    await edits(app, purchase({ name: 'Back instance' }));
    await edits(app, purchase(), 2);
    expect(await app.reviewOrder('o1', ben, { verdict: 'approve', seen })).toMatchObject({
      refused: 'changed-since',
    });
    expect(app.board.announced).toEqual(['edited-2', 'edited-3']);
  });

  test('starts its whole time again, and its reminders', async () => {
    const app = await waiting();
    await app.live(DAY / 2 + MINUTE, app, 10 * MINUTE);
    expect(app.board.announced).toEqual(['reminder-half']);
    await edits(app, purchase({ name: 'Back instance' }));
    await app.live(DAY / 2, app, 10 * MINUTE);
    expect(app.order('o1').status).toBe('awaiting-approval');
    await app.live(DAY / 2 - MINUTE, app, 10 * MINUTE);
    expect(app.board.announced).toEqual(['reminder-half', 'edited-2', 'reminder-half', 'reminder-hour']);
    await app.live(5 * MINUTE, app, MINUTE);
    expect(app.order('o1').status).toBe('expired');
  });

  test('has to be approved again by everyone who had approved it', async () => {
    const app = startOrdersApp({ approvalsRequired: 2 });
    await app.request('o1', purchase());
    await app.approve('o1', ben);
    await edits(app, purchase({ name: 'Back instance' }));
    expect(app.order('o1')).toMatchObject({ status: 'awaiting-approval', approvals: [] });
    expect(editOf(app.order('o1'), 'edited-2').dropped).toEqual([ben]);
    await app.approve('o1', bea);
    expect(app.order('o1').status).toBe('awaiting-approval');
    await app.approve('o1', ben);
    expect(app.carrier.accepted).toMatchObject([{ request: { name: 'Back instance' } }]);
    expect(app.board.announced).toEqual(['approval-1', 'edited-2', 'approval-1', 'approved']);
  });

  test('is as it was if she changed nothing, even when Slack sends her form twice', async () => {
    const app = await waiting();
    await edits(app, purchase());
    expect(app.order('o1')).toMatchObject({ edition: 1 });
    await edits(app, purchase({ name: 'Back instance' }));
    const before = app.order('o1');
    expect(await edits(app, purchase({ name: 'Back instance' }))).toMatchObject({ edition: 2 });
    expect(app.order('o1')).toEqual(before);
  });

  test('is not overwritten by a form that was opened before another edit', async () => {
    const app = await waiting();
    await edits(app, purchase({ name: 'Back instance' }));
    expect(await edits(app, purchase({ name: 'Side instance' }))).toMatchObject({ refused: 'changed-since' });
    expect(app.order('o1')).toMatchObject({ edition: 2, request: { name: 'Back instance' } });
  });

  test('can be rebuilt from its events', async () => {
    const app = await waiting();
    await edits(app, purchase({ name: 'Back instance' }));
    await app.live(DAY + MINUTE, app, 10 * MINUTE);
    const order = app.order('o1');
    expect(order.events.map(({ what }) => what)).toEqual(['requested', 'edited', 'expired']);
    expect(decided(rebuild('o1', order.events))).toEqual(decided(order));
  });

  test('too often floods neither its thread nor the record', async () => {
    const app = startOrdersApp({ approvalsRequired: 2 });
    await app.request('o1', purchase());
    for (let edition = 1; edition <= 50; edition += 1) {
      // An approval that an edit drops is told whenever that is.
      if (edition === 40) await app.approve('o1', ben);
      expect(await edits(app, purchase({ name: `Instance ${edition}` }), edition)).toMatchObject({
        edition: edition + 1,
      });
    }
    const told = app.board.announced.filter((kind) => kind.startsWith('edited-'));
    expect(told).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 41].map((edition) => `edited-${edition}`));
    expect(app.board.drawings.at(-1)).toMatchObject({ request: { name: 'Instance 50' } });

    const before = app.order('o1');
    expect(await app.mayEdit('o1', ana)).toMatchObject({ refused: 'edited-too-often' });
    expect(await edits(app, purchase({ name: 'Instance 51' }), 51)).toMatchObject({
      refused: 'edited-too-often',
    });
    // Slack sends the last form once more.
    expect(await edits(app, purchase({ name: 'Instance 50' }), 50)).toMatchObject({ edition: 51 });
    expect(app.order('o1').events).toEqual(before.events);
    await app.approve('o1', ben);
    await app.approve('o1', bea);
    expect(app.carrier.accepted).toMatchObject([{ request: { name: 'Instance 50' } }]);
  });

  test('does not post an unchanged list of numbers again', async () => {
    const request = longDisconnect();
    const app = await waiting(request);
    await allQuiet();
    await edits(app, { ...request, name: 'Old instances' });
    expect(app.board.announced).toEqual(['numbers', 'edited-2']);
  });

  test('posts its new list of numbers if there are many', async () => {
    const app = await waiting(longDisconnect());
    const { inService } = longDisconnect();
    await edits(app, disconnect({ inService: [...inService, ...disconnect().inService] }));
    expect(app.board.announced).toEqual(['numbers', 'edited-2', 'numbers']);
  });

  test('posts the new list even if she edits it while the old one is being posted', async () => {
    const app = startOrdersApp();
    let letOn = () => {};
    app.board.trouble = () => {
      if (app.board.drawings.length === 0) return undefined;
      app.board.trouble = undefined;
      return new Promise<void>((resolve) => {
        letOn = resolve;
      });
    };
    await app.request('o1', longDisconnect());
    const { inService } = longDisconnect();
    await edits(app, disconnect({ inService: [...inService, ...disconnect().inService] }));
    letOn();
    await allQuiet();
    expect(app.board.announced).toEqual(['numbers', 'edited-2', 'numbers']);
  });
});

describe('No one can edit', () => {
  test('someone else’s request, not even an approver', async () => {
    const app = await waiting();
    for (const by of [ben, sam]) {
      expect(await app.mayEdit('o1', by)).toMatchObject({ refused: 'not-the-requester' });
      expect(await edits(app, purchase({ name: 'Mine' }), 1, by)).toMatchObject({
        refused: 'not-the-requester',
      });
    }
    expect(app.order('o1')).toMatchObject({ edition: 1, request: purchase() });
  });

  test('what was decided while the form was open', async () => {
    const app = await waiting();
    expect(await app.mayEdit('o1', ana)).toMatchObject({ edition: 1 });
    await app.approve('o1');
    expect(await edits(app, purchase({ name: 'Back instance' }))).toMatchObject({
      refused: 'already-decided',
    });
    expect(app.carrier.accepted).toMatchObject([{ request: purchase() }]);
  });

  test('more numbers into an order than one can have', async () => {
    const app = await waiting(searchAndOrder(2));
    expect(await edits(app, searchAndOrder(21))).toMatchObject({ refused: 'too-many' });
    expect(requestedQuantity(app.order('o1').request)).toBe(2);
  });

  test('an order that doesn’t exist', async () => {
    const app = await waiting();
    expect(await app.editOrder('o7', ana, { edition: 1, request: purchase() })).toEqual({
      refused: 'no-such-order',
    });
    expect(await app.mayEdit('o7', ana)).toEqual({ refused: 'no-such-order' });
  });
});

test('Of an edit and an approval at once one counts, and Bandwidth gets what Ben saw or nothing', async () => {
  const firsts = new Set<string>();
  for (let order = 0; order < 32; order += ONE_IN_FEW) {
    const app = await waiting();
    const [anas, bens] = [makeHeldCalls(), makeHeldCalls()];
    const seen = requestDigest(app.order('o1'));
    const edit = app.start(anas.gate).editOrder('o1', ana, {
      edition: 1,
      request: purchase({ wanted: { by: 'numbers', numbers: twoNumbers.slice(1) } }),
    });
    const approval = app.start(bens.gate).reviewOrder('o1', ben, { verdict: 'approve', seen });
    await allQuiet();
    for (let step = 0; step < 10; step += 1) await ((order >> (step % 5)) & 1 ? anas : bens).letOn(0);
    anas.open();
    bens.open();
    const results = await Promise.all([edit, approval]);
    await allQuiet();
    await app.live(10_000);
    expect(results.filter((result) => 'refused' in result)).toHaveLength(1);
    const editWon = !('refused' in results[0]);
    expect(app.carrier.accepted.map(({ request }) => request)).toEqual(editWon ? [] : [purchase()]);
    firsts.add(editWon ? 'edit' : 'approval');
  }
  expect([...firsts].sort()).toEqual(['approval', 'edit']);
});
