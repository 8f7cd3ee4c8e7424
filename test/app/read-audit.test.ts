import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Database from 'libsql';
import { asPlainText } from '../../sandbox/local-slack/local-slack.js';
import type { JournalEntry } from '../../src/orders/domain/journal-entry.js';
import { until } from '../support/until.js';
import { asRead, CHANNEL, startWorld, type World } from '../support/world.js';

let world: World;
const thisMonth = new Date().toISOString().slice(0, 7);

/** What somebody is told, alone, after typing this. */
async function answered(name: 'ana' | 'ben', words: string): Promise<string> {
  const person = world[name];
  const before = person.ephemerals(CHANNEL).length;
  const answer = await person.types(CHANNEL, `/numbers ${words}`);
  if (answer.text !== undefined) return asRead(asPlainText(answer));
  await world.slack.until(() => person.ephemerals(CHANNEL).length > before);
  return asRead(asPlainText(person.ephemerals(CHANNEL).at(-1) ?? {}));
}

describe('The audit', () => {
  beforeAll(async () => {
    world = await startWorld();
    const card = await world.requested('910 x2');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 2 of 2');
    // The journal comes a moment after the card, and before an end.
    await world.restart();
  });
  afterAll(() => world.close());

  test('goes to an approver in a direct message, as a table and as JSON Lines, and nowhere else', async () => {
    const posted = world.slack.messages(CHANNEL).length;
    const said = await answered('ben', `audit ${thisMonth}`);
    expect(said).toMatch(/^I sent you the audit of \w+ \d{4} in a direct message: \d+ events in 2 files\.$/);
    expect(world.slack.messages(CHANNEL)).toHaveLength(posted);

    const [message] = world.ben.directMessages();
    expect(message?.files.map(({ name }) => name)).toEqual([
      `audit-${thisMonth}.csv`,
      `audit-${thisMonth}.jsonl`,
    ]);
    const [table, lines] = message?.files.map(({ text }) => text) ?? [];
    const entries = (lines ?? '')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as JournalEntry);
    const happened = entries.map(({ event }) => event.what);
    expect(happened.slice(0, 4)).toEqual(['requested', 'approved', 'placing', 'placed']);
    // What works on the numbers is asked afterwards.
    expect(happened.filter((what) => what !== 'services-checked').at(-1)).toBe('reported');
    expect(entries.find(({ event }) => event.what === 'approved')?.event).toMatchObject({
      by: { userId: world.ben.id },
      seen: expect.stringMatching(/^[\w-]{22}$/),
    });
    expect(table).toContain(world.bandwidth.orders()[0]?.id ?? 'a carrier order');
  });

  test('is refused to others, with the names of those who can read it', async () => {
    expect(await answered('ana', 'audit')).toBe(
      'The audit shows what everyone requested and who decided, so only approvers may read it: @telecom.',
    );
    expect(world.ana.directMessages()).toEqual([]);
  });

  test('of a month without anything says so, and sends nothing', async () => {
    const before = world.ben.directMessages().length;
    expect(await answered('ben', 'audit 2019-02')).toBe('Nothing is on record for February 2019 (UTC).');
    expect(world.ben.directMessages()).toHaveLength(before);
  });

  test('for something that is not a month is answered with what works', async () => {
    expect(await answered('ben', 'audit 2026-13')).toBe(
      "`2026-13` isn't a month I understand. Try `/numbers audit 2026-11` for one month, `/numbers audit` for this one, `/numbers audit last month`.",
    );
    expect(await answered('ben', `aduit ${thisMonth}`)).toContain(`/numbers audit ${thisMonth}`);
  });
});

describe('The audit of a journal with an entry that cannot be read', () => {
  const SECOND = "namespace = 'journal' AND key LIKE '%/000000000002'";

  /** Writes this text past the app, which may be writing just now, and gives the one that was there. */
  async function rewriteSecond(text: string): Promise<string> {
    const file = new Database(world.config.storeUrl.replace('sqlite:', ''));
    const { value } = file.prepare(`SELECT value FROM entry WHERE ${SECOND}`).get() as { value: string };
    const written = () => {
      try {
        file.exec('BEGIN IMMEDIATE');
      } catch {
        return false;
      }
      file.prepare(`UPDATE entry SET value = ? WHERE ${SECOND}`).run(text);
      file.exec('COMMIT');
      return true;
    };
    await until(written, 'the app to let go of the database');
    file.close();
    return value;
  }

  test('says so and has all the others, and the journal continues', async () => {
    world = await startWorld();
    try {
      const first = await world.requested('910');
      await world.ben.presses(first, 'Approve & order');
      await world.says(first, 'Complete: 1 of 1');
      await world.restart();
      const raw = await rewriteSecond('dust');
      await world.restart();

      const next = await world.requested('919');
      await world.ben.presses(next, 'Approve & order');
      await world.says(next, 'Complete: 1 of 1');
      await world.restart();
      expect(await answered('ben', 'audit')).toMatch(
        /\d+ events in 2 files\. 1 journal entry can't be read; the files name its number\. An admin can run `npm run audit:verify`/,
      );
      const [table, lines] =
        world.ben
          .directMessages()
          .at(-1)
          ?.files.map(({ text }) => text) ?? [];
      expect(table).toContain('\r\n2,,,unreadable,');
      expect(lines).toContain('"sequence":2,"damaged":true');
      const orders = world.bandwidth.orders().map(({ customerOrderId }) => customerOrderId);
      expect(orders).toHaveLength(2);
      for (const id of orders) expect(lines?.split(id ?? '').length).toBeGreaterThan(3);
      expect(world.log).toContainEqual(
        expect.objectContaining({
          level: 50,
          sequence: 2,
          msg: expect.stringMatching(/^journal entry unreadable/),
        }),
      );
      // Put back as it was, nothing is wrong with it: the end of every test verifies that.
      expect(await rewriteSecond(raw)).toBe('dust');
    } finally {
      await world.close();
    }
  });
});
