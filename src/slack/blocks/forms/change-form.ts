import type { ViewOutput } from '@slack/bolt';
import type { InputBlock, ModalView, PlainTextOption } from '@slack/types';
import type { PhoneNumber } from '../../../orders/domain/phone-number.js';
import type { OrderId } from '../../../orders/domain/request.js';
import { MAX_QUANTITY } from '../../../orders/domain/search/search.js';
import type { NumberProblem } from '../../../orders/use-cases/check-numbers.js';
import { cut, plainText } from '../../text/escape.js';
import { readNumberList } from '../../text/number-list.js';
import { forms } from '../action-ids.js';
import { numberProblemsSentence } from '../answers/disconnect-problems.js';
import { OUTDATED_FORM } from '../answers/problems.js';
import { context, section } from '../elements.js';
import { count, figure, mentionChannel, typed } from '../format.js';
import { limits, ORDER_NAME_MAX } from '../limits.js';
import { nameOfNumbers } from '../order/describe-request.js';
import { wrongNumberSentence } from '../wrong-numbers.js';
import { type ChangeKind, type ChangeRequest, type ChangeWords, changeWords } from './change-form-words.js';
import { locationChoice, messagingChoice } from './change-targets.js';
import { numberFieldTexts, numbersFieldId, spelledOut } from './disconnect-form-fields.js';
import { APPROVALS_DROPPED } from './edit-notice.js';

/** What the form keeps while it is open. */
export interface ChangeFormMemory {
  readonly kind: ChangeKind;
  /** Created when the form opens, so that a form submitted twice is one order. */
  readonly orderId: OrderId;
  /** The channel to post the card in. */
  readonly channelId: string;
  /** The name the form suggested. If no one changes it, it follows the numbers. */
  readonly offeredName: string;
  /** The edition of the order that this form edits; absent for a new order. */
  readonly edition?: number | undefined;
}

/** The submitted form, before its numbers and what was chosen are looked up. */
export interface RequestedChange extends ChangeFormMemory {
  readonly numbers: readonly PhoneNumber[];
  /** The value of the chosen option; see `change-targets.ts`. */
  readonly choice: string;
  readonly name: string;
  readonly reason: string;
}

interface Filled {
  readonly texts: readonly string[];
  readonly choice?: PlainTextOption | undefined;
  readonly name?: string;
  readonly reason?: string;
}

const changeFields = { choice: 'choice', name: 'name', reason: 'reason' } as const;

/** The form for a new change, with or without numbers and what is to change. */
export function newChangeForm(given: {
  readonly kind: ChangeKind;
  readonly orderId: OrderId;
  readonly channelId: string;
  readonly numbers: readonly PhoneNumber[];
  readonly choice?: PlainTextOption | undefined;
  /** A sentence above the fields. */
  readonly notice?: string | undefined;
}): ModalView {
  const { kind, orderId, channelId, numbers, choice, notice } = given;
  const offeredName = numbers.length === 0 ? '' : nameOfNumbers(kind, numbers);
  return draw(
    { kind, orderId, channelId, offeredName },
    { texts: spelledOut(numbers), choice, name: offeredName },
    notice,
  );
}

/** The form of an earlier change: with its `edition`, to edit it while it waits; otherwise to request it again. */
export function changeFormOf(
  request: ChangeRequest,
  memory: Pick<ChangeFormMemory, 'orderId' | 'channelId' | 'edition'>,
): ModalView {
  const numbers = request.inService.map(({ number }) => number);
  const { kind, name, reason } = request;
  return draw(
    { ...memory, kind, offeredName: nameOfNumbers(kind, numbers) },
    { texts: spelledOut(numbers), choice: choiceOf(request), name, reason },
  );
}

/** What a request changes, as an option of the menu. */
export const choiceOf = (request: ChangeRequest): PlainTextOption =>
  request.kind === 'move' ? locationChoice(request) : messagingChoice(request.change);

/** The submitted form, shown again after the lookup took long and failed. The name of what was chosen isn't known. */
export function changeFormAgain(asked: RequestedChange, notice: string): ModalView {
  const { numbers, choice, name, reason } = asked;
  return draw(
    asked,
    {
      texts: spelledOut(numbers),
      choice: { value: choice, text: plainText(choice, limits.optionText) },
      name,
      reason,
    },
    notice,
  );
}

/** Shown while the numbers are looked up. */
export const lookingUpChange = (asked: RequestedChange): ModalView =>
  message(
    asked.kind,
    `Looking up ${count(asked.numbers.length, 'number')} at Bandwidth…`,
    'You can close this window: the result is posted in the channel.',
  );

/** Shown when the lookup took long and succeeded. */
export const changeAskedFor = (asked: RequestedChange): ModalView =>
  message(
    asked.kind,
    `${asked.edition === undefined ? 'Submitted for approval' : 'Changed'}; the card is in ${mentionChannel(asked.channelId)}.`,
  );

/** Returns the request as filled in, or an error by field. */
export function readChangeForm(
  view: Pick<ViewOutput, 'private_metadata' | 'state'>,
): RequestedChange | { readonly errors: Record<string, string> } {
  const memory = readMemory(view.private_metadata);
  if (memory === undefined) return { errors: { [numbersFieldId(0)]: OUTDATED_FORM } };
  const lists = numberFieldTexts(view.state).map(readNumberList);
  const numbers = [...new Set(lists.flatMap((list) => list.numbers))];
  const name = textIn(view.state, changeFields.name);
  const reason = textIn(view.state, changeFields.reason);
  const words = changeWords[memory.kind];
  const [choiceField, choice] = choiceIn(view.state, memory.kind);
  const errors: Record<string, string> = {
    ...Object.fromEntries(
      lists.flatMap(({ wrong }, index) =>
        wrong.length === 0
          ? []
          : [[numbersFieldId(index), cut(wrongNumberSentence(wrong), limits.fieldError)]],
      ),
    ),
    ...(choice === undefined ? { [choiceField]: words.choice.missing } : {}),
    ...(Array.from(name).length > ORDER_NAME_MAX
      ? { [changeFields.name]: `A name has at most ${ORDER_NAME_MAX} characters.` }
      : {}),
    ...(reason === '' ? { [changeFields.reason]: words.noReason } : {}),
  };
  if (numbers.length === 0) errors[numbersFieldId(0)] ??= words.noNumbers;
  if (numbers.length > MAX_QUANTITY) {
    errors[numbersFieldId(0)] =
      `${figure(numbers.length)} numbers are too many: at most ${figure(MAX_QUANTITY)}.`;
  }
  if (choice === undefined || Object.keys(errors).length > 0) return { errors };
  return {
    ...memory,
    numbers,
    choice,
    name: name === '' || name === memory.offeredName ? nameOfNumbers(memory.kind, numbers) : name,
    reason,
  };
}

/** Assigns the problems of numbers to the fields that name them. */
export function changeProblemErrors(
  view: Pick<ViewOutput, 'state'>,
  problems: readonly NumberProblem[],
): Record<string, string> {
  const errors = numberFieldTexts(view.state).flatMap((text, index) => {
    const named = new Set(readNumberList(text).numbers);
    const here = problems.filter(({ number }) => named.has(number));
    return here.length === 0
      ? []
      : [[numbersFieldId(index), numberProblemsSentence(here, limits.fieldError)]];
  });
  return Object.fromEntries(errors);
}

/** The block id of the menu, where its errors are shown. */
export const choiceFieldIn = (view: Pick<ViewOutput, 'state'>, kind: ChangeKind): string =>
  choiceIn(view.state, kind)[0];

function draw(memory: ChangeFormMemory, filled: Filled, notice?: string): ModalView {
  const { kind, orderId, channelId, offeredName, edition } = memory;
  const words = changeWords[kind];
  const edits = edition !== undefined;
  return {
    type: 'modal',
    callback_id: forms.change,
    private_metadata: JSON.stringify({
      kind,
      orderId,
      channelId,
      offeredName,
      edition,
    } satisfies ChangeFormMemory),
    title: plainText(edits ? words.editTitle : words.title),
    submit: plainText(edits ? 'Save' : 'Submit for approval'),
    close: plainText('Cancel'),
    blocks: [
      ...(notice === undefined ? [] : [context(`⚠️ ${typed(notice, 2800)}`)]),
      ...(edits ? [context(APPROVALS_DROPPED)] : []),
      section(words.lead),
      ...filled.texts.map(numbersInput),
      choiceInput(words.choice, filled.choice),
      {
        ...textInput(changeFields.name, 'Name', filled.name, ORDER_NAME_MAX),
        optional: true,
        hint: plainText('If empty, the name is made from the numbers.'),
      },
      {
        ...textInput(changeFields.reason, 'Reason', filled.reason),
        hint: plainText(words.reasonHint),
      },
    ],
  };
}

const numbersInput = (text: string, index: number, { length }: readonly string[]): InputBlock => ({
  ...textInput(numbersFieldId(index), index === 0 ? 'Numbers' : `Numbers, part ${index + 1}`, text),
  optional: length > 1,
  ...(index === 0 ? { hint: plainText('Full phone numbers in any usual format, also one per line.') } : {}),
});

/** Its block id contains what is chosen, so that Slack shows another choice when the form is redrawn. */
const choiceInput = (words: ChangeWords['choice'], choice: PlainTextOption | undefined): InputBlock => ({
  type: 'input',
  block_id: choice === undefined ? changeFields.choice : `${changeFields.choice}:${choice.value}`,
  label: plainText(words.label),
  hint: plainText(words.hint),
  element: {
    type: 'external_select',
    action_id: words.action,
    min_query_length: 0,
    placeholder: plainText(words.placeholder),
    ...(choice === undefined ? {} : { initial_option: choice }),
  },
});

function textInput(
  id: string,
  label: string,
  value: string | undefined,
  max: number = limits.inputValue,
): InputBlock {
  return {
    type: 'input',
    block_id: id,
    label: plainText(label),
    element: {
      type: 'plain_text_input',
      action_id: id,
      max_length: max,
      ...(max === limits.inputValue ? { multiline: true } : {}),
      ...(value === undefined || value === '' ? {} : { initial_value: cut(value, max) }),
    },
  };
}

type State = ViewOutput['state'];

const textIn = (state: State, id: string): string => state.values[id]?.[id]?.value?.trim() ?? '';

function choiceIn(state: State, kind: ChangeKind): readonly [string, string | undefined] {
  const { action } = changeWords[kind].choice;
  const [blockId = changeFields.choice, elements] =
    Object.entries(state.values).find(([, each]) => action in each) ?? [];
  return [blockId, elements?.[action]?.selected_option?.value];
}

/** Undefined for a form that another version of the app opened. */
function readMemory(text: string): ChangeFormMemory | undefined {
  let written: Partial<Record<keyof ChangeFormMemory, unknown>> | null;
  try {
    written = JSON.parse(text) as typeof written;
  } catch {
    return undefined;
  }
  const { kind, orderId, channelId, offeredName, edition } = written ?? {};
  return (kind === 'move' || kind === 'messaging') &&
    typeof orderId === 'string' &&
    typeof channelId === 'string' &&
    typeof offeredName === 'string'
    ? { kind, orderId, channelId, offeredName, ...(typeof edition === 'number' ? { edition } : {}) }
    : undefined;
}

const message = (kind: ChangeKind, ...paragraphs: string[]): ModalView => ({
  type: 'modal',
  title: plainText(changeWords[kind].title),
  close: plainText('Close'),
  blocks: paragraphs.map(section),
});
