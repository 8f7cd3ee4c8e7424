import type { ViewOutput } from '@slack/bolt';
import type { InputBlock, PlainTextOption } from '@slack/types';
import type { SearchField } from '../../../orders/domain/search/check-search.js';
import { type Criterion, isCriterion } from '../../../orders/domain/search/criteria.js';
import { type Filter, isFilter } from '../../../orders/domain/search/filters.js';
import { plainSpelling } from '../../../orders/domain/search/plain-text.js';
import type { OrderBy, ProtectedChoice } from '../../../orders/domain/search/search.js';
import type { CriterionField } from '../../criteria/criterion.js';
import { criterionWords } from '../../criteria/table.js';
import { filterWords } from '../../filters/table.js';
import { plainText } from '../../text/escape.js';
import { type FormKind, formKinds, kindLabel } from './search-form-kinds.js';
import { textInput } from './text-input.js';

// Renders and reads each field of the search form.

/** The action id of the kind's menu: answer with views.update and the redrawn form. */
export const SEARCH_FORM_KIND = 'search-form-kind';
/** The block of that menu, the first of every form. */
export const SEARCH_FORM_KIND_BLOCK = 'kind';

/** The contents of the fields. */
export type Values = Readonly<Partial<Record<SearchField, string>>>;

const orderingLabels: Readonly<Record<OrderBy, string>> = {
  fullNumber: 'Whole number',
  npaNxxx: 'NPA-NXX-X',
  npaNxx: 'NPA-NXX',
  areaCode: 'Area code',
};
const protectedLabels: Readonly<Record<ProtectedChoice, string>> = {
  None: 'None of them',
  ONLY: 'Only protected ones',
  MIXED: 'Both kinds',
};

type FormField = Omit<CriterionField, 'kind' | 'example'> & {
  readonly example?: string;
  /** The label of its only checkbox. */
  readonly box?: string;
};

const optionFields: Readonly<Record<Exclude<SearchField, Criterion | Filter>, FormField>> = {
  quantity: { label: 'How many at most', most: 10 },
  endsIn: { label: 'Position of the word', box: 'Only at the end of the number' },
  lca: { label: 'Search area', box: 'Include the local calling area' },
  orderBy: { label: 'Sort by', example: 'Not sorted', options: orderingLabels },
  protected: { label: 'Protected numbers', example: 'Bandwidth decides', options: protectedLabels },
};

function isField(name: string): name is SearchField {
  return isCriterion(name) || isFilter(name) || Object.hasOwn(optionFields, name);
}

function formField(field: SearchField): FormField {
  if (isFilter(field)) return filterWords[field].form;
  return isCriterion(field) ? criterionWords[field].form : optionFields[field];
}

function option(value: string, text: string): PlainTextOption {
  return { value, text: plainText(text, 75) };
}

/** The menu that redraws the form for another kind of search. */
export function kindChooser(kind: FormKind): InputBlock {
  return {
    type: 'input',
    block_id: SEARCH_FORM_KIND_BLOCK,
    dispatch_action: true,
    label: plainText('Search by'),
    element: {
      type: 'static_select',
      action_id: SEARCH_FORM_KIND,
      options: formKinds.map((each) => option(each, kindLabel(each))),
      initial_option: option(kind, kindLabel(kind)),
    },
  };
}

/** Its block and action ids are the field's name, so people keep what they typed when the form is redrawn. */
export function inputBlock(field: SearchField, value: string | undefined, required: boolean): InputBlock {
  const { label, hint, example, most = 60, options, box } = formField(field);
  if (options === undefined && box === undefined) {
    return textInput({ id: field, label, hint, value, most, optional: !required, placeholder: example });
  }
  return {
    type: 'input',
    block_id: field,
    optional: !required,
    label: plainText(label),
    ...(hint === undefined ? {} : { hint: plainText(hint) }),
    element: box === undefined ? menu(field, value, options, example) : checkbox(field, value, box),
  };
}

function menu(
  field: SearchField,
  value: string | undefined,
  options: Readonly<Record<string, string>> = {},
  example: string | undefined,
): InputBlock['element'] {
  const all = Object.entries(options).map(([each, text]) => option(each, text));
  const chosen = all.find((each) => each.value === value);
  return {
    type: 'static_select',
    action_id: field,
    options: all,
    ...(example === undefined ? {} : { placeholder: plainText(example) }),
    ...(chosen === undefined ? {} : { initial_option: chosen }),
  };
}

function checkbox(field: SearchField, value: string | undefined, label: string): InputBlock['element'] {
  const ticked = option('true', label);
  return {
    type: 'checkboxes',
    action_id: field,
    options: [ticked],
    ...(value === ticked.value ? { initial_options: [ticked] } : {}),
  };
}

type State = ViewOutput['state'];

/** Returns all filled-in fields, including ones the chosen kind doesn't have. Blanks are omitted. */
export function submittedValues({ values }: State): Values {
  const filled = Object.values(values).flatMap((elements) =>
    Object.entries(elements).flatMap(([name, { value, selected_option, selected_options }]) => {
      const text = plainSpelling(
        value ?? selected_option?.value ?? selected_options?.[0]?.value ?? '',
      ).trim();
      return text === '' || !isField(name) ? [] : [[name, text]];
    }),
  );
  return Object.fromEntries(filled);
}

export function submittedKind({ values }: State): FormKind {
  const value = values[SEARCH_FORM_KIND_BLOCK]?.[SEARCH_FORM_KIND]?.selected_option?.value;
  return formKinds.find((kind) => kind === value) ?? 'areaCode';
}
