import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText, type Form } from '../../sandbox/local-slack/local-slack.js';
import { asRead, CHANNEL, modes, startWorld, type World } from '../support/world.js';

let world: World;

/** What Bandwidth was told to buy: the order type of the newest order, without the white space between its tags. */
function whatIsWanted(): string {
  const xml = world.bandwidth.orders().at(-1)?.requestXml ?? '';
  return /<(\w+OrderType)>.*<\/\1>/.exec(xml.replace(/>\s+</g, '><'))?.[0] ?? xml;
}

/** The newest order as Bandwidth received it. */
const received = () => world.bandwidth.orders().at(-1)?.requestXml.replace(/>\s+</g, '><') ?? '';

/** The order form that a command of Ana's opens. */
async function formFor(words: string): Promise<Form> {
  await world.ana.types(CHANNEL, `/numbers order ${words}`);
  return world.ana.form();
}

/** Lets Ana submit a form that lacks only these two, and Ben approve; resolves when Bandwidth has the order. */
async function asked(form: Form): Promise<void> {
  if (form.value('Sub-account') === '') await form.choose('Sub-account', 'Raleigh office');
  await form.fill('Reason', 'New support line');
  const cards = world.slack.messages(CHANNEL).length;
  expect([await form.submit(), form.errors]).toEqual(['closed', {}]);
  const card = await world.slack.until(() => world.slack.messages(CHANNEL)[cards], { describe: 'the card' });
  await world.slack.until(() => asPlainText(card).includes('[Approve & order]'));
  const orders = world.bandwidth.orders().length;
  await world.ben.presses(card, 'Approve & order');
  await world.slack.until(() => world.bandwidth.orders().length > orders, {
    describe: 'Bandwidth to have the order',
  });
}

describe('Ana orders by words, and Bandwidth receives', () => {
  beforeAll(async () => {
    world = await startWorld();
    // Held numbers are ordered with their reservations, which another test is about.
    world.bandwidth.set({ reservationsAllowed: false });
  });
  afterAll(() => world.close());

  const one = '<Quantity>1</Quantity>';
  test.each([
    // First, while nothing else has been ordered that may take these.
    [
      '910-317-4992, +1 (919) 439-2566',
      '<ExistingTelephoneNumberOrderType><TelephoneNumberList><TelephoneNumber>9103174992</TelephoneNumber><TelephoneNumber>9194392566</TelephoneNumber></TelephoneNumberList></ExistingTelephoneNumberOrderType>',
    ],
    ['910', `<AreaCodeSearchAndOrderType><AreaCode>910</AreaCode>${one}</AreaCodeSearchAndOrderType>`],
    [
      '910-241 x2',
      '<NPANXXSearchAndOrderType><NpaNxx>910241</NpaNxx><EnableLCA>false</EnableLCA><Quantity>2</Quantity></NPANXXSearchAndOrderType>',
    ],
    [
      '910-241 lca',
      `<NPANXXSearchAndOrderType><NpaNxx>910241</NpaNxx><EnableLCA>true</EnableLCA>${one}</NPANXXSearchAndOrderType>`,
    ],
    [
      'rc RALEIGH NC x3',
      '<RateCenterSearchAndOrderType><RateCenter>RALEIGH</RateCenter><State>NC</State><EnableLCA>false</EnableLCA><Quantity>3</Quantity></RateCenterSearchAndOrderType>',
    ],
    ['NC', `<StateSearchAndOrderType><State>NC</State>${one}</StateSearchAndOrderType>`],
    [
      'Raleigh, NC x4',
      '<CitySearchAndOrderType><City>Raleigh</City><State>NC</State><Quantity>4</Quantity></CitySearchAndOrderType>',
    ],
    ['07030', `<ZIPSearchAndOrderType><Zip>07030</Zip>${one}</ZIPSearchAndOrderType>`],
    ['lata 426', `<LATASearchAndOrderType><Lata>426</Lata>${one}</LATASearchAndOrderType>`],
    [
      'tollfree vanity NEWCARS',
      `<TollFreeVanitySearchAndOrderType><TollFreeVanity>NEWCARS</TollFreeVanity>${one}</TollFreeVanitySearchAndOrderType>`,
    ],
    [
      'tollfree 83* x2',
      '<TollFreeWildCharSearchAndOrderType><TollFreeWildCardPattern>83*</TollFreeWildCardPattern><Quantity>2</Quantity></TollFreeWildCharSearchAndOrderType>',
    ],
    [
      '910 in Fayetteville, NC x2',
      '<CombinedSearchAndOrderType><AreaCode>910</AreaCode><City>Fayetteville</City><State>NC</State><Quantity>2</Quantity></CombinedSearchAndOrderType>',
    ],
    [
      '910-241-4',
      `<CombinedSearchAndOrderType><NpaNxxX>9102414</NpaNxxX><EnableLCA>false</EnableLCA>${one}</CombinedSearchAndOrderType>`,
    ],
    [
      'vanity PIZZA in 910',
      `<CombinedSearchAndOrderType><AreaCode>910</AreaCode><LocalVanity>PIZZA</LocalVanity><EndsIn>false</EndsIn>${one}</CombinedSearchAndOrderType>`,
    ],
    [
      'vanity PIZZA in 910 ending',
      `<CombinedSearchAndOrderType><AreaCode>910</AreaCode><LocalVanity>PIZZA</LocalVanity><EndsIn>true</EndsIn>${one}</CombinedSearchAndOrderType>`,
    ],
  ])('%s', async (words, wanted) => {
    await asked(await formFor(words));
    expect(whatIsWanted()).toBe(wanted);
  });
});

describe('Ana orders', () => {
  beforeAll(async () => {
    world = await startWorld({ settings: { MAX_NUMBERS_PER_ORDER: '5' } });
  });
  afterAll(() => world.close());
  afterEach(() => world.slack.workspace.clearModals(world.ana.id));

  test('with nothing typed: one form asks what, the next one the rest', async () => {
    const form = await formFor('');
    await form.choose('Search by', 'City');
    await world.slack.until(() => form.labels().includes('City'));
    await form.fill('City', 'Durham');
    await form.choose('State', 'North Carolina (NC)');
    await form.fill('How many at most', '3');
    expect(await form.submit()).toBe('updated');
    expect(form.asPlainText()).toContain('Numbers in Durham, NC');
    expect(form.value('Quantity')).toBe('3');
    await asked(form);
    expect(whatIsWanted()).toBe(
      '<CitySearchAndOrderType><City>Durham</City><State>NC</State><Quantity>3</Quantity></CitySearchAndOrderType>',
    );
  });

  test('with a mistake in the first form: the error is under its field, and the form stays', async () => {
    const form = await formFor('');
    await form.fill('Area code', '110');
    expect(await form.submit()).toBe('errors');
    expect(form.errors).toEqual({
      'Area code': "110 isn't an area code: none begins with 0 or 1. Example: 910.",
    });
  });

  test('a local vanity word in the first form: it asks for the area code there', async () => {
    const form = await formFor('');
    await form.choose('Search by', 'Local vanity word');
    await world.slack.until(() => form.labels().includes('Word'));
    expect(form.labels()).toEqual(
      expect.arrayContaining(['Word', 'Area code', 'Position of the word', 'How many at most']),
    );
    await form.fill('Word', 'PIZZA');
    await form.fill('Area code', '910');
    expect(await form.submit()).toBe('updated');
    expect(form.asPlainText()).toContain('PIZZA in 910');
  });

  test('numbers: the form names them and asks for no quantity', async () => {
    const form = await formFor('910-241-4365 910-317-4992');
    expect(form.asPlainText()).toContain('(910) 241-4365, (910) 317-4992');
    expect(form.labels()).not.toContain('Quantity');
    expect(form.value('Name')).toBe('2 numbers in 910');
  });

  test('under a name of her own, to a location she chose', async () => {
    const form = await formFor('919');
    await form.fill('Name', 'Hotline “Süd” & Co');
    await form.choose('Sub-account', 'Raleigh office');
    await world.slack.until(() => form.asPlainText().includes('Default location'));
    expect(await form.options('Location')).toEqual(['Contact center', 'Main SIP trunk']);
    await form.choose('Location', 'Contact center');
    await asked(form);
    expect(world.bandwidth.orders().at(-1)).toMatchObject({
      name: 'Hotline “Süd” & Co',
      siteId: '461',
      peerId: '651682',
      quantity: 1,
    });
    const card = await world.message('Contact center (651682)');
    expect(asPlainText(card)).toContain('Raleigh office (461)');
    expect(asPlainText(card)).toContain('Hotline “Süd” & Co');
    expect(asPlainText(card)).toContain('> New support line');
  });

  test('another sub-account after the location: the location of the first is forgotten', async () => {
    const form = await formFor('919');
    await form.choose('Sub-account', 'Raleigh office');
    // The location of Ana's last order may stand there.
    await world.slack.until(
      () => form.asPlainText().includes('Default location') || form.value('Location') !== '',
    );
    await form.choose('Location', 'Contact center');
    await form.choose('Sub-account', 'Boston office');
    await world.slack.until(() => form.value('Location') === '', { describe: 'an empty location' });
    expect(await form.options('Location')).toEqual(['Boston trunk']);
    await asked(form);
    expect(world.bandwidth.orders().at(-1)).toMatchObject({ siteId: '743' });
    expect(received()).not.toContain('<PeerId>');
  });

  test('and says nothing about the options: partial delivery, no back-order, no protection', async () => {
    await asked(await formFor('919'));
    expect(received()).toContain('<PartialAllowed>true</PartialAllowed>');
    expect(received()).toContain('<BackOrderRequested>false</BackOrderRequested>');
    expect(received()).not.toContain('TnAttribute');
  });

  test('all or none, back-ordered and protected: that is what Bandwidth is told', async () => {
    const form = await formFor('919 x2');
    await form.untick('Options', 'Partial delivery allowed');
    await form.tick('Options', 'Back-order');
    await form.tick('Options', 'Protected');
    await asked(form);
    expect(received()).toContain('<PartialAllowed>false</PartialAllowed>');
    expect(received()).toContain('<BackOrderRequested>true</BackOrderRequested>');
    expect(received()).toContain('<TnAttributes><TnAttribute>Protected</TnAttribute></TnAttributes>');
    await world.message('all numbers or none · back-order what is not in stock · protected numbers');
  });

  test.each([
    ['910-241-4366', ['Partial delivery allowed', 'Protected']],
    ['910-241', ['Partial delivery allowed', 'Protected']],
    ['910-241-4', ['Partial delivery allowed', 'Protected']],
    ['vanity PIZZA in 910', ['Partial delivery allowed', 'Protected']],
    ['tollfree vanity NEWCARS', ['Partial delivery allowed']],
    ['833', ['Partial delivery allowed', 'Back-order']],
    ['Raleigh, NC', ['Partial delivery allowed', 'Back-order', 'Protected']],
  ])('%s is offered only the options that Bandwidth allows with it', async (words, offered) => {
    const form = await formFor(words);
    expect(await form.options('Options')).toEqual(offered);
  });

  test('more than one order can have: the form says so under the quantity, and stays', async () => {
    const form = await formFor('919 x6');
    await form.choose('Sub-account', 'Raleigh office');
    await form.fill('Reason', 'Many lines');
    expect(await form.submit()).toBe('errors');
    expect(form.errors).toEqual({
      Quantity: 'One order may have at most 5 numbers. Request fewer, or submit several orders.',
    });
    await form.fill('Quantity', '5');
    expect(await form.submit()).toBe('closed');
  });

  test('more numbers than one order can have: she is told at once', async () => {
    const numbers = ['0', '1', '2', '3', '4', '5'].map((digit) => `910-241-400${digit}`).join(' ');
    const answer = await world.ana.types(CHANNEL, `/numbers order ${numbers}`);
    expect(answer.text).toBe(
      'One order may have at most 5 numbers. Request fewer, or submit several orders.',
    );
    expect(world.ana.hasForm()).toBe(false);
  });

  test.each(['0', '-1', '2.5', '5001', 'two', ''])(
    '“%s” numbers: refused under the quantity',
    async (quantity) => {
      const form = await formFor('919');
      await form.choose('Sub-account', 'Raleigh office');
      await form.fill('Reason', 'Lines');
      await form.fill('Quantity', quantity);
      expect(await form.submit()).toBe('errors');
      expect(Object.keys(form.errors)).toEqual(['Quantity']);
    },
  );

  test('with an empty form: each field says what is missing', async () => {
    const form = await formFor('919');
    await form.choose('Sub-account', 'Raleigh office');
    await form.fill('Name', '   ');
    await form.fill('Reason', ' \n ');
    expect(await form.submit()).toBe('errors');
    expect(form.errors).toEqual({
      Name: 'Give the order a name.',
      Reason: 'Say what the numbers are for.',
    });
  });

  test('what cannot be ordered: she is told what can', async () => {
    const answer = await world.ana.types(CHANNEL, '/numbers order vanity PIZZA in NC');
    expect(answer.text).toContain('can only be ordered within an area code');
    const sorted = await world.ana.types(CHANNEL, '/numbers order 910-241 by fullNumber');
    expect(sorted.text).toContain('can be asked for in a search, not in an order');
    expect(world.ana.hasForm()).toBe(false);
  });

  test('submitted twice by a double click: one order, one card', async () => {
    const form = await formFor('919');
    await form.fill('Name', 'Twice');
    await form.choose('Sub-account', 'Raleigh office');
    await form.fill('Reason', 'A nervous finger');
    await Promise.all([form.submit(), form.submit()]);
    await world.message('A nervous finger');
    await world.ana.types(CHANNEL, '/numbers help');
    const cards = world.slack
      .messages(CHANNEL)
      .filter((each) => asPlainText(each).includes('A nervous finger'));
    expect(cards).toHaveLength(1);
  });
});

describe('The order form of an account', () => {
  afterEach(() => world.close());

  const manySites = Array.from({ length: 500 }, (_, index) => ({
    id: String(1000 + index),
    name: `Branch ${index}`,
    peers: [{ id: String(5000 + index), name: `Trunk ${index}`, isDefault: true }],
  }));
  const raleigh = { id: '461', name: 'Raleigh office', peers: [{ id: '651681', name: 'Main SIP trunk' }] };

  test('without sub-accounts says what has to be done first', async () => {
    world = await startWorld({ bandwidth: { sites: [] } });
    const form = await formFor('919');
    await world.slack.until(() => form.asPlainText().includes('This account has no sub-accounts yet.'));
    expect(await form.options('Sub-account')).toEqual([]);
  });

  test('with one sub-account has it filled in; a location without a default is refused by Bandwidth', async () => {
    world = await startWorld({ bandwidth: { sites: [raleigh] } });
    const form = await formFor('919');
    await world.slack.until(() => form.value('Sub-account') === 'Raleigh office');
    await form.fill('Reason', 'A line');
    expect(await form.submit()).toBe('closed');
    const card = await world.message('waiting for approval');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Refused by Bandwidth');
    await world.says(card, '5020: No default SIP peer is set on the account and site.');
  });

  test('with 500 sub-accounts finds one as it is typed', async () => {
    world = await startWorld({ bandwidth: { sites: manySites } });
    const asks = () => world.bandwidth.requests.filter(({ path }) => path.endsWith('/sites')).length;
    await world.slack.until(() => asks() === 1, { describe: 'the check of the account at the start' });
    const form = await formFor('919');
    expect(await form.options('Sub-account')).toHaveLength(100);
    expect(await form.options('Sub-account', 'branch 49')).toEqual([
      'Branch 49',
      ...Array.from({ length: 10 }, (_, index) => `Branch ${490 + index}`),
    ]);
    expect(await form.options('Sub-account', '1499')).toEqual(['Branch 499']);
    await form.choose('Sub-account', 'Branch 499');
    await world.slack.until(() => form.asPlainText().includes('Default location'));
    await form.choose('Location', 'Trunk 499');
    await asked(form);
    expect(world.bandwidth.orders()).toMatchObject([{ siteId: '1499', peerId: '5499' }]);
    expect(asks()).toBe(2);
  });

  test.each(modes)('in %s offers the sub-account and location of the settings', async (mode) => {
    world = await startWorld({ mode, settings: { BW_SITE_ID: '461', BW_PEER_ID: '651682' } });
    const form = await formFor('919');
    await world.slack.until(() => form.value('Location') === 'Contact center');
    expect(form.value('Sub-account')).toBe('Raleigh office');
    await asked(form);
    expect(world.bandwidth.orders()).toMatchObject([{ siteId: '461', peerId: '651682' }]);
  });

  test.each([
    [{ BW_SITE_ID: '99' }, "The sub-account in BW_SITE_ID isn't on this account."],
    [{ BW_SITE_ID: '461', BW_PEER_ID: '99' }, "The location in BW_PEER_ID isn't in its sub-account."],
  ])('says so when the settings are wrong: %j', async (settings, notice) => {
    world = await startWorld({ settings });
    const form = await formFor('919');
    await world.slack.until(() => asRead(form.asPlainText()).includes(notice));
    await asked(form);
    expect(world.bandwidth.orders()).toHaveLength(1);
  });

  test('says so when Bandwidth cannot be asked, and can be filled in once it can', async () => {
    world = await startWorld();
    world.bandwidth.fail({ path: /\/sites$/, how: 503 });
    const form = await formFor('919');
    await world.slack.until(() => form.asPlainText().includes("I couldn't read the sub-accounts."));
    await asked(form);
    expect(world.bandwidth.orders()).toHaveLength(1);
  });
});
