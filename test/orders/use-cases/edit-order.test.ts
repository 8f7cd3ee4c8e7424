import { describe, expect, test } from '@jest/globals';
import { decided, rebuild } from '../../../src/orders/domain/apply-event.js';
import { editOf } from '../../../src/orders/domain/editions.js';
import { askedQuantity, type OrderRequest } from '../../../src/orders/domain/request.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import { allQuiet } from '../../support/orders/hand-clock.js';
import { type Office, openOffice } from '../../support/orders/office.js';
import {
  anna,
  bea,
  ben,
  disconnect,
  longDisconnect,
  purchase,
  sam,
  searchAndOrder,
  twoNumbers,
} from '../../support/orders/people.js';
import { makeTurnstile } from '../../support/orders/turnstile.js';
import { ONE_IN_FEW } from '../../support/properties.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

async function waiting(request: OrderRequest = purchase()) {
  const office = openOffice();
  await office.request('o1', request);
  return office;
}

const edits = async (office: Office, request: OrderRequest, edition = 1, by = anna) => {
  const result = await office.editOrder('o1', by, { edition, request });
  await allQuiet();
  return result;
};

describe('A waiting request that Anna edits', () => {
  test('is a different request, and its card and thread say so', async () => {
    const office = await waiting();
    expect(await edits(office, purchase({ name: 'Back desk' }))).toMatchObject({
      status: 'awaiting-approval',
      edition: 2,
      request: { name: 'Back desk' },
    });
    expect(office.board.drawings.at(-1)).toMatchObject({ request: { name: 'Back desk' } });
    expect(office.board.announced).toEqual(['edited-2']);
  });

  test('cannot be approved on an old card', async () => {
    const office = await waiting();
    const seen = requestDigest(office.order('o1'));
    await edits(office, purchase({ name: 'Back desk' }));
    expect(await office.reviewOrder('o1', ben, { verdict: 'approve', seen })).toMatchObject({
      refused: 'changed-since',
    });
    await office.approve('o1');
    expect(office.carrier.accepted).toMatchObject([{ request: { name: 'Back desk' } }]);
  });

  test('not even when she edits it back to what it was', async () => {
    const office = await waiting();
    const seen = requestDigest(office.order('o1'));
    await edits(office, purchase({ name: 'Back desk' }));
    await edits(office, purchase(), 2);
    expect(await office.reviewOrder('o1', ben, { verdict: 'approve', seen })).toMatchObject({
      refused: 'changed-since',
    });
    expect(office.board.announced).toEqual(['edited-2', 'edited-3']);
  });

  test('starts its whole time again, and its reminders', async () => {
    const office = await waiting();
    await office.live(DAY / 2 + MINUTE, office, 10 * MINUTE);
    expect(office.board.announced).toEqual(['reminder-half']);
    await edits(office, purchase({ name: 'Back desk' }));
    await office.live(DAY / 2, office, 10 * MINUTE);
    expect(office.order('o1').status).toBe('awaiting-approval');
    await office.live(DAY / 2 - MINUTE, office, 10 * MINUTE);
    expect(office.board.announced).toEqual(['reminder-half', 'edited-2', 'reminder-half', 'reminder-hour']);
    await office.live(5 * MINUTE, office, MINUTE);
    expect(office.order('o1').status).toBe('expired');
  });

  test('has to be approved again by everyone who had approved it', async () => {
    const office = openOffice({ approvalsRequired: 2 });
    await office.request('o1', purchase());
    await office.approve('o1', ben);
    await edits(office, purchase({ name: 'Back desk' }));
    expect(office.order('o1')).toMatchObject({ status: 'awaiting-approval', approvals: [] });
    expect(editOf(office.order('o1'), 'edited-2').dropped).toEqual([ben]);
    await office.approve('o1', bea);
    expect(office.order('o1').status).toBe('awaiting-approval');
    await office.approve('o1', ben);
    expect(office.carrier.accepted).toMatchObject([{ request: { name: 'Back desk' } }]);
    expect(office.board.announced).toEqual(['approval-1', 'edited-2', 'approval-1', 'approved']);
  });

  test('is as it was if she changed nothing, even when Slack sends her form twice', async () => {
    const office = await waiting();
    await edits(office, purchase());
    expect(office.order('o1')).toMatchObject({ edition: 1 });
    await edits(office, purchase({ name: 'Back desk' }));
    const before = office.order('o1');
    expect(await edits(office, purchase({ name: 'Back desk' }))).toMatchObject({ edition: 2 });
    expect(office.order('o1')).toEqual(before);
  });

  test('is not overwritten by a form that was opened before another edit', async () => {
    const office = await waiting();
    await edits(office, purchase({ name: 'Back desk' }));
    expect(await edits(office, purchase({ name: 'Side desk' }))).toMatchObject({ refused: 'changed-since' });
    expect(office.order('o1')).toMatchObject({ edition: 2, request: { name: 'Back desk' } });
  });

  test('can be rebuilt from its events', async () => {
    const office = await waiting();
    await edits(office, purchase({ name: 'Back desk' }));
    await office.live(DAY + MINUTE, office, 10 * MINUTE);
    const order = office.order('o1');
    expect(order.events.map(({ what }) => what)).toEqual(['requested', 'edited', 'expired']);
    expect(decided(rebuild('o1', order.events))).toEqual(decided(order));
  });

  test('too often floods neither its thread nor the record', async () => {
    const office = openOffice({ approvalsRequired: 2 });
    await office.request('o1', purchase());
    for (let edition = 1; edition <= 50; edition += 1) {
      // An approval that an edit drops is told whenever that is.
      if (edition === 40) await office.approve('o1', ben);
      expect(await edits(office, purchase({ name: `Desk ${edition}` }), edition)).toMatchObject({
        edition: edition + 1,
      });
    }
    const told = office.board.announced.filter((kind) => kind.startsWith('edited-'));
    expect(told).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 41].map((edition) => `edited-${edition}`));
    expect(office.board.drawings.at(-1)).toMatchObject({ request: { name: 'Desk 50' } });

    const before = office.order('o1');
    expect(await office.mayEdit('o1', anna)).toMatchObject({ refused: 'edited-too-often' });
    expect(await edits(office, purchase({ name: 'Desk 51' }), 51)).toMatchObject({
      refused: 'edited-too-often',
    });
    // Slack sends the last form once more.
    expect(await edits(office, purchase({ name: 'Desk 50' }), 50)).toMatchObject({ edition: 51 });
    expect(office.order('o1').events).toEqual(before.events);
    await office.approve('o1', ben);
    await office.approve('o1', bea);
    expect(office.carrier.accepted).toMatchObject([{ request: { name: 'Desk 50' } }]);
  });

  test('does not post an unchanged list of numbers again', async () => {
    const request = longDisconnect();
    const office = await waiting(request);
    await allQuiet();
    await edits(office, { ...request, name: 'Old desks' });
    expect(office.board.announced).toEqual(['numbers', 'edited-2']);
  });

  test('posts its new list of numbers if there are many', async () => {
    const office = await waiting(longDisconnect());
    const { inService } = longDisconnect();
    await edits(office, disconnect({ inService: [...inService, ...disconnect().inService] }));
    expect(office.board.announced).toEqual(['numbers', 'edited-2', 'numbers']);
  });

  test('posts the new list even if she edits it while the old one is being posted', async () => {
    const office = openOffice();
    let letOn = () => {};
    office.board.trouble = () => {
      if (office.board.drawings.length === 0) return undefined;
      office.board.trouble = undefined;
      return new Promise<void>((resolve) => {
        letOn = resolve;
      });
    };
    await office.request('o1', longDisconnect());
    const { inService } = longDisconnect();
    await edits(office, disconnect({ inService: [...inService, ...disconnect().inService] }));
    letOn();
    await allQuiet();
    expect(office.board.announced).toEqual(['numbers', 'edited-2', 'numbers']);
  });
});

describe('No one can edit', () => {
  test('someone else’s request, not even an approver', async () => {
    const office = await waiting();
    for (const by of [ben, sam]) {
      expect(await office.mayEdit('o1', by)).toMatchObject({ refused: 'not-the-requester' });
      expect(await edits(office, purchase({ name: 'Mine' }), 1, by)).toMatchObject({
        refused: 'not-the-requester',
      });
    }
    expect(office.order('o1')).toMatchObject({ edition: 1, request: purchase() });
  });

  test('what was decided while the form was open', async () => {
    const office = await waiting();
    expect(await office.mayEdit('o1', anna)).toMatchObject({ edition: 1 });
    await office.approve('o1');
    expect(await edits(office, purchase({ name: 'Back desk' }))).toMatchObject({
      refused: 'already-decided',
    });
    expect(office.carrier.accepted).toMatchObject([{ request: purchase() }]);
  });

  test('more numbers into an order than one can have', async () => {
    const office = await waiting(searchAndOrder(2));
    expect(await edits(office, searchAndOrder(21))).toMatchObject({ refused: 'too-many' });
    expect(askedQuantity(office.order('o1').request)).toBe(2);
  });

  test('an order that doesn’t exist', async () => {
    const office = await waiting();
    expect(await office.editOrder('o7', anna, { edition: 1, request: purchase() })).toEqual({
      refused: 'no-such-order',
    });
    expect(await office.mayEdit('o7', anna)).toEqual({ refused: 'no-such-order' });
  });
});

test('Of an edit and an approval at once one counts, and Bandwidth gets what Ben saw or nothing', async () => {
  const firsts = new Set<string>();
  for (let order = 0; order < 32; order += ONE_IN_FEW) {
    const office = await waiting();
    const [annas, bens] = [makeTurnstile(), makeTurnstile()];
    const seen = requestDigest(office.order('o1'));
    const edit = office.start(annas.gate).editOrder('o1', anna, {
      edition: 1,
      request: purchase({ wanted: { by: 'numbers', numbers: twoNumbers.slice(1) } }),
    });
    const approval = office.start(bens.gate).reviewOrder('o1', ben, { verdict: 'approve', seen });
    await allQuiet();
    for (let step = 0; step < 10; step += 1) await ((order >> (step % 5)) & 1 ? annas : bens).letOn(0);
    annas.open();
    bens.open();
    const results = await Promise.all([edit, approval]);
    await allQuiet();
    await office.live(10_000);
    expect(results.filter((result) => 'refused' in result)).toHaveLength(1);
    const editWon = !('refused' in results[0]);
    expect(office.carrier.accepted.map(({ request }) => request)).toEqual(editWon ? [] : [purchase()]);
    firsts.add(editWon ? 'edit' : 'approval');
  }
  expect([...firsts].sort()).toEqual(['approval', 'edit']);
});
