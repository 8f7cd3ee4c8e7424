import { mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { temporaryFolder } from '../support/folder.js';
import { describeWith, postgres, redis } from '../support/servers.js';
import { CHANNEL, startWorld, type World } from '../support/world.js';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

type Person = World['ben'];

/** What this person, alone, is told after a press. */
async function toldAfter(world: World, person: Person, press: () => Promise<unknown>): Promise<string> {
  const before = person.ephemerals(CHANNEL).length;
  await press();
  const said = await world.slack.until(() => person.ephemerals(CHANNEL)[before], {
    describe: `${person.name} to be told something`,
  });
  return asPlainText(said);
}

const buttonsOf = (card: Message): number => JSON.stringify(card.blocks).split('"type":"button"').length - 1;

async function readiness(world: World) {
  const answer = await fetch(`http://127.0.0.1:${world.config.listen?.port ?? 0}/readyz`);
  return { status: answer.status, says: (await answer.json()) as unknown };
}

const complaints = (world: World) =>
  world.log.filter(({ msg }) => String(msg).includes('nothing is saved or acknowledged until this is fixed'));

/** What may happen to the file of a running app, and how it is undone. */
const accidents: ReadonlyArray<readonly [what: string, says: RegExp, happens: (file: string) => () => void]> =
  [
    [
      'is moved away',
      /numbers\.db is gone/,
      (file) => {
        renameSync(file, `${file}.away`);
        return () => renameSync(`${file}.away`, file);
      },
    ],
    [
      'is replaced by another one',
      /numbers\.db was replaced by another file/,
      (file) => {
        renameSync(file, `${file}.away`);
        writeFileSync(file, readFileSync(`${file}.away`));
        return () => renameSync(`${file}.away`, file);
      },
    ],
    [
      'disappears under an empty volume',
      /numbers\.db is gone/,
      (file) => {
        const folder = dirname(file);
        renameSync(folder, `${folder}.away`);
        mkdirSync(folder);
        return () => {
          rmSync(folder, { recursive: true });
          renameSync(`${folder}.away`, folder);
        };
      },
    ],
    [
      'loses its write-ahead log',
      /numbers\.db-wal is gone/,
      (file) => {
        renameSync(`${file}-wal`, `${file}-away`);
        return () => renameSync(`${file}-away`, `${file}-wal`);
      },
    ],
    [
      'loses the lock beside it',
      /numbers\.db\.lock is gone/,
      (file) => {
        renameSync(`${file}.lock`, `${file}.away`);
        return () => renameSync(`${file}.away`, `${file}.lock`);
      },
    ],
  ];

describe('When the database file of a running app', () => {
  test.each(accidents)(
    '%s, nothing is acknowledged or ordered until it is back',
    async (_what, says, happens) => {
      const world = await startWorld();
      ends.push(() => world.close());
      const card = await world.requested('919');
      expect(await readiness(world)).toMatchObject({ status: 200 });

      const undo = happens(world.config.storeUrl.replace('sqlite:', ''));
      expect(await toldAfter(world, world.ben, () => world.ben.presses(card, 'Approve & order'))).toContain(
        'nothing was changed',
      );
      expect(await readiness(world)).toEqual({
        status: 503,
        says: { slack: 'reached', database: 'not reached' },
      });
      expect(complaints(world)).toEqual([
        expect.objectContaining({ level: 50, file: expect.stringMatching(/numbers\.db/) }),
      ]);
      expect(JSON.stringify(world.log)).toMatch(says);
      expect(world.bandwidth.orders()).toEqual([]);

      undo();
      expect(await readiness(world)).toMatchObject({ status: 200 });
      await world.ben.presses(card, 'Approve & order');
      await world.says(card, 'Complete: 1 of 1 number');
      expect(complaints(world)).toHaveLength(1);
    },
  );

  test('is emptied, nothing is acknowledged', async () => {
    const folder = temporaryFolder();
    ends.push(() => folder.remove());
    const file = join(folder.path, 'numbers.db');
    const world = await startWorld();
    ends.push(() => world.close());
    await world.restart({ STORE_URL: `sqlite:${file}` });
    const card = await world.requested('919');
    truncateSync(file);
    expect(await toldAfter(world, world.ben, () => world.ben.presses(card, 'Approve & order'))).toContain(
      'nothing was changed',
    );
    expect(await readiness(world)).toMatchObject({ status: 503 });
    expect(complaints(world)).toEqual([expect.objectContaining({ became: 'empty' })]);
    expect(world.bandwidth.orders()).toEqual([]);
  });
});

/** The app is started again on a database that knows nothing of the card it posted before. */
async function onAnotherDatabase(settings: Readonly<Record<string, string>>, another: string): Promise<void> {
  const world = await startWorld({ settings });
  ends.push(() => world.close());
  const cards = [await world.requested('919'), await world.requested('910'), await world.requested('704')];
  await world.restart({ STORE_URL: another });
  for (const [index, press] of ['Approve & order', 'Decline…', 'Cancel'].entries()) {
    const card = cards[index] as Message;
    expect(buttonsOf(card)).toBeGreaterThan(0);
    expect(await toldAfter(world, world.ben, () => world.ben.presses(card, press))).toContain(
      'I have no record of this order, so nothing was done.',
    );
    await world.slack.until(() => buttonsOf(card) === 0, { describe: 'the card to lose its buttons' });
    expect(asPlainText(card)).toContain(
      "I have no record of this order: it isn't in my database, so nothing can be decided here.",
    );
    // What had been asked for stays readable.
    expect(asPlainText(card)).toContain('New support line');
  }
  expect(world.bandwidth.orders()).toEqual([]);
  await world.restart();
}

describe('A card whose order is not in the database loses its buttons when someone presses one', () => {
  test('where the database is a file', async () => {
    const folder = temporaryFolder();
    ends.push(() => folder.remove());
    await onAnotherDatabase({}, `sqlite:${folder.path}/another.db`);
  });

  for (const server of [postgres, redis]) {
    describeWith([server], `where it is in ${server.name}`, () => {
      test('too', async () => {
        const [one, another] = [server.fresh(), server.fresh()];
        ends.push(() => Promise.all([server.discard(one), server.discard(another)]));
        await onAnotherDatabase({ STORE_URL: one }, another);
      });
    });
  }
});
