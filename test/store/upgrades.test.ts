import { expect, test } from '@jest/globals';
import { StoreError } from '../../src/orders/ports/store-errors.js';
import { type DatabaseUse, StoreNotReady } from '../../src/store/database.js';
import { checkSchema } from '../../src/store/schema-version.js';
import type { Upgrade } from '../../src/store/upgrades.js';
import { makeMemoryNamespace } from '../support/orders/memory-namespace.js';
import { listeningLog } from './store-fixtures.js';

/** A store that is at this version, and an app that knows the upgrades to 2, 3 and 4. */
function aStore(version: number) {
  const about = makeMemoryNamespace();
  const steps: string[] = [];
  const step = (to: number, given: Partial<Upgrade> = {}): Upgrade => ({
    isOptionalToRead: true,
    async run() {
      steps.push(`to ${to}`);
    },
    ...given,
  });
  const upgrades = [step(2), step(3), step(4)];
  const stamp = (value: object) => about.set('schema', value);
  return {
    about,
    steps,
    step,
    stamp,
    begun: stamp({ version }),
    open: (use: DatabaseUse = 'sole writer', known: readonly Upgrade[] = upgrades) => {
      const log = listeningLog();
      return checkSchema(
        {
          database: { where: 'the database numbers.db' },
          use,
          isEmpty: async () => false,
          archive: { async *all() {} },
          orderIndex: { add: async () => {}, remove: async () => {}, last: async () => [] },
          namespace: async () => about,
          log,
        },
        known,
      ).then(() => log.heard.map(({ sentence }) => sentence));
    },
  };
}

test('An old store is upgraded step by step, in order, and each step is logged', async () => {
  const { open, steps, about, begun } = aStore(1);
  await begun;
  expect(await open()).toEqual(Array.from({ length: 3 }, () => 'upgrading the database'));
  expect(steps).toEqual(['to 2', 'to 3', 'to 4']);
  expect(await about.get('schema')).toEqual({ version: 4 });
  expect(await open()).toEqual([]);
  expect(steps).toHaveLength(3);
});

test('an upgrade that fails or is interrupted is repeated, but not the ones before it', async () => {
  const { open, steps, step, about, begun } = aStore(1);
  await begun;
  let fails = true;
  const failing = step(3, {
    async run() {
      steps.push('to 3');
      if (fails) throw new Error('the disk is full');
    },
  });
  const known = [step(2), failing, step(4)];
  await expect(open('sole writer', known)).rejects.toThrow(StoreNotReady);
  expect(await about.get('schema')).toEqual({ version: 2 });
  fails = false;
  await open('sole writer', known);
  expect(steps).toEqual(['to 2', 'to 3', 'to 3', 'to 4']);
});

test('of two instances that upgrade at once, neither reverts the other', async () => {
  const { open, step, stamp, about, begun } = aStore(2);
  await begun;
  const slow = step(3, { run: () => stamp({ version: 4 }) });
  await open('sole writer', [step(2), slow, step(4)]);
  expect(await about.get('schema')).toEqual({ version: 4 });
  await stamp({ version: 2 });
  const newer = step(3, { run: () => stamp({ version: 9 }) });
  await expect(open('sole writer', [step(2), newer, step(4)])).rejects.toThrow('a newer version of this app');
});

test('a program that only reads upgrades nothing, and reads an old store only if that makes no difference', async () => {
  const { open, steps, step, about, begun } = aStore(2);
  await begun;
  await open('reader');
  const known = [step(2), step(3), step(4, { isOptionalToRead: false })];
  const refused = open('reader', known);
  await expect(refused).rejects.toThrow(StoreError);
  await expect(refused).rejects.toThrow('Start this version once, which upgrades it to schema 4');
  expect(steps).toEqual([]);
  expect(await about.get('schema')).toEqual({ version: 2 });
});

test('a store with an unfinished copy is refused with an explanation, for readers and writers alike', async () => {
  const { open, stamp, begun } = aStore(4);
  await begun;
  await stamp({ copy: 'c1' });
  for (const use of ['sole writer', 'writer', 'reader'] as const) {
    await expect(open(use)).rejects.toThrow(
      "cannot use the database numbers.db: npm run store:copy hasn't finished copying into it. Run it again",
    );
  }
});
