import { afterEach, describe, expect, test } from '@jest/globals';
import { asPlainText } from '../../sandbox/local-slack/local-slack.js';
import { answered, failures, found, posted, queries, told } from '../support/search-steps.js';
import { CHANNEL, setups, startWorld, type World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

type Form = Awaited<ReturnType<World['ana']['form']>>;

async function searchForm(verb: 'search' | 'order' = 'search'): Promise<Form> {
  await world.ana.types(CHANNEL, `/numbers ${verb}`);
  return world.ana.form();
}

/** Chooses what to search by and waits for the fields of that kind. */
async function searchBy(form: Form, kind: string): Promise<void> {
  const { hash } = form.view;
  await form.choose('Search by', kind);
  await world.slack.until(() => form.view.hash !== hash, { describe: `the fields of ${kind}` });
}

const FIRST = 'Search by';
const MANY = 'How many at most';
const WIDE = 'Search area';
const ORDER = 'Sort by';
const PROTECTED = 'Protected numbers';

describe.each(setups)('In %s, with %s of the API', (mode, version) => {
  test('Ana searches with the form, without typing a word', async () => {
    world = await startWorld({ mode, version });
    const form = await searchForm();
    expect(form.title).toBe('Search numbers');
    expect(form.labels()).toEqual([FIRST, 'Area code', MANY, PROTECTED, ...filters('Area code')]);
    expect(form.value(FIRST)).toBe('Area code');
    expect(form.value(MANY)).toBe('100');
    await searchBy(form, 'City');
    await form.fill('City', 'Raleigh');
    await form.choose('State', 'North Carolina (NC)');
    await form.fill(MANY, '25');
    await form.choose(ORDER, 'Whole number');
    const results = await posted(world, async () => expect(await form.submit()).toBe('closed'));
    expect(asPlainText(results)).toContain('Numbers in Raleigh, NC* · 10 of 25 shown · searched by @ana');
    expect(queries(world)).toEqual([
      `city=Raleigh&state=NC&quantity=25&enableTNDetail=true&orderBy=fullNumber${version === 'v2' ? '&countryCodeA3=USA' : ''}`,
    ]);
  });
});

/** They go with every search; a vanity word already says how a number ends. */
const filters = (kind: string) => [
  ...['Easy to remember', 'How many in a row', 'Starting with'],
  ...(kind.endsWith('vanity word') ? [] : ['Ending in']),
  ...['Without', 'Like this number'],
];

describe('The search form', () => {
  test.each([
    ['Area code', ['Area code', MANY, PROTECTED]],
    ['NPA-NXX (910-555)', ['NPA-NXX', MANY, WIDE, ORDER, PROTECTED]],
    ['NPA-NXX-X (910-555-1)', ['NPA-NXX-X', MANY, WIDE, ORDER, PROTECTED]],
    ['City', ['City', 'State', MANY, ORDER, PROTECTED]],
    ['State', ['State', MANY, PROTECTED]],
    ['Rate center', ['Rate center', 'State', MANY, WIDE, ORDER, PROTECTED]],
    ['ZIP code', ['ZIP code', MANY, ORDER, PROTECTED]],
    ['LATA', ['LATA', MANY, PROTECTED]],
    [
      'Several of these',
      [
        ...['Area code', 'NPA-NXX', 'NPA-NXX-X', 'City', 'Rate center', 'State', 'ZIP code', 'LATA'],
        ...[MANY, WIDE, ORDER, PROTECTED],
      ],
    ],
    ['Local vanity word', ['Word', 'Area code', 'State', 'Position of the word', MANY, PROTECTED]],
    ['Toll-free', ['Prefix', MANY, ORDER]],
    ['Toll-free vanity word', ['Word', MANY, ORDER]],
  ])('shows for %s only what Bandwidth allows with it, and the filters', async (kind, fields) => {
    world = await startWorld();
    const form = await searchForm();
    // Only the kind that stands there already changes nothing.
    if (kind === 'Area code') await searchBy(form, 'City');
    await searchBy(form, kind);
    expect(form.labels()).toEqual([FIRST, ...fields, ...filters(kind)]);
    expect(form.value(FIRST)).toBe(kind);
  });

  test.each<readonly [string, (form: Form) => Promise<unknown>, string]>([
    [
      'NPA-NXX (910-555)',
      async (form) => {
        await form.fill('NPA-NXX', '(910) 555');
        await form.tick(WIDE, 'Include the local calling area');
      },
      'npaNxx=910555&quantity=100&enableTNDetail=true&LCA=true',
    ],
    [
      'NPA-NXX-X (910-555-1)',
      async (form) => {
        await form.fill('NPA-NXX-X', '910.555.1');
        await form.choose(ORDER, 'NPA-NXX-X');
      },
      'npaNxxx=9105551&quantity=100&enableTNDetail=true&LCA=false&orderBy=npaNxxx',
    ],
    [
      'State',
      (form) => form.choose('State', 'Puerto Rico (PR)'),
      'state=PR&quantity=100&enableTNDetail=true',
    ],
    [
      'Rate center',
      async (form) => {
        await form.fill('Rate center', 'fayettevl');
        await form.choose('State', 'North Carolina (NC)');
      },
      'rateCenter=FAYETTEVL&state=NC&quantity=100&enableTNDetail=true&LCA=false',
    ],
    ['ZIP code', (form) => form.fill('ZIP code', ' 07030 '), 'zip=07030&quantity=100&enableTNDetail=true'],
    [
      'LATA',
      async (form) => {
        await form.fill('LATA', '426');
        await form.choose(PROTECTED, 'Only protected ones');
      },
      'lata=426&quantity=100&enableTNDetail=true&protected=ONLY',
    ],
    [
      'Several of these',
      async (form) => {
        await form.fill('Area code', '910');
        await form.fill('City', 'Fayetteville');
        await form.choose('State', 'North Carolina (NC)');
        await form.choose(ORDER, 'Area code');
      },
      'areaCode=910&city=Fayetteville&state=NC&quantity=100&enableTNDetail=true&orderBy=areaCode',
    ],
    [
      'Local vanity word',
      async (form) => {
        await form.fill('Word', 'pizza');
        await form.fill('Area code', '910');
        await form.tick('Position of the word', 'Only at the end of the number');
      },
      'areaCode=910&localVanity=PIZZA&endsIn=true&quantity=100&enableTNDetail=true',
    ],
    ['Toll-free', (form) => form.fill('Prefix', '83*'), 'tollFreeWildCardPattern=83*&quantity=100'],
    ['Toll-free vanity word', (form) => form.fill('Word', 'NEWCARS'), 'tollFreeVanity=NEWCARS&quantity=100'],
  ])('for %s asks Bandwidth exactly that', async (kind, fill, query) => {
    world = await startWorld();
    const form = await searchForm();
    await searchBy(form, kind);
    await fill(form);
    await answered(world, async () => expect(await form.submit()).toBe('closed'));
    expect(queries(world)).toEqual([query]);
  });

  test('keeps what fits when Ana changes her mind, and forgets what does not', async () => {
    world = await startWorld();
    const form = await searchForm();
    await searchBy(form, 'Rate center');
    await form.fill('Rate center', 'RALEIGH');
    await form.choose('State', 'North Carolina (NC)');
    await form.fill(MANY, '7');
    await form.tick(WIDE, 'Include the local calling area');
    await searchBy(form, 'City');
    expect(form.value('State')).toBe('North Carolina (NC)');
    expect(form.value(MANY)).toBe('7');
    await form.fill('City', 'Raleigh');
    await answered(world, () => form.submit());
    expect(queries(world)).toEqual(['city=Raleigh&state=NC&quantity=7&enableTNDetail=true']);
  });

  test.each<readonly [string, Readonly<Record<string, string>>, string, string]>([
    ['Area code', { 'Area code': '110' }, 'Area code', "110 isn't an area code: none begins with 0 or 1"],
    ['Area code', { 'Area code': '91O' }, 'Area code', "91O isn't an area code"],
    ['Area code', { 'Area code': '833' }, 'Area code', 'toll-free'],
    ['Area code', { 'Area code': '910', [MANY]: '0' }, MANY, 'from 1 to 5,000, not 0'],
    ['Area code', { 'Area code': '910', [MANY]: '5001' }, MANY, 'from 1 to 5,000, not 5001'],
    ['Area code', { 'Area code': '910', [MANY]: 'ten' }, MANY, 'from 1 to 5,000, not ten'],
    ['Area code', { 'Area code': '   ' }, 'Area code', 'Fill this in'],
    ['NPA-NXX (910-555)', { 'NPA-NXX': '910055' }, 'NPA-NXX', "910055 isn't an NPA-NXX"],
    ['ZIP code', { 'ZIP code': '2760' }, 'ZIP code', 'five digits'],
    ['LATA', { LATA: 'x' }, 'LATA', "x isn't a LATA"],
    ['Local vanity word', { Word: 'PI' }, 'Word', '4 to 7 letters or digits'],
    ['Toll-free', { Prefix: '910' }, 'Prefix', "910 isn't a toll-free prefix"],
    ['Several of these', { 'Area code': '910', 'NPA-NXX': '910555' }, 'NPA-NXX', "can't be combined"],
    ['Several of these', { City: 'Raleigh' }, 'State', 'needs its state'],
  ])('for %s with %j says what is wrong under “%s”', async (kind, typed, field, sentence) => {
    world = await startWorld();
    const form = await searchForm();
    if (kind !== 'Area code') await searchBy(form, kind);
    for (const [label, text] of Object.entries(typed)) await form.fill(label, text);
    expect(await form.submit()).toBe('errors');
    expect(Object.keys(form.errors)).toEqual([field]);
    expect(form.errors[field]).toContain(sentence);
    expect(queries(world)).toEqual([]);
    expect(form.isOpen).toBe(true);
  });

  test('refuses the whole local calling area in an order, under the box that asks for it', async () => {
    world = await startWorld();
    const form = await searchForm();
    await searchBy(form, 'NPA-NXX (910-555)');
    await form.fill('NPA-NXX', '910-555');
    await form.tick(WIDE, 'Include the local calling area');
    await form.choose(ORDER, 'Whole number');
    expect(await form.submit()).toBe('errors');
    expect(Object.keys(form.errors)).toEqual([WIDE]);
    await form.untick(WIDE, 'Include the local calling area');
    await answered(world, async () => expect(await form.submit()).toBe('closed'));
  });

  test('that is closed while it changes leaves no error behind', async () => {
    world = await startWorld();
    const form = await searchForm();
    world.slack.fail('views.update', { error: 'not_found' });
    await form.choose('Search by', 'City');
    await world.slack.until(() => world.slack.calls.some(({ method }) => method === 'views.update'));
    await form.close();
    expect(failures(world)).toEqual([]);
    expect(world.ana.directMessages()).toEqual([]);
  });

  test('that Slack no longer opens is explained in a sentence', async () => {
    world = await startWorld();
    world.slack.fail('views.open', { error: 'expired_trigger_id' });
    const said = await told(world, world.ana, () => world.ana.types(CHANNEL, '/numbers search'));
    expect(said).toContain('Try again');
    const results = await found(world, '910');
    world.slack.fail('views.open', { error: 'expired_trigger_id' });
    expect(await told(world, world.ana, () => world.ana.presses(results, 'Change search…'))).toBe(said);
  });

  test('does not keep Ana waiting for its acknowledgement when Slack opens it slowly', async () => {
    world = await startWorld();
    world.slack.fail('views.open', { retryAfter: 2 });
    expect(await world.ana.types(CHANNEL, '/numbers search')).toEqual({});
    expect(world.slack.deliveries.at(-1)).toMatchObject({ ok: true });
    expect(world.slack.calls.filter(({ method, ok }) => method === 'views.open' && ok)).toEqual([]);
    await world.ana.form();
  });
});

describe('The form of a bare /numbers order', () => {
  test('describes what to order, without what an order cannot contain, and leads to the order form', async () => {
    world = await startWorld();
    const form = await searchForm('order');
    expect(form.title).toBe('Order numbers');
    expect(form.labels()).toEqual([FIRST, 'Area code', MANY]);
    expect(form.value(MANY)).toBe('1');
    await searchBy(form, 'NPA-NXX (910-555)');
    expect(form.labels()).toEqual([FIRST, 'NPA-NXX', MANY, WIDE]);
    await searchBy(form, 'Local vanity word');
    expect(form.labels()).toEqual([FIRST, 'Word', 'Area code', 'Position of the word', MANY]);
    await searchBy(form, 'Area code');
    await form.fill('Area code', '910');
    await form.fill(MANY, '3');
    expect(await form.submit()).toBe('updated');
    expect(form.asPlainText()).toContain('area code 910');
    expect(form.value('Quantity')).toBe('3');
    expect(queries(world)).toEqual([]);
  });

  test('refuses what cannot be ordered', async () => {
    world = await startWorld();
    const form = await searchForm('order');
    await form.fill('Area code', '110');
    expect(await form.submit()).toBe('errors');
    expect(form.errors['Area code']).toContain("110 isn't an area code");
  });
});
