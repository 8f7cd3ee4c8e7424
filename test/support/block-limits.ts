import type { KnownBlock, ModalView } from '@slack/types';

/** Slack counts characters, not UTF-16 units. */
const length = (text: string): number => Array.from(text).length;

type Json = Record<string, unknown>;

/** Everything Slack would refuse in a message, as readable sentences; none when it is fine. */
export function messageProblems(message: { text: string; blocks?: readonly KnownBlock[] }): string[] {
  return [
    ...(message.text.trim() === '' ? ['text is empty'] : []),
    ...tooLong('text', message.text, 4000),
    ...blocksProblems(message.blocks ?? [], 50),
  ];
}

export function viewProblems(view: ModalView): string[] {
  const hasInput = view.blocks.some((block) => block.type === 'input');
  return [
    ...textProblems('title', view.title, 24),
    ...(view.submit === undefined ? [] : textProblems('submit', view.submit, 24)),
    ...textProblems('close', view.close, 24),
    ...tooLong('private_metadata', view.private_metadata ?? '', 3000),
    ...tooLong('callback_id', view.callback_id ?? '', 255),
    ...(hasInput && view.submit === undefined ? ['a form with an input needs submit'] : []),
    ...(JSON.stringify(view).length > 250_000 ? ['view is larger than 250 kB'] : []),
    ...blocksProblems(view.blocks, 100),
  ];
}

function blocksProblems(blocks: readonly unknown[], most: number): string[] {
  const ids = blocks.map((block) => (block as Json).block_id).filter((id) => id !== undefined);
  return [
    ...(blocks.length > most ? [`${blocks.length} blocks`] : []),
    ...(new Set(ids).size < ids.length ? ['two blocks share a block_id'] : []),
    ...blocks.flatMap((block) => blockProblems(block as Json)),
  ];
}

function blockProblems(block: Json): string[] {
  const id = tooLong('block_id', String(block.block_id ?? 'x'), 255);
  switch (block.type) {
    case 'header':
      return [...id, ...textProblems('header', block.text, 150)];
    case 'section':
      return block.fields === undefined
        ? [...id, ...textProblems('section', block.text, 3000)]
        : [...id, ...list('fields', block.fields, 10).flatMap((text) => textProblems('field', text, 2000))];
    case 'context':
      return [
        ...id,
        ...list('context', block.elements, 10).flatMap((text) => textProblems('context', text, 3000)),
      ];
    case 'actions': {
      const elements = list('actions', block.elements, 25) as Json[];
      const actionIds = elements.map((element) => element.action_id);
      return [
        ...id,
        ...(elements.length === 0 || elements.length > 25
          ? [`actions with ${elements.length} elements`]
          : []),
        ...(new Set(actionIds).size < actionIds.length ? ['two elements share an action_id'] : []),
        ...elements.flatMap(elementProblems),
      ];
    }
    case 'input':
      return [
        ...id,
        ...textProblems('label', block.label, 2000),
        ...(block.hint === undefined ? [] : textProblems('hint', block.hint, 2000)),
        ...elementProblems(block.element as Json),
      ];
    default:
      return [`a ${String(block.type)} block, which we never meant to send`];
  }
}

function elementProblems(element: Json): string[] {
  const common = [
    ...tooLong('action_id', String(element.action_id ?? 'x'), 255),
    ...(element.placeholder === undefined ? [] : textProblems('placeholder', element.placeholder, 150)),
  ];
  switch (element.type) {
    case 'button':
      return [
        ...common,
        ...textProblems('button', element.text, 75),
        ...tooLong('button value', String(element.value ?? ''), 2000),
        ...tooLong('accessibility_label', String(element.accessibility_label ?? ''), 75),
        ...confirmProblems(element.confirm as Json | undefined),
      ];
    case 'checkboxes': {
      const options = list('checkboxes', element.options, 10) as Json[];
      const initial = element.initial_options as Json[] | undefined;
      return [
        ...common,
        ...(options.length === 0 || options.length > 10 ? [`${options.length} checkboxes`] : []),
        ...options.flatMap(optionProblems),
        ...(initial?.length === 0 ? ['initial_options is empty'] : []),
        ...(initial ?? [])
          .filter((ticked) => !options.some((option) => JSON.stringify(option) === JSON.stringify(ticked)))
          .map(() => 'an initial option that is no option'),
      ];
    }
    case 'radio_buttons':
    case 'static_select': {
      const options = list(String(element.type), element.options, 10) as Json[];
      const initial = JSON.stringify(element.initial_option);
      return [
        ...common,
        ...options.flatMap(optionProblems),
        ...(options.some((option) => JSON.stringify(option) === initial)
          ? []
          : ['an initial option that is no option']),
      ];
    }
    case 'external_select':
      return [
        ...common,
        ...(element.initial_option === undefined ? [] : optionProblems(element.initial_option as Json)),
      ];
    case 'plain_text_input':
      return [
        ...common,
        ...(Number(element.max_length ?? 0) > 3000 ? ['max_length over 3000'] : []),
        ...tooLong('initial_value', String(element.initial_value ?? ''), Number(element.max_length ?? 3000)),
      ];
    case 'number_input':
      return common;
    default:
      return [`a ${String(element.type)} element, which we never meant to send`];
  }
}

export function optionProblems(option: object): string[] {
  const { text, description, value } = option as Json;
  return [
    ...textProblems('option', text, 75),
    ...(description === undefined ? [] : textProblems('option description', description, 75)),
    ...tooLong('option value', String(value ?? ''), 75),
  ];
}

function confirmProblems(confirm: Json | undefined): string[] {
  if (confirm === undefined) return [];
  return [
    ...textProblems('confirm title', confirm.title, 100),
    ...textProblems('confirm text', confirm.text, 300),
    ...textProblems('confirm button', confirm.confirm, 30),
    ...textProblems('confirm deny', confirm.deny, 30),
  ];
}

function textProblems(where: string, text: unknown, most: number): string[] {
  const words = (text as Json | undefined)?.text;
  if (typeof words !== 'string' || words === '') return [`${where} is empty`];
  return tooLong(where, words, most);
}

const tooLong = (where: string, text: string, most: number): string[] =>
  length(text) > most ? [`${where} has ${length(text)} characters, more than ${most}`] : [];

const list = (where: string, items: unknown, most: number): unknown[] => {
  if (!Array.isArray(items)) return [`${where} is no list`];
  return items.length > most ? [...items, `${where} has more than ${most} items`] : items;
};
