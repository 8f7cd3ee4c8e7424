import { randomBytes } from 'node:crypto';
import type { Block, Option, OptionGroup, ViewContent } from './block-kit.js';
import { messageBlocks, view } from './block-rules.js';
import { type Complaint, complaints } from './complaints.js';
import { suggestions } from './element-rules.js';
import { structureComplaints } from './structure.js';

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
