import { z } from 'zod';
import { limits } from './block-limits.js';
import { button, image, inActions, inContext, inInput, inSection, richText } from './element-rules.js';
import { drawnInViews, limitDataTables, tableBlocks } from './table-rules.js';
import { anyText, id, mrkdwn, plain, string } from './text-rules.js';

// What Slack accepts as blocks and views; structure.ts checks again what passes here. Unknown fields are refused, as
// Slack does.

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
export const messageBlocks = z
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
export const view = z.discriminatedUnion('type', [
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
