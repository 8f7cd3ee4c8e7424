import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import Database from 'libsql';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { failures, found, posted, queries, searched, told } from '../support/search-steps.js';
import { CHANNEL, startWorld, type World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

const boxes = (text: string): readonly string[] => text.split('\n').filter((line) => /^[☐☑]/u.test(line));
const ticked = (text: string): readonly string[] =>
  boxes(text)
    .filter((line) => line.startsWith('☑'))
    .map((line) => line.slice(2, 16));
const numbersOn = (message: Message): readonly string[] =>
  boxes(asPlainText(message)).map((line) => line.slice(2, 16));

/** Presses a button that turns the page and waits for the other page. */
async function turns(person: World['ana'], message: Message, label: 'More' | 'Previous'): Promise<void> {
  const { length } = message.versions;
  await person.presses(message, label);
  await world.slack.until(() => message.versions.length > length, { describe: 'the other page' });
}

/** What the order form that opens for a person says is to be ordered. */
async function selects(person: World['ana'], message: Message): Promise<string> {
  await person.presses(message, 'Order selected…');
  const form = await person.form();
  const text = form.asPlainText();
  await form.close();
  return text;
}

describe('What Ana sees', () => {
  test('is ten numbers with city, state, rate center and LATA, and the buttons to continue', async () => {
    world = await startWorld();
    const text = asPlainText(await found(world, '910'));
    expect(text).toContain('Numbers in area code 910* · 10 of 100 shown · searched by @ana');
    expect(boxes(text)).toHaveLength(10);
    expect(boxes(text)).toContain('☐ (910) 241-4365 — Fayetteville, NC · FAYETTEVL · LATA 949');
    expect(text).toContain('1–10 of 100');
    expect(text).toContain('[Order selected…] [Add to order] [More like this] [More] [Change search…]');
  });

  test('is the number alone for toll-free, about which Bandwidth says nothing else', async () => {
    world = await startWorld();
    const text = asPlainText(await found(world, '833 x3'));
    expect(boxes(text)).toContain('☐ (833) 749-9246');
    for (const line of boxes(text)) expect(line).toMatch(/^☐ \(833\) \d{3}-\d{4}$/);
  });

  test.each([
    ['lata 426 x1', 1, '1 of 1', '[Order selected…] [Add to order] [More like this] [Change search…]'],
    ['910 x10', 10, '1–10 of 10', '[Order selected…] [Add to order] [More like this] [Change search…]'],
    [
      '910 x11',
      10,
      '1–10 of 11',
      '[Order selected…] [Add to order] [More like this] [More] [Change search…]',
    ],
    [
      '910 x25',
      10,
      '1–10 of 25',
      '[Order selected…] [Add to order] [More like this] [More] [Change search…]',
    ],
  ])('after %s is as many as requested, %i of them at first', async (words, shown, position, buttons) => {
    world = await startWorld();
    const text = asPlainText(await found(world, words));
    expect(boxes(text)).toHaveLength(shown);
    expect(text).toContain(position);
    expect(text).toContain(buttons);
    expect(text).not.toContain('right now');
  });

  test('says so if fewer than she requested are available', async () => {
    world = await startWorld();
    expect(asPlainText(await found(world, 'npanxx 540551 x10'))).toContain('only 3 are available');
  });

  test('of 5,000 numbers is 500 pages, and the last page is as good as the first', async () => {
    const numbers = Array.from({ length: 5000 }, (_, at) => String(9102000000 + at * 7));
    const details = numbers.map(
      (number) =>
        `<TelephoneNumberDetail><City>FAYETTEVILLE</City><LATA>949</LATA><RateCenter>FAYETTEVL</RateCenter><State>NC</State><FullNumber>${number}</FullNumber></TelephoneNumberDetail>`,
    );
    const many = createServer((_, response) =>
      response.end(
        `<SearchResult><ResultCount>5000</ResultCount><TelephoneNumberDetailList>${details.join('')}</TelephoneNumberDetailList></SearchResult>`,
      ),
    );
    await new Promise<void>((resolve) => many.listen(0, '127.0.0.1', resolve));
    const { port } = many.address() as AddressInfo;
    try {
      world = await startWorld({ settings: { BW_API_URL: `http://127.0.0.1:${port}/api` } });
      const { ana } = world;
      const results = await found(world, '910 x5000');
      expect(asPlainText(results)).toContain('10 of 5,000 shown');
      for (const _ of [1, 2, 3]) await turns(ana, results, 'More');
      expect(asPlainText(results)).toContain('31–40 of 5,000');
      // Slack waits no longer for an acknowledgement.
      expect(world.slack.deliveries.filter(({ ok, took }) => !ok || took >= 3_000)).toEqual([]);
    } finally {
      many.closeAllConnections();
      many.close();
    }
  });
});

describe('Nothing found', () => {
  test.each([
    '910-555-1',
    'Atlantis, NC',
    'vanity ZZZZ in 910 ending',
    'tollfree vanity QQQQQQQ',
    '910-555 x7',
  ])('for %s is answered with searches that each work when Ana types them', async (words) => {
    world = await startWorld();
    const text = await told(world, world.ana, () => world.ana.types(CHANNEL, `/numbers search ${words}`));
    expect(world.slack.messages(CHANNEL)).toEqual([]);
    expect(text).toContain('none right now');
    expect(text).toContain('[Change search…]');
    const suggested = [...text.matchAll(/`\/numbers search ([^`]+)`/g)].map(([, each = '']) => each);
    expect(suggested.length).toBeGreaterThan(0);
    for (const each of suggested) {
      expect(await searched(world, each)).toMatch(/searched by @ana/);
    }
    expect(queries(world)).toHaveLength(1 + suggested.length);
    expect(failures(world)).toEqual([]);
  });
});

test('Ana changes a search that found nothing, and what it finds now is shown to everyone', async () => {
  world = await startWorld();
  await told(world, world.ana, () => world.ana.types(CHANNEL, '/numbers search Atlantis, NC'));
  const [nothing] = world.ana.ephemerals(CHANNEL);
  if (nothing === undefined) throw new Error('nothing was said');
  await world.ana.presses(nothing, 'Change search…');
  const form = await world.ana.form();
  expect(form.value('City')).toBe('Atlantis');
  await form.fill('City', 'Raleigh');
  const results = await posted(world, async () => expect(await form.submit()).toBe('closed'));
  expect(asPlainText(results)).toContain('Numbers in Raleigh, NC');
  expect(failures(world)).toEqual([]);
});

test('A changed search that finds nothing leaves the results, and tells Ana alone', async () => {
  world = await startWorld();
  const results = await found(world, '910');
  await world.ana.presses(results, 'Change search…');
  const form = await world.ana.form();
  await form.fill('Area code', '340');
  const text = await told(world, world.ana, async () => expect(await form.submit()).toBe('closed'));
  expect(text).toContain('none right now');
  expect(asPlainText(results)).toContain('Numbers in area code 910');
});

describe('Paging', () => {
  test('goes there and back in the same message, and Bandwidth is asked once', async () => {
    world = await startWorld();
    const { ana, ben } = world;
    const results = await found(world, '910 x25');
    const first = numbersOn(results);
    await turns(ana, results, 'More');
    const second = numbersOn(results);
    await turns(ben, results, 'More');
    const third = numbersOn(results);
    expect(asPlainText(results)).toContain('21–25 of 25');
    expect(asPlainText(results)).not.toContain('[More]');
    expect(new Set([...first, ...second, ...third]).size).toBe(25);
    await turns(ana, results, 'Previous');
    expect(numbersOn(results)).toEqual(second);
    await turns(ana, results, 'Previous');
    expect(numbersOn(results)).toEqual(first);
    expect(asPlainText(results)).not.toContain('[Previous]');
    expect(queries(world)).toHaveLength(1);
    expect(world.slack.messages(CHANNEL)).toHaveLength(1);
  });

  test('continues after a restart', async () => {
    world = await startWorld();
    const results = await found(world, '910 x25');
    await world.restart();
    await turns(world.ana, results, 'More');
    expect(asPlainText(results)).toContain('11–20 of 25');
    expect(queries(world)).toHaveLength(1);
  });

  test('by two people pressing More at once moves one page, not two', async () => {
    world = await startWorld();
    const { ana, ben, slack } = world;
    const results = await found(world, '910 x25');
    await Promise.all([ana.presses(results, 'More'), ben.presses(results, 'More')]);
    await slack.until(() => results.versions.length === 3);
    expect(asPlainText(results)).toContain('11–20 of 25');
    expect(failures(world)).toEqual([]);
  });

  test('in results that are older than a day says how to search again', async () => {
    world = await startWorld();
    const results = await found(world, '910');
    const database = new Database(world.config.storeUrl.replace('sqlite:', ''));
    database.exec("DELETE FROM entry WHERE namespace = 'searches'");
    database.close();
    await world.ana.presses(results, 'More');
    await world.says(results, 'these numbers may be gone by now. Search again: `/numbers search`');
    expect(asPlainText(results)).not.toContain('[');
    expect(failures(world)).toEqual([]);
  });
});

describe('Ticks', () => {
  test('are kept across pages, and can be removed', async () => {
    world = await startWorld();
    const { ana } = world;
    const results = await found(world, '910 x25');
    const [one = '', two = ''] = numbersOn(results);
    await ana.ticks(results, [one, two]);
    await turns(ana, results, 'More');
    const [eleven = ''] = numbersOn(results);
    expect(asPlainText(results)).toContain(`Picked so far by @ana: ${one}, ${two}`);
    await ana.ticks(results, [eleven]);
    await turns(ana, results, 'Previous');
    expect(ticked(ana.sees(results))).toEqual([one, two]);
    await ana.unticks(results, [one]);
    const form = await selects(ana, results);
    expect(form).toContain(two);
    expect(form).toContain(eleven);
    expect(form).not.toContain(one);
  });

  test('of two people at once are each their own', async () => {
    world = await startWorld();
    const { ana, ben } = world;
    const results = await found(world, '910 x25');
    const [one = '', two = '', three = ''] = numbersOn(results);
    await ana.ticks(results, [one]);
    await ben.ticks(results, [two, three]);
    await ben.unticks(results, [three]);
    const [hers, his] = [await selects(ana, results), await selects(ben, results)];
    expect(hers).toContain(one);
    expect(hers).not.toContain(two);
    expect(his).toContain(two);
    expect(his).not.toContain(one);
    expect(his).not.toContain(three);
  });

  test('of Ana survive when Ben turns the page before she presses anything', async () => {
    world = await startWorld();
    const { ana, ben } = world;
    const results = await found(world, '910 x25');
    const [one = '', two = '', three = ''] = numbersOn(results);
    await ana.ticks(results, [one, two]);
    await ana.unticks(results, [two]);
    await ben.ticks(results, [three]);
    await turns(ben, results, 'More');
    const form = await selects(ana, results);
    expect(form).toContain(one);
    expect(form).not.toContain(two);
    expect(form).not.toContain(three);
  });

  test('of Ben that are visible in the message are never ordered by Ana, and hers come back when she ticks', async () => {
    world = await startWorld();
    const { ana, ben, slack } = world;
    const results = await found(world, '910 x25');
    const [one = '', two = '', three = ''] = numbersOn(results);
    await ana.ticks(results, [one]);
    await ben.ticks(results, [two]);
    const turnsThereAndBack = async () => {
      await turns(ben, results, 'More');
      await turns(ben, results, 'Previous');
      expect(asPlainText(results)).toContain(`Picked so far by @ben: ${two}`);
    };
    await turnsThereAndBack();
    const first = await selects(ana, results);
    expect(first).toContain(one);
    expect(first).not.toContain(two);
    await slack.until(() => asPlainText(results).includes('Picked so far by @ana'));
    await turnsThereAndBack();
    await ana.ticks(results, [three]);
    await slack.until(() => asPlainText(results).includes(`Picked so far by @ana: ${one}, ${three}`));
    expect(ticked(ana.sees(results))).toEqual([one, three]);
    await ana.unticks(results, [one]);
    const second = await selects(ana, results);
    expect(second).toContain(three);
    expect(second).not.toContain(one);
    expect(await selects(ben, results)).toContain(two);
  });

  test('of Ben only leave Ana without any: only she is told so, and sees her own empty boxes', async () => {
    world = await startWorld();
    const { ana, ben, slack } = world;
    const results = await found(world, '910 x25');
    const [one = ''] = numbersOn(results);
    await ben.ticks(results, [one]);
    await turns(ben, results, 'More');
    await turns(ben, results, 'Previous');
    expect(await told(world, ana, () => ana.presses(results, 'Order selected…'))).toContain(
      'Tick at least one',
    );
    await slack.until(() => ticked(asPlainText(results)).length === 0);
    expect(ana.hasForm()).toBe(false);
    await ana.ticks(results, [one]);
    expect(await selects(ana, results)).toContain(one);
  });

  test('are required, privately, of someone who presses Order selected… without any', async () => {
    world = await startWorld();
    const { ana, ben } = world;
    const results = await found(world, '910');
    const said = await told(world, ana, () => ana.presses(results, 'Order selected…'));
    expect(said).toBe('Tick at least one number first, then press *Order selected…* again.');
    expect(ben.ephemerals(CHANNEL)).toEqual([]);
    expect(ana.hasForm()).toBe(false);
    expect(asPlainText(results)).toContain('[Order selected…]');
  });

  test('in quick succession are all counted', async () => {
    world = await startWorld();
    const { ana, ben } = world;
    const results = await found(world, '910 x10');
    const numbers = numbersOn(results);
    await Promise.all([ana.ticks(results, numbers.slice(0, 6)), ben.ticks(results, numbers.slice(4))]);
    const [hers, his] = [await selects(ana, results), await selects(ben, results)];
    for (const [at, number] of numbers.entries()) {
      expect(hers.includes(number)).toBe(at < 6);
      expect(his.includes(number)).toBe(at >= 4);
    }
  });
});

describe('Change search…', () => {
  test('opens the form with the search as it was, and its results replace the old ones', async () => {
    world = await startWorld();
    const { ana, slack } = world;
    const results = await found(world, '910-241 x25 by fullNumber');
    await ana.presses(results, 'Change search…');
    const form = await ana.form();
    expect(form.title).toBe('Search numbers');
    expect(form.value('NPA-NXX')).toBe('910241');
    expect(form.value('How many at most')).toBe('25');
    expect(form.value('Sort by')).toBe('Whole number');
    await form.fill('NPA-NXX', '910-339');
    expect(await form.submit()).toBe('closed');
    await world.says(results, 'Numbers in 910-339');
    expect(slack.messages(CHANNEL)).toHaveLength(1);
    expect(queries(world).at(-1)).toBe(
      'npaNxx=910339&quantity=25&enableTNDetail=true&LCA=false&orderBy=fullNumber',
    );
  });

  test('by Ben puts his search in place of the old one, in his name', async () => {
    world = await startWorld();
    const { ben } = world;
    const results = await found(world, '910');
    await ben.presses(results, 'Change search…');
    const form = await ben.form();
    await form.fill('Area code', '919');
    await form.submit();
    await world.says(results, 'Numbers in area code 919* · 10 of 100 shown · searched by @ben');
    expect(asPlainText(results)).not.toContain('(910)');
  });

  test('whose message somebody deleted meanwhile posts its results again', async () => {
    world = await startWorld();
    const { ana, ben } = world;
    const results = await found(world, '910');
    await ana.presses(results, 'Change search…');
    const form = await ana.form();
    ben.deletes(results);
    await form.fill('Area code', '919');
    const again = await posted(world, () => form.submit());
    expect(asPlainText(again)).toContain('Numbers in area code 919');
  });
});

describe('Results collapse to one line', () => {
  test('when Ana ordered from them, with a link to the card', async () => {
    world = await startWorld();
    const results = await found(world, '910');
    const [one = '', two = ''] = numbersOn(results);
    await world.ana.ticks(results, [one, two]);
    await world.ana.presses(results, 'Order selected…');
    const form = await world.ana.form();
    await form.choose('Sub-account', 'Raleigh office');
    await form.fill('Reason', 'New support line');
    expect(await form.submit()).toBe('closed');
    await world.says(results, 'Open card');
    const text = asPlainText(results);
    expect(text).toContain('Numbers in area code 910');
    expect(text).toContain('2 numbers requested by @ana');
    expect(text.trim().split('\n')).toHaveLength(1);
    const card = await world.message('waiting for approval');
    expect(JSON.stringify(results.blocks)).toContain(card.ts.replace('.', ''));
  });

  test('an hour after the last use, and not before', async () => {
    world = await startWorld({ clockStands: true });
    const results = await found(world, '910 x25');
    world.goesBy(59 * 60_000);
    await turns(world.ana, results, 'More');
    world.goesBy(59 * 60_000);
    expect(asPlainText(results)).toContain('[Order selected…]');
    world.goesBy(60_000);
    await world.says(results, 'Search again: `/numbers search 910 x25`');
    expect(asPlainText(results)).not.toContain('[');
    expect(failures(world)).toEqual([]);
  });
});
