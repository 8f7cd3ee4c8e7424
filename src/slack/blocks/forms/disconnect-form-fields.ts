import type { ViewOutput } from '@slack/bolt';
import type { InputBlock, KnownBlock, PlainTextOption } from '@slack/types';
import { nationalDigits, type PhoneNumber } from '../../../orders/domain/phone-number.js';
import {
  type DisconnectMode,
  disconnectModes,
  type ProtectedChange,
  protectedChanges,
} from '../../../orders/domain/request.js';
import { cut, plainText } from '../../text/escape.js';
import { dashed } from '../../text/typed-digits.js';
import { actions } from '../action-ids.js';
import { modeWords, protectedWords } from '../disconnect-options.js';
import { button, row } from '../elements.js';
import { limits, ORDER_NAME_MAX } from '../limits.js';

// Renders and reads each field of the disconnect form.

/** The block ids of the form's fields, where errors are shown. */
export const disconnectFields = {
  name: 'name',
  reason: 'reason',
  mode: 'mode',
  protected: 'protected',
  confirmation: 'confirmation',
} as const;

/** The block id of the first, second … field for numbers. */
export const numbersFieldId = (index: number): string => `numbers-${index + 1}`;

/** A field takes 3,000 characters, so this leaves room for 5,000 numbers of 19 characters, `+1 (910) 241-4365, `. */
export const MAX_FIELDS = 32;
/** `910-241-4365` and the line break. */
const NUMBERS_IN_A_FIELD = Math.floor((limits.inputValue + 1) / 13);

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
    ...filled.texts.map(numbersInput),
    ...(filled.texts.length < MAX_FIELDS ? [moreRoom] : []),
    // Next to the numbers, so that it's in sight without scrolling, also when its error is shown.
    {
      ...textInput(disconnectFields.confirmation, 'Confirmation', filled.confirmation, { max: 20 }),
      hint: plainText('For one number, its last four digits; for several, how many there are.'),
    },
    {
      ...textInput(disconnectFields.name, 'Name', filled.name, { max: ORDER_NAME_MAX }),
      optional: true,
      hint: plainText('If empty, the name is made from the numbers.'),
    },
    {
      ...textInput(disconnectFields.reason, 'Reason', filled.reason, { multiline: true }),
      hint: plainText("Why they're no longer needed. Approvers read this."),
    },
    modeInput(filled.mode ?? 'normal'),
    protectedInput(filled.protected ?? 'UNCHANGED'),
  ];
}

const numbersInput = (text: string, index: number, { length }: readonly string[]): InputBlock => ({
  ...textInput(numbersFieldId(index), index === 0 ? 'Numbers' : `Numbers, part ${index + 1}`, text, {
    multiline: true,
  }),
  // One of several may be empty. Reading the form reports when all are.
  optional: length > 1,
  ...(index === 0 ? { hint: plainText('Full phone numbers in any usual format, also one per line.') } : {}),
});

const moreRoom = row([
  button({
    label: 'Add another field',
    spoken: 'Add another field for numbers',
    action: actions.moreRoom,
    value: 'more',
  }),
]);

function textInput(
  id: string,
  label: string,
  value: string | undefined,
  { max = limits.inputValue, multiline = false }: { max?: number; multiline?: boolean },
): InputBlock {
  return {
    type: 'input',
    block_id: id,
    label: plainText(label),
    element: {
      type: 'plain_text_input',
      action_id: id,
      max_length: max,
      ...(multiline ? { multiline } : {}),
      ...(value === undefined || value === '' ? {} : { initial_value: cut(value, max) }),
    },
  };
}

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

/** Splits numbers into the contents of the fields for them. */
export function spelledOut(numbers: readonly PhoneNumber[]): string[] {
  const texts: string[] = [];
  for (let at = 0; at < numbers.length; at += NUMBERS_IN_A_FIELD) {
    const some = numbers.slice(at, at + NUMBERS_IN_A_FIELD);
    texts.push(some.map((number) => dashed(nationalDigits(number))).join('\n'));
  }
  return texts.length === 0 ? [''] : texts;
}

type State = ViewOutput['state'];

/** Returns the contents of the fields for numbers, first to last. */
export function numberFieldTexts(state: State): string[] {
  const texts: string[] = [];
  for (let index = 0; numbersFieldId(index) in state.values; index += 1) {
    const id = numbersFieldId(index);
    texts.push(state.values[id]?.[id]?.value ?? '');
  }
  return texts;
}

export function filledIn(state: State) {
  const text = (id: string) => state.values[id]?.[id]?.value?.trim() ?? '';
  const chosen = (id: string) => state.values[id]?.[id]?.selected_option?.value;
  return {
    name: text(disconnectFields.name),
    reason: text(disconnectFields.reason),
    mode: disconnectModes.find((mode) => mode === chosen(disconnectFields.mode)) ?? 'normal',
    protected:
      protectedChanges.find((change) => change === chosen(disconnectFields.protected)) ?? 'UNCHANGED',
    confirmation: text(disconnectFields.confirmation),
  };
}
