import type { ViewOutput } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { SearchField, SearchProblem } from '../../../orders/domain/search/check-search.js';
import { checkSearch, searchAndOrderProblems } from '../../../orders/domain/search/check-search.js';
import { type Criteria, isCriterion } from '../../../orders/domain/search/criteria.js';
import { type Filters, isFilter } from '../../../orders/domain/search/filters.js';
import {
  DEFAULT_ORDER_QUANTITY,
  DEFAULT_SEARCH_QUANTITY,
  orderings,
  protectedChoices,
  type SearchDraft,
} from '../../../orders/domain/search/search.js';
import { criterionWords } from '../../criteria/table.js';
import { filterWords } from '../../filters/table.js';
import { plainText } from '../../text/escape.js';
import { problemSentence } from '../answers/problems.js';
import {
  inputBlock,
  kindChooser,
  SEARCH_FORM_KIND_BLOCK,
  submittedKind,
  submittedValues,
  type Values,
} from './search-form-fields.js';
import {
  type FormKind,
  type FormMode,
  kindOfDraft,
  requiredCriteria,
  searchFieldsOf,
} from './search-form-kinds.js';

/** The callback ids of the form, which also give the mode when it is read. */
export const searchFormCallbacks: Readonly<Record<FormMode, string>> = {
  search: 'search-form',
  order: 'search-form-to-order',
};

/** What Slack sends back of a form, in view_submission and block_actions. */
export type SubmittedForm = Pick<ViewOutput, 'callback_id' | 'private_metadata' | 'state'>;

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
  const { state, private_metadata } = view;
  return drawForm(submittedKind(state), modeOf(view), private_metadata, submittedValues(state));
}

function drawForm(kind: FormKind, mode: FormMode, metadata: string, values: Values): ModalView {
  const required = requiredCriteria(kind, mode);
  return {
    type: 'modal',
    callback_id: searchFormCallbacks[mode],
    private_metadata: metadata,
    title: plainText(mode === 'search' ? 'Search numbers' : 'Order numbers'),
    submit: plainText(mode === 'search' ? 'Search' : 'Next'),
    close: plainText('Cancel'),
    blocks: [
      kindChooser(kind),
      ...searchFieldsOf(kind, mode).map((field) =>
        inputBlock(field, values[field], field === 'quantity' || includes(required, field)),
      ),
    ],
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

/**
 * Returns a draft that passes `checkSearch` and has a quantity, or each error under the field that causes it, by
 * block_id.
 */
export function readSearchForm(
  view: SubmittedForm,
): { readonly draft: SearchDraft } | { readonly errors: Readonly<Record<string, string>> } {
  const kind = submittedKind(view.state);
  const mode = modeOf(view);
  const values = submittedValues(view.state);
  const errors: Record<string, string> = {};
  for (const field of requiredCriteria(kind, mode)) if (values[field] === undefined) errors[field] = MISSING;
  const draft = submittedDraft(kind, mode, values);
  // One problem per field is enough.
  for (const problem of [...quantityProblem(values), ...draftProblems(draft, mode)]) {
    errors[blockOf(problem, kind, mode)] ??= problemSentence(problem);
  }
  return Object.keys(errors).length === 0 ? { draft } : { errors };
}

/** Slack requires the field but accepts blanks. */
const MISSING = 'Fill this in.';

function modeOf(view: SubmittedForm): FormMode {
  return view.callback_id === searchFormCallbacks.order ? 'order' : 'search';
}

function submittedDraft(kind: FormKind, mode: FormMode, values: Values): SearchDraft {
  const fields = searchFieldsOf(kind, mode);
  const value = (field: SearchField) => (includes(fields, field) ? values[field] : undefined);
  const criteria: Criteria = Object.fromEntries(
    fields.filter(isCriterion).flatMap((field) => {
      const text = values[field];
      return text === undefined ? [] : [[field, criterionWords[field].form.read?.(text) ?? text]];
    }),
  );
  const filters: Filters = Object.fromEntries(
    fields.filter(isFilter).flatMap((field) => {
      const text = values[field];
      return text === undefined ? [] : [[field, filterWords[field].form.read?.(text) ?? text]];
    }),
  );
  const quantity = value('quantity') ?? '';
  const orderBy = orderings.find((by) => by === value('orderBy'));
  const choice = protectedChoices.find((each) => each === value('protected'));
  return {
    criteria: value('endsIn') === 'true' ? { ...criteria, endsIn: true } : criteria,
    quantity: isWhole(quantity) ? Number(quantity) : defaultQuantity[mode],
    ...(value('lca') === 'true' ? { lca: true } : {}),
    ...(orderBy === undefined ? {} : { orderBy }),
    ...(choice === undefined ? {} : { protected: choice }),
    ...(Object.keys(filters).length === 0 ? {} : { filters }),
  };
}

function draftProblems(draft: SearchDraft, mode: FormMode): readonly SearchProblem[] {
  const search = checkSearch(draft);
  if (!('kind' in search)) return search;
  return mode === 'order' ? searchAndOrderProblems(search) : [];
}

function quantityProblem({ quantity: value }: Values): readonly SearchProblem[] {
  return value === undefined || isWhole(value) ? [] : [{ field: 'quantity', code: 'bad-quantity', value }];
}

const isWhole = (text: string): boolean => /^\d+$/.test(text);

/** A problem with a field this form doesn't show is reported at the first one it does. */
function blockOf({ field }: SearchProblem, kind: FormKind, mode: FormMode): string {
  const fields = searchFieldsOf(kind, mode);
  return includes(fields, field) ? field : (fields[0] ?? SEARCH_FORM_KIND_BLOCK);
}

function includes(fields: readonly string[], field: string): boolean {
  return fields.includes(field);
}
