import { describe, expect, test } from '@jest/globals';
import { verifyJournal } from '../../../src/orders/journal/verify-journal.js';
import { makeDelegates } from '../../../src/orders/policy/delegates.js';
import type { DelegationStore } from '../../../src/orders/ports/delegation-store.js';
import { OutcomeUnknown, StoreError } from '../../../src/orders/ports/store-errors.js';
import { makeDelegateApprovals } from '../../../src/orders/use-cases/delegate-approvals.js';
import { makeDelegationStore } from '../../../src/store/delegation-store.js';
import { makeJournal } from '../../../src/store/journal-store.js';
import { makeMemoryNamespace } from '../../support/orders/memory-namespace.js';
import { ben, gus, sam, usualPolicy } from '../../support/orders/people.js';

const noon = Date.UTC(2026, 10, 29, 12);
const clock = { now: () => noon };
const DAY_MS = 24 * 60 * 60_000;
const noOrders = { async *all() {} };
const noneExplained = { all: async () => [] };

function setUp(changes: { delegations?: Partial<DelegationStore>; journalFails?: number } = {}) {
  const stored = makeDelegationStore(makeMemoryNamespace());
  const entries = makeMemoryNamespace();
  const journal = makeJournal({ entries, claims: makeMemoryNamespace(), clock });
  const delegations = { ...stored, ...changes.delegations };
  let failures = changes.journalFails ?? 0;
  const warnings: string[] = [];
  const approvals = makeDelegateApprovals({
    delegations,
    delegates: makeDelegates({ delegations, clock }),
    journal: {
      async append(record) {
        failures -= 1;
        if (failures >= 0) throw new StoreError('the database is away');
        await journal.append(record);
      },
    },
    policy: usualPolicy,
    groups: { includesAny: async (_, userId) => userId === gus.userId, membersOf: async () => [gus.userId] },
    accounts: { standingOf: async () => 'member' },
    clock,
    log: { info: () => {}, warn: (_facts, sentence) => warnings.push(sentence) },
  });
  const verified = () =>
    verifyJournal({ journal, orders: noOrders, delegations, explanations: noneExplained });
  return { approvals, stored, entries, warnings, verified };
}

describe('A person who delegates their approvals', () => {
  test('is in the journal, with each beginning and end, once', async () => {
    const { approvals, verified } = setUp();
    await approvals.begin(ben, sam, noon + DAY_MS);
    await approvals.begin(ben, gus, noon + DAY_MS);
    await approvals.end(ben);
    await approvals.journalAll();
    expect(await verified()).toMatchObject({
      chains: [{ teamId: 'T1', entries: 3 }],
      pending: 0,
      problems: [],
    });
  });

  test('is accepted even if the journal cannot be written, which is done later', async () => {
    const { approvals, verified, warnings } = setUp({ journalFails: 2 });
    expect(await approvals.begin(ben, sam, noon + DAY_MS)).toMatchObject({ own: { to: sam } });
    expect(warnings).toEqual(['delegations not journaled, will retry']);
    expect(await verified()).toMatchObject({ pending: 1, problems: [] });
    await approvals.journalAll();
    await approvals.journalAll();
    expect(await verified()).toMatchObject({ chains: [{ entries: 1 }], pending: 0, problems: [] });
  });

  test('is in the journal even if a pass copied it just before the delegation was saved', async () => {
    const { stored } = setUp();
    let pass = async () => {};
    const busy = setUp({
      delegations: {
        ...stored,
        async insert(record) {
          await pass();
          return stored.insert(record);
        },
      },
    });
    pass = busy.approvals.journalAll;
    await busy.approvals.begin(ben, sam, noon + DAY_MS);
    expect(await busy.verified()).toMatchObject({ chains: [{ entries: 1 }], pending: 0, problems: [] });
  });

  test('is not told that it is saved if that is not known', async () => {
    const lost = setUp({
      delegations: {
        insert: async () => {
          throw new OutcomeUnknown('no answer');
        },
      },
    });
    const failed = lost.approvals.begin(ben, sam, noon + DAY_MS);
    await expect(failed).rejects.toBeInstanceOf(OutcomeUnknown);
    await expect(failed).rejects.toHaveProperty('saving', 'delegation');
  });

  test('succeeds at the next attempt if another of their clients was faster', async () => {
    let losses = 2;
    const { approvals } = setUp();
    await approvals.begin(ben, sam, noon + DAY_MS);
    const racing = setUp();
    const { stored } = racing;
    const slow = setUp({
      delegations: {
        ...stored,
        insert: async (record) => {
          losses -= 1;
          return losses < 0 && stored.insert(record);
        },
      },
    });
    expect(await slow.approvals.begin(ben, gus, noon + DAY_MS)).toMatchObject({ own: { to: gus } });
  });

  test('a delegation that was deleted from the database is found by the verification', async () => {
    const { approvals, entries } = setUp();
    await approvals.begin(ben, sam, noon + DAY_MS);
    const journal = makeJournal({ entries, claims: makeMemoryNamespace(), clock });
    const noOne = { all: async () => [] };
    const { problems } = await verifyJournal({
      journal,
      orders: noOrders,
      delegations: noOne,
      explanations: noneExplained,
    });
    expect(problems).toMatchObject([{ what: 'delegations missing', teamId: 'T1' }]);
  });

  test('and only people who can read the audit see everyone’s', async () => {
    const { approvals } = setUp();
    await approvals.begin(ben, sam, noon + DAY_MS);
    expect(await approvals.all(gus)).toMatchObject([{ of: ben, to: sam }]);
    expect(await approvals.all(sam)).toEqual([]);
  });
});
