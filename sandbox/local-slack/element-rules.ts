import { z } from 'zod';
import { length, limits } from './block-limits.js';
import { anyText, id, mrkdwn, plain, string } from './text-rules.js';

// What Slack accepts as buttons, menus, fields and other elements, and in which blocks.

const style = z.enum(['primary', 'danger']);
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

export const button = z.strictObject({
  type: z.literal('button'),
  ...action,
  ...confirmable,
  text: plain(limits.buttonText),
  value: string(limits.buttonValue, 0).optional(),
  url: string(limits.url).optional(),
  style: style.optional(),
  accessibility_label: string(limits.accessibilityLabel).optional(),
});

export const image = z
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

export const richText = z.strictObject({
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

export const inActions = z.discriminatedUnion('type', [
  button,
  ...menus,
  ...choices,
  ...pickers,
  overflow,
  workflowButton,
  richTextInput,
]);
export const inSection = z.discriminatedUnion('type', [
  button,
  image,
  ...menus,
  ...choices,
  ...pickers,
  overflow,
  workflowButton,
]);
export const inInput = z.discriminatedUnion('type', [...inputs, ...menus, ...choices, ...pickers]);
export const inContext = z.discriminatedUnion('type', [
  image,
  plain(limits.sectionText),
  mrkdwn(limits.sectionText),
]);

/** The answer to a block_suggestion. */
export const suggestions = z
  .strictObject({
    options: z.array(plainOption).max(limits.selectOptions).optional(),
    option_groups: z.array(optionGroup).max(limits.optionGroups).optional(),
  })
  .refine((it) => (it.options === undefined) !== (it.option_groups === undefined), {
    message: 'exactly one of options and option_groups is needed',
  });
