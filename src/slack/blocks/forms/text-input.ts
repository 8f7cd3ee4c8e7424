import type { ViewOutput } from '@slack/bolt';
import type { InputBlock } from '@slack/types';
import { cut, plainText } from '../../text/escape.js';
import { limits } from '../limits.js';

/** A form's field for text. Its block id and action id are the same, so that it is read by one name. */
export function textInput(given: {
  readonly id: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly value?: string | undefined;
  /** The most characters it takes. */
  readonly most?: number;
  readonly multiline?: true;
  readonly optional?: boolean;
  readonly placeholder?: string | undefined;
  /** Whether typing goes here when the form opens. */
  readonly focus?: true;
}): InputBlock {
  const { id, hint, value = '', most = limits.inputValue, optional, placeholder } = given;
  return {
    type: 'input',
    block_id: id,
    label: plainText(given.label),
    ...(hint === undefined ? {} : { hint: plainText(hint) }),
    ...(optional === undefined ? {} : { optional }),
    element: {
      type: 'plain_text_input',
      action_id: id,
      max_length: most,
      ...(given.multiline ? { multiline: true } : {}),
      ...(placeholder === undefined ? {} : { placeholder: plainText(placeholder) }),
      ...(given.focus ? { focus_on_load: true } : {}),
      ...(value === '' ? {} : { initial_value: cut(value, most) }),
    },
  };
}

type State = ViewOutput['state'];

/** Returns what a person wrote in a text field, without blanks around it. */
export const textIn = (state: State, id: string): string => state.values[id]?.[id]?.value?.trim() ?? '';
