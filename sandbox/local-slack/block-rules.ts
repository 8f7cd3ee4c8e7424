import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Block, Option, OptionGroup, ViewContent } from './block-kit.js';
import { structureComplaints } from './structure.js';
import { drawnInViews, limitDataTables, tableBlocks } from './table-rules.js';

/**
 * What Slack accepts as blocks, elements and views; structure.ts checks again what passes here. The limits are from
 * https://docs.slack.dev/reference/block-kit and the doc comments of @slack/types 3.2.0. Lengths count Unicode
 * characters. Unknown fields are refused, as Slack does.
 */
export const limits = {
  blocksInMessage: 50,
  blocksInView: 100,
  /** The text of all blocks of a message together. Undocumented; measured by others (bolt-js#2509). */
  textInAllBlocks: 13_200,
  viewBytes: 250_000,
  id: 255,
  sectionText: 3000,
  sectionFields: 10,
  sectionField: 2000,
  header: 150,
  contextElements: 10,
  actionsElements: 25,
  contextActionsElements: 5,
  markdown: 12_000,
  buttonText: 75,
  buttonValue: 2000,
  url: 3000,
  accessibilityLabel: 75,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  optionText: 75,
  optionDescription: 75,
  /** The types say 75, other lists 150; the smaller one is safe either way. */
  optionValue: 75,
  selectOptions: 100,
  optionGroups: 100,
  choices: 10,
  overflowOptions: 5,
  placeholder: 150,
  inputLabel: 2000,
  inputHint: 2000,
  textInput: 3000,
  viewTitle: 24,
  viewButton: 24,
  privateMetadata: 3000,
  imageAlt: 2000,
  imageTitle: 2000,
  cardTitle: 150,
  cardBody: 200,
  carouselCards: 10,
  containerTitle: 150,
  containerBlocks: 10,
  files: 10,
} as const;

/** One sentence in Slack's response_metadata.messages. */
type Complaint = string;

const length = (text: string): number => [...text].length;

function string(max: number, min = 1) {
  return z.string().superRefine((value, context) => {
    const size = length(value);
    if (size < min) context.addIssue({ code: 'custom', message: `must be more than ${min - 1} characters` });
    if (size > max) context.addIssue({ code: 'custom', message: `must be less than ${max + 1} characters` });
  });
}

const plain = (max: number) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: string(max),
    emoji: z.boolean().optional(),
  });
const mrkdwn = (max: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: string(max), verbatim: z.boolean().optional() });
const anyText = (max: number) => z.discriminatedUnion('type', [plain(max), mrkdwn(max)]);

const style = z.enum(['primary', 'danger']);
const id = string(limits.id);
const confirm = z.strictObject({
  title: plain(limits.confirmTitle).optional(),
  text: anyText(limits.confirmText),
  confirm: plain(limits.confirmButton).optional(),
  deny: plain(limits.confirmButton).optional(),
  style: style.optional(),
});

const plainOption = z.strictObject({
  text: plain(limits.optionText),
  value: string(limits.optionValue),
  description: plain(limits.optionDescription).optional(),
});
const choice = z.strictObject({
  text: anyText(limits.optionText),
  value: string(limits.optionValue),
  description: anyText(limits.optionDescription).optional(),
});
const overflowOption = plainOption.extend({ url: string(limits.url).optional() });
const optionGroup = z.strictObject({
  label: plain(limits.optionText),
  options: z.array(plainOption).min(1).max(limits.selectOptions),
});

const action = { action_id: id.optional() };
const confirmable = { confirm: confirm.optional() };
const focusable = { focus_on_load: z.boolean().optional() };
const placeholdable = { placeholder: plain(limits.placeholder).optional() };
const menu = { ...action, ...confirmable, ...focusable, ...placeholdable };
const severalOf = { max_selected_items: z.int().min(1).optional() };
const dispatchable = {
  dispatch_action_config: z
    .strictObject({
      trigger_actions_on: z.array(z.enum(['on_enter_pressed', 'on_character_entered'])).min(1),
    })
    .optional(),
};
const typed = { ...action, ...focusable, ...placeholdable, ...dispatchable };
const staticOptions = {
  options: z.array(plainOption).min(1).max(limits.selectOptions).optional(),
  option_groups: z.array(optionGroup).min(1).max(limits.optionGroups).optional(),
};
const conversationFilter = {
  default_to_current_conversation: z.boolean().optional(),
  filter: z
    .strictObject({
      include: z
        .array(z.enum(['im', 'mpim', 'private', 'public']))
        .min(1)
        .optional(),
      exclude_external_shared_channels: z.boolean().optional(),
      exclude_bot_users: z.boolean().optional(),
    })
    .optional(),
};
const respondable = { response_url_enabled: z.boolean().optional() };

interface Offered {
  readonly text: { readonly text: string };
  readonly value: string;
}

interface Menu {
  readonly options?: readonly Offered[] | undefined;
  readonly option_groups?: readonly { readonly options: readonly Offered[] }[] | undefined;
  readonly initial_option?: Offered | undefined;
  readonly initial_options?: readonly Offered[] | undefined;
}

/** A menu has `options` or `option_groups`, which must include the initial choice. */
function consistentMenu(element: Menu, context: z.RefinementCtx): void {
  if ((element.options === undefined) === (element.option_groups === undefined)) {
    context.addIssue({ code: 'custom', message: 'exactly one of options and option_groups is needed' });
  }
  initialIsOffered(element, context);
}

function initialIsOffered(element: Menu, context: z.RefinementCtx): void {
  const offered = [
    ...(element.options ?? []),
    ...(element.option_groups ?? []).flatMap((group) => group.options),
  ];
  const same = (one: Offered) => (other: Offered) =>
    other.value === one.value && other.text.text === one.text.text;
  for (const initial of [
    ...(element.initial_option ? [element.initial_option] : []),
    ...(element.initial_options ?? []),
  ]) {
    if (!offered.some(same(initial))) {
      context.addIssue({ code: 'custom', message: 'initial_option does not match any of the options' });
    }
  }
}

const button = z.strictObject({
  type: z.literal('button'),
  ...action,
  ...confirmable,
  text: plain(limits.buttonText),
  value: string(limits.buttonValue, 0).optional(),
  url: string(limits.url).optional(),
  style: style.optional(),
  accessibility_label: string(limits.accessibilityLabel).optional(),
});

const image = z
  .strictObject({
    type: z.literal('image'),
    alt_text: string(limits.imageAlt),
    image_url: string(limits.url).optional(),
    slack_file: z.strictObject({ id: z.string().optional(), url: z.string().optional() }).optional(),
  })
  .refine((it) => (it.image_url === undefined) !== (it.slack_file === undefined), {
    message: 'exactly one of image_url and slack_file is needed',
  });

const menus = [
  z
    .strictObject({
      type: z.literal('static_select'),
      ...menu,
      ...staticOptions,
      initial_option: plainOption.optional(),
    })
    .superRefine(consistentMenu),
  z
    .strictObject({
      type: z.literal('multi_static_select'),
      ...menu,
      ...severalOf,
      ...staticOptions,
      initial_options: z.array(plainOption).min(1).optional(),
    })
    .superRefine(consistentMenu),
  z.strictObject({
    type: z.literal('external_select'),
    ...menu,
    initial_option: plainOption.optional(),
    min_query_length: z.int().min(0).optional(),
  }),
  z.strictObject({
    type: z.literal('multi_external_select'),
    ...menu,
    ...severalOf,
    initial_options: z.array(plainOption).min(1).optional(),
    min_query_length: z.int().min(0).optional(),
  }),
  z.strictObject({ type: z.literal('users_select'), ...menu, initial_user: z.string().optional() }),
  z.strictObject({
    type: z.literal('multi_users_select'),
    ...menu,
    ...severalOf,
    initial_users: z.array(z.string()).min(1).optional(),
  }),
  z.strictObject({
    type: z.literal('channels_select'),
    ...menu,
    ...respondable,
    initial_channel: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('multi_channels_select'),
    ...menu,
    ...severalOf,
    initial_channels: z.array(z.string()).min(1).optional(),
  }),
  z.strictObject({
    type: z.literal('conversations_select'),
    ...menu,
    ...respondable,
    ...conversationFilter,
    initial_conversation: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('multi_conversations_select'),
    ...menu,
    ...severalOf,
    ...conversationFilter,
    initial_conversations: z.array(z.string()).min(1).optional(),
  }),
] as const;

const choices = [
  z
    .strictObject({
      type: z.literal('checkboxes'),
      ...action,
      ...confirmable,
      ...focusable,
      options: z.array(choice).min(1).max(limits.choices),
      initial_options: z.array(choice).min(1).optional(),
    })
    .superRefine(initialIsOffered),
  z
    .strictObject({
      type: z.literal('radio_buttons'),
      ...action,
      ...confirmable,
      ...focusable,
      options: z.array(choice).min(1).max(limits.choices),
      initial_option: choice.optional(),
    })
    .superRefine(initialIsOffered),
] as const;

const day = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'must be a date like 2026-11-23');
const time = z.string().regex(/^\d\d:\d\d$/, 'must be a time like 14:05');
const pickers = [
  z.strictObject({ type: z.literal('datepicker'), ...menu, initial_date: day.optional() }),
  z.strictObject({
    type: z.literal('timepicker'),
    ...menu,
    initial_time: time.optional(),
    timezone: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('datetimepicker'),
    ...action,
    ...confirmable,
    ...focusable,
    initial_date_time: z.int().optional(),
  }),
] as const;

const overflow = z.strictObject({
  type: z.literal('overflow'),
  ...action,
  ...confirmable,
  options: z.array(overflowOption).min(1).max(limits.overflowOptions),
});
const workflowButton = z.strictObject({
  type: z.literal('workflow_button'),
  ...action,
  text: plain(limits.buttonText),
  workflow: z.looseObject({}),
  style: style.optional(),
  accessibility_label: string(limits.accessibilityLabel).optional(),
});

const richText = z.strictObject({
  type: z.literal('rich_text'),
  block_id: id.optional(),
  elements: z.array(
    z.looseObject({
      type: z.enum(['rich_text_section', 'rich_text_list', 'rich_text_quote', 'rich_text_preformatted']),
    }),
  ),
});

const richTextInput = z.strictObject({
  type: z.literal('rich_text_input'),
  ...typed,
  initial_value: richText.optional(),
  min_lines: z.int().min(1).max(100).optional(),
  max_lines: z.int().min(1).max(100).optional(),
});

const numeral = z.string().regex(/^-?\d+(?:\.\d+)?$/, 'must be a number written as a string');
const inputs = [
  z
    .strictObject({
      type: z.literal('plain_text_input'),
      ...typed,
      initial_value: string(limits.textInput, 0).optional(),
      multiline: z.boolean().optional(),
      min_length: z.int().min(0).max(limits.textInput).optional(),
      max_length: z.int().min(1).max(limits.textInput).optional(),
    })
    .refine((it) => length(it.initial_value ?? '') <= (it.max_length ?? limits.textInput), {
      message: 'initial_value is longer than max_length',
    }),
  z.strictObject({
    type: z.literal('number_input'),
    ...typed,
    is_decimal_allowed: z.boolean(),
    initial_value: numeral.optional(),
    min_value: numeral.optional(),
    max_value: numeral.optional(),
  }),
  z.strictObject({ type: z.literal('email_text_input'), ...typed, initial_value: z.string().optional() }),
  z.strictObject({ type: z.literal('url_text_input'), ...typed, initial_value: z.string().optional() }),
  z.strictObject({
    type: z.literal('file_input'),
    ...action,
    filetypes: z.array(z.string()).optional(),
    max_files: z.int().min(1).max(limits.files).optional(),
  }),
  richTextInput,
] as const;

const inActions = z.discriminatedUnion('type', [
  button,
  ...menus,
  ...choices,
  ...pickers,
  overflow,
  workflowButton,
  richTextInput,
]);
const inSection = z.discriminatedUnion('type', [
  button,
  image,
  ...menus,
  ...choices,
  ...pickers,
  overflow,
  workflowButton,
]);
const inInput = z.discriminatedUnion('type', [...inputs, ...menus, ...choices, ...pickers]);
const inContext = z.discriminatedUnion('type', [
  image,
  plain(limits.sectionText),
  mrkdwn(limits.sectionText),
]);

const own = { block_id: id.optional() };
const { table, dataTable } = tableBlocks(richText, own);

const section = z
  .strictObject({
    type: z.literal('section'),
    ...own,
    text: anyText(limits.sectionText).optional(),
    fields: z.array(anyText(limits.sectionField)).min(1).max(limits.sectionFields).optional(),
    accessory: inSection.optional(),
    expand: z.boolean().optional(),
  })
  .refine((it) => it.text !== undefined || it.fields !== undefined, {
    message: 'missing required field: text or fields',
  });
const card = z.strictObject({
  type: z.literal('card'),
  ...own,
  hero_image: image.optional(),
  icon: image.optional(),
  title: mrkdwn(limits.cardTitle).optional(),
  subtitle: mrkdwn(limits.cardTitle).optional(),
  body: mrkdwn(limits.cardBody).optional(),
  actions: z.array(button).optional(),
});

const childBlocks = [
  section,
  z.strictObject({ type: z.literal('divider'), ...own }),
  z.strictObject({ type: z.literal('header'), ...own, text: plain(limits.header) }),
  z.strictObject({
    type: z.literal('context'),
    ...own,
    elements: z.array(inContext).min(1).max(limits.contextElements),
  }),
  z.strictObject({
    type: z.literal('actions'),
    ...own,
    elements: z.array(inActions).min(1).max(limits.actionsElements),
  }),
  z.strictObject({
    type: z.literal('input'),
    ...own,
    label: plain(limits.inputLabel),
    hint: plain(limits.inputHint).optional(),
    optional: z.boolean().optional(),
    dispatch_action: z.boolean().optional(),
    element: inInput,
  }),
  z.strictObject({
    type: z.literal('image'),
    ...own,
    alt_text: string(limits.imageAlt),
    title: plain(limits.imageTitle).optional(),
    image_url: string(limits.url).optional(),
    slack_file: z.looseObject({}).optional(),
  }),
  richText,
  table,
  z.looseObject({ type: z.literal('file'), ...own, external_id: z.string(), source: z.string() }),
  z.looseObject({
    type: z.literal('video'),
    ...own,
    alt_text: z.string(),
    title: plain(199),
    video_url: z.string(),
    thumbnail_url: z.string(),
  }),
] as const;

const block = z.discriminatedUnion('type', [
  ...childBlocks,
  z.strictObject({ type: z.literal('markdown'), ...own, text: string(limits.markdown) }),
  z.strictObject({
    type: z.literal('alert'),
    ...own,
    text: anyText(limits.sectionText),
    level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
  }),
  card,
  z.strictObject({
    type: z.literal('carousel'),
    ...own,
    elements: z.array(card).min(1).max(limits.carouselCards),
  }),
  z.strictObject({
    type: z.literal('container'),
    ...own,
    title: plain(limits.containerTitle).optional(),
    rich_text_title: richText.optional(),
    subtitle: anyText(limits.containerTitle).optional(),
    child_blocks: z.array(z.discriminatedUnion('type', childBlocks)).min(1).max(limits.containerBlocks),
    width: z.enum(['narrow', 'standard', 'wide', 'full']).optional(),
    icon: image.optional(),
    is_collapsible: z.boolean().optional(),
    default_collapsed: z.boolean().optional(),
    has_header_divider: z.boolean().optional(),
  }),
  z.looseObject({
    type: z.literal('context_actions'),
    ...own,
    elements: z
      .array(z.looseObject({ type: z.enum(['feedback_buttons', 'icon_button']) }))
      .min(1)
      .max(limits.contextActionsElements),
  }),
  dataTable,
  z.looseObject({ type: z.literal('task_card'), ...own, task_id: z.string(), title: z.string() }),
  z.looseObject({ type: z.literal('plan'), ...own, title: z.string() }),
]);

const common = {
  private_metadata: string(limits.privateMetadata, 0).optional(),
  callback_id: string(limits.id, 0).optional(),
  external_id: string(limits.id, 0).optional(),
};
const messageBlocks = z
  .array(block)
  .max(limits.blocksInMessage)
  .superRefine(uniqueIds)
  .superRefine(limitDataTables);
const viewBlocks = z
  .array(block)
  .min(1)
  .max(limits.blocksInView)
  .superRefine(uniqueIds)
  .superRefine(drawnInViews);
const view = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('modal'),
      ...common,
      title: plain(limits.viewTitle),
      submit: plain(limits.viewButton).optional(),
      close: plain(limits.viewButton).optional(),
      blocks: viewBlocks,
      clear_on_close: z.boolean().optional(),
      notify_on_close: z.boolean().optional(),
      submit_disabled: z.boolean().optional(),
    })
    .refine((it) => it.submit !== undefined || !it.blocks.some((one) => one.type === 'input'), {
      message: 'missing required field: submit',
    }),
  z.strictObject({ type: z.literal('home'), ...common, blocks: viewBlocks }),
]);
const suggestions = z
  .strictObject({
    options: z.array(plainOption).max(limits.selectOptions).optional(),
    option_groups: z.array(optionGroup).max(limits.optionGroups).optional(),
  })
  .refine((it) => (it.options === undefined) !== (it.option_groups === undefined), {
    message: 'exactly one of options and option_groups is needed',
  });

interface HasIds {
  readonly block_id?: unknown;
  readonly elements?: unknown;
}

/** A block_id is unique in its message or view, an action_id in its block. */
function uniqueIds(blocks: readonly HasIds[], context: z.RefinementCtx): void {
  const seen = new Set<unknown>();
  blocks.forEach((one, at) => {
    if (one.block_id !== undefined && seen.has(one.block_id)) {
      context.addIssue({ code: 'custom', message: `block_id ${one.block_id} already exists`, path: [at] });
    }
    seen.add(one.block_id);
    const actionIds = (Array.isArray(one.elements) ? one.elements : [])
      .map((element: unknown) => (element as { action_id?: unknown }).action_id)
      .filter((each) => each !== undefined);
    const double = actionIds.find((each, index) => actionIds.indexOf(each) !== index);
    if (double !== undefined) {
      context.addIssue({ code: 'custom', message: `action_id ${double} already exists`, path: [at] });
    }
  });
}

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly complaints: readonly Complaint[] };

/** Gives every block a block_id and every element an action_id, as Slack does. */
export function checkMessageBlocks(blocks: unknown): Checked<readonly Block[]> {
  const problems = complaints(messageBlocks, blocks, '/blocks');
  if (problems.length === 0) {
    const each = blocks as readonly unknown[];
    problems.push(...each.flatMap((block, at) => structureComplaints(block, `/blocks/${at}`)));
  }
  return problems.length > 0
    ? { ok: false, complaints: problems }
    : { ok: true, value: (blocks as Block[]).map(withIds) };
}

export function checkView(given: unknown): Checked<ViewContent> {
  const problems = complaints(view, given, '/view');
  if (problems.length === 0) problems.push(...structureComplaints(given, '/view'));
  if (problems.length > 0) return { ok: false, complaints: problems };
  const content = given as ViewContent;
  return { ok: true, value: { ...content, blocks: content.blocks.map(withIds) } };
}

/** Checks the answer to a block_suggestion. */
export function checkSuggestions(given: unknown): Checked<readonly Option[]> {
  const problems = complaints(suggestions, given, '');
  if (problems.length > 0) return { ok: false, complaints: problems };
  const { options, option_groups: groups } = given as {
    options?: Option[];
    option_groups?: OptionGroup[];
  };
  return { ok: true, value: options ?? (groups ?? []).flatMap((group) => group.options) };
}

/** Returns the length of all texts in the blocks, which Slack limits for a message. */
export function textLength(blocks: unknown): number {
  if (Array.isArray(blocks)) return blocks.reduce((sum: number, each) => sum + textLength(each), 0);
  if (typeof blocks !== 'object' || blocks === null) return 0;
  return Object.entries(blocks).reduce(
    (sum, [key, value]) =>
      sum + (key === 'text' && typeof value === 'string' ? length(value) : textLength(value)),
    0,
  );
}

function complaints(rule: z.ZodType, given: unknown, root: string): Complaint[] {
  const result = rule.safeParse(given);
  if (result.success) return [];
  return result.error.issues.map((issue) => {
    const [path, sentence] = explain(issue, given);
    return `[ERROR] ${sentence} [json-pointer:${[root, ...path.map(String)].join('/')}]`;
  });
}

function explain(issue: z.core.$ZodIssue, given: unknown): readonly [readonly PropertyKey[], string] {
  const { path } = issue;
  const parent = path.slice(0, -1);
  switch (issue.code) {
    case 'invalid_union':
      return [path, `unsupported type: ${String(valueAt(given, path))}`];
    case 'invalid_value':
      return [path, `must be one of: ${issue.values.join(', ')}`];
    case 'unrecognized_keys':
      return [path, `invalid additional property: ${issue.keys.join(', ')}`];
    case 'too_big':
      return [path, `no more than ${issue.maximum} items allowed`];
    case 'too_small':
      return [path, `no fewer than ${issue.minimum} items allowed`];
    case 'invalid_type':
      return valueAt(given, path) === undefined
        ? [parent, `missing required field: ${String(path.at(-1))}`]
        : [path, `must provide ${issue.expected}`];
    default:
      return [path, issue.message];
  }
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    given,
  );
}

function inventId(): string {
  return randomBytes(4).toString('hex');
}

function withIds(given: Block): Block {
  const named = <T extends { readonly action_id?: string }>(
    element: T,
  ): T & { readonly action_id: string } => ({
    ...element,
    action_id: element.action_id ?? inventId(),
  });
  return {
    ...given,
    block_id: given.block_id ?? inventId(),
    ...(given.accessory === undefined ? {} : { accessory: named(given.accessory) }),
    ...(given.element === undefined ? {} : { element: named(given.element) }),
    ...(given.type === 'actions' && given.elements !== undefined
      ? { elements: given.elements.map(named) }
      : {}),
    ...(given.actions === undefined ? {} : { actions: given.actions.map(named) }),
    ...(given.child_blocks === undefined ? {} : { child_blocks: given.child_blocks.map(withIds) }),
  };
}
