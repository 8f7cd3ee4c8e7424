import type { ViewOutput } from '@slack/bolt';
import type { InputBlock, KnownBlock, PlainTextOption } from '@slack/types';
import {
  type DisconnectMode,
  disconnectModes,
  type ProtectedChange,
  protectedChanges,
} from '../../../orders/domain/request.js';
import { plainText } from '../../text/escape.js';
import { actions } from '../action-ids.js';
import { modeWords, protectedWords } from '../disconnect-options.js';
import { button, row } from '../elements.js';
import { NAME_FIELD, optionalNameField } from './name-field.js';
import { MAX_FIELDS, numbersInputs } from './numbers-fields.js';
import { textIn, textInput } from './text-input.js';

// Renders and reads each field of the disconnect form.

/** The block ids of the form's fields, where errors are shown. */
export const disconnectFields = {
  reason: 'reason',
  mode: 'mode',
  protected: 'protected',
  confirmation: 'confirmation',
} as const;

/** The contents of the fields. */
export interface DisconnectFormValues {
  /** The contents of each field for numbers. */
  readonly texts: readonly string[];
  readonly name?: string;
  readonly reason?: string;
  readonly mode?: DisconnectMode;
  readonly protected?: ProtectedChange;
  readonly confirmation?: string;
}

export function drawDisconnectFields(filled: DisconnectFormValues): KnownBlock[] {
  return [
    ...numbersInputs(filled.texts),
    ...(filled.texts.length < MAX_FIELDS ? [addField] : []),
    // Next to the numbers, so that it's in sight without scrolling, also when its error is shown.
    textInput({
      id: disconnectFields.confirmation,
      label: 'Confirmation',
      hint: 'For one number, its last four digits; for several, how many there are.',
      value: filled.confirmation,
      most: 20,
    }),
    optionalNameField(filled.name),
    textInput({
      id: disconnectFields.reason,
      label: 'Reason',
      hint: "Why they're no longer needed. Approvers read this.",
      value: filled.reason,
      multiline: true,
    }),
    modeInput(filled.mode ?? 'normal'),
    protectedInput(filled.protected ?? 'UNCHANGED'),
  ];
}

const addField = row([
  button({
    label: 'Add another field',
    spoken: 'Add another field for numbers',
    action: actions.addField,
    value: 'more',
  }),
]);

function modeInput(chosen: DisconnectMode): InputBlock {
  const option = (mode: DisconnectMode): PlainTextOption => ({
    value: mode,
    text: plainText(modeWords[mode].label),
    description: plainText(modeWords[mode].meaning),
  });
  return {
    type: 'input',
    block_id: disconnectFields.mode,
    label: plainText('Mode'),
    element: {
      type: 'radio_buttons',
      action_id: disconnectFields.mode,
      options: disconnectModes.map(option),
      initial_option: option(chosen),
    },
  };
}

function protectedInput(chosen: ProtectedChange): InputBlock {
  const option = (change: ProtectedChange): PlainTextOption => ({
    value: change,
    text: plainText(protectedWords[change].label),
    description: plainText(protectedWords[change].meaning),
  });
  return {
    type: 'input',
    block_id: disconnectFields.protected,
    label: plainText('Protected'),
    element: {
      type: 'static_select',
      action_id: disconnectFields.protected,
      options: protectedChanges.map(option),
      initial_option: option(chosen),
    },
  };
}

type State = ViewOutput['state'];

export function filledIn(state: State) {
  const chosen = (id: string) => state.values[id]?.[id]?.selected_option?.value;
  return {
    name: textIn(state, NAME_FIELD),
    reason: textIn(state, disconnectFields.reason),
    mode: disconnectModes.find((mode) => mode === chosen(disconnectFields.mode)) ?? 'normal',
    protected:
      protectedChanges.find((change) => change === chosen(disconnectFields.protected)) ?? 'UNCHANGED',
    confirmation: textIn(state, disconnectFields.confirmation),
  };
}
