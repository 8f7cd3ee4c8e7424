import { afterEach, describe, expect, test } from '@jest/globals';
import { asPlainText } from '../../sandbox/local-slack/local-slack.js';
import type { JournalEntry } from '../../src/orders/domain/journal-entry.js';
import { until } from '../support/until.js';
import { asRead, CHANNEL, startWorld, type World } from '../support/world.js';

const HOUR = 3_600_000;
let world: World;
afterEach(() => world.close());

/** What somebody is told, alone, after typing this. */
async function answered(name: 'ana' | 'ben', words: string): Promise<string> {
  const person = world[name];
  const before = person.ephemerals(CHANNEL).length;
  const answer = await person.types(CHANNEL, `/numbers ${words}`);
  if (answer.text !== undefined) return asRead(asPlainText(answer));
  await world.slack.until(() => person.ephemerals(CHANNEL).length > before);
  return asRead(asPlainText(person.ephemerals(CHANNEL).at(-1) ?? {}));
}

describe('Before the numbers have ever been listed', () => {
  test('drift says that it knows nothing about numbers, and reports nothing as gone', async () => {
    world = await startWorld({ clockStands: true });
    const said = await answered('ana', 'drift');
    expect(said).toContain("I haven't listed all of the account's numbers yet");
    expect(said).not.toContain('gone');
  });
});

test('Words after drift, which mean nothing, are not ignored', async () => {
  world = await startWorld({ clockStands: true });
  expect(await answered('ana', 'drift 910')).toContain('Did you mean');
});

test('A report that Slack no longer lets the app replace is still answered: the explanation is on record', async () => {
  world = await startWorld({ clockStands: true });
  await world.requested('910 x2');
  world.goesBy(13 * HOUR);
  await answered('ben', 'drift');
  const report = world.ben.ephemerals(CHANNEL).at(-1);
  if (report === undefined) throw new Error('there is a report');
  await world.ben.presses(report, 'This is fine…');
  const form = await world.ben.form();
  world.slack.fail('response_url', { status: 404, error: 'expired_url', times: 1 });
  expect(await form.submit()).toBe('closed');
  await world.slack.until(
    () => asPlainText(world.ben.ephemerals(CHANNEL).at(-1) ?? {}).includes('is on record as fine'),
    { describe: 'the answer to Ben' },
  );
});

describe('An order that waits for more than half of its time', () => {
  test('is reported with its card, and is fine once Ben says so', async () => {
    world = await startWorld({ clockStands: true });
    await world.requested('910 x2');
    world.goesBy(13 * HOUR);
    const said = await answered('ben', 'drift');
    expect(said).toContain('Orders waiting unusually long for approval: 1');
    expect(said).toContain('order of 2 numbers by @ana');

    const before = world.ben.ephemerals(CHANNEL).length;
    const report = world.ben.ephemerals(CHANNEL).at(-1);
    if (report === undefined) throw new Error('there is a report');
    await world.ben.presses(report, 'This is fine…');
    const form = await world.ben.form();
    await form.fill('Why?', 'Waiting for the contract');
    expect(await form.submit()).toBe('closed');
    // The report itself shows it, although only Ben sees it.
    await world.slack.until(() =>
      asRead(asPlainText(world.ben.ephemerals(CHANNEL).at(-1) ?? {})).includes('This is fine, says @ben'),
    );
    expect(world.ben.ephemerals(CHANNEL)).toHaveLength(before);
    const after = await answered('ben', 'drift');
    expect(after).not.toContain('waiting unusually long');
    expect(after).toContain("1 thing explained earlier isn't listed");

    const audited = async () => {
      await answered('ben', 'audit');
      const [table, lines] = world.ben.directMessages().at(-1)?.files ?? [];
      const entries = (lines?.text ?? '').split('\n').filter(Boolean);
      return { table, explained: entries.map((each) => JSON.parse(each) as JournalEntry).at(-1) };
    };
    // Nobody waited for the journal.
    await until(
      async () => (await audited()).explained?.event.what === 'drift-explained',
      'the explanation in the journal',
    );
    const { table, explained } = await audited();
    expect(explained).toMatchObject({
      event: {
        what: 'drift-explained',
        by: { userId: world.ben.id },
        kind: 'waiting',
        subjects: [[expect.any(String), expect.any(String)]],
        reason: 'Waiting for the contract',
      },
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(table?.text).toMatch(/drift-explained.*Waiting for the contract/);
  });
});
