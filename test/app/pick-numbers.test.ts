import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import Database from 'libsql';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { numbersChannel } from '../../sandbox/sample-workspace.js';
import { failures, found, posted, told } from '../support/search-steps.js';
import { until } from '../support/until.js';
import { CHANNEL, setups, startWorld, type World } from '../support/world.js';

let world: World;

type Person = World['ana'];
type Form = Awaited<ReturnType<Person['form']>>;

const DAY_MS = 24 * 60 * 60_000;

/** Some numbers that results show. */
const numbersOn = (results: Message, count: number, from = 0): readonly string[] =>
  [...asPlainText(results).matchAll(/^[☐☑] (\(\d{3}\) \d{3}-\d{4})/gmu)]
    .map(([, number = '']) => number)
    .slice(from, from + count);

const digits = (number: string): string => number.replace(/\D/g, '');
const dashed = (numbers: readonly string[]): string =>
  numbers.map((number) => number.replace(/\((\d{3})\) /, '$1-')).join(', ');

/** Ticks numbers and adds them; returns what the person alone is told. */
async function adds(results: Message, numbers: readonly string[], person: Person = world.ana) {
  await person.ticks(results, numbers);
  return told(world, person, () => person.presses(results, 'Add to order'));
}

/** The newest answer to a person with **Order 7 picked…**, and the label. */
function offered(person: Person = world.ana): readonly [Message, string] {
  const label = (each: Message) => /Order [\d,]+ picked…/.exec(asPlainText(each))?.[0];
  const answer = person.ephemerals(CHANNEL).findLast((each) => label(each) !== undefined);
  if (answer === undefined) throw new Error('nothing is offered to order');
  return [answer, label(answer) ?? ''];
}

async function formOfPicked(person: Person = world.ana): Promise<Form> {
  await person.presses(...offered(person));
  return person.form();
}

const says = (form: Form, words: string): Promise<unknown> =>
  world.slack.until(() => form.asPlainText().includes(words), { describe: `“${words}” in the form` });

async function fill(form: Form): Promise<void> {
  await form.choose('Sub-account', 'Raleigh office');
  await form.fill('Reason', 'New support line');
}

/** The card of what is then submitted. */
async function submitted(form: Form): Promise<string> {
  await fill(form);
  const card = await posted(world, async () => expect(await form.submit()).toBe('closed'));
  return asPlainText(card);
}

const picked = (person: Person = world.ana) =>
  told(world, person, () => person.types(CHANNEL, '/numbers picked'));

const hasPicked = (words: string, person: Person = world.ana): Promise<void> =>
  until(async () => (await picked(person)).includes(words), words);

const NOTHING = "You haven't picked any numbers in this channel, or they were ordered already.";

describe.each(setups)('In %s, with %s of the API', (mode, version) => {
  afterEach(() => world.close());

  test('Ana picks from two searches; one form, one approval, one card; each place is an order at Bandwidth', async () => {
    world = await startWorld({ mode, version });
    const { ben, bandwidth } = world;
    const near = await found(world, '910');
    const [one = '', two = '', three = ''] = numbersOn(near, 3);
    expect(await adds(near, [one, two])).toBe(
      'Added 2 numbers. 2 picked so far in area code 910.\n[Order 2 picked…] [Start over]',
    );
    const far = await found(world, 'Raleigh, NC');
    const [other = ''] = numbersOn(far, 1);
    expect(await adds(far, [other])).toBe(
      'Added 1 number. 3 picked so far: 2 in area code 910 · 1 in Raleigh, NC\n[Order 3 picked…] [Start over]',
    );
    expect(await adds(near, [three])).toContain('Added 1 number. 2 were picked already. 4 picked so far:');

    const form = await formOfPicked();
    expect(form.value('What to order')).toBe(`${dashed([one, two, three])}\n${dashed([other])}`);
    expect(form.value('Name')).toBe('4 numbers in 2 places');
    await says(form, 'All of them are still available');
    expect(await submitted(form)).toContain('Order: 4 numbers in 2 places');
    await hasPicked(NOTHING);
    const card = await world.message('waiting for approval');
    await ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 4 of 4 numbers in 2 places');
    expect(
      bandwidth
        .orders()
        .map(({ numbers }) => numbers.length)
        .sort(),
    ).toEqual([1, 3]);
    expect(failures(world)).toEqual([]);
  });
});

describe('What people pick', () => {
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(async () => {
    if ((await picked()).includes(NOTHING)) return;
    const [answer] = offered();
    await world.ana.presses(answer, 'Start over');
    await hasPicked(NOTHING);
  });
  afterAll(() => world.close());

  test('is one order; the search results collapse to a link to its card', async () => {
    const [near, far] = [await found(world, '910'), await found(world, '919')];
    await adds(near, numbersOn(near, 2));
    await adds(far, numbersOn(far, 1));
    expect(await submitted(await formOfPicked())).toContain('Order: 3 numbers in 2 places');
    for (const results of [near, far]) await world.says(results, '3 numbers requested by @ana · Open card');
  });

  test('in one place, after the rest was removed in the form, is an order like any other', async () => {
    const [near, far] = [await found(world, '910'), await found(world, '919')];
    const keep = numbersOn(near, 1);
    await adds(near, keep);
    await adds(far, numbersOn(far, 2));
    const form = await formOfPicked();
    await form.fill('What to order', dashed(keep));
    expect(await submitted(form)).toContain('Order: 1 number in 910');
    await hasPicked(NOTHING);
  });

  test('after More like this goes to the place where it was found', async () => {
    const near = await found(world, '910 easy');
    const one = numbersOn(near, 10).find((number) => /(\d)\1{3}$/.test(number)) ?? '';
    await adds(near, [one]);
    const alike = await posted(world, () => world.ana.presses(near, 'More like this'));
    const [other = ''] = numbersOn(alike, 10).filter((number) => number !== one);
    expect(await adds(alike, [other])).toContain('2 picked so far in area code 910.');
  });

  test('while the form is open is kept for the next order', async () => {
    const [near, far] = [await found(world, '910'), await found(world, '919')];
    await adds(near, numbersOn(near, 2));
    const form = await formOfPicked();
    await adds(far, numbersOn(far, 1));
    expect(await submitted(form)).toContain('Order: 2 numbers in 910');
    await hasPicked('1 picked so far.\n• 1 in area code 919: ');
    // The earlier message orders what is picked now.
    const again = await formOfPicked();
    expect(again.value('What to order')).toBe(dashed(numbersOn(far, 1)));
    await again.close();
  });

  test('and someone else has bought is named in the form, before anyone is asked to approve', async () => {
    const near = await found(world, '910');
    const [gone = '', left = ''] = numbersOn(near, 2);
    await adds(near, [gone, left]);
    expect(world.bandwidth.anotherCustomerBuys(digits(gone))).toBe(true);
    const form = await formOfPicked();
    await says(form, `*No longer available:* ${gone}. Remove it before you submit.`);
    await form.fill('What to order', dashed([left]));
    expect(await submitted(form)).toContain('Order: 1 number in 910');
  });

  test('is called unknown if Bandwidth does not say whether it is still available', async () => {
    const near = await found(world, '910');
    await adds(near, numbersOn(near, 2));
    world.bandwidth.fail({ path: /availableNumbers/, how: 503, times: 20 });
    const form = await formOfPicked();
    await says(form, "I couldn't find out whether 2 numbers are still available");
    world.bandwidth.failNothing();
    expect(await submitted(form)).toContain('Order: 2 numbers in 910');
  });

  test('twice is in one line only, whichever search found it', async () => {
    const [near, again] = [await found(world, '910'), await found(world, 'Fayetteville, NC')];
    const both = numbersOn(again, 10);
    const [one = '', two = ''] = numbersOn(near, 10).filter((number) => both.includes(number));
    await adds(near, [one]);
    expect(await adds(again, [one, two])).toContain(
      'Added 1 number. 1 was picked already. 2 picked so far: 1 in area code 910 · 1 in Fayetteville, NC',
    );
    expect(await adds(again, [])).toContain('2 were picked already. 2 picked so far');
  });

  test('at the same moment from three searches is all there, each number once', async () => {
    const { ana } = world;
    const results = [await found(world, '910'), await found(world, '919'), await found(world, '910 x5')];
    for (const each of results) await ana.ticks(each, numbersOn(each, 3));
    await Promise.all(results.map((each) => ana.presses(each, 'Add to order')));
    await hasPicked('6 picked so far');
    expect(await picked()).toContain('3 in area code 919');
  });

  test('is removed by Start over; buttons of earlier messages say that nothing is picked', async () => {
    const { ana } = world;
    const near = await found(world, '910');
    await adds(near, numbersOn(near, 2));
    const earlier = offered();
    await adds(near, numbersOn(near, 1, 2));
    const [newest] = offered();
    await ana.presses(newest, 'Start over');
    await world.slack.until(() => asPlainText(newest).includes('Removed the 3 numbers you had picked.'), {
      describe: 'that they are removed',
    });
    expect(asPlainText(newest)).not.toContain('[');
    expect(await told(world, ana, () => ana.presses(...earlier))).toContain(NOTHING);
    expect(ana.hasForm()).toBe(false);
  });

  test('is not removed by Start over in a message that does not show all of it', async () => {
    const near = await found(world, '910');
    await adds(near, numbersOn(near, 2));
    const [earlier] = offered();
    await adds(near, numbersOn(near, 1, 2));
    await world.ana.presses(earlier, 'Start over');
    await world.slack.until(
      () => asPlainText(earlier).includes('What you picked has changed since that message. 3 picked so far'),
      { describe: 'what is picked now' },
    );
    expect(await picked()).toContain('3 picked so far');
  });

  test('is their own, even from the same results, and nobody else sees it', async () => {
    const { ana, ben } = world;
    const near = await found(world, '910');
    const [one = '', two = '', three = ''] = numbersOn(near, 3);
    await adds(near, [one]);
    const heard = ana.ephemerals(CHANNEL).length;
    expect(await adds(near, [two, three], ben)).toContain('Added 2 numbers. 2 picked so far');
    expect(await submitted(await formOfPicked(ben))).toContain('Order: 2 numbers in 910');
    await hasPicked(NOTHING, ben);
    expect(ana.ephemerals(CHANNEL)).toHaveLength(heard);
    expect(await picked()).toContain(`• 1 in area code 910: ${one}`);
  });

  test('is nothing without ticks, and only they are told so', async () => {
    const { ana } = world;
    const near = await found(world, '910');
    expect(await told(world, ana, () => ana.presses(near, 'Add to order'))).toBe(
      'Tick at least one number first, then press *Add to order* again.',
    );
    expect(await told(world, ana, () => ana.types(CHANNEL, '/numbers order picked'))).toContain(NOTHING);
  });
});

describe('What Ana picked', () => {
  afterEach(() => world.close());

  test('survives a restart, is not lost when a request fails, and is dropped after a day, which she is told', async () => {
    world = await startWorld();
    const { ana } = world;
    const near = await found(world, '910');
    const numbers = numbersOn(near, 3);
    await adds(near, numbers);
    await world.restart({ MAX_NUMBERS_PER_ORDER: '2' });
    expect(await picked()).toContain(`3 picked so far.\n• 3 in area code 910: ${numbers.join(', ')}`);

    await ana.types(CHANNEL, '/numbers order picked');
    const form = await ana.form();
    expect(form.value('Name')).toBe('3 numbers in 910');
    expect(form.asPlainText()).toContain('One order may have at most 2 numbers');
    await fill(form);
    expect(await form.submit()).toBe('errors');
    expect(await picked()).toContain('3 picked so far');
    await form.close();

    const before = offered();
    world.goesBy(DAY_MS);
    const tooOld = 'Picked numbers are kept for a day, so the 3 you picked before were dropped.';
    expect(await told(world, ana, () => ana.presses(...before))).toContain(tooOld);
    expect(await picked()).toContain(tooOld);
    expect(ana.hasForm()).toBe(false);
    const far = await found(world, '919');
    expect(await adds(far, numbersOn(far, 1))).toContain(`${tooOld} Added 1 number. 1 picked so far`);
  });

  test('is nothing in a channel where she can’t order: she is told so before she picks', async () => {
    world = await startWorld({ slack: { channels: [{ ...numbersChannel, sharedWith: 'company' }] } });
    const near = await found(world, '910');
    expect(await adds(near, numbersOn(near, 1))).toContain('another company');
    expect(await picked()).toContain(NOTHING);
  });

  test('counts as nothing if it is damaged, and she can pick again', async () => {
    world = await startWorld();
    const near = await found(world, '910');
    await adds(near, numbersOn(near, 2));
    await world.restart({}, async () => {
      const database = new Database(world.config.storeUrl.replace('sqlite:', ''));
      database.exec("UPDATE entry SET value = 'x' WHERE namespace = 'baskets'");
      database.close();
    });
    expect(await picked()).toContain(NOTHING);
    expect(await adds(near, [])).toContain('Added 2 numbers.');
    expect(failures(world)).toEqual([]);
  });
});
