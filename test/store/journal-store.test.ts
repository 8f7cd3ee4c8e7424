import { expect, test } from '@jest/globals';
import { isDamaged, type JournalEntry } from '../../src/orders/domain/journal-entry.js';
import type { Order } from '../../src/orders/domain/order.js';
import { makeJournal } from '../../src/store/journal-store.js';
import type { Namespace } from '../../src/store/namespace.js';
import { makeCrashingProcess } from '../support/orders/crashing-process.js';
import { makeHeldCalls } from '../support/orders/held-calls.js';
import { allQuiet } from '../support/orders/manual-clock.js';
import { makeMemoryNamespace } from '../support/orders/memory-namespace.js';
import type { Gate } from '../support/orders/orders-app.js';
import { report } from '../support/orders/scripted-carrier.js';
import { fc, runs } from '../support/properties.js';
import { afterReport, declinedOrder } from '../support/sample-orders.js';
import { listeningLog } from './store-fixtures.js';

const five: Order = { ...afterReport(report('complete')), id: 'o1' };
const two: Order = { ...declinedOrder('no'), id: 'o2' };
const straight: Gate = (_call, go) => go();

function openPlace(now = () => 5) {
  const place = { entries: makeMemoryNamespace(), claims: makeMemoryNamespace() };
  const log = listeningLog();
  let calls = 0;
  const through = (gate: Gate, namespace: Namespace): Namespace => {
    const counted: Gate = (call, go) => {
      calls += 1;
      return gate(call, go);
    };
    return {
      ...namespace,
      get: (key) => counted('get', () => namespace.get(key)),
      insertIfAbsent: (key, value) => counted('insert', () => namespace.insertIfAbsent(key, value)),
      replace: (key, current, next) => counted('replace', () => namespace.replace(key, current, next)),
    };
  };
  return {
    /** Another process on the same place. */
    open: (gate: Gate = straight) =>
      makeJournal({
        entries: through(gate, place.entries),
        claims: through(gate, place.claims),
        clock: { now },
        log,
      }),
    calls: () => calls,
    place,
    log,
    /** All that can be read. */
    async all(): Promise<readonly JournalEntry[]> {
      const found: JournalEntry[] = [];
      for await (const entry of makeJournal({ ...place, clock: { now } }).since('T1', 0)) {
        if (!isDamaged(entry)) found.push(entry);
      }
      return found;
    },
  };
}

const named = (entries: readonly JournalEntry[]) =>
  entries.map(({ orderId, index }) => `${orderId} ${index}`).sort();
const everyEvent = ['o1 0', 'o1 1', 'o1 2', 'o1 3', 'o1 4', 'o2 0', 'o2 1'];

test('each event is one entry, no matter how often its order is written', async () => {
  const place = openPlace();
  const journal = place.open();
  await journal.append({ ...five, events: five.events.slice(0, 2) });
  await journal.append(two);
  await journal.append(five);
  await journal.append(five);
  await place.open().append(two);
  const all = await place.all();
  expect(all.map(({ orderId, index }) => `${orderId} ${index}`)).toEqual([
    'o1 0',
    'o1 1',
    'o2 0',
    'o2 1',
    'o1 2',
    'o1 3',
    'o1 4',
  ]);
  expect(all.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(all.slice(1).map(({ previous }) => previous)).toEqual(all.slice(0, -1).map(({ hash }) => hash));
});

test('each workspace has a chain of its own', async () => {
  const place = openPlace();
  const journal = place.open();
  await journal.append(five);
  await journal.append({ ...two, requester: { teamId: 'T2', userId: 'U1' } });
  expect(await journal.survey()).toEqual({
    chains: new Map([
      ['T1', [1, 2, 3, 4, 5]],
      ['T2', [1, 2]],
    ]),
    strays: [],
  });
});

test('a process that dies at any step leaves nothing that the next one writes twice', async () => {
  const living = makeCrashingProcess();
  await openPlace().open(living.gate).append(five);
  expect(living.steps()).toBeGreaterThan(30);
  for (let diesAtStep = 1; diesAtStep <= living.steps(); diesAtStep++) {
    const place = openPlace();
    void place.open(makeCrashingProcess(diesAtStep).gate).append(five);
    await allQuiet();
    const next = place.open();
    await next.append(two);
    await next.append(five);
    expect({ diesAtStep, events: named(await place.all()) }).toEqual({ diesAtStep, events: everyEvent });
  }
});

test('processes that write at once, pause and continue in any order, write each event once', async () => {
  const anyPicks = fc.array(fc.record({ who: fc.nat(2), pick: fc.nat(7) }), { maxLength: 120, size: 'max' });
  await fc.assert(
    fc.asyncProperty(anyPicks, async (picks) => {
      const place = openPlace();
      const heldCalls = [makeHeldCalls(), makeHeldCalls(), makeHeldCalls()];
      const ends = heldCalls.map(async ({ gate }, who) => {
        const journal = place.open(gate);
        // All bring the same two orders, each beginning with another.
        for (const order of who === 1 ? [two, five] : [five, two]) await journal.append(order);
      });
      for (const { who, pick } of picks) {
        await heldCalls[who]?.letOn(pick);
        await allQuiet();
      }
      for (const held of heldCalls) held.open();
      await Promise.all(ends);
      expect(named(await place.all())).toEqual(everyEvent);
    }),
    { numRuns: runs(300) },
  );
});

test('a long journal is not read to write one more entry', async () => {
  const place = openPlace();
  const first = place.open();
  for (let index = 0; index < 500; index++) await first.append({ ...two, id: `order ${index}` });
  const before = place.calls();
  await first.append(five);
  expect(place.calls() - before).toBeLessThanOrEqual(5 * 4 + 2);

  const newcomer = place.open();
  const asANewcomer = place.calls();
  await newcomer.append({ ...five, id: 'o3' });
  expect(place.calls() - asANewcomer).toBeLessThan(5 * 4 + 2 + 100);
});

test('what was written since a time is found without reading what came before', async () => {
  let now = 0;
  const place = openPlace(() => now);
  const journal = place.open();
  for (now = 0; now < 300; now++) await journal.append({ ...two, id: `order ${now}` });
  const before = place.calls();
  const since: JournalEntry[] = [];
  for await (const entry of journal.since('T1', 290)) if (!isDamaged(entry)) since.push(entry);
  expect(since.map(({ writtenAt }) => writtenAt)).toEqual(
    [290, 291, 292, 293, 294, 295, 296, 297, 298, 299].flatMap((at) => [at, at]),
  );
  expect(place.calls() - before).toBeLessThan(50);
});

test('if a clock is set back, the times of the entries stand still instead', async () => {
  let now = 9;
  const place = openPlace(() => now);
  const journal = place.open();
  await journal.append(two);
  now = 3;
  await journal.append(five);
  expect((await place.all()).map(({ writtenAt }) => writtenAt)).toEqual([9, 9, 9, 9, 9, 9, 9]);
});
