import type { ViewOutput } from '@slack/bolt';
import type { InputBlock, ModalView, PlainTextOption } from '@slack/types';
import {
  checkSearch,
  type SearchField,
  type SearchProblem,
  searchAndOrderProblems,
} from '../../../orders/domain/check-search.js';
import {
  type Criteria,
  type Criterion,
  criterionRules,
  isCriterion,
  standsAlone,
} from '../../../orders/domain/criteria.js';
import { type Filter, type Filters, isFilter } from '../../../orders/domain/filters.js';
import { plainSpelling } from '../../../orders/domain/plain-text.js';
import {
  DEFAULT_ORDER_QUANTITY,
  DEFAULT_SEARCH_QUANTITY,
  type OrderBy,
  orderings,
  type ProtectedChoice,
  protectedChoices,
  rulesOf,
  type SearchDraft,
  type SearchKind,
  searchKind,
} from '../../../orders/domain/search.js';
import type { CriterionField } from '../../criteria/criterion.js';
import { criteriaInForm, criterionWords } from '../../criteria/table.js';
import { cut, plainText } from '../../escape.js';
import { filtersInForm, filterWords } from '../../filters/table.js';
import { problemSentence } from '../answers/problems.js';

/** The form asks for one kind of search and shows only its fields. */
export type FormKind = SearchKind;
/** `search` looks for numbers; `order` describes what to order without searching. */
export type FormMode = 'search' | 'order';

/** The callback ids of the form, which also give the mode when it is read. */
export const searchFormCallbacks: Readonly<Record<FormMode, string>> = {
  search: 'search-form',
  order: 'search-form-to-order',
};
/** The action id of the kind's menu: answer with views.update and {@link redrawSearchForm}. */
export const SEARCH_FORM_KIND = 'search-form-kind';
/** The block of that menu, the first of every form. */
export const SEARCH_FORM_KIND_BLOCK = 'kind';

/** What Slack sends back of a form, in view_submission and block_actions. */
export type SubmittedForm = Pick<ViewOutput, 'callback_id' | 'private_metadata' | 'state'>;

/** Each field and its block share one name, so people keep what they typed when the form is redrawn. */
type Field = SearchField;
type Values = Readonly<Partial<Record<Field, string>>>;

interface KindOfForm {
  readonly label: string;
  readonly required: readonly Criterion[];
  readonly optional: readonly Criterion[];
}

const criteriaTogether = criteriaInForm.filter((name) => !standsAlone(name));
/** The prefixes first, and a name before its state. */
const fieldsTogether = [
  ...criteriaTogether.filter((name) => criterionRules[name].role === 'prefix'),
  ...criteriaTogether.filter((name) => criterionRules[name].needsState),
  ...criteriaTogether.filter(
    (name) => criterionRules[name].role !== 'prefix' && !criterionRules[name].needsState,
  ),
];
const formKinds: readonly FormKind[] = [
  ...criteriaTogether,
  'combined',
  ...criteriaInForm.filter(standsAlone),
];

function kindOf(kind: FormKind, mode: FormMode): KindOfForm {
  if (kind === 'combined') return { label: 'Several of these', required: [], optional: fieldsTogether };
  const label = criterionWords[kind].form.kind;
  const { needsState, orderedWithin, beside = [] } = criterionRules[kind];
  // Local vanity can only be ordered within an area code.
  if (mode === 'order' && orderedWithin !== undefined)
    return { label, required: [kind, orderedWithin], optional: [] };
  return { label, required: needsState ? [kind, 'state'] : [kind], optional: beside };
}

/** Returns the kind of form that shows everything in this draft. */
export function kindOfDraft(draft: Pick<SearchDraft, 'criteria'>): FormKind {
  return searchKind(draft.criteria) ?? 'areaCode';
}

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
  readonly box?: string;
};

const optionFields: Readonly<Record<Exclude<Field, Criterion | Filter>, FormField>> = {
  quantity: { label: 'How many at most', most: 10 },
  endsIn: { label: 'Where the word stands', box: 'Only at the end of the number' },
  lca: { label: 'How wide', box: 'Also numbers in the local calling area' },
  orderBy: { label: 'Order by', example: 'As they come', options: orderingLabels },
  protected: { label: 'Protected numbers', example: 'As Bandwidth decides', options: protectedLabels },
};

function isField(name: string): name is Field {
  return isCriterion(name) || isFilter(name) || Object.hasOwn(optionFields, name);
}

function formField(field: Field): FormField {
  if (isFilter(field)) return filterWords[field].form;
  return isCriterion(field) ? criterionWords[field].form : optionFields[field];
}

function option(value: string, text: string): PlainTextOption {
  return { value, text: plainText(text, 75) };
}

/** The search form. `metadata` (≤ 3,000 characters) comes back unchanged as private_metadata. */
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

/** The same form for the kind just chosen. Fields that both kinds have keep their contents. */
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
    // Orders have neither.
    ['orderBy', rules.orderBy && mode === 'search'],
    ['protected', rules.protected && mode === 'search'],
    ...filtersInForm.map((name): [Field, boolean] => [name, mode === 'search' && fits(name, kind)]),
  ];
  return [...required, ...optional, ...options.filter(([, shown]) => shown).map(([field]) => field)];
}

/** A vanity word and digits can't both stand at the end. */
function fits(filter: Filter, kind: FormKind): boolean {
  return filter !== 'ending' || (kind !== 'localVanity' && kind !== 'tollFreeVanity');
}

function kindChooser(kind: FormKind): InputBlock {
  const options = formKinds.map((each) => option(each, kindOf(each, 'search').label));
  const chosen = option(kind, kindOf(kind, 'search').label);
  return {
    type: 'input',
    block_id: SEARCH_FORM_KIND_BLOCK,
    dispatch_action: true,
    label: plainText('Search by'),
    element: { type: 'static_select', action_id: SEARCH_FORM_KIND, options, initial_option: chosen },
  };
}

function inputBlock(field: Field, value: string | undefined, required: boolean): InputBlock {
  const { label, hint } = formField(field);
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
  const { example, most = 60, options, box } = formField(field);
  const placeholder = example === undefined ? {} : { placeholder: plainText(example) };
  if (options !== undefined) {
    const all = Object.entries(options).map(([each, text]) => option(each, text));
    const chosen = all.find((each) => each.value === value);
    return {
      type: 'static_select',
      action_id: field,
      options: all,
      ...placeholder,
      ...(chosen === undefined ? {} : { initial_option: chosen }),
    };
  }
  if (box !== undefined) {
    const ticked = option('true', box);
    return {
      type: 'checkboxes',
      action_id: field,
      options: [ticked],
      ...(value === ticked.value ? { initial_options: [ticked] } : {}),
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
    ...draft.filters,
    quantity: String(quantity),
    ...(endsIn === true ? { endsIn: 'true' } : {}),
    ...(draft.lca === true ? { lca: 'true' } : {}),
    ...(draft.orderBy === undefined ? {} : { orderBy: draft.orderBy }),
    ...(draft.protected === undefined ? {} : { protected: draft.protected }),
  };
}

// Reading ------------------------------------------------------------------------------------------------------------

/**
 * Returns a draft that passes `checkSearch` and has a quantity, or each error under the field that causes it, by
 * block_id.
 */
export function readSearchForm(
  view: SubmittedForm,
): { readonly draft: SearchDraft } | { readonly errors: Readonly<Record<string, string>> } {
  const kind = submittedKind(view);
  const mode = modeOf(view);
  const values = submittedValues(view);
  const errors: Record<string, string> = {};
  for (const field of kindOf(kind, mode).required) if (values[field] === undefined) errors[field] = MISSING;
  const draft = submittedDraft(kind, mode, values);
  // One problem per field is enough.
  for (const problem of [...quantityProblem(values), ...draftProblems(draft, mode)]) {
    errors[blockOf(problem, kind, mode)] ??= problemSentence(problem);
  }
  return Object.keys(errors).length === 0 ? { draft } : { errors };
}

/** Slack requires the field but accepts blanks. */
const MISSING = 'Fill this in.';

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

/** A problem with a field this form doesn't show is reported at the first one it does. */
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
      return text === undefined ? [] : [[field, criterionWords[field].form.read?.(text) ?? text]];
    }),
  );
  const filters: Filters = Object.fromEntries(
    filtersInForm.flatMap((field) => {
      const text = value(field);
      return text === undefined ? [] : [[field, filterWords[field].form.read?.(text) ?? text]];
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
    ...(Object.keys(filters).length === 0 ? {} : { filters }),
  };
}

/** Returns all filled-in fields, including ones the chosen kind doesn't have. Blanks are omitted. */
function submittedValues(view: SubmittedForm): Values {
  const filled = Object.values(view.state.values).flatMap((elements) =>
    Object.entries(elements).flatMap(([name, { value, selected_option, selected_options }]) => {
      const text = plainSpelling(
        value ?? selected_option?.value ?? selected_options?.[0]?.value ?? '',
      ).trim();
      return text === '' || !isField(name) ? [] : [[name, text]];
    }),
  );
  return Object.fromEntries(filled);
}

function submittedKind(view: SubmittedForm): FormKind {
  const value = view.state.values[SEARCH_FORM_KIND_BLOCK]?.[SEARCH_FORM_KIND]?.selected_option?.value;
  return formKinds.find((kind) => kind === value) ?? 'areaCode';
}

function modeOf(view: SubmittedForm): FormMode {
  return view.callback_id === searchFormCallbacks.order ? 'order' : 'search';
}

function includes(fields: readonly string[], field: string): boolean {
  return fields.includes(field);
}
