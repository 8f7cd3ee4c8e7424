import { describe, expect, test } from '@jest/globals';
import { limits, textLength } from '../../../sandbox/local-slack/block-limits.js';
import {
  checkMessageBlocks,
  checkSuggestions,
  checkView,
} from '../../../sandbox/local-slack/check-blocks.js';

const plain = (length: number) => ({ type: 'plain_text', text: 'x'.repeat(length) });
const mrkdwn = (length: number) => ({ type: 'mrkdwn', text: 'x'.repeat(length) });
const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));
const option = (at: number | string = 1) => ({ text: plain(3), value: `v${at}` });
const text = (length: number) => 'x'.repeat(length);
const section = { type: 'section', text: plain(3) };

const actions = (...elements: object[]) => ({ type: 'actions', elements });
const button = (more: object = {}) => ({ type: 'button', text: plain(3), ...more });
const confirmed = (more: object) => actions(button({ confirm: { text: plain(3), ...more } }));
const input = (element: object, more: object = {}) => ({ type: 'input', label: plain(3), element, ...more });
const select = (more: object = {}) => ({ type: 'static_select', options: [option()], ...more });
const offering = (one: object) => actions(select({ options: [one] }));

const cell = (words: string) => ({ type: 'raw_text', text: words });
const dataTable = (rows: object[][], more: object = {}) => ({
  type: 'data_table',
  caption: 'Numbers',
  rows,
  ...more,
});
const richCell = {
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'x' }] }],
};

/** One row: what it is, its limit, and a block that has as much of it as asked. */
const rows: readonly (readonly [string, number, (size: number) => object])[] = [
  ['section text', 3000, (n) => ({ type: 'section', text: mrkdwn(n) })],
  ['section fields', 10, (n) => ({ type: 'section', fields: times(n, () => plain(3)) })],
  ['section field', 2000, (n) => ({ type: 'section', fields: [mrkdwn(n)] })],
  ['header', 150, (n) => ({ type: 'header', text: plain(n) })],
  ['context elements', 10, (n) => ({ type: 'context', elements: times(n, () => plain(3)) })],
  ['actions elements', 25, (n) => actions(...times(n, () => button()))],
  ['markdown', 12_000, (n) => ({ type: 'markdown', text: text(n) })],
  ['block_id', 255, (n) => ({ ...section, block_id: text(n) })],
  ['action_id', 255, (n) => actions(button({ action_id: text(n) }))],
  ['button text', 75, (n) => actions(button({ text: plain(n) }))],
  ['button value', 2000, (n) => actions(button({ value: text(n) }))],
  ['button url', 3000, (n) => actions(button({ url: text(n) }))],
  ['accessibility label', 75, (n) => actions(button({ accessibility_label: text(n) }))],
  ['confirm title', 100, (n) => confirmed({ title: plain(n) })],
  ['confirm text', 300, (n) => confirmed({ text: plain(n) })],
  ['confirm button', 30, (n) => confirmed({ confirm: plain(n) })],
  ['deny button', 30, (n) => confirmed({ deny: plain(n) })],
  ['option text', 75, (n) => offering({ text: plain(n), value: 'v' })],
  ['option value', 75, (n) => offering({ text: plain(3), value: text(n) })],
  ['option description', 75, (n) => offering({ ...option(), description: plain(n) })],
  ['select options', 100, (n) => actions(select({ options: times(n, option) }))],
  [
    'option groups',
    100,
    (n) => ({
      ...actions({
        type: 'static_select',
        option_groups: times(n, () => ({ label: plain(3), options: [option()] })),
      }),
    }),
  ],
  [
    'options in a group',
    100,
    (n) =>
      actions({ type: 'static_select', option_groups: [{ label: plain(3), options: times(n, option) }] }),
  ],
  ['checkboxes', 10, (n) => actions({ type: 'checkboxes', options: times(n, option) })],
  ['radio buttons', 10, (n) => actions({ type: 'radio_buttons', options: times(n, option) })],
  ['overflow options', 5, (n) => actions({ type: 'overflow', options: times(n, option) })],
  ['placeholder', 150, (n) => actions(select({ placeholder: plain(n) }))],
  ['input label', 2000, (n) => input({ type: 'plain_text_input' }, { label: plain(n) })],
  ['input hint', 2000, (n) => input({ type: 'plain_text_input' }, { hint: plain(n) })],
  ['max_length', 3000, (n) => input({ type: 'plain_text_input', max_length: n })],
  ['initial_value', 3000, (n) => input({ type: 'plain_text_input', initial_value: text(n) })],
  [
    'initial_value under max_length',
    50,
    (n) => input({ type: 'plain_text_input', initial_value: text(n), max_length: 50 }),
  ],
  ['alt text', 2000, (n) => ({ type: 'image', image_url: 'https://a.example/b.png', alt_text: text(n) })],
  ['table rows', 100, (n) => ({ type: 'table', rows: times(n, () => [cell('x')]) })],
  ['table columns', 20, (n) => ({ type: 'table', rows: [times(n, () => cell('x'))] })],
  ['data table rows and its header', 101, (n) => dataTable(times(n, () => [cell('x')]))],
  ['data table columns', 20, (n) => dataTable([times(n, () => cell('x'))])],
  ['data table characters', 10_000, (n) => dataTable([[cell('x')], [cell(text(n - 1))]])],
  ['data table rows per page', 100, (n) => dataTable([[cell('x')]], { page_size: n })],
  ['card title', 150, (n) => ({ type: 'card', title: mrkdwn(n) })],
  ['card body', 200, (n) => ({ type: 'card', body: mrkdwn(n) })],
  [
    'carousel',
    10,
    (n) => ({ type: 'carousel', elements: times(n, () => ({ type: 'card', body: mrkdwn(3) })) }),
  ],
  ['container', 10, (n) => ({ type: 'container', child_blocks: times(n, () => section) })],
];

describe('a block is accepted at its limit and refused one past it', () => {
  test.each(rows)('%s: %i', (_what, limit, make) => {
    expect(checkMessageBlocks([make(limit)])).toMatchObject({ ok: true });
    expect(checkMessageBlocks([make(limit + 1)])).toMatchObject({ ok: false });
  });
});

const modal = (more: object = {}) => ({ type: 'modal', title: plain(3), blocks: [section], ...more });

describe('a view is accepted at its limit and refused one past it', () => {
  const views: readonly (readonly [string, number, (size: number) => object])[] = [
    ['title', 24, (n) => modal({ title: plain(n) })],
    ['submit', 24, (n) => modal({ submit: plain(n) })],
    ['close', 24, (n) => modal({ close: plain(n) })],
    ['private_metadata', 3000, (n) => modal({ private_metadata: text(n) })],
    ['callback_id', 255, (n) => modal({ callback_id: text(n) })],
    ['external_id', 255, (n) => modal({ external_id: text(n) })],
    ['blocks of a modal', 100, (n) => modal({ blocks: times(n, () => section) })],
    ['blocks of a Home tab', 100, (n) => ({ type: 'home', blocks: times(n, () => section) })],
  ];
  test.each(views)('%s: %i', (_what, limit, make) => {
    expect(checkView(make(limit))).toMatchObject({ ok: true });
    expect(checkView(make(limit + 1))).toMatchObject({ ok: false });
  });

  test('a modal with a field needs a submit button', () => {
    const field = input({ type: 'plain_text_input' });
    expect(checkView(modal({ blocks: [field] }))).toMatchObject({ ok: false });
    expect(checkView(modal({ blocks: [field], submit: plain(3) }))).toMatchObject({ ok: true });
  });
});

test('all data tables of a message count together', () => {
  const half = dataTable([[cell(text(5_000))]]);
  expect(checkMessageBlocks([half, half])).toMatchObject({ ok: true });
  expect(checkMessageBlocks([half, section, half, dataTable([[cell('x')]])])).toEqual({
    ok: false,
    validationErrors: [
      '[ERROR] data tables must be less than 10001 characters together [json-pointer:/blocks/3/rows]',
    ],
  });
});

test.each([
  ['a table', { type: 'table', rows: [[cell('x')]] }],
  ['a data table', dataTable([[cell('x')]])],
  ['markdown', { type: 'markdown', text: 'x' }],
  ['a carousel', { type: 'carousel', elements: [{ type: 'card', body: mrkdwn(3) }] }],
])('%s is for messages, not for modals or Home tabs', (_what, block) => {
  expect(checkMessageBlocks([block])).toMatchObject({ ok: true });
  for (const view of [modal({ blocks: [section, block] }), { type: 'home', blocks: [section, block] }]) {
    expect(checkView(view)).toEqual({
      ok: false,
      validationErrors: [`[ERROR] unsupported type: ${block.type} [json-pointer:/view/blocks/1/type]`],
    });
  }
});

test('a message has at most 50 blocks', () => {
  expect(checkMessageBlocks(times(50, () => section))).toMatchObject({ ok: true });
  expect(checkMessageBlocks(times(51, () => section))).toEqual({
    ok: false,
    validationErrors: ['[ERROR] no more than 50 items allowed [json-pointer:/blocks]'],
  });
});

test('a type-ahead has at most 100 options, and may have none', () => {
  expect(checkSuggestions({ options: [] })).toEqual({ ok: true, value: [] });
  expect(checkSuggestions({ options: times(100, option) })).toMatchObject({ ok: true });
  expect(checkSuggestions({ options: times(101, option) })).toMatchObject({ ok: false });
  expect(checkSuggestions(undefined)).toMatchObject({ ok: false });
});

describe('Slack’s sentences say what is wrong, and where', () => {
  const complaintsOf = (block: object) => {
    const checked = checkMessageBlocks([section, block]);
    return checked.ok ? [] : checked.validationErrors;
  };
  test.each([
    ['an unknown block', { type: 'nonsense' }, 'unsupported type: nonsense [json-pointer:/blocks/1/type]'],
    [
      'an unknown element',
      actions({ type: 'lever' }),
      'unsupported type: lever [json-pointer:/blocks/1/elements/0/type]',
    ],
    [
      'an empty text',
      { type: 'header', text: plain(0) },
      'must be more than 0 characters [json-pointer:/blocks/1/text/text]',
    ],
    [
      'a long text',
      { type: 'header', text: plain(151) },
      'must be less than 151 characters [json-pointer:/blocks/1/text/text]',
    ],
    ['a missing field', { type: 'header' }, 'missing required field: text [json-pointer:/blocks/1]'],
    [
      'a stray field',
      { ...section, colour: 'red' },
      'invalid additional property: colour [json-pointer:/blocks/1]',
    ],
    ['mrkdwn on a button', actions(button({ text: mrkdwn(3) })), 'must be one of: plain_text'],
    ['a strange style', actions(button({ style: 'loud' })), '[json-pointer:/blocks/1/elements/0/style]'],
    ['a section with nothing to say', { type: 'section' }, 'text or fields'],
    ['actions without elements', actions(), 'no fewer than 1 items allowed'],
    [
      'a field in an actions block',
      actions({ type: 'plain_text_input' }),
      'unsupported type: plain_text_input',
    ],
    ['a button in a context', { type: 'context', elements: [button()] }, 'unsupported type: button'],
    [
      'a select without options',
      actions({ type: 'static_select' }),
      'exactly one of options and option_groups',
    ],
    [
      'an initial option that is not offered',
      actions(select({ initial_option: option(9) })),
      'does not match any',
    ],
    [
      'an empty cell',
      dataTable([[cell('Number')], [cell('')]]),
      'must be more than 0 characters [json-pointer:/blocks/1/rows/1/0/text]',
    ],
    [
      'a row that is shorter than the header',
      dataTable([[cell('Number'), cell('Place')], [cell('x')]]),
      'must have 2 cells, like the first row [json-pointer:/blocks/1/rows/1]',
    ],
    [
      'a table with rows of different lengths',
      { type: 'table', rows: [[cell('x')], [cell('x'), cell('y')]] },
      'must have 1 cells, like the first row [json-pointer:/blocks/1/rows/1]',
    ],
    [
      'a data table without a caption',
      { type: 'data_table', rows: [[cell('x')]] },
      'missing required field: caption [json-pointer:/blocks/1]',
    ],
    [
      'rich text in the header of a data table',
      dataTable([[richCell]]),
      'unsupported type: rich_text [json-pointer:/blocks/1/rows/0/0/type]',
    ],
    ['a number without its text', dataTable([[{ type: 'raw_number', value: 1 }]]), '/blocks/1/rows/0/0'],
    [
      'a row header that is no column',
      dataTable([[cell('x')]], { row_header_column_index: 1 }),
      'does not match any column [json-pointer:/blocks/1]',
    ],
    [
      'two elements called alike',
      actions(button({ action_id: 'a' }), button({ action_id: 'a' })),
      'action_id a already exists',
    ],
  ])('%s', (_what, block, sentence) => {
    expect(complaintsOf(block).join()).toContain(sentence);
  });

  test('two blocks with the same id', () => {
    const twice = [
      { ...section, block_id: 'a' },
      { ...section, block_id: 'a' },
    ];
    expect(checkMessageBlocks(twice)).toMatchObject({ ok: false });
  });
});

test('characters are counted, not bytes or halves of emoji', () => {
  const header = (count: number) => [
    { type: 'header', text: { type: 'plain_text', text: '📞'.repeat(count) } },
  ];
  expect(checkMessageBlocks(header(150))).toMatchObject({ ok: true });
  expect(checkMessageBlocks(header(151))).toMatchObject({ ok: false });
});

test('missing ids are generated, differently each time', () => {
  const checked = checkMessageBlocks([section, actions(button(), button())]);
  if (!checked.ok) throw new Error(checked.validationErrors.join());
  const [first, second] = checked.value;
  expect(first?.block_id).not.toBe(second?.block_id);
  expect(second?.elements?.[0]?.action_id).not.toBe(second?.elements?.[1]?.action_id);
});

test('all texts of a message count together', () => {
  expect(textLength([section, { type: 'section', fields: [plain(5), mrkdwn(7)] }, actions(button())])).toBe(
    18,
  );
  expect(limits.textInAllBlocks).toBeLessThan(5 * limits.sectionText);
});
