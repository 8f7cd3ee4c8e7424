import type { ViewOutput } from '@slack/bolt';
import type { KnownBlock, ModalView } from '@slack/types';

type Values = ViewOutput['state']['values'];
type Value = Values[string][string];

/** What Slack sends for a form nobody touched: every initial value, by block and action. */
export function submitted(
  view: ModalView,
  filled: Values = {},
): Pick<ViewOutput, 'private_metadata' | 'state'> {
  const values: Values = {};
  for (const block of view.blocks as readonly KnownBlock[]) {
    if (block.type !== 'input' || block.block_id === undefined) continue;
    const { element } = block;
    const actionId = 'action_id' in element ? (element.action_id ?? '') : '';
    values[block.block_id] = { [actionId]: initialValue(element) };
  }
  return {
    private_metadata: view.private_metadata ?? '',
    state: { values: { ...values, ...filled } },
  };
}

function initialValue(element: object): Value {
  const given = element as {
    type: string;
    initial_value?: string;
    initial_option?: Value['selected_option'];
    initial_options?: Value['selected_options'];
  };
  switch (given.type) {
    case 'checkboxes':
      return { type: given.type, selected_options: given.initial_options ?? [] };
    case 'external_select':
    case 'radio_buttons':
    case 'static_select':
      return { type: given.type, selected_option: given.initial_option ?? null };
    default:
      return { type: given.type, value: given.initial_value ?? null };
  }
}

export const typedValue = (value: string): Value => ({ type: 'plain_text_input', value });

export const chosen = (value: string, text: string): Value => ({
  type: 'external_select',
  selected_option: { text: { type: 'plain_text', text, emoji: false }, value },
});

export const ticked = (...values: string[]): Value => ({
  type: 'checkboxes',
  selected_options: values.map((value) => ({
    text: { type: 'plain_text', text: value, emoji: false },
    value,
  })),
});
