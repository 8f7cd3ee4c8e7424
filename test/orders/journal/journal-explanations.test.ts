import { describe, expect, test } from '@jest/globals';
import type { JournalEntry } from '../../../src/orders/domain/journal-entry.js';
import { makeExplanationJournal } from '../../../src/orders/journal/journal-explanations.js';
import { verifyJournal } from '../../../src/orders/journal/verify-journal.js';
import { StoreError } from '../../../src/orders/ports/store-errors.js';
import { makeExplanationStore } from '../../../src/store/drift-store.js';
import { makeJournal } from '../../../src/store/journal-store.js';
import { makeMemoryNamespace } from '../../support/orders/memory-namespace.js';
import { approver, noon } from '../../support/sample-orders.js';

const nobody = { all: async () => [] };
const noOrders = { async *all() {} };

const explanation = {
  kind: 'unexplained',
  subjects: [
    ['+19102414365', '1'],
    ['+19103174992', ''],
  ],
  by: approver,
  at: noon,
  reason: 'Ported in for the fair',
} as const;

/** A journal and explanations, in which `failures` appends fail first. */
function setUp({ failures = 0 } = {}) {
  const kept = makeMemoryNamespace();
  const explanations = makeExplanationStore(kept, { error: () => {} });
  const journal = makeJournal({
    entries: makeMemoryNamespace(),
    claims: makeMemoryNamespace(),
    clock: { now: () => noon },
  });
  let left = failures;
  const start = () =>
    makeExplanationJournal({
      explanations,
      journal: {
        async append(record) {
          left -= 1;
          if (left >= 0) throw new StoreError('the database is away');
          await journal.append(record);
        },
      },
      log: { warn: () => {} },
    });
  const entries = async () => {
    const found: unknown[] = [];
    for await (const each of journal.since(approver.teamId, 0)) found.push(each);
    return found as readonly JournalEntry[];
  };
  const verified = () => verifyJournal({ journal, orders: noOrders, delegations: nobody, explanations });
  return { kept, explanations, start, entries, verified };
}

describe('An explanation of drift', () => {
  test('is in the journal with the person, the reason and what it is about, once', async () => {
    const { explanations, start, entries, verified } = setUp();
    const journal = start();
    await journal.catchUp();
    await journal.whileAdding(() => explanations.add('V1', explanation));
    await Promise.all([journal.catchUp(), journal.catchUp()]);
    await start().catchUp();
    expect(await entries()).toMatchObject([
      { orderId: 'V1', index: 0, event: { what: 'drift-explained', ...explanation } },
    ]);
    expect(await verified()).toMatchObject({ pending: 0, problems: [] });
  });

  test('is in the journal although a pass completed the journal while it was being added', async () => {
    const { explanations, start, verified } = setUp();
    const journal = start();
    await journal.catchUp();
    await journal.whileAdding(async () => {
      await journal.catchUp();
      await explanations.add('V1', explanation);
    });
    await journal.catchUp();
    expect(await verified()).toMatchObject({ pending: 0, problems: [] });
  });

  test('is in the journal even if the answer that it was added got lost', async () => {
    const { explanations, start, verified } = setUp();
    const journal = start();
    await journal.catchUp();
    const lost = journal.whileAdding(async () => {
      await journal.catchUp();
      await explanations.add('V1', explanation);
      throw new StoreError('the answer was lost');
    });
    await expect(lost).rejects.toBeInstanceOf(StoreError);
    await journal.catchUp();
    expect(await verified()).toMatchObject({ pending: 0, problems: [] });
  });

  test('reaches the journal later if the journal is unavailable at first', async () => {
    const { explanations, start, entries, verified } = setUp({ failures: 1 });
    const journal = start();
    await explanations.add('V1', explanation);
    await journal.catchUp();
    expect(await verified()).toMatchObject({ pending: 1, problems: [] });
    await journal.catchUp();
    expect(await entries()).toHaveLength(1);
    expect(await verified()).toMatchObject({ pending: 0, problems: [] });
  });

  test('that was changed in the database, or deleted there, is found by the verification', async () => {
    const { kept, explanations, start, verified } = setUp();
    await explanations.add('V1', explanation);
    await start().catchUp();
    await kept.set('V1', { v: 1, ...explanation, reason: 'Something else' });
    expect((await verified()).problems).toEqual([{ what: 'event differs', orderId: 'V1', index: 0 }]);
    await kept.removeIfSame('V1', await kept.get('V1'));
    expect((await verified()).problems).toMatchObject([{ what: 'explanation missing', orderId: 'V1' }]);
  });
});
