import type { ViewOutput } from '@slack/bolt';
import type { InputBlock, ModalView, PlainTextOption } from '@slack/types';
import {
  type Criteria,
  type Criterion,
  checkSearch,
  DEFAULT_ORDER_QUANTITY,
  DEFAULT_SEARCH_QUANTITY,
  type OrderBy,
  orderings,
  type ProtectedChoice,
  protectedChoices,
  rulesOf,
  type SearchDraft,
  type SearchField,
  type SearchKind,
  type SearchProblem,
  searchAndOrderProblems,
  searchKind,
  states,
} from '../../orders/search.js';
import { plainSpelling } from '../../orders/spelling.js';
import { cut, plainText } from '../escape.js';
import { problemSentence } from './problems.js';

/** The form asks for one kind of search and shows the fields of that kind only. */
export type FormKind = SearchKind;
/** `search` looks for numbers; `order` describes what to order without looking. */
export type FormMode = 'search' | 'order';

/** The view_submission to listen for; it tells the mode when the form is read. */
export const searchFormCallbacks: Readonly<Record<FormMode, string>> = {
  search: 'search-form',
  order: 'search-form-to-order',
};
/** The block_actions to listen for: answer with views.update and {@link redrawSearchForm}. */
export const SEARCH_FORM_KIND = 'search-form-kind';
/** The block it stands in, the first of every form. */
export const SEARCH_FORM_KIND_BLOCK = 'kind';

/** What Slack sends back of a form, in a view_submission and in block_actions alike. */
export type SubmittedForm = Pick<ViewOutput, 'callback_id' | 'private_metadata' | 'state'>;

/** A field and its block have one name, and each block one element of the same name: so people keep what they typed. */
type Field = SearchField;
type Values = Readonly<Partial<Record<Field, string>>>;

interface KindOfForm {
  readonly label: string;
  readonly required: readonly Criterion[];
  readonly optional: readonly Criterion[];
}

const only = (label: string, ...required: Criterion[]): KindOfForm => ({ label, required, optional: [] });

const kinds: Readonly<Record<FormKind, KindOfForm>> = {
  areaCode: only('Area code', 'areaCode'),
  npaNxx: only('NPA-NXX (910-555)', 'npaNxx'),
  npaNxxx: only('NPA-NXX-X (910-555-1)', 'npaNxxx'),
  city: only('City', 'city', 'state'),
  state: only('State', 'state'),
  rateCenter: only('Rate center', 'rateCenter', 'state'),
  zip: only('ZIP code', 'zip'),
  lata: only('LATA', 'lata'),
  combined: {
    label: 'Several of these',
    required: [],
    optional: ['areaCode', 'npaNxx', 'npaNxxx', 'city', 'rateCenter', 'state', 'zip', 'lata'],
  },
  localVanity: { label: 'Local vanity word', required: ['localVanity'], optional: ['areaCode', 'state'] },
  tollFreeWildCardPattern: only('Toll-free', 'tollFreeWildCardPattern'),
  tollFreeVanity: only('Toll-free vanity word', 'tollFreeVanity'),
};

/** Local vanity is ordered within an area code and by nothing else. */
const vanityToOrder = only('Local vanity word', 'localVanity', 'areaCode');

function kindOf(kind: FormKind, mode: FormMode): KindOfForm {
  return mode === 'order' && kind === 'localVanity' ? vanityToOrder : kinds[kind];
}

/** Which kind of form shows everything this draft says. */
export function kindOfDraft(draft: Pick<SearchDraft, 'criteria'>): FormKind {
  return searchKind(draft.criteria) ?? 'areaCode';
}

const names: Readonly<Record<Field, { label: string; hint?: string; example?: string; most?: number }>> = {
  areaCode: { label: 'Area code', example: '910', most: 20 },
  npaNxx: { label: 'NPA-NXX', hint: 'Area code and exchange, six digits.', example: '910-555', most: 20 },
  npaNxxx: {
    label: 'NPA-NXX-X',
    hint: 'Area code, exchange and one digit, seven in all.',
    example: '910-555-1',
    most: 20,
  },
  city: { label: 'City', example: 'Raleigh', most: 60 },
  rateCenter: {
    label: 'Rate center',
    hint: 'As Bandwidth abbreviates it, for example FAYETTEVL.',
    example: 'RALEIGH',
    most: 60,
  },
  state: { label: 'State', example: 'Choose or type' },
  zip: { label: 'ZIP code', example: '27601', most: 20 },
  lata: { label: 'LATA', example: '426', most: 20 },
  localVanity: { label: 'Word', hint: '4 to 7 letters or digits.', example: 'PIZZA', most: 20 },
  tollFreeVanity: { label: 'Word', hint: '4 to 7 letters or digits.', example: 'NEWCARS', most: 20 },
  tollFreeWildCardPattern: {
    label: 'Prefix',
    hint: 'One such as 833; 83* for any that begins so; 8** for all.',
    example: '8**',
    most: 10,
  },
  quantity: { label: 'How many at most', most: 10 },
  endsIn: { label: 'Where the word stands' },
  lca: { label: 'How wide' },
  orderBy: { label: 'Order by', example: 'As they come' },
  protected: { label: 'Protected numbers', example: 'As Bandwidth decides' },
};

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

const choices: Readonly<Partial<Record<Field, readonly PlainTextOption[]>>> = {
  state: Object.entries(states).map(([code, name]) => option(code, `${name} (${code})`)),
  orderBy: orderings.map((by) => option(by, orderingLabels[by])),
  protected: protectedChoices.map((choice) => option(choice, protectedLabels[choice])),
};
const boxes: Readonly<Partial<Record<Field, PlainTextOption>>> = {
  endsIn: option('true', 'Only at the end of the number'),
  lca: option('true', 'Also numbers in the local calling area'),
};

function option(value: string, text: string): PlainTextOption {
  return { value, text: plainText(text, 75) };
}

/** The form itself. `metadata` (≤ 3000 characters) comes back untouched as private_metadata. */
export function searchForm(given: {
  readonly kind?: FormKind;
  readonly draft?: Partial<SearchDraft>;
  readonly mode: FormMode;
  readonly metadata: string;
}): ModalView {
  const draft: SearchDraft = { criteria: {}, ...given.draft };
  const kind = given.kind ?? kindOfDraft(draft);
  return drawForm(kind, given.mode, given.metadata, valuesOf(draft, given.mode));
}

/** The same form for the kind just chosen; what was typed in fields of both kinds stays. */
export function redrawSearchForm(view: SubmittedForm): ModalView {
  return drawForm(submittedKind(view), modeOf(view), view.private_metadata, submittedValues(view));
}

function drawForm(kind: FormKind, mode: FormMode, metadata: string, values: Values): ModalView {
  const { required } = kindOf(kind, mode);
  const fields = fieldsOf(kind, mode);
  return {
    type: 'modal',
    callback_id: searchFormCallbacks[mode],
    private_metadata: metadata,
    title: plainText(mode === 'search' ? 'Search numbers' : 'Order numbers'),
    submit: plainText(mode === 'search' ? 'Search' : 'Next'),
    close: plainText('Cancel'),
    blocks: [
      kindChooser(kind),
      ...fields.map((field) =>
        inputBlock(field, values[field], field === 'quantity' || includes(required, field)),
      ),
    ],
  };
}

function fieldsOf(kind: FormKind, mode: FormMode): readonly Field[] {
  const { required, optional } = kindOf(kind, mode);
  const rules = rulesOf(kind);
  const options: readonly [Field, boolean][] = [
    ['endsIn', rules.endsIn],
    ['quantity', true],
    ['lca', rules.lca],
    // An order knows neither.
    ['orderBy', rules.orderBy && mode === 'search'],
    ['protected', rules.protected && mode === 'search'],
  ];
  return [...required, ...optional, ...options.filter(([, shown]) => shown).map(([field]) => field)];
}

function kindChooser(kind: FormKind): InputBlock {
  const options = (Object.keys(kinds) as FormKind[]).map((each) => option(each, kinds[each].label));
  const chosen = option(kind, kinds[kind].label);
  return {
    type: 'input',
    block_id: SEARCH_FORM_KIND_BLOCK,
    dispatch_action: true,
    label: plainText('Search by'),
    element: { type: 'static_select', action_id: SEARCH_FORM_KIND, options, initial_option: chosen },
  };
}

function inputBlock(field: Field, value: string | undefined, required: boolean): InputBlock {
  const { label, hint } = names[field];
  return {
    type: 'input',
    block_id: field,
    optional: !required,
    label: plainText(label),
    ...(hint === undefined ? {} : { hint: plainText(hint) }),
    element: inputElement(field, value),
  };
}

function inputElement(field: Field, value: string | undefined): InputBlock['element'] {
  const { example, most = 60 } = names[field];
  const placeholder = example === undefined ? {} : { placeholder: plainText(example) };
  const options = choices[field];
  const box = boxes[field];
  if (options !== undefined) {
    const chosen = options.find((each) => each.value === value);
    return {
      type: 'static_select',
      action_id: field,
      options: [...options],
      ...placeholder,
      ...(chosen === undefined ? {} : { initial_option: chosen }),
    };
  }
  if (box !== undefined) {
    return {
      type: 'checkboxes',
      action_id: field,
      options: [box],
      ...(value === box.value ? { initial_options: [box] } : {}),
    };
  }
  return {
    type: 'plain_text_input',
    action_id: field,
    max_length: most,
    ...placeholder,
    ...(value === undefined || value === '' ? {} : { initial_value: cut(value, most) }),
  };
}

const defaultQuantity: Readonly<Record<FormMode, number>> = {
  search: DEFAULT_SEARCH_QUANTITY,
  order: DEFAULT_ORDER_QUANTITY,
};

function valuesOf(draft: SearchDraft, mode: FormMode): Values {
  const { criteria, quantity = defaultQuantity[mode] } = draft;
  const { endsIn, ...texts } = criteria;
  return {
    ...texts,
    quantity: String(quantity),
    ...(endsIn === true ? { endsIn: 'true' } : {}),
    ...(draft.lca === true ? { lca: 'true' } : {}),
    ...(draft.orderBy === undefined ? {} : { orderBy: draft.orderBy }),
    ...(draft.protected === undefined ? {} : { protected: draft.protected }),
  };
}

// Reading ------------------------------------------------------------------------------------------------------------

/** What was submitted: a draft that passes `checkSearch` and names a quantity, or each error under the field that causes it, by block_id. */
export function readSearchForm(
  view: SubmittedForm,
): { readonly draft: SearchDraft } | { readonly errors: Readonly<Record<string, string>> } {
  const kind = submittedKind(view);
  const mode = modeOf(view);
  const values = submittedValues(view);
  const errors: Record<string, string> = {};
  for (const field of kindOf(kind, mode).required) if (values[field] === undefined) errors[field] = MISSING;
  const draft = submittedDraft(kind, mode, values);
  // The first problem of a field says enough.
  for (const problem of [...quantityProblem(values), ...draftProblems(draft, mode)]) {
    errors[blockOf(problem, kind, mode)] ??= problemSentence(problem);
  }
  return Object.keys(errors).length === 0 ? { draft } : { errors };
}

/** Slack itself asks for a required field, but takes a blank for an answer. */
const MISSING = 'Please fill this in.';

function draftProblems(draft: SearchDraft, mode: FormMode): readonly SearchProblem[] {
  const search = checkSearch(draft);
  if (!('kind' in search)) return search;
  return mode === 'order' ? searchAndOrderProblems(search) : [];
}

function quantityProblem({ quantity: value }: Values): readonly SearchProblem[] {
  return value === undefined || /^\d+$/.test(value)
    ? []
    : [{ field: 'quantity', code: 'bad-quantity', value }];
}

/** A problem at a field this form does not show is said at the first one it does. */
function blockOf({ field }: SearchProblem, kind: FormKind, mode: FormMode): string {
  const fields = fieldsOf(kind, mode);
  return includes(fields, field) ? field : (fields[0] ?? SEARCH_FORM_KIND_BLOCK);
}

function submittedDraft(kind: FormKind, mode: FormMode, values: Values): SearchDraft {
  const fields = fieldsOf(kind, mode);
  const value = (field: Field) => (includes(fields, field) ? values[field] : undefined);
  const criteria: Criteria = Object.fromEntries(
    [...kindOf(kind, mode).required, ...kindOf(kind, mode).optional].flatMap((field) => {
      const text = value(field);
      return text === undefined ? [] : [[field, spelled(field, text)]];
    }),
  );
  const quantity = value('quantity') ?? '';
  const orderBy = orderings.find((by) => by === value('orderBy'));
  const choice = protectedChoices.find((each) => each === value('protected'));
  return {
    criteria: value('endsIn') === 'true' ? { ...criteria, endsIn: true } : criteria,
    quantity: /^\d+$/.test(quantity) ? Number(quantity) : defaultQuantity[mode],
    ...(value('lca') === 'true' ? { lca: true } : {}),
    ...(orderBy === undefined ? {} : { orderBy }),
    ...(choice === undefined ? {} : { protected: choice }),
  };
}

/** People part digits as they like: `(910) 555`, `910.555`. */
function spelled(field: Criterion, text: string): string {
  if (field !== 'areaCode' && field !== 'npaNxx' && field !== 'npaNxxx') return text;
  return /^[\d\s().+/-]+$/.test(text) ? text.replace(/^\+?1[\s.-]+/, '').replace(/\D/g, '') : text;
}

/** Everything filled in, also in fields the chosen kind does not have; blanks are left out. */
function submittedValues(view: SubmittedForm): Values {
  const filled = Object.values(view.state.values).flatMap((elements) =>
    Object.entries(elements).flatMap(([name, { value, selected_option, selected_options }]) => {
      const text = plainSpelling(
        value ?? selected_option?.value ?? selected_options?.[0]?.value ?? '',
      ).trim();
      return text === '' || !Object.hasOwn(names, name) ? [] : [[name, text]];
    }),
  );
  return Object.fromEntries(filled);
}

function submittedKind(view: SubmittedForm): FormKind {
  const value = view.state.values[SEARCH_FORM_KIND_BLOCK]?.[SEARCH_FORM_KIND]?.selected_option?.value;
  return (Object.keys(kinds) as FormKind[]).find((kind) => kind === value) ?? 'areaCode';
}

function modeOf(view: SubmittedForm): FormMode {
  return view.callback_id === searchFormCallbacks.order ? 'order' : 'search';
}

function includes(fields: readonly string[], field: string): boolean {
  return fields.includes(field);
}
