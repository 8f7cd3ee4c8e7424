import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DriftReport, DueReport } from '../../src/orders/ports/drift.js';
import type { Store } from '../../src/store/open-store.js';
import { approver, noon, number } from '../support/sample-orders.js';

/** What every backend must do with explanations and reports; see `describeStore`. */
export function describeDriftStore<Place>(
  name: string,
  backend: {
    fresh(): Promise<Place>;
    open(place: Place): Promise<Store>;
    discard(place: Place): Promise<void>;
  },
): void {
  describe(`drift in ${name}`, () => {
    let place: Place;
    let store: Store;
    let another: Store;

    beforeEach(async () => {
      place = await backend.fresh();
      store = await backend.open(place);
      another = await backend.open(place);
    });

    afterEach(async () => {
      await store.close();
      await another.close();
      await backend.discard(place);
    });

    const explanation = {
      kind: 'unexplained',
      subjects: [['+19102414365', '']],
      by: approver,
      at: noon,
      reason: 'Ported in for the fair',
    } as const;

    test('an explanation is visible to every instance, and the same one is added once', async () => {
      await store.explanations.add('V1', explanation);
      await another.explanations.add('V1', { ...explanation, reason: 'Something else' });
      expect(await another.explanations.all()).toEqual([expect.objectContaining(explanation)]);
    });

    test('explanations survive closing and opening', async () => {
      await store.explanations.add('V1', explanation);
      await store.close();
      await another.close();
      store = await backend.open(place);
      another = await backend.open(place);
      expect(await store.explanations.all()).toHaveLength(1);
    });

    test('a report comes back as it was made', async () => {
      const report: DriftReport = {
        id: 'c0ffee00-0000-4000-8000-000000000001',
        at: noon,
        inventory: { standing: 'complete', asOf: noon, unread: 0, missingRoles: [] },
        explained: 0,
        unlistedOrders: 0,
        unreadableOrders: 0,
        lists: {
          unexplained: {
            shown: [{ kind: 'unexplained', number: number('9102414365') }],
            subjects: [['+19102414365', '']],
          },
        },
      };
      await store.driftReports.put(report);
      expect(await another.driftReports.get(report.id)).toEqual(report);
      expect(await another.driftReports.get('another')).toBeUndefined();
      expect(await another.driftReports.get('next')).toBeUndefined();
    });

    test('of two instances that change the next report, one succeeds', async () => {
      const due: DueReport = { schedule: '0 9 * * 1', dueAt: noon, state: 'due' };
      const first = await Promise.all(
        [store, another].map(({ driftReports }) => driftReports.replaceDue(undefined, due)),
      );
      expect(first.filter(Boolean)).toHaveLength(1);
      const current = await Promise.all([store, another].map(({ driftReports }) => driftReports.nextDue()));
      expect(current).toEqual([expect.objectContaining(due), expect.objectContaining(due)]);
      const taken = await Promise.all(
        [store, another].map(({ driftReports }, index) =>
          driftReports.replaceDue(current[index], { ...due, state: 'posting' }),
        ),
      );
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await store.driftReports.nextDue()).toMatchObject({ state: 'posting' });
    });
  });
}
