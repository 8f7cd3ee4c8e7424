import type { ViewOutput } from '@slack/bolt';
import type { InputBlock, ModalView, PlainTextOption } from '@slack/types';
import {
  type DisconnectMode,
  type DisconnectRequest,
  disconnectModes,
  type OrderId,
  type ProtectedChange,
  protectedChanges,
} from '../../orders/order.js';
import { nationalDigits, type PhoneNumber } from '../../orders/phone-number.js';
import type { NumberProblem } from '../../orders/request-disconnect.js';
import { MAX_QUANTITY } from '../../orders/search.js';
import { plainSpelling } from '../../orders/spelling.js';
import { cut, plainText } from '../escape.js';
import { readNumberList, wrongNumberSentence } from '../number-list.js';
import { dashed } from '../typed-digits.js';
import { actions, forms } from './action-ids.js';
import { modeWords, protectedWords } from './disconnect-options.js';
import { numberProblemsSentence } from './disconnect-problems.js';
import { APPROVALS_DROPPED } from './edit-words.js';
import { limits, ORDER_NAME_MAX } from './limits.js';
import { subjectOfNumbers } from './subject.js';
import { button, context, count, figure, mentionChannel, row, section, typed } from './vocabulary.js';

/** What the form remembers while it is open. Slack keeps it as private_metadata; people cannot change it. */
interface DisconnectFormMemory {
  /** Made when the form opens, so that a form sent twice is one order. */
  readonly orderId: OrderId;
  /** Where the card is to be posted. */
  readonly channelId: string;
  /** The name the form offered; left as it is, it follows the numbers. */
  readonly offeredName: string;
  /** Which edition of the order this form changes; absent in the form of a new one. */
  readonly edition?: number | undefined;
}

/** Everything somebody asked for in the form, its numbers not yet looked up. */
export interface DisconnectAsked extends DisconnectFormMemory {
  readonly numbers: readonly PhoneNumber[];
  readonly request: Omit<DisconnectRequest, 'inService'>;
}

/** The block ids of the form's fields: errors are shown at these. */
export const disconnectFields = {
  name: 'name',
  reason: 'reason',
  mode: 'mode',
  protected: 'protected',
  confirmation: 'confirmation',
} as const;

/** The first, second … field for numbers. */
export const numbersField = (index: number): string => `numbers-${index + 1}`;

/** A field takes 3,000 characters: room for 5,000 numbers of 19 characters, `+1 (910) 241-4365, `. */
const MOST_FIELDS = 32;
/** `910-241-4365` and the line break. */
const NUMBERS_IN_A_FIELD = Math.floor((limits.inputValue + 1) / 13);

/** A form for these numbers; none for one that asks for them. */
export function newDisconnectForm(given: {
  readonly orderId: OrderId;
  readonly channelId: string;
  readonly numbers: readonly PhoneNumber[];
}): ModalView {
  const { orderId, channelId, numbers } = given;
  const offeredName = numbers.length === 0 ? '' : nameFor(numbers);
  return draw({ orderId, channelId, offeredName }, { texts: spelledOut(numbers), name: offeredName });
}

/**
 * The form of a disconnect asked for before: with its `edition`, to change it while it waits; else to ask for it anew.
 * Its confirmation has to be typed again.
 */
export function disconnectFormOf(
  request: DisconnectRequest,
  memory: Pick<DisconnectFormMemory, 'orderId' | 'channelId' | 'edition'>,
): ModalView {
  const numbers = request.inService.map(({ number }) => number);
  const { name, reason, mode, protected: mark } = request;
  return draw(
    { ...memory, offeredName: nameFor(numbers) },
    { texts: spelledOut(numbers), name, reason, mode, protected: mark },
  );
}

/** The form as it was sent in, after the looking up took long and came to nothing. */
export function disconnectFormAgain(asked: DisconnectAsked, notice: string): ModalView {
  const { numbers, request } = asked;
  return draw(
    asked,
    {
      texts: spelledOut(numbers),
      name: request.name,
      reason: request.reason,
      mode: request.mode,
      protected: request.protected,
      confirmation: confirmationOf(numbers),
    },
    notice,
  );
}

/** The same form with one more field for numbers; undefined when it has as many as it can have. */
export function withMoreRoom(view: Pick<ViewOutput, 'private_metadata' | 'state'>): ModalView | undefined {
  const memory = readMemory(view.private_metadata);
  const texts = numberTexts(view.state);
  if (memory === undefined || texts.length >= MOST_FIELDS) return undefined;
  const filled = { ...filledIn(view.state), texts: [...texts, ''] };
  const roomy = draw(memory, filled);
  // Slack keeps what stands in a field that stays, so a text too long to send along need not be sent.
  return Buffer.byteLength(JSON.stringify(roomy)) <= limits.viewBytes
    ? roomy
    : draw(memory, { ...filled, texts: filled.texts.map(() => '') });
}

/** While the numbers are looked up. */
export const lookingUp = (asked: DisconnectAsked): ModalView =>
  message(
    `Looking up ${count(asked.numbers.length, 'number')} at Bandwidth…`,
    'You can close this window: what comes of it is said in the channel.',
  );

/** The end of a form that had to wait. */
export const askedForApproval = (asked: DisconnectAsked): ModalView =>
  message(
    `${asked.edition === undefined ? 'Asked for approval' : 'Changed'}; the card is in ${mentionChannel(asked.channelId)}.`,
  );

/** The request as filled in, its numbers not looked up, or what to tell the person at which field. */
export function readDisconnectForm(
  view: Pick<ViewOutput, 'private_metadata' | 'state'>,
): DisconnectAsked | { readonly errors: Record<string, string> } {
  const memory = readMemory(view.private_metadata);
  if (memory === undefined) {
    return { errors: { [numbersField(0)]: 'This form is out of date. Please close it and start again.' } };
  }
  const lists = numberTexts(view.state).map(readNumberList);
  const numbers = [...new Set(lists.flatMap((list) => list.numbers))];
  const { name, reason, mode, protected: mark, confirmation } = filledIn(view.state);
  const errors: Record<string, string> = {
    ...Object.fromEntries(
      lists.flatMap(({ wrong }, index) =>
        wrong.length === 0 ? [] : [[numbersField(index), cut(wrongNumberSentence(wrong), limits.fieldError)]],
      ),
    ),
    ...(lists.every((list) => list.numbers.length === 0 && list.wrong.length === 0)
      ? { [numbersField(0)]: 'Name the numbers to disconnect.' }
      : {}),
    ...(Array.from(name).length > ORDER_NAME_MAX
      ? { [disconnectFields.name]: `A name has at most ${ORDER_NAME_MAX} characters.` }
      : {}),
    ...(reason === '' ? { [disconnectFields.reason]: 'Say why the numbers are not needed any more.' } : {}),
  };
  if (numbers.length > MAX_QUANTITY) {
    errors[numbersField(0)] =
      `${figure(numbers.length)} numbers are too many: at most ${figure(MAX_QUANTITY)}.`;
  }
  const unsure = lists.some(({ wrong }) => wrong.length > 0) || numbers.length === 0;
  const mistake = unsure ? undefined : confirmationMistake(numbers, confirmation);
  if (mistake !== undefined) errors[disconnectFields.confirmation] = mistake;
  if (Object.keys(errors).length > 0) return { errors };
  return {
    ...memory,
    numbers,
    request: {
      kind: 'disconnect',
      name: name === '' || name === memory.offeredName ? nameFor(numbers) : name,
      reason,
      mode,
      protected: mark,
    },
  };
}

/** The problems of numbers, each at the field that names it. */
export function numberProblemErrors(
  view: Pick<ViewOutput, 'state'>,
  problems: readonly NumberProblem[],
): Record<string, string> {
  const errors = numberTexts(view.state).flatMap((text, index) => {
    const named = new Set(readNumberList(text).numbers);
    const here = problems.filter(({ number }) => named.has(number));
    return here.length === 0 ? [] : [[numbersField(index), numberProblemsSentence(here, limits.fieldError)]];
  });
  return Object.fromEntries(errors);
}

/** The last four digits of one number, how many there are of several: whoever types it has looked at them. */
export function confirmationOf(numbers: readonly PhoneNumber[]): string {
  const [only] = numbers;
  return numbers.length === 1 && only !== undefined ? nationalDigits(only).slice(-4) : String(numbers.length);
}

function confirmationMistake(numbers: readonly PhoneNumber[], confirmation: string): string | undefined {
  const one = numbers.length === 1;
  const given = one ? confirmation : confirmation.replace(/[\s,']/g, '');
  if (plainSpelling(given) === confirmationOf(numbers)) return undefined;
  return one
    ? 'These are not the last four digits of the number.'
    : `These are ${figure(numbers.length)} different numbers. If you mean all of them, type ${numbers.length}.`;
}

const nameFor = (numbers: readonly PhoneNumber[]): string =>
  cut(`Disconnect ${subjectOfNumbers(numbers)}`, ORDER_NAME_MAX);

function spelledOut(numbers: readonly PhoneNumber[]): string[] {
  const texts: string[] = [];
  for (let at = 0; at < numbers.length; at += NUMBERS_IN_A_FIELD) {
    const some = numbers.slice(at, at + NUMBERS_IN_A_FIELD);
    texts.push(some.map((number) => dashed(nationalDigits(number))).join('\n'));
  }
  return texts.length === 0 ? [''] : texts;
}

// Drawing --------------------------------------------------------------------------------------------------------------

interface Filled {
  /** What stands in each field for numbers. */
  readonly texts: readonly string[];
  readonly name?: string;
  readonly reason?: string;
  readonly mode?: DisconnectMode;
  readonly protected?: ProtectedChange;
  readonly confirmation?: string;
}

function draw(memory: DisconnectFormMemory, filled: Filled, notice?: string): ModalView {
  const { orderId, channelId, offeredName, edition } = memory;
  const edits = edition !== undefined;
  return {
    type: 'modal',
    callback_id: forms.disconnect,
    private_metadata: JSON.stringify({
      orderId,
      channelId,
      offeredName,
      edition,
    } satisfies DisconnectFormMemory),
    title: plainText(edits ? 'Edit the disconnect' : 'Disconnect numbers'),
    submit: plainText(edits ? 'Save' : 'Ask for approval'),
    close: plainText('Back'),
    blocks: [
      ...(notice === undefined ? [] : [context(`⚠️ ${typed(notice, 2800)}`)]),
      ...(edits ? [context(APPROVALS_DROPPED)] : []),
      section('These numbers stop working once an approver agrees.'),
      ...filled.texts.map(numbersInput),
      ...(filled.texts.length < MOST_FIELDS ? [moreRoom] : []),
      {
        ...textInput(disconnectFields.name, 'Name', filled.name, { max: ORDER_NAME_MAX }),
        optional: true,
        hint: plainText('Left empty, the numbers make the name.'),
      },
      {
        ...textInput(disconnectFields.reason, 'Reason', filled.reason, { multiline: true }),
        hint: plainText('Why they are not needed any more: whoever approves reads it.'),
      },
      modeInput(filled.mode ?? 'normal'),
      protectedInput(filled.protected ?? 'UNCHANGED'),
      {
        ...textInput(disconnectFields.confirmation, 'Confirmation', filled.confirmation, { max: 20 }),
        hint: plainText('For one number its last four digits; for several, how many they are.'),
      },
    ],
  };
}

const numbersInput = (text: string, index: number, { length }: readonly string[]): InputBlock => ({
  ...textInput(numbersField(index), index === 0 ? 'Numbers' : `Numbers, part ${index + 1}`, text, {
    multiline: true,
  }),
  // Which of several is left empty is nobody's mistake; that all are is said when the form is read.
  optional: length > 1,
  ...(index === 0 ? { hint: plainText('Whole numbers in any usual spelling, also one a line.') } : {}),
});

const moreRoom = row([
  button({
    label: 'More room',
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

const message = (...paragraphs: string[]): ModalView => ({
  type: 'modal',
  title: plainText('Disconnect numbers'),
  close: plainText('Close'),
  blocks: paragraphs.map(section),
});

// Reading --------------------------------------------------------------------------------------------------------------

type State = ViewOutput['state'];

/** What stands in the fields for numbers, from the first to the last. */
function numberTexts(state: State): string[] {
  const texts: string[] = [];
  for (let index = 0; numbersField(index) in state.values; index += 1) {
    const id = numbersField(index);
    texts.push(state.values[id]?.[id]?.value ?? '');
  }
  return texts;
}

function filledIn(state: State) {
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

/** Undefined for the memory of a form that another version of the app has opened. */
function readMemory(text: string): DisconnectFormMemory | undefined {
  let written: Partial<Record<keyof DisconnectFormMemory, unknown>> | null;
  try {
    written = JSON.parse(text) as typeof written;
  } catch {
    return undefined;
  }
  const { orderId, channelId, offeredName, edition } = written ?? {};
  return typeof orderId === 'string' && typeof channelId === 'string' && typeof offeredName === 'string'
    ? { orderId, channelId, offeredName, ...(typeof edition === 'number' ? { edition } : {}) }
    : undefined;
}
