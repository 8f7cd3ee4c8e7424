import { describe, expect, test } from '@jest/globals';
import type { KnownBlock, ModalView } from '@slack/types';
import { encodeOrder, encodeSearch } from '../src/bandwidth/encode.js';
import { type Criteria, type Criterion, criterionRules } from '../src/orders/domain/search/criteria.js';
import type { SearchDraft } from '../src/orders/domain/search/search.js';
import { problemSentence } from '../src/slack/blocks/answers/problems.js';
import { readSearchForm, searchForm } from '../src/slack/blocks/forms/search-form.js';
import { describeSearch } from '../src/slack/blocks/order/describe-search.js';
import { printSearch } from '../src/slack/commands/print-search.js';
import { readSearchWords } from '../src/slack/commands/search-words.js';
import { criterionWords } from '../src/slack/criteria/table.js';
import { readImport } from '../src/slack/import/read-import.js';
import { submitted, typedValue } from './support/form-state.js';
import { orderId, request, search as searchFor } from './support/sample-orders.js';

/** How one criterion is used, and misused. Bandwidth's own names are copied from its guide. */
interface Example {
  /** Every way to type the same search. */
  readonly typed: readonly string[];
  readonly criteria: Criteria;
  readonly printed: string;
  readonly described: string;
  readonly query: string;
  readonly order: readonly [orderType: string, elements: string];
  /** Typed with a mistake, and what works instead. */
  readonly malformed: { readonly typed: string; readonly value: string; readonly suggested: string };
}

/** One of each: the compiler asks for the next. */
const examples: Readonly<Record<Criterion, Example>> = {
  areaCode: {
    typed: ['910', '(910)', '+1 910', 'area code 910', 'npa: 910', 'prefix 910'],
    criteria: { areaCode: '910' },
    printed: '910',
    described: 'Numbers in area code 910',
    query: 'areaCode=910',
    order: ['AreaCodeSearchAndOrderType', '<AreaCode>910</AreaCode>'],
    malformed: { typed: '911', value: '911', suggested: '912' },
  },
  npaNxx: {
    typed: ['910-555', '910555', '(910) 555', 'npa-nxx 910.555', '1-910-555'],
    criteria: { npaNxx: '910555' },
    printed: '910-555',
    described: 'Numbers in 910-555',
    query: 'npaNxx=910555',
    order: ['NPANXXSearchAndOrderType', '<NpaNxx>910555</NpaNxx><EnableLCA>false</EnableLCA>'],
    malformed: { typed: '910-155', value: '910155', suggested: '910-255' },
  },
  npaNxxx: {
    typed: ['910-555-1', '9105551', 'npa-nxx-x 910 555 1'],
    criteria: { npaNxxx: '9105551' },
    printed: '910-555-1',
    described: 'Numbers in 910-555-1',
    query: 'npaNxxx=9105551',
    order: ['CombinedSearchAndOrderType', '<NpaNxxX>9105551</NpaNxxX><EnableLCA>false</EnableLCA>'],
    malformed: { typed: '910-155-1', value: '9101551', suggested: '910-255-1' },
  },
  rateCenter: {
    typed: ['rc raleigh NC', 'rate center RALEIGH, NC', 'rc "Raleigh" in North Carolina'],
    criteria: { rateCenter: 'RALEIGH', state: 'NC' },
    printed: 'rc RALEIGH NC',
    described: 'Numbers in rate center RALEIGH, NC',
    query: 'rateCenter=RALEIGH&state=NC',
    order: [
      'RateCenterSearchAndOrderType',
      '<RateCenter>RALEIGH</RateCenter><State>NC</State><EnableLCA>false</EnableLCA>',
    ],
    malformed: { typed: 'rc "RAL*" NC', value: 'RAL*', suggested: 'rc RAL NC' },
  },
  city: {
    typed: ['Chapel Hill, NC', 'city: Chapel Hill NC', '"Chapel Hill" NC', 'Chapel Hill in North Carolina'],
    criteria: { city: 'Chapel Hill', state: 'NC' },
    printed: 'Chapel Hill, NC',
    described: 'Numbers in Chapel Hill, NC',
    query: 'city=Chapel%20Hill&state=NC',
    order: ['CitySearchAndOrderType', '<City>Chapel Hill</City><State>NC</State>'],
    malformed: { typed: '"Chapel*" NC', value: 'Chapel*', suggested: 'Chapel, NC' },
  },
  state: {
    typed: ['NC', 'nc', 'North Carolina', 'state of North Carolina', 'state: NC'],
    criteria: { state: 'NC' },
    printed: 'NC',
    described: 'Numbers in North Carolina',
    query: 'state=NC',
    order: ['StateSearchAndOrderType', '<State>NC</State>'],
    malformed: { typed: 'state NX', value: 'NX', suggested: 'NC' },
  },
  zip: {
    typed: ['27601-1234', 'zip 276011234', 'ZIP code: 27601-1234'],
    criteria: { zip: '27601-1234' },
    printed: '27601-1234',
    described: 'Numbers in ZIP 27601-1234',
    query: 'zip=27601-1234',
    order: ['ZIPSearchAndOrderType', '<Zip>27601-1234</Zip>'],
    malformed: { typed: 'zip 2760', value: '2760', suggested: '02760' },
  },
  lata: {
    typed: ['lata 426', 'LATA: 426'],
    criteria: { lata: '426' },
    printed: 'lata 426',
    described: 'Numbers in LATA 426',
    query: 'lata=426',
    order: ['LATASearchAndOrderType', '<Lata>426</Lata>'],
    malformed: { typed: 'lata 426426', value: '426426', suggested: 'lata 42642' },
  },
  localVanity: {
    typed: ['vanity pizza ending in 910', 'ending vanity PIZZA 910'],
    criteria: { localVanity: 'PIZZA', endsIn: true, areaCode: '910' },
    printed: 'vanity PIZZA ending in 910',
    described: 'Numbers ending in PIZZA in 910',
    query: 'areaCode=910&localVanity=PIZZA&endsIn=true',
    order: [
      'CombinedSearchAndOrderType',
      '<AreaCode>910</AreaCode><LocalVanity>PIZZA</LocalVanity><EndsIn>true</EndsIn>',
    ],
    malformed: { typed: 'vanity FLOWERSHOP', value: 'FLOWERSHOP', suggested: 'vanity FLOWERS' },
  },
  tollFreeVanity: {
    typed: ['tollfree vanity newcars', 'vanity NEWCARS toll-free'],
    criteria: { tollFreeVanity: 'NEWCARS' },
    printed: 'tollfree vanity NEWCARS',
    described: 'Toll-free numbers with NEWCARS',
    query: 'tollFreeVanity=NEWCARS',
    order: ['TollFreeVanitySearchAndOrderType', '<TollFreeVanity>NEWCARS</TollFreeVanity>'],
    malformed: { typed: 'tollfree vanity CAB', value: 'CAB', suggested: 'tollfree vanity PIZZA' },
  },
  tollFreeWildCardPattern: {
    typed: ['tollfree 83*', '83*', 'toll free 83x'],
    criteria: { tollFreeWildCardPattern: '83*' },
    printed: 'tollfree 83*',
    described: 'Toll-free numbers 83*',
    query: 'tollFreeWildCardPattern=83*',
    order: ['TollFreeWildCharSearchAndOrderType', '<TollFreeWildCardPattern>83*</TollFreeWildCardPattern>'],
    malformed: { typed: 'tollfree 91*', value: '91*', suggested: '910' },
  },
};

const each = Object.entries(examples) as [Criterion, Example][];

/** What the form shows for this search, and what comes of submitting it with some of its fields typed over. */
function submitForm(draft: SearchDraft, over: Criteria = {}) {
  const view = searchForm({ draft, mode: 'search', metadata: '' });
  const typed = Object.entries(over).map(([field, value]) => [field, { [field]: typedValue(String(value)) }]);
  const { state } = submitted(view, Object.fromEntries(typed));
  return {
    fields: fieldsOf(view),
    read: readSearchForm({ callback_id: view.callback_id ?? '', private_metadata: '', state }),
  };
}

const fieldsOf = (view: ModalView) => (view.blocks as readonly KnownBlock[]).map(({ block_id }) => block_id);

describe.each(each)('a person who searches by %s', (name, example) => {
  const search = searchFor(example.criteria, 100);

  test.each(example.typed)('can type “%s”', (words) => {
    expect(readSearchWords(words)).toEqual({ draft: { criteria: search.criteria } });
  });

  test('reads what was searched for, in words that search for the same again', () => {
    expect(describeSearch(search)).toBe(example.described);
    expect(printSearch({ criteria: search.criteria })).toBe(example.printed);
    expect(readSearchWords(example.printed)).toEqual({ draft: { criteria: search.criteria } });
  });

  test('sends Bandwidth that one parameter, and its companions', () => {
    expect(encodeSearch(search)).toMatch(
      new RegExp(`^${example.query.replaceAll('*', '\\*')}&quantity=100(?:&|$)`),
    );
  });

  test('orders it by its own element', () => {
    const [orderType, elements] = example.order;
    const wanted = { by: 'search', search: { ...search, quantity: 2 } } as const;
    const document = encodeOrder(orderId, request({ wanted })).replace(/>\s+</g, '><');
    expect(document).toContain(`<${orderType}>${elements}<Quantity>2</Quantity></${orderType}>`);
  });

  test('finds it in the form, which reads back the same', () => {
    const { fields, read } = submitForm(search);
    expect(fields).toEqual(expect.arrayContaining(Object.keys(example.criteria)));
    expect(read).toEqual({ draft: expect.objectContaining({ criteria: search.criteria }) });
  });

  test('is told about a mistake, and what works instead', () => {
    const { typed, value, suggested } = example.malformed;
    const words = readSearchWords(typed);
    if (!('problem' in words)) throw new Error(`${typed} has no mistake`);
    expect(words.problem.why).toEqual({ field: name, code: criterionRules[name].malformed, value });
    expect(words.problem.suggestions).toContain(suggested);
    expect('draft' in readSearchWords(suggested)).toBe(true);
  });
});

// A state is chosen, not typed.
test.each(each.filter(([name]) => name !== 'state'))(
  'a person who mistypes %s in the form is told so under its field',
  (name, { criteria, malformed: { value } }) => {
    const sentence = problemSentence({ field: name, code: criterionRules[name].malformed, value });
    expect(sentence).toContain(value);
    expect(submitForm({ criteria }, { [name]: value }).read).toEqual({ errors: { [name]: sentence } });
  },
);

/** Where a file has this criterion; undefined if it can't ask for it. */
function headOf(name: Criterion): string | undefined {
  const { column } = criterionWords[name];
  return column === undefined || 'head' in column ? column?.head : headOf(column.sharedWith);
}

test.each(each.filter(([name]) => headOf(name) !== undefined))(
  'a person can import a CSV file with a column for %s',
  (_, { criteria }) => {
    const names = Object.keys(criteria) as Criterion[];
    const file = `${names.map(headOf).join()},quantity\n${Object.values(criteria).join()},2`;
    expect(readImport(Buffer.from(file))).toMatchObject({
      kind: 'order',
      rows: [{ wanted: { by: 'search', search: searchFor(criteria, 2) } }],
      wrong: [],
    });
  },
);

test('everything that the guide allows to combine is in the form for several criteria', () => {
  const view = searchForm({ kind: 'combined', mode: 'search', metadata: '' });
  const together = each
    .map(([name]) => name)
    .filter((name) => ['prefix', 'place'].includes(criterionRules[name].role));
  expect(together.length).toBeGreaterThan(7);
  expect(fieldsOf(view)).toEqual(expect.arrayContaining(together));
});
