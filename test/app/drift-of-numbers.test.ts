import { afterEach, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { answerTo, bought, plain, said, walked } from '../support/inventory.js';
import { CHANNEL, startWorld, type World } from '../support/world.js';

const NIGHT = 25 * 3_600_000;
let world: World;
afterEach(() => world.close());

const start = async (given: Parameters<typeof startWorld>[0] = {}) => {
  world = await startWorld({ clockStands: true, ...given });
};

/** Somebody explains the first drift of a report that only they see. */
async function explains(name: 'ana' | 'ben', report: Message, reason: string): Promise<void> {
  const person = world[name];
  await person.presses(report, 'This is fine…');
  const form = await person.form();
  await form.fill('Why?', reason);
  expect(await form.submit()).toBe('closed');
}

/** Waits until Ana alone is told this. */
const told = (words: string) =>
  world.slack.until(() => world.ana.ephemerals(CHANNEL).some((each) => asPlainText(each).includes(words)), {
    describe: words,
  });

/** Requests since then, without searches and tokens. */
const requestsSince = (before: number) =>
  world.bandwidth.requests.slice(before).map(({ method, path }) => `${method} ${path}`);

describe('A number that somebody bought in the Bandwidth App', () => {
  test('is reported with its order and user, until Ana says that it is fine', async () => {
    await start();
    await bought(world, '919');
    const theirs = world.bandwidth.colleagueBuys('dashboard-admin', '9102414365');
    await walked(world);
    const report = await answerTo(world, 'drift');
    const order = world.bandwidth.orders().find(({ numbers }) => numbers[0] === theirs);
    expect(plain(report)).toContain('Numbers that no order explains: 1');
    expect(plain(report)).toContain('(910) 241-4365');
    expect(plain(report)).toContain(`Bandwidth order ${order?.id} by dashboard-admin`);
    expect(await said(world, 'list unexplained')).toContain('(910) 241-4365');

    await explains('ana', report, 'Ported in for the fair');
    const after = await said(world, 'drift', world.ben);
    expect(after).toContain('No drift: every number on the account is explained');
    expect(after).toContain("1 thing explained earlier isn't listed");
    expect(await said(world, 'list unexplained')).not.toContain('(910) 241-4365');
    // Explaining it doesn't hide it from the list of everything.
    expect(await said(world, 'list 910')).toContain('(910) 241-4365');
  });

  test('that is explained already is not explained twice: Ben is told who explained it', async () => {
    await start();
    world.bandwidth.colleagueBuys('dashboard-admin', '9102414365');
    await walked(world);
    const [anas, bens] = [await answerTo(world, 'drift'), await answerTo(world, 'drift', world.ben)];
    await explains('ana', anas, 'Ported in for the fair');
    await world.ben.presses(bens, 'This is fine…');
    await world.slack.until(
      () =>
        plain(world.ben.ephemerals(bens.channel).at(-1) as Message).includes(
          "There's an explanation on record already",
        ),
      { describe: 'the answer to Ben' },
    );
  });
});

test('While Bandwidth is slow, Ana is told that her report takes a while, and then gets it', async () => {
  await start();
  world.bandwidth.colleagueBuys('dashboard-admin', '9102414365');
  await walked(world);
  world.bandwidth.fail({ method: 'GET', path: /\/tns\/\d+$/, how: 'slow', afterMs: 4_000 });
  expect(plain(await answerTo(world, 'drift'))).toContain('Comparing the account with the orders');
  await told('Numbers that no order explains: 1');
});

describe('One of our numbers', () => {
  test('that was ported out is gone; one that is only missing from the list is not', async () => {
    await start();
    await bought(world, '910 x2');
    await walked(world);
    const [gone = '', stays = ''] = world.bandwidth.numbersInService();
    world.bandwidth.leaves(gone);
    world.goesBy(NIGHT);
    await walked(world);
    const report = await said(world, 'drift');
    expect(report).toContain('Numbers that are gone: 1');
    expect(report).toContain(`${gone.slice(3, 6)}-${gone.slice(6)} · no longer on this account`);
    expect(report).not.toContain(`${stays.slice(3, 6)}-${stays.slice(6)}`);
  });

  test('that a colleague moved is reported with both sub-accounts', async () => {
    await start();
    await bought(world, '910');
    const [moved = ''] = world.bandwidth.numbersInService();
    world.bandwidth.colleagueMoves(moved, '743');
    await walked(world);
    const report = await said(world, 'drift');
    expect(report).toContain('Numbers in another sub-account than ordered: 1');
    expect(report).toContain('in Boston office, ordered for Raleigh office');
  });
});

test('A report changes nothing at Bandwidth: it only reads', async () => {
  await start();
  await bought(world, '910 x2');
  const [gone = ''] = world.bandwidth.numbersInService();
  world.bandwidth.leaves(gone);
  world.bandwidth.colleagueBuys('dashboard-admin');
  await walked(world);
  const before = world.bandwidth.requests.length;
  const report = await answerTo(world, 'drift');
  await explains('ana', report, 'All right');
  await said(world, 'drift');
  const sent = requestsSince(before);
  expect(sent.length).toBeGreaterThan(2);
  expect(sent.filter((each) => !each.startsWith('GET ') && !each.endsWith(' /api/tns'))).toEqual([]);
});

test('A file without any drift does not claim that there is none while Bandwidth cannot be asked about a number', async () => {
  await start();
  await bought(world, '910');
  await walked(world);
  const theirs = world.bandwidth.colleagueBuys('dashboard-admin') ?? '';
  world.goesBy(NIGHT);
  await walked(world);
  const report = await answerTo(world, 'drift');
  expect(plain(report)).toContain('Numbers that no order explains: 1');
  const [gone = ''] = world.bandwidth.numbersInService().filter((each) => each !== theirs);
  await explains('ana', report, 'Fine');
  world.bandwidth.leaves(gone);
  world.goesBy(NIGHT);
  await walked(world);
  world.bandwidth.fail({ method: 'POST', path: /\/tns$/, how: 503, times: 99 });
  const after = await answerTo(world, 'drift');
  expect(plain(after)).not.toContain('No drift');
  expect(plain(after)).toContain("I found no drift, but I couldn't check everything");
  expect(plain(after)).toContain("so it isn't reported as gone");
  await world.ana.presses(report, 'CSV');
  await told("There's nothing to put in a file");
  expect(plain(world.ana.ephemerals(CHANNEL).at(-1) as Message)).not.toContain('no drift any');
});

test('A thousand numbers that the account had before the app are explained at once, and CSV has them all', async () => {
  const ours = Array.from({ length: 1_000 }, (_, index) => `910999${String(index).padStart(4, '0')}`);
  await start({ bandwidth: { inService: { ours } } });
  await walked(world);
  const report = await answerTo(world, 'drift');
  expect(plain(report)).toContain('Numbers that no order explains: 1,000');
  expect(plain(report)).toContain('990 more are in the CSV file');

  await world.ana.presses(report, 'All as CSV');
  await told('I sent you the file');
  const [file] = world.ana.directMessages().at(-1)?.files ?? [];
  expect(file?.text.match(/A number that no order explains/g)).toHaveLength(1_000);

  await world.ana.presses(report, 'All are fine…');
  const form = await world.ana.form();
  await form.fill('Why?', 'Here before the app');
  expect(await form.submit()).toBe('closed');
  await told('1,000 things from this report are on record as fine');
  expect(await said(world, 'drift')).toContain('No drift');
});
