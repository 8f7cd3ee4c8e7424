import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { failures, found, posted, queries, told } from '../support/search-steps.js';
import { CHANNEL, startWorld, type World } from '../support/world.js';

let world: World;
let bandwidth: Server | undefined;
afterEach(async () => {
  await world.close();
  bandwidth?.closeAllConnections();
  bandwidth?.close();
  bandwidth = undefined;
});

const boxes = (message: Message): readonly string[] =>
  asPlainText(message)
    .split('\n')
    .filter((line) => /^[☐☑]/u.test(line))
    .map((line) => line.slice(2));
const numbersOn = (message: Message): readonly string[] => boxes(message).map((line) => line.slice(0, 14));

/** A Bandwidth that answers every search with these numbers. */
async function bandwidthWith(numbers: readonly string[], unreadable = 0): Promise<Record<string, string>> {
  const detail = (number: string) =>
    `<TelephoneNumberDetail><City>FAYETTEVILLE</City><State>NC</State><FullNumber>${number}</FullNumber></TelephoneNumberDetail>`;
  const all = [...numbers, ...Array.from({ length: unreadable }, () => 'odd')].map(detail);
  const body = `<SearchResult><ResultCount>${all.length}</ResultCount><TelephoneNumberDetailList>${all.join('')}</TelephoneNumberDetailList></SearchResult>`;
  const server = createServer((_, response) => response.end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  bandwidth = server;
  return { BW_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api` };
}

describe('Easy numbers', () => {
  test('come first where people remember them best, each with the reason', async () => {
    world = await startWorld();
    const results = await found(world, '910 easy');
    expect(queries(world)).toEqual(['areaCode=910&quantity=5000&enableTNDetail=true']);
    expect(asPlainText(results)).toContain('Numbers in area code 910, easy to remember* · 10 of ');
    expect(boxes(results)).toContain(
      '(910) 867-4992 — spells PIZZA · Fayetteville, NC · FAYETTEVL · LATA 949',
    );
    expect(boxes(results)).toContain(
      '(910) 867-4444 — ends in 4444 · Fayetteville, NC · FAYETTEVL · LATA 949',
    );
    expect(asPlainText(results)).toMatch(
      /Filtered by this app, not by Bandwidth: \d+ of all \d+ available numbers match\./,
    );
    expect(failures(world)).toEqual([]);
  });

  test('are paged, ticked and ordered like others, and ordering them collapses the results', async () => {
    world = await startWorld();
    const { ana, slack } = world;
    const results = await found(world, '910 easy');
    const [one = ''] = numbersOn(results);
    await ana.ticks(results, [one]);
    const { length } = results.versions;
    await ana.presses(results, 'More');
    await slack.until(() => results.versions.length > length, { describe: 'the other page' });
    expect(queries(world)).toHaveLength(1);
    const [eleven = ''] = numbersOn(results);
    await ana.ticks(results, [eleven]);
    await ana.presses(results, 'Order selected…');
    const form = await ana.form();
    expect(form.asPlainText()).toContain(one);
    expect(form.asPlainText()).toContain(eleven);
    await form.choose('Sub-account', 'Raleigh office');
    await form.fill('Reason', 'New support line');
    expect(await form.submit()).toBe('closed');
    await world.says(results, 'Open card');
    expect(asPlainText(results)).toContain('Numbers in area code 910, easy to remember');
    expect(asPlainText(results)).toContain('2 numbers requested by @ana');
  });

  test('that nobody uses collapse to a line that searches for them again', async () => {
    world = await startWorld({ clockStands: true });
    const results = await found(world, '910 easy without 13');
    const { length } = results.versions;
    await world.ana.presses(results, 'More');
    await world.slack.until(() => results.versions.length > length, { describe: 'the other page' });
    world.goesBy(60 * 60_000);
    await world.says(results, 'Search again: `/numbers search 910 without 13 easy x100`');
    expect(failures(world)).toEqual([]);
  });
});

describe('Numbers in a row', () => {
  test.each(['910 in a row x5', '910 5 in a row'])('are found by “%s”, and say which row', async (words) => {
    world = await startWorld();
    const results = await found(world, words);
    expect(boxes(results)).toEqual(
      [0, 1, 2, 3, 4].map(
        (last) =>
          `(910) 867-436${last} — 5 in a row: 867-4360 to 4364 · Fayetteville, NC · FAYETTEVL · LATA 949`,
      ),
    );
  });

  test('that do not exist are answered with the longest row there is', async () => {
    world = await startWorld();
    const { ana } = world;
    const text = await told(world, ana, () => ana.types(CHANNEL, '/numbers search 910 in a row x9'));
    expect(text).toMatch(/none of the \d+ I looked at match/);
    expect(text).toContain('`/numbers search 910 in a row x5`');
    expect(boxes(await found(world, '910 in a row x5'))).toHaveLength(5);
    expect(failures(world)).toEqual([]);
  });
});

describe('Filters', () => {
  test('by digits keep only what matches', async () => {
    world = await startWorld();
    const results = await found(world, '910 starting 867 ending 4 without 44');
    expect(numbersOn(results)).toEqual(['(910) 867-4364', '(910) 867-1234']);
    expect(asPlainText(results)).toContain('starting with 867 after the area code, ending in 4, without 44');
    expect(asPlainText(results)).toMatch(/Filtered by this app, not by Bandwidth: 2 of all \d+ available/);
  });

  const numbers = (count: number) => Array.from({ length: count }, (_, at) => String(9102000001 + at * 7));

  test('say that others may match if Bandwidth returned as many as it can', async () => {
    world = await startWorld({ settings: await bandwidthWith(numbers(5000)) });
    const results = await found(world, '910 ending 00');
    expect(asPlainText(results)).toContain(
      'of the 5,000 numbers that Bandwidth returned. It returns no more than that at once, so others may match: search a prefix, such as 910-241, to look at them.',
    );
    expect(asPlainText(results)).not.toContain('available');
  });

  test('never say that there are none if only some were looked at', async () => {
    world = await startWorld({ settings: await bandwidthWith(numbers(5000)) });
    const { ana } = world;
    const text = await told(world, ana, () => ana.types(CHANNEL, '/numbers search 910 ending 999999'));
    expect(text).toContain('none of the 5,000 I looked at match');
    expect(text).toContain('others may match');
    expect(text).not.toMatch(/none available|none exist|no numbers/i);
    expect(text).toContain('`/numbers search 910`');
  });

  test('say so if some of what Bandwidth returned cannot be read', async () => {
    world = await startWorld({ settings: await bandwidthWith(numbers(50), 3) });
    const results = await found(world, '910 starting 2');
    expect(asPlainText(results)).toContain(
      "50 of the 50 numbers that I could read. Bandwidth returned 3 more that I can't read, so others may match.",
    );
  });

  test('say that nothing is available if Bandwidth has nothing', async () => {
    world = await startWorld();
    const { ana } = world;
    const text = await told(world, ana, () => ana.types(CHANNEL, '/numbers search 910-555 easy'));
    expect(text).toContain('none right now');
    expect(text).toContain('`/numbers search 910 easy`');
    expect(text).not.toContain('Filtered by this app');
  });

  test('show as many as were requested, and how to see the others', async () => {
    world = await startWorld({ settings: await bandwidthWith(numbers(400)) });
    const results = await found(world, '910 starting 2 x20');
    expect(asPlainText(results)).toContain('10 of 20 shown');
    expect(asPlainText(results)).toContain('400 match: `/numbers search 910 starting 2 x400`');
  });

  test('are in the form that changes a search', async () => {
    world = await startWorld();
    const { ana } = world;
    const results = await found(world, '910 starting 867 without 13');
    await ana.presses(results, 'Change search…');
    const form = await ana.form();
    expect([form.value('Starting with'), form.value('Without')]).toEqual(['867', '13']);
    await form.fill('Ending in', 'ab');
    expect(await form.submit()).not.toBe('closed');
    await form.fill('Ending in', '12');
    const { length } = results.versions;
    expect(await form.submit()).toBe('closed');
    await world.slack.until(() => results.versions.length > length, { describe: 'the new results' });
    expect(numbersOn(results)).toEqual(['(910) 867-1212']);
  });

  test.each([
    ['910 in a row x1', 'A row can have 2 to 100 numbers, not 1.'],
    ['910 x600 in a row', 'A row can have 2 to 100 numbers, not 600.'],
    ['910 without', 'Which digits? For example: without 13.'],
    ['910 without 12345678', '12345678 has 8 digits; “without” takes 1 to 6.'],
    ['910 ending ab', '“ending” takes digits, such as ending 00, not ab.'],
    ['910 ending 13 without 13', 'No number matches both “without 13” and “ending 13”.'],
  ])('that make no sense, such as %s, are answered at once, privately', async (words, sentence) => {
    world = await startWorld();
    const answer = await world.ana.types(CHANNEL, `/numbers search ${words}`);
    expect(asPlainText({ blocks: answer.blocks ?? [] })).toContain(sentence);
    expect(queries(world)).toEqual([]);
    expect(world.slack.messages(CHANNEL)).toEqual([]);
  });

  test('cannot be used in an order, because Bandwidth has none of them', async () => {
    world = await startWorld();
    const answer = await world.ana.types(CHANNEL, '/numbers order 910 easy');
    const said = asPlainText({ blocks: answer.blocks ?? [] });
    expect(said).toContain('“easy” can be asked for in a search, not in an order.');
    expect(said).toContain('`/numbers order 910`');
  });
});

describe('More like this', () => {
  test('finds numbers with the pattern of the one Ana ticked, in the same area', async () => {
    world = await startWorld();
    const { ana } = world;
    const results = await found(world, '910 starting 867 ending 4444');
    await ana.ticks(results, numbersOn(results));
    const others = await posted(world, () => ana.presses(results, 'More like this'));
    expect(asPlainText(others)).toContain('Numbers in area code 910, like (910) 867-4444* · ');
    expect(boxes(others)[0]).toContain('(910) 867-5555 — ends in 5555');
    expect(numbersOn(others)).not.toContain('(910) 867-4444');
    expect(asPlainText(results)).toContain('[More like this]');
    expect(failures(world)).toEqual([]);
  });

  test.each<[string, string, number]>([
    ['without a tick', 'Tick a number first, then press More like this again.', 0],
    ['with a number that has no pattern', '(910) 241-4365 has no pattern that I know', 1],
  ])('%s says what to do, to Ana alone', async (_, sentence, ticks) => {
    world = await startWorld();
    const { ana } = world;
    const results = await found(world, '910-241 ending 4365');
    await ana.ticks(results, numbersOn(results).slice(0, ticks));
    const text = await told(world, ana, () => ana.presses(results, 'More like this'));
    expect(text.replaceAll('*', '')).toContain(sentence);
    expect(world.slack.messages(CHANNEL)).toHaveLength(1);
  });

  test('with numbers that have nothing in common says so', async () => {
    world = await startWorld();
    const { ana } = world;
    const results = await found(world, '910 starting 8671');
    await ana.ticks(results, ['(910) 867-1234', '(910) 867-1212']);
    const text = await told(world, ana, () => ana.presses(results, 'More like this'));
    expect(text).toContain('The 2 numbers you ticked have different patterns. Tick only one of them.');
  });
});
