import type { ViewOutput } from '@slack/bolt';
import type { InputBlock, ModalView, PlainTextOption } from '@slack/types';
import type { PhoneNumber } from '../../../orders/domain/phone-number.js';
import type { OrderId } from '../../../orders/domain/request.js';
import { plainText } from '../../text/escape.js';
import { forms } from '../action-ids.js';
import { OUTDATED_FORM } from '../answers/problems.js';
import { context, section } from '../elements.js';
import { typed } from '../format.js';
import { limits } from '../limits.js';
import { nameOfNumbers } from '../order/describe-request.js';
import { type ChangeKind, type ChangeRequest, type ChangeWords, changeWords } from './change-form-words.js';
import { locationChoice, messagingChoice } from './change-targets.js';
import { APPROVALS_DROPPED } from './edit-notice.js';
import { keptIn } from './form-memory.js';
import { lookingUpWindow, submittedWindow } from './lookup-window.js';
import { NAME_FIELD, nameErrors, optionalNameField } from './name-field.js';
import {
  numbersFieldId,
  numbersInputs,
  readNumbersFields,
  spelledOut,
  tooManyNumbers,
} from './numbers-fields.js';
import { type NumbersFormMemory, readNumbersFormMemory } from './numbers-form-memory.js';
import { textIn, textInput } from './text-input.js';

/** What the form keeps while it is open. */
export interface ChangeFormMemory extends NumbersFormMemory {
  readonly kind: ChangeKind;
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

const changeFields = { choice: 'choice', reason: 'reason' } as const;

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
export const lookingUpChange = ({ kind, numbers }: RequestedChange): ModalView =>
  lookingUpWindow(changeWords[kind].title, numbers);

/** Shown when the lookup took long and succeeded. */
export const changeAskedFor = (asked: RequestedChange): ModalView =>
  submittedWindow(changeWords[asked.kind].title, asked);

/** Returns the request as filled in, or an error by field. */
export function readChangeForm(
  view: Pick<ViewOutput, 'private_metadata' | 'state'>,
): RequestedChange | { readonly errors: Record<string, string> } {
  const memory = readMemory(view.private_metadata);
  if (memory === undefined) return { errors: { [numbersFieldId(0)]: OUTDATED_FORM } };
  const name = textIn(view.state, NAME_FIELD);
  const reason = textIn(view.state, changeFields.reason);
  const words = changeWords[memory.kind];
  const { numbers, errors: unreadable } = readNumbersFields(view.state, words.noNumbers);
  const [choiceField, choice] = choiceIn(view.state, memory.kind);
  const errors: Record<string, string> = {
    ...unreadable,
    ...tooManyNumbers(numbers),
    ...(choice === undefined ? { [choiceField]: words.choice.missing } : {}),
    ...nameErrors(name),
    ...(reason === '' ? { [changeFields.reason]: words.noReason } : {}),
  };
  if (choice === undefined || Object.keys(errors).length > 0) return { errors };
  return {
    ...memory,
    numbers,
    choice,
    name: name === '' || name === memory.offeredName ? nameOfNumbers(memory.kind, numbers) : name,
    reason,
  };
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
      ...numbersInputs(filled.texts),
      choiceInput(words.choice, filled.choice),
      optionalNameField(filled.name),
      textInput({
        id: changeFields.reason,
        label: 'Reason',
        hint: words.reasonHint,
        value: filled.reason,
        multiline: true,
      }),
    ],
  };
}

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

type State = ViewOutput['state'];

function choiceIn(state: State, kind: ChangeKind): readonly [string, string | undefined] {
  const { action } = changeWords[kind].choice;
  const [blockId = changeFields.choice, elements] =
    Object.entries(state.values).find(([, each]) => action in each) ?? [];
  return [blockId, elements?.[action]?.selected_option?.value];
}

/** Undefined for a form that another version of the app opened. */
function readMemory(metadata: string): ChangeFormMemory | undefined {
  const memory = readNumbersFormMemory(metadata);
  const { kind } = keptIn<ChangeFormMemory>(metadata);
  return memory !== undefined && (kind === 'move' || kind === 'messaging') ? { ...memory, kind } : undefined;
}
