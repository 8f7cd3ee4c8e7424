import { describe, expect, test } from '@jest/globals';
import { changeOrder } from '../../../src/orders/change-order.js';
import type { Order } from '../../../src/orders/domain/order.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import { mistrusted } from '../../../src/orders/domain/transitions.js';
import type { Refusal } from '../../../src/orders/policy/refusal.js';
import { OutcomeUnknown, StoreError } from '../../../src/orders/ports.js';
import { allQuiet } from '../../support/orders/hand-clock.js';
import { type Office, openOffice } from '../../support/orders/office.js';
import { anna, ben, disconnect, purchase, searchAndOrder } from '../../support/orders/people.js';
import { lostOnTheWay, report } from '../../support/orders/scripted-carrier.js';

const MINUTE = 60_000;

interface Act {
  readonly call: 'insert' | 'replace';
  /** What the person hears of it while nobody knows. */
  readonly saving: string;
  prepare(): Promise<Office>;
  act(office: Office): Promise<Order | Refusal>;
  /** What the record says once it has happened. */
  readonly done: object;
}

async function requested(changes: Parameters<typeof openOffice>[0] = {}, request = searchAndOrder(2)) {
  const office = openOffice(changes);
  await office.request('o1', request);
  return office;
}

const approves = (office: Office) =>
  office.reviewOrder('o1', ben, { verdict: 'approve', seen: requestDigest(office.order('o1')) });

async function leftNoTrace() {
  const office = await requested();
  office.carrier.onPlace(lostOnTheWay);
  await approves(office);
  await office.live(2 * MINUTE);
  expect(office.order('o1')).toMatchObject({ status: 'placing', failedLookups: expect.any(Number) });
  return office;
}

const happened = (what: string) => ({
  events: expect.arrayContaining([expect.objectContaining({ what })]),
});

const acts: Readonly<Record<string, Act>> = {
  'asking for numbers': {
    call: 'insert',
    saving: 'your request',
    prepare: async () => openOffice(),
    act: (office) => office.requestOrder({ id: 'o1', request: purchase(), requester: anna, channelId: 'C1' }),
    done: happened('requested'),
  },
  'asking for a disconnect': {
    call: 'insert',
    saving: 'your request',
    prepare: async () => openOffice(),
    act: (office) =>
      office.requestOrder({ id: 'o1', request: disconnect(), requester: anna, channelId: 'C1' }),
    done: happened('requested'),
  },
  'an approval': {
    call: 'replace',
    saving: 'your approval',
    prepare: requested,
    act: approves,
    done: happened('approved'),
  },
  'the first of two approvals': {
    call: 'replace',
    saving: 'your approval',
    prepare: () => requested({ approvalsRequired: 2 }),
    act: approves,
    done: happened('approval-given'),
  },
  'a decline': {
    call: 'replace',
    saving: 'your decision to decline',
    prepare: requested,
    act: (office) => office.reviewOrder('o1', ben, { verdict: 'decline', why: 'no' }),
    done: happened('declined'),
  },
  'a cancellation': {
    call: 'replace',
    saving: 'your cancellation',
    prepare: requested,
    act: (office) => office.cancelOrder('o1', anna),
    done: happened('cancelled'),
  },
  'an undo': {
    call: 'replace',
    saving: 'your cancellation',
    prepare: async () => {
      const office = await requested({}, disconnect());
      await approves(office);
      await allQuiet();
      return office;
    },
    act: (office) => office.cancelOrder('o1', anna),
    done: happened('cancelled'),
  },
  'an edit': {
    call: 'replace',
    saving: 'your edit',
    prepare: requested,
    act: (office) => office.editOrder('o1', anna, { edition: 1, request: searchAndOrder(3) }),
    done: happened('edited'),
  },
  'ordering it again': {
    call: 'replace',
    saving: 'your decision to resubmit it',
    prepare: leftNoTrace,
    act: (office) => office.orderAgain('o1', ben),
    done: happened('wanted-again'),
  },
  'giving it up': {
    call: 'replace',
    saving: 'your decision to give it up',
    prepare: leftNoTrace,
    act: (office) => office.giveUp('o1', anna),
    done: happened('given-up'),
  },
  'closing a back-order': {
    call: 'replace',
    saving: 'your request to close the back-order',
    prepare: async () => {
      const office = await requested();
      office.carrier.says(report('backordered'));
      await approves(office);
      await office.live(10_000);
      return office;
    },
    act: (office) => office.closeBackOrder('o1', anna),
    done: happened('close-wanted'),
  },
  'checking again': {
    call: 'replace',
    saving: 'your request to check again',
    prepare: leftNoTrace,
    act: (office) => office.checkAgain('o1', anna),
    done: { status: 'placing' },
  },
};

describe.each(Object.entries(acts))('Where the database’s answer is lost, %s', (_name, given) => {
  test.each([
    ['was written: it counts as what it is', true],
    ['was not written: it is written once more', false],
  ])('and %s', async (_, written) => {
    const office = await given.prepare();
    office.store.loseAnswer(given.call, { written });
    const answer = await given.act(office);
    expect(answer).not.toHaveProperty('refused');
    expect(office.store.onRecord('o1')).toMatchObject(given.done);
    await allQuiet();
    expect(office.carrier.accepted.length).toBeLessThanOrEqual(1);
  });

  test.each([true, false])(
    'and the database is down after it: nobody is told that nothing was changed (written: %s)',
    async (written) => {
      const office = await given.prepare();
      office.store.loseAnswer(given.call, { written, away: true });
      const answer = given.act(office).then(
        () => undefined,
        (error: unknown) => error,
      );
      await office.clock.advance(5_000);
      const error = await answer;
      if (!(error instanceof OutcomeUnknown)) throw new Error(`not said to be unknown: ${error}`);
      expect(error.advice).toContain(`I don't know whether ${given.saving} was saved`);
      expect(error.advice).not.toContain('nothing was changed');
      office.store.recover();
      await office.clock.advance(MINUTE);
      expect(await error.becomes).toBe(written);
      if (written) expect(office.store.onRecord('o1')).toMatchObject(given.done);
    },
  );
});

describe('Where the database’s answer to an approval is lost', () => {
  test('and someone else writes before the record is read, it still counts', async () => {
    const office = await requested();
    const other = office.start();
    office.store.loseAnswer('replace', { written: true });
    let passed = false;
    office.store.before((call) => {
      if (call !== 'get' || passed || office.store.onRecord('o1')?.status !== 'approved') return undefined;
      passed = true;
      return other.engine.settle('o1');
    });
    expect(await approves(office)).not.toHaveProperty('refused');
    await allQuiet();
    expect(office.carrier.posts).toEqual(['o1']);
  });

  test('and someone declines before our write arrives, the approver is told that', async () => {
    const office = await requested();
    const other = office.start();
    office.store.loseAnswer('replace', { written: false });
    const approval = approves(office);
    const decline = other.reviewOrder('o1', ben, { verdict: 'decline', why: 'no' });
    const answers = await Promise.all([approval, decline]);
    await allQuiet();
    expect(answers.filter((answer) => 'refused' in answer)).toHaveLength(1);
    expect(office.carrier.posts).toHaveLength(office.order('o1').status === 'declined' ? 0 : 1);
  });

  test('nothing is sent to Bandwidth unless the intent is known to be on record', async () => {
    const office = await requested({}, disconnect());
    await approves(office);
    await office.live(MINUTE - 10_000);
    office.store.loseAnswer('replace', { written: true, away: true });
    const passed = office.engine.pass();
    await office.clock.advance(20_000);
    await passed;
    expect(office.store.onRecord('o1')?.status).toBe('placing');
    expect(office.carrier.posts).toEqual([]);
    office.store.recover();
    await office.live(5 * MINUTE);
    expect(office.carrier.posts).toEqual([]);
    expect(office.board.announced).toContain('untraced');
  });
});

test('A refusal is reported even if its card cannot be marked for a redraw', async () => {
  const office = await requested();
  await office.cancelOrder('o1', anna);
  await allQuiet();
  office.store.failWhen((call) => call === 'replace');
  expect(await office.cancelOrder('o1', anna)).toMatchObject({ refused: 'already-decided' });
});

test('A record that is different at every read is given up with an error, and nobody waits forever', async () => {
  const office = await requested();
  let tries = 0;
  let waitedMs = 0;
  const orders = {
    get: office.store.get,
    async replace() {
      tries += 1;
      return false;
    },
  };
  const changed = changeOrder(orders, 'o1', mistrusted, async (ms) => {
    waitedMs += ms;
  });
  await expect(changed).rejects.toBeInstanceOf(StoreError);
  expect(tries).toBeLessThan(100);
  expect(waitedMs).toBeLessThan(5_000);
});
