import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText } from '../../sandbox/local-slack/local-slack.js';
import { examples } from '../../src/slack/blocks/answers/help.js';
import {
  acknowledgements,
  answered,
  failures,
  posted,
  queries,
  requestsForPeople,
  searched,
} from '../support/search-steps.js';
import { CHANNEL, modes, startWorld, type World } from '../support/world.js';

let world: World;

describe.each(modes)('In %s', (mode) => {
  beforeAll(async () => {
    world = await startWorld({ mode });
  });
  afterAll(() => world.close());

  test.each([
    ['910', 'areaCode=910&quantity=100&enableTNDetail=true'],
    ['910-555', 'npaNxx=910555&quantity=100&enableTNDetail=true&LCA=false'],
    ['910555', 'npaNxx=910555&quantity=100&enableTNDetail=true&LCA=false'],
    ['910-555-1', 'npaNxxx=9105551&quantity=100&enableTNDetail=true&LCA=false'],
    ['9105551', 'npaNxxx=9105551&quantity=100&enableTNDetail=true&LCA=false'],
    ['27601', 'zip=27601&quantity=100&enableTNDetail=true'],
    ['27601-1234', 'zip=27601-1234&quantity=100&enableTNDetail=true'],
    ['NC', 'state=NC&quantity=100&enableTNDetail=true'],
    ['Raleigh, NC', 'city=Raleigh&state=NC&quantity=100&enableTNDetail=true'],
    ['Raleigh NC', 'city=Raleigh&state=NC&quantity=100&enableTNDetail=true'],
    ['rc RALEIGH NC', 'rateCenter=RALEIGH&state=NC&quantity=100&enableTNDetail=true&LCA=false'],
    ['lata 426', 'lata=426&quantity=100&enableTNDetail=true'],
    ['vanity PIZZA', 'localVanity=PIZZA&quantity=100&enableTNDetail=true'],
    ['vanity PIZZA in 910', 'areaCode=910&localVanity=PIZZA&quantity=100&enableTNDetail=true'],
    ['vanity PIZZA in NC', 'state=NC&localVanity=PIZZA&quantity=100&enableTNDetail=true'],
    ['vanity PIZZA ending', 'localVanity=PIZZA&endsIn=true&quantity=100&enableTNDetail=true'],
    ['tollfree', 'tollFreeWildCardPattern=8**&quantity=100'],
    ['tollfree 83*', 'tollFreeWildCardPattern=83*&quantity=100'],
    ['833', 'tollFreeWildCardPattern=833&quantity=100'],
    ['tollfree vanity NEWCARS', 'tollFreeVanity=NEWCARS&quantity=100'],
    ['910 x25', 'areaCode=910&quantity=25&enableTNDetail=true'],
    ['Raleigh, NC x5000', 'city=Raleigh&state=NC&quantity=5000&enableTNDetail=true'],
    ['tollfree 83* x1', 'tollFreeWildCardPattern=83*&quantity=1'],
    ['910 in Raleigh, NC', 'areaCode=910&city=Raleigh&state=NC&quantity=100&enableTNDetail=true'],
    ['910-241 lca', 'npaNxx=910241&quantity=100&enableTNDetail=true&LCA=true'],
    ['910-241 by fullNumber', 'npaNxx=910241&quantity=100&enableTNDetail=true&LCA=false&orderBy=fullNumber'],
    ['910 protected none', 'areaCode=910&quantity=100&enableTNDetail=true&protected=None'],
    ['Winston-Salem, NC', 'city=Winston-Salem&state=NC&quantity=100&enableTNDetail=true'],
    ["Coeur d'Alene, ID", 'city=Coeur%20d%27Alene&state=ID&quantity=100&enableTNDetail=true'],
    ['San José & Sons, CA', 'city=San%20Jos%C3%A9%20%26%20Sons&state=CA&quantity=100&enableTNDetail=true'],
  ])('Ana types %s and Bandwidth is asked for %s', async (typed, query) => {
    const before = queries(world).length;
    const answer = await searched(world, typed);
    expect(queries(world).slice(before)).toEqual([query]);
    expect(answer).toContain('searched by @ana');
    expect(failures(world)).toEqual([]);
  });

  test('Ana leaves out the word search before a number', async () => {
    const before = queries(world).length;
    await posted(world, () => world.ana.types(CHANNEL, '/numbers 910'));
    await posted(world, () => world.ana.types(CHANNEL, '/numbers tollfree 83*'));
    expect(queries(world).slice(before)).toEqual([
      'areaCode=910&quantity=100&enableTNDetail=true',
      'tollFreeWildCardPattern=83*&quantity=100',
    ]);
  });

  test.each([
    ['search 91O', 'has a letter where a digit belongs', '/numbers search 910'],
    ['search 110', "110 isn't an area code: none begins with 0 or 1", '/numbers search 210'],
    ['search 911', "911 isn't an area code: it is a service number", '/numbers search 91'],
    ['search Raleigh, ZZ', "ZZ isn't a US state or Canadian province", '/numbers search Raleigh, A'],
    ['search XX', "XX isn't a US state or Canadian province", '/numbers search '],
    ['search Raleigh', 'Which state?', '/numbers search Raleigh, NC'],
    ['search 910 x9999', 'from 1 to 5,000, not 9999', '/numbers search 910 x5000'],
    ['search 910 by fullNumber', 'Only a search for an NPA-NXX', '/numbers search 910'],
    ['search 910 lca', 'The local calling area can only be added to', '/numbers search 910'],
    ['search 833 protected only', "Protected can't be combined with", '/numbers search tollfree 833'],
    [
      'search 910-241-4365',
      'is a whole number. To order just that one: /numbers order',
      '/numbers search 910-241',
    ],
    ['search vanity PI', '4 to 7 letters or digits', '/numbers search vanity PIZZA'],
    ['search lata', 'Something is missing after “lata”', '/numbers search lata 426'],
    ['search NC VA', 'VA', '/numbers search '],
    ['serach 910', 'Did you mean', '/numbers search 910'],
    ['serach', 'Did you mean', '/numbers search'],
    ['find 910', 'Did you mean', '/numbers search 910'],
    ['buy 910 x5', 'Did you mean', '/numbers order 910 x5'],
    ['--help', 'Did you mean', '/numbers help'],
    ['search910', 'Did you mean', '/numbers search 910'],
    ['Raleigh, NC', 'Did you mean', '/numbers search Raleigh, NC'],
    ['pizza please', "“pizza please” isn't a command", '/numbers help'],
    ['order vanity PIZZA', 'only be ordered within an area code', '/numbers order vanity PIZZA in 910'],
    ['order 910 protected only', 'in a search, not in an order', '/numbers order 910'],
  ])(
    'Ana types %s and is told at once, privately, what is wrong and what works',
    async (typed, wrong, works) => {
      const { ana, slack } = world;
      const [asked, shown, done] = [
        requestsForPeople(world).length,
        slack.messages(CHANNEL).length,
        slack.deliveries.length,
      ];
      const answer = await ana.types(CHANNEL, `/numbers ${typed}`);
      const said = asPlainText({ blocks: answer.blocks ?? [] });
      expect(said).toContain(wrong);
      expect(said).toContain(`\`${works}`);
      expect(acknowledgements(world, done)).toEqual([true]);
      expect(requestsForPeople(world)).toHaveLength(asked);
      expect(slack.messages(CHANNEL)).toHaveLength(shown);
      expect(failures(world)).toEqual([]);
    },
  );

  test.each([
    'search 91O',
    'search 110',
    'search XX',
    'search Raleigh, ZZ',
    'search Springfield',
    'serach 910',
    'serach NCC',
    'search 910 x9999',
    'search 910-241-4365',
    'search vanity PIZZERIA',
    'search tollfree 910',
    'search 9102',
    'search 910 x0',
    'search 910-055',
    'search 2760',
  ])('and every command suggested after %s works when Ana types it', async (typed) => {
    const { text = '' } = await world.ana.types(CHANNEL, `/numbers ${typed}`);
    const suggested = [...text.matchAll(/`\/numbers (search [^`]+)`/g)].map(([, words = '']) => words);
    expect(suggested.length).toBeGreaterThan(0);
    for (const words of suggested) {
      const answer = await answered(world, () => world.ana.types(CHANNEL, `/numbers ${words}`));
      expect(answer).toContain('searched by @ana');
    }
    expect(failures(world)).toEqual([]);
  });

  test.each(['', 'help', ' HELP ', '?'])(
    'Ana types nothing but “%s” and privately gets help that fits on one screen',
    async (typed) => {
      const shown = world.slack.messages(CHANNEL).length;
      const answer = await world.ana.types(CHANNEL, `/numbers ${typed}`);
      const [first, ...lines] = asPlainText({ blocks: answer.blocks ?? [] }).split('\n');
      expect(first).toContain('phone numbers');
      expect(lines.length).toBeLessThanOrEqual(20);
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(110);
      expect(world.slack.messages(CHANNEL)).toHaveLength(shown);
    },
  );

  test.each(examples.map(([words]) => words).filter((words) => words.startsWith('search')))(
    'what the help shows, /numbers %s, works as it is',
    async (words) => {
      const before = queries(world).length;
      const answer = await answered(world, () => world.ana.types(CHANNEL, `/numbers ${words}`));
      expect(queries(world)).toHaveLength(before + 1);
      expect(answer).toContain('searched by @ana');
    },
  );

  test('everything typed so far was acknowledged in time', () => {
    expect(new Set(acknowledgements(world))).toEqual(new Set([true]));
  });
});
