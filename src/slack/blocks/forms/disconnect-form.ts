import type { ViewOutput } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { nationalDigits, type PhoneNumber } from '../../../orders/domain/phone-number.js';
import type { DisconnectRequest, OrderId } from '../../../orders/domain/request.js';
import { plainSpelling } from '../../../orders/domain/search/plain-text.js';
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
import {
  type DisconnectFormValues,
  disconnectFields,
  drawDisconnectFields,
  filledIn,
  MAX_FIELDS,
  numberFieldTexts,
  numbersFieldId,
  spelledOut,
} from './disconnect-form-fields.js';
import { type DisconnectFormMemory, readDisconnectFormMemory } from './disconnect-form-memory.js';
import { APPROVALS_DROPPED } from './edit-notice.js';

/** The submitted form, before its numbers are looked up. */
export interface RequestedDisconnect extends DisconnectFormMemory {
  readonly numbers: readonly PhoneNumber[];
  readonly request: Omit<DisconnectRequest, 'inService'>;
}

/** The form for a new disconnect, with or without numbers. */
export function newDisconnectForm(given: {
  readonly orderId: OrderId;
  readonly channelId: string;
  readonly numbers: readonly PhoneNumber[];
  /** A sentence above the fields. */
  readonly notice?: string;
}): ModalView {
  const { orderId, channelId, numbers, notice } = given;
  const offeredName = numbers.length === 0 ? '' : nameOfNumbers('disconnect', numbers);
  return draw({ orderId, channelId, offeredName }, { texts: spelledOut(numbers), name: offeredName }, notice);
}

/**
 * The form of an earlier disconnect: with its `edition`, to edit it while it waits; otherwise to request it again. The
 * confirmation must be typed again.
 */
export function disconnectFormOf(
  request: DisconnectRequest,
  memory: Pick<DisconnectFormMemory, 'orderId' | 'channelId' | 'edition'>,
): ModalView {
  const numbers = request.inService.map(({ number }) => number);
  const { name, reason, mode, protected: mark } = request;
  return draw(
    { ...memory, offeredName: nameOfNumbers('disconnect', numbers) },
    { texts: spelledOut(numbers), name, reason, mode, protected: mark },
  );
}

/** The submitted form, shown again after the lookup took long and failed. */
export function disconnectFormAgain(asked: RequestedDisconnect, notice: string): ModalView {
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

/** The same form with one more field for numbers; undefined when it already has the most possible. */
export function withMoreRoom(view: Pick<ViewOutput, 'private_metadata' | 'state'>): ModalView | undefined {
  const memory = readDisconnectFormMemory(view.private_metadata);
  const texts = numberFieldTexts(view.state);
  if (memory === undefined || texts.length >= MAX_FIELDS) return undefined;
  const filled = { ...filledIn(view.state), texts: [...texts, ''] };
  const roomy = draw(memory, filled);
  // Slack keeps the content of a field that stays, so a text too long to send again can be left out.
  return Buffer.byteLength(JSON.stringify(roomy)) <= limits.viewBytes
    ? roomy
    : draw(memory, { ...filled, texts: filled.texts.map(() => '') });
}

/** Shown while the numbers are looked up. */
export const lookingUp = (asked: RequestedDisconnect): ModalView =>
  message(
    `Looking up ${count(asked.numbers.length, 'number')} at Bandwidth…`,
    'You can close this window: the result is posted in the channel.',
  );

/** Shown when the lookup took long and succeeded. */
export const askedForApproval = (asked: RequestedDisconnect): ModalView =>
  message(
    `${asked.edition === undefined ? 'Submitted for approval' : 'Changed'}; the card is in ${mentionChannel(asked.channelId)}.`,
  );

/** Returns the request as filled in, its numbers not looked up, or an error by field. */
export function readDisconnectForm(
  view: Pick<ViewOutput, 'private_metadata' | 'state'>,
): RequestedDisconnect | { readonly errors: Record<string, string> } {
  const memory = readDisconnectFormMemory(view.private_metadata);
  if (memory === undefined) {
    return { errors: { [numbersFieldId(0)]: OUTDATED_FORM } };
  }
  const lists = numberFieldTexts(view.state).map(readNumberList);
  const numbers = [...new Set(lists.flatMap((list) => list.numbers))];
  const { name, reason, mode, protected: mark, confirmation } = filledIn(view.state);
  const errors: Record<string, string> = {
    ...Object.fromEntries(
      lists.flatMap(({ wrong }, index) =>
        wrong.length === 0
          ? []
          : [[numbersFieldId(index), cut(wrongNumberSentence(wrong), limits.fieldError)]],
      ),
    ),
    ...(lists.every((list) => list.numbers.length === 0 && list.wrong.length === 0)
      ? { [numbersFieldId(0)]: 'Enter the numbers to disconnect.' }
      : {}),
    ...(Array.from(name).length > ORDER_NAME_MAX
      ? { [disconnectFields.name]: `A name has at most ${ORDER_NAME_MAX} characters.` }
      : {}),
    ...(reason === '' ? { [disconnectFields.reason]: 'Say why the numbers are no longer needed.' } : {}),
  };
  if (numbers.length > MAX_QUANTITY) {
    errors[numbersFieldId(0)] =
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
      name: name === '' || name === memory.offeredName ? nameOfNumbers('disconnect', numbers) : name,
      reason,
      mode,
      protected: mark,
    },
  };
}

/** Assigns the problems of numbers to the fields that name them. */
export function numberProblemErrors(
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

/**
 * Returns the text to type as confirmation: the last four digits of one number, or the count of several. Typing it
 * makes people look at the numbers.
 */
export function confirmationOf(numbers: readonly PhoneNumber[]): string {
  const [only] = numbers;
  return numbers.length === 1 && only !== undefined ? nationalDigits(only).slice(-4) : String(numbers.length);
}

function confirmationMistake(numbers: readonly PhoneNumber[], confirmation: string): string | undefined {
  const one = numbers.length === 1;
  const given = one ? confirmation : confirmation.replace(/[\s,']/g, '');
  if (plainSpelling(given) === confirmationOf(numbers)) return undefined;
  return one
    ? "These aren't the last four digits of the number."
    : `These are ${figure(numbers.length)} different numbers. If you mean all of them, type ${numbers.length}.`;
}

function draw(memory: DisconnectFormMemory, filled: DisconnectFormValues, notice?: string): ModalView {
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
    submit: plainText(edits ? 'Save' : 'Submit for approval'),
    close: plainText('Cancel'),
    blocks: [
      ...(notice === undefined ? [] : [context(`⚠️ ${typed(notice, 2800)}`)]),
      ...(edits ? [context(APPROVALS_DROPPED)] : []),
      section('These numbers stop working once an approver agrees.'),
      ...drawDisconnectFields(filled),
    ],
  };
}

const message = (...paragraphs: string[]): ModalView => ({
  type: 'modal',
  title: plainText('Disconnect numbers'),
  close: plainText('Close'),
  blocks: paragraphs.map(section),
});
