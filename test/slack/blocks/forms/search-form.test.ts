import { describe, expect, test } from '@jest/globals';
import type { InputBlock, ModalView } from '@slack/types';
import { checkSearch, searchAndOrderProblems } from '../../../../src/orders/domain/search/check-search.js';
import type { SearchDraft } from '../../../../src/orders/domain/search/search.js';
import {
  readSearchForm,
  redrawSearchForm,
  type SubmittedForm,
  searchForm,
} from '../../../../src/slack/blocks/forms/search-form.js';
import { SEARCH_FORM_KIND } from '../../../../src/slack/blocks/forms/search-form-fields.js';
import {
  type FormKind,
  type FormMode,
  kindOfDraft,
} from '../../../../src/slack/blocks/forms/search-form-kinds.js';
import { searches } from '../../../support/arbitrary-searches.js';
import { fc, runs } from '../../../support/properties.js';

const kinds: readonly FormKind[] = [
  'areaCode',
  'npaNxx',
  'npaNxxx',
  'city',
  'state',
  'rateCenter',
  'zip',
  'lata',
  'combined',
  'localVanity',
  'tollFreeWildCardPattern',
  'tollFreeVanity',
];

/** They go with every search, but an order has none. */
const filters = ['easy', 'inARow', 'starting', 'ending', 'without', 'like'];

const inputs = (view: ModalView) =>
  view.blocks.filter((block): block is InputBlock => block.type === 'input');
const blockIds = (view: ModalView) => inputs(view).map(({ block_id = '' }) => block_id);

/** What Slack sends when somebody opens this form, types some of it over, and submits. */
function submitted(view: ModalView, typed: Readonly<Record<string, string | null>> = {}): SubmittedForm {
  const values: SubmittedForm['state']['values'] = {};
  for (const { block_id = '', element } of inputs(view)) {
    const over = typed[block_id];
    if (element.type === 'plain_text_input') {
      const value = over === undefined ? (element.initial_value ?? null) : over;
      values[block_id] = { [element.action_id ?? '']: { type: element.type, value } };
    } else if (element.type === 'static_select') {
      const option =
        over === undefined ? element.initial_option : element.options?.find(({ value }) => value === over);
      const chosen = option === undefined ? null : { text: option.text, value: option.value ?? '' };
      values[block_id] = { [element.action_id ?? '']: { type: element.type, selected_option: chosen } };
    } else if (element.type === 'checkboxes') {
      const ticked =
        over === undefined ? (element.initial_options ?? []) : over === null ? [] : element.options;
      values[block_id] = {
        [element.action_id ?? '']: {
          type: element.type,
          selected_options: ticked.map(({ value = '' }) => ({
            text: { type: 'plain_text', text: value },
            value,
          })),
        },
      };
    }
  }
  return {
    callback_id: view.callback_id ?? '',
    private_metadata: view.private_metadata ?? '',
    state: { values },
  };
}

const draw = (draft: SearchDraft, mode: FormMode = 'search') => searchForm({ draft, mode, metadata: 'm' });
const blank = (kind: FormKind, mode: FormMode = 'search') => searchForm({ kind, mode, metadata: 'm' });

describe('the search form', () => {
  test('opens as a search by area code for 100 numbers', () => {
    const view = searchForm({ mode: 'search', metadata: 'C1' });
    expect(view).toMatchObject({
      title: { text: 'Search numbers' },
      submit: { text: 'Search' },
      private_metadata: 'C1',
    });
    expect(blockIds(view)).toEqual(['kind', 'areaCode', 'quantity', 'protected', ...filters]);
    expect(readSearchForm(submitted(view, { areaCode: '910' }))).toEqual({
      draft: { criteria: { areaCode: '910' }, quantity: 100 },
    });
  });

  test('opens for an order of one number, without what an order cannot contain', () => {
    const view = searchForm({ kind: 'npaNxx', mode: 'order', metadata: '' });
    expect(view).toMatchObject({ title: { text: 'Order numbers' }, submit: { text: 'Next' } });
    expect(blockIds(view)).toEqual(['kind', 'npaNxx', 'quantity', 'lca']);
    expect(readSearchForm(submitted(view, { npaNxx: '910-555' }))).toEqual({
      draft: { criteria: { npaNxx: '910555' }, quantity: 1 },
    });
  });

  test.each<[FormKind, readonly string[]]>([
    ['npaNxx', ['npaNxx', 'quantity', 'lca', 'orderBy', 'protected']],
    ['npaNxxx', ['npaNxxx', 'quantity', 'lca', 'orderBy', 'protected']],
    ['city', ['city', 'state', 'quantity', 'orderBy', 'protected']],
    ['state', ['state', 'quantity', 'protected']],
    ['rateCenter', ['rateCenter', 'state', 'quantity', 'lca', 'orderBy', 'protected']],
    ['zip', ['zip', 'quantity', 'orderBy', 'protected']],
    ['lata', ['lata', 'quantity', 'protected']],
    ['localVanity', ['localVanity', 'areaCode', 'state', 'endsIn', 'quantity', 'protected']],
    ['tollFreeWildCardPattern', ['tollFreeWildCardPattern', 'quantity', 'orderBy']],
    ['tollFreeVanity', ['tollFreeVanity', 'quantity', 'orderBy']],
  ])('for %s shows only what is allowed with it', (kind, fields) => {
    const isWord = kind === 'localVanity' || kind === 'tollFreeVanity';
    const besides = filters.filter((name) => name !== 'ending' || !isWord);
    expect(blockIds(blank(kind))).toEqual(['kind', ...fields, ...besides]);
  });

  test('keeps what was typed when another kind is chosen', () => {
    const view = blank('city');
    const form = submitted(view, { city: 'Raleigh', state: 'NC', quantity: '7', kind: 'rateCenter' });
    const redrawn = redrawSearchForm(form);
    expect(blockIds(redrawn)).toEqual(blockIds(blank('rateCenter')));
    expect(readSearchForm(submitted(redrawn, { rateCenter: 'RALEIGH' }))).toEqual({
      draft: { criteria: { rateCenter: 'RALEIGH', state: 'NC' }, quantity: 7 },
    });
    expect(redrawn).toMatchObject({ callback_id: view.callback_id, private_metadata: 'm' });
  });

  test('drawn from a search and submitted untouched is the same search', () => {
    fc.assert(
      fc.property(searches, fc.boolean(), (search, toOrder) => {
        const mode = toOrder && searchAndOrderProblems(search).length === 0 ? 'order' : 'search';
        const answer = readSearchForm(submitted(draw(search, mode)));
        expect('draft' in answer && checkSearch(answer.draft)).toEqual(search);
      }),
      { numRuns: runs(300) },
    );
  });

  test('shows every search under its own kind', () => {
    fc.assert(fc.property(searches, (search) => expect(kindOfDraft(search)).toBe(search.kind)));
  });
});

describe('a form filled in wrongly', () => {
  test.each<[string, FormKind, Record<string, string>, string]>([
    ['area code 110', 'areaCode', { areaCode: '110' }, 'areaCode'],
    ['a letter for a digit', 'areaCode', { areaCode: '91O' }, 'areaCode'],
    ['a blank area code', 'areaCode', { areaCode: '   ' }, 'areaCode'],
    ['a blank city', 'city', { city: ' ', state: 'NC' }, 'city'],
    ['no number at all', 'lata', { lata: '426', quantity: 'many' }, 'quantity'],
    ['too many numbers', 'lata', { lata: '426', quantity: '9000' }, 'quantity'],
    ['two prefixes', 'combined', { areaCode: '910', npaNxx: '910555' }, 'npaNxx'],
    ['a city without its state', 'combined', { areaCode: '910', city: 'Raleigh' }, 'state'],
    ['nothing at all', 'combined', {}, 'areaCode'],
    ['a sort order for a wide search', 'npaNxx', { npaNxx: '910555', lca: 'true', orderBy: 'npaNxx' }, 'lca'],
    ['a short word', 'localVanity', { localVanity: 'CAR' }, 'localVanity'],
    ['letters for the ending', 'areaCode', { areaCode: '910', ending: 'ab' }, 'ending'],
    ['too many in a row', 'areaCode', { areaCode: '910', inARow: '600' }, 'inARow'],
    ['more in a row than at most', 'areaCode', { areaCode: '910', inARow: '5', quantity: '3' }, 'inARow'],
    ['a number without a pattern', 'areaCode', { areaCode: '910', like: '910-241-4365' }, 'like'],
    ['a contradiction', 'areaCode', { areaCode: '910', ending: '13', without: '13' }, 'without'],
  ])('has the error under the field that causes it: %s', (_, kind, typed, field) => {
    const answer = readSearchForm(submitted(blank(kind), typed));
    expect('errors' in answer && Object.keys(answer.errors)).toEqual([field]);
  });

  test('never has an error at a block that does not exist, which Slack would refuse', () => {
    const text = fc.oneof(
      fc.constantFrom(
        '910',
        '110',
        '910-555',
        '833',
        'Raleigh',
        'x',
        '27601',
        'PIZZA',
        '',
        '   ',
        '5001',
        'true',
      ),
      fc.constantFrom('NC', 'npaNxx', 'ONLY', 'fullNumber', '8**'),
      fc.string({ unit: 'grapheme', maxLength: 10 }),
    );
    const fields = kinds.filter((kind) => kind !== 'combined');
    const more = ['quantity', 'endsIn', 'lca', 'orderBy', 'protected', ...filters];
    const typed = fc.dictionary(fc.constantFrom(...fields, ...more), text);
    const mode = fc.constantFrom<FormMode>('search', 'order');
    fc.assert(
      fc.property(fc.constantFrom(...kinds), mode, typed, (kind, inMode, values) => {
        const view = blank(kind, inMode);
        const answer = readSearchForm(submitted(view, values));
        if ('draft' in answer) {
          const search = checkSearch(answer.draft);
          expect(search).toHaveProperty('kind');
          if (inMode === 'order' && 'kind' in search) expect(searchAndOrderProblems(search)).toEqual([]);
          return;
        }
        expect(Object.keys(answer.errors)).not.toEqual([]);
        for (const [id, sentence] of Object.entries(answer.errors)) {
          expect(blockIds(view)).toContain(id);
          expect(sentence).not.toBe('');
        }
      }),
      { numRuns: runs(500) },
    );
  });
});

describe('what Slack allows', () => {
  test.each(kinds.flatMap((kind) => [[kind, 'search'] as const, [kind, 'order'] as const]))(
    'is kept by the form for %s, to %s',
    (kind, mode) => {
      const view = blank(kind, mode);
      expect(view.title.text.length).toBeLessThanOrEqual(24);
      expect(view.submit?.text.length).toBeLessThanOrEqual(24);
      expect(view.blocks.length).toBeLessThanOrEqual(100);
      expect(new Set(blockIds(view)).size).toBe(view.blocks.length);
      for (const { element, label, hint } of inputs(view)) {
        expect(label.text).not.toBe('');
        expect((hint?.text ?? '').length).toBeLessThanOrEqual(2000);
        const options = 'options' in element ? (element.options ?? []) : [];
        expect(options.length).toBeLessThanOrEqual(100);
        for (const { text, value = '' } of options) {
          expect(text.text.length).toBeLessThanOrEqual(75);
          expect(value.length).toBeLessThanOrEqual(75);
        }
      }
      expect(inputs(view)[0]).toMatchObject({
        dispatch_action: true,
        element: { action_id: SEARCH_FORM_KIND, initial_option: { value: kind } },
      });
    },
  );
});
