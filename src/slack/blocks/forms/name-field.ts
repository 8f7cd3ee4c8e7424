import type { InputBlock } from '@slack/types';
import { ORDER_NAME_MAX } from '../../../orders/domain/request.js';
import { NAME_TOO_LONG } from '../answers/problems.js';
import { textInput } from './text-input.js';

/** Its block id in every form. */
export const NAME_FIELD = 'name';

export const nameField = (name: string): InputBlock =>
  textInput({ id: NAME_FIELD, label: 'Name', value: name, most: ORDER_NAME_MAX });

/** For a form whose numbers make the name if nobody types one. */
export const optionalNameField = (name: string | undefined): InputBlock =>
  textInput({
    id: NAME_FIELD,
    label: 'Name',
    hint: 'If empty, the name is made from the numbers.',
    value: name,
    most: ORDER_NAME_MAX,
    optional: true,
  });

/** Returns what is wrong with a name, by the field's id; empty if nothing is. */
export const nameErrors = (name: string): Record<string, string> =>
  Array.from(name).length > ORDER_NAME_MAX ? { [NAME_FIELD]: NAME_TOO_LONG } : {};
