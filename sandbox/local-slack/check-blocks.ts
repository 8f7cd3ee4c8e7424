import { randomBytes } from 'node:crypto';
import type { Block, Option, OptionGroup, ViewContent } from './block-kit.js';
import { messageBlocks, view } from './block-rules.js';
import { suggestions } from './element-rules.js';
import { structureErrors } from './structure.js';
import { type ValidationError, validationErrors } from './validation-errors.js';

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly validationErrors: readonly ValidationError[] };

/** Gives every block a block_id and every element an action_id, as Slack does. */
export function checkMessageBlocks(blocks: unknown): Checked<readonly Block[]> {
  const problems = validationErrors(messageBlocks, blocks, '/blocks');
  if (problems.length === 0) {
    const each = blocks as readonly unknown[];
    problems.push(...each.flatMap((block, at) => structureErrors(block, `/blocks/${at}`)));
  }
  return problems.length > 0
    ? { ok: false, validationErrors: problems }
    : { ok: true, value: (blocks as Block[]).map(withIds) };
}

export function checkView(given: unknown): Checked<ViewContent> {
  const problems = validationErrors(view, given, '/view');
  if (problems.length === 0) problems.push(...structureErrors(given, '/view'));
  if (problems.length > 0) return { ok: false, validationErrors: problems };
  const content = given as ViewContent;
  return { ok: true, value: { ...content, blocks: content.blocks.map(withIds) } };
}

/** Checks the answer to a block_suggestion. */
export function checkSuggestions(given: unknown): Checked<readonly Option[]> {
  const problems = validationErrors(suggestions, given, '');
  if (problems.length > 0) return { ok: false, validationErrors: problems };
  const { options, option_groups: groups } = given as {
    options?: Option[];
    option_groups?: OptionGroup[];
  };
  return { ok: true, value: options ?? (groups ?? []).flatMap((group) => group.options) };
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
