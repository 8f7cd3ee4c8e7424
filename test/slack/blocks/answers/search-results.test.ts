import { describe, expect, test } from '@jest/globals';
import type { Checkboxes } from '@slack/types';
import type { FoundNumber, KeptSearch } from '../../../../src/orders/domain/kept-search.js';
import { plainSpelling } from '../../../../src/orders/domain/search/plain-text.js';
import type { Search } from '../../../../src/orders/domain/search/search.js';
import {
  expiredSearch,
  readDrawingId,
  readTicks,
  searchResults,
} from '../../../../src/slack/blocks/answers/search-results.js';
import { messageProblems } from '../../../support/block-limits.js';
import { ticked } from '../../../support/form-state.js';
import {
  approver,
  manyNumbers,
  noon,
  number,
  numbers,
  requester,
  search,
} from '../../../support/sample-orders.js';

const id = 'a6e5f9c0-0000-4000-8000-000000000002';

const kept = (found: readonly FoundNumber[], given: Partial<KeptSearch> = {}): KeptSearch => ({
  id,
  search: search({ areaCode: '910' }, 100),
  found,
  askedBy: requester,
  channelId: 'C910',
  at: noon,
  page: 0,
  picks: {},
  drawn: { count: 0, viewer: requester, picks: {} },
  ...given,
});

const plainNumbers = (quantity: number): FoundNumber[] =>
  manyNumbers(quantity).map((each) => ({ number: each }));

function read(...given: Parameters<typeof searchResults>) {
  const message = searchResults(...given);
  expect(messageProblems(message)).toEqual([]);
  const sentences: string[] = [];
  const buttons: { label: string; value: string | undefined }[] = [];
  let list: { blockId: string | undefined; checkboxes: Checkboxes } | undefined;
  for (const block of message.blocks) {
    if (block.type === 'section') sentences.push(block.text?.text ?? '');
    if (block.type === 'context') sentences.push(...block.elements.map((e) => ('text' in e ? e.text : '')));
    if (block.type !== 'actions') continue;
    for (const element of block.elements) {
      if (element.type === 'checkboxes') list = { blockId: block.block_id, checkboxes: element };
      if (element.type === 'button') buttons.push({ label: element.text.text, value: element.value });
    }
  }
  return { text: message.text, words: sentences.join('\n'), list, buttons };
}

const labels = (...given: Parameters<typeof searchResults>) =>
  read(...given).buttons.map(({ label }) => label);

describe('found numbers', () => {
  test('are ten a page, under a headline with the search and the person', () => {
    const { words, list, buttons, text } = read(kept(plainNumbers(40)));
    expect(words).toContain('*Numbers in area code 910* · 10 of 40 shown · searched by <@UREQUESTER>');
    expect(words).toContain('1–10 of 40');
    expect(list?.checkboxes.options).toHaveLength(10);
    expect(buttons).toEqual([
      { label: 'Order selected…', value: `${id}:0:0` },
      { label: 'Add to order', value: `${id}:0:0` },
      { label: 'More like this', value: `${id}:0:0` },
      { label: 'More', value: `${id}:0:0` },
      { label: 'Change search…', value: `${id}:0:0` },
    ]);
    expect(text).toContain('• (910) 241-4009');
  });

  test('say where each number is', () => {
    const where = (found: Omit<FoundNumber, 'number'>) =>
      read(kept([{ number: number('9102414365'), ...found }])).list?.checkboxes.options[0];
    expect(where({ city: 'FAYETTEVILLE', state: 'NC', rateCenter: 'FAYETTEVL', lata: '949' })).toEqual({
      value: '+19102414365',
      text: { type: 'plain_text', text: '(910) 241-4365', emoji: false },
      description: { type: 'plain_text', text: 'Fayetteville, NC · FAYETTEVL · LATA 949', emoji: false },
    });
    const city = (name: string) => where({ city: name })?.description?.text;
    expect(city('WINSTON-SALEM')).toBe('Winston-Salem');
    expect(city("O'FALLON")).toBe("O'Fallon");
    expect(city("MARTHA'S VINEYARD")).toBe("Martha's Vineyard");
    expect(city('ST. LOUIS')).toBe('St. Louis');
    expect(city('McLean')).toBe('McLean');
    expect(where({})).not.toHaveProperty('description');
  });

  test('can be paged both ways, up to the last page', () => {
    expect(labels(kept(plainNumbers(23), { page: 1 }))).toEqual([
      'Order selected…',
      'Add to order',
      'More like this',
      'Previous',
      'More',
      'Change search…',
    ]);
    const last = kept(plainNumbers(23), { page: 2 });
    expect(labels(last)).toEqual([
      'Order selected…',
      'Add to order',
      'More like this',
      'Previous',
      'Change search…',
    ]);
    expect(read(last).words).toContain('· 3 of 23 shown ·');
    expect(read(last).words).toContain('21–23 of 23');
  });

  test('keep the ticks of the page shown, and name those on others', () => {
    const picks = { [requester.userId]: [...manyNumbers(1), ...manyNumbers(12).slice(11)] };
    const first = read(kept(plainNumbers(12), { picks }));
    const second = read(kept(plainNumbers(12), { picks, page: 1 }));
    const shown = (page: typeof first) => page.list?.checkboxes.initial_options?.map(({ value }) => value);
    expect(shown(first)).toEqual(['+19102414000']);
    expect(shown(second)).toEqual(['+19102414011']);
    expect(first.list?.blockId).not.toBe(second.list?.blockId);
    expect(second.words).toContain('Picked so far by <@UREQUESTER>: (910) 241-4000, (910) 241-4011');
  });

  test('show another viewer’s picks as theirs', () => {
    const picks = { [requester.userId]: manyNumbers(1), [approver.userId]: manyNumbers(2).slice(1) };
    const { words, list } = read(
      kept(plainNumbers(12), { picks, drawn: { count: 1, viewer: approver, picks } }),
    );
    expect(words).toContain('Picked so far by <@UAPPROVER>: (910) 241-4001');
    expect(list?.checkboxes.initial_options?.map(({ value }) => value)).toEqual(['+19102414001']);
  });

  test('say so if there are fewer than requested', () => {
    const asked = (quantity: number, found: number) =>
      read(kept(plainNumbers(found), { search: search({ areaCode: '910' }, quantity) })).words;
    expect(asked(10, 7)).toContain('only 7 are available');
    expect(asked(7, 7)).not.toContain('right now');
    // Nobody typed 100: it is our own default.
    expect(asked(100, 7)).toContain('no more available');
    expect(asked(100, 100)).toContain('there may be more: `/numbers search 910 x500`');
  });
});

describe('what was ticked', () => {
  test('is read from every list in the message, as phone numbers', () => {
    const { list } = read(kept(plainNumbers(3)));
    const values = {
      [list?.blockId ?? '']: { [list?.checkboxes.action_id ?? '']: ticked('+19102414000', '+19102414001') },
      other: { other: ticked('+19102414002') },
    };
    expect(readTicks({ values })).toEqual(numbers('9102414000', '9102414001'));
    expect(readTicks({ values: {} })).toEqual([]);
    expect(readTicks(undefined)).toEqual([]);
  });

  test('belongs to the search and page that the button names', () => {
    const [first] = read(kept(plainNumbers(23), { page: 2 })).buttons;
    expect(readDrawingId(first?.value ?? '')).toEqual({ searchId: id, page: 2, drawing: 0 });
    expect(readDrawingId('nonsense')).toEqual({ searchId: 'nonsense', page: 0, drawing: 0 });
  });
});

describe('no number at all', () => {
  const nothing = (found: Search) => read(kept([], { search: found }));

  test('is an answer with wider searches to type', () => {
    const { words, buttons } = nothing(search({ npaNxxx: '9102414' }, 25));
    expect(words).toContain('none right now · searched by <@UREQUESTER>');
    expect(words).toMatch(/`\/numbers search 910-?241 x25`/);
    expect(words).toContain('`/numbers search 910 x25`');
    expect(words).toContain('`/numbers search NC x25`');
    expect(buttons.map(({ label }) => label)).toEqual(['Change search…']);
  });

  test('leaves out the quantity if nobody chose it', () => {
    expect(nothing(search({ npaNxx: '910241' }, 100)).words).toContain('`/numbers search 910`');
  });

  test('is an answer even if there is no wider search', () => {
    expect(nothing(search({ lata: '949' })).words).toContain('Try a place nearby.');
  });

  test('of protected ones says that others may be available', () => {
    expect(nothing({ ...search({ lata: '949' }), protected: 'ONLY' }).words).toContain(
      "Try a place nearby.\nNumbers that aren't protected may be available.",
    );
  });
});

test('expired results say so and how to search again', () => {
  const gone = expiredSearch();
  expect(messageProblems(gone)).toEqual([]);
  expect(gone.text).toContain('`/numbers search`');
});

describe('the headline of results', () => {
  const headlineOf = (criteria: Search['criteria'], found: readonly FoundNumber[]) =>
    read(kept(found, { search: search(criteria, 100) })).words.split('\n')[0] ?? '';

  test.each<Search['criteria']>([
    { tollFreeWildCardPattern: '83*' },
    { tollFreeWildCardPattern: '8**' },
    { rateCenter: 'COMPTON:GARDENA DA', state: 'CA' },
  ])('is bold to the end of its name for %j, with numbers and without', (criteria) => {
    for (const found of [plainNumbers(3), []]) {
      expect(headlineOf(criteria, found)).toMatch(/^\*[^*_~`]+\* · /);
    }
  });

  test('shows a toll-free pattern in characters that can be typed back', () => {
    const [, bold = ''] = /^\*([^*]+)\*/.exec(headlineOf({ tollFreeWildCardPattern: '83*' }, [])) ?? [];
    expect(plainSpelling(bold)).toBe('Toll-free numbers 83*');
  });
});
