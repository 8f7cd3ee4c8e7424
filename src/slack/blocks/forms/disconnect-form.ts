import type { ViewOutput } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { nationalDigits, type PhoneNumber } from '../../../orders/domain/phone-number.js';
import type { DisconnectRequest, OrderId } from '../../../orders/domain/request.js';
import { plainSpelling } from '../../../orders/domain/search/plain-text.js';
import { plainText } from '../../text/escape.js';
import { forms } from '../action-ids.js';
import { OUTDATED_FORM } from '../answers/problems.js';
import { context, section } from '../elements.js';
import { figure, typed } from '../format.js';
import { limits } from '../limits.js';
import { nameOfNumbers } from '../order/describe-request.js';
import {
  type DisconnectFormValues,
  disconnectFields,
  drawDisconnectFields,
  filledIn,
} from './disconnect-form-fields.js';
import { APPROVALS_DROPPED } from './edit-notice.js';
import { lookingUpWindow, submittedWindow } from './lookup-window.js';
import { nameErrors } from './name-field.js';
import {
  MAX_FIELDS,
  numberFieldTexts,
  numbersFieldId,
  readNumbersFields,
  spelledOut,
  tooManyNumbers,
} from './numbers-fields.js';
import { type NumbersFormMemory, readNumbersFormMemory } from './numbers-form-memory.js';

const TITLE = 'Disconnect numbers';

/** The submitted form, before its numbers are looked up. */
export interface RequestedDisconnect extends NumbersFormMemory {
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
  memory: Pick<NumbersFormMemory, 'orderId' | 'channelId' | 'edition'>,
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
  const memory = readNumbersFormMemory(view.private_metadata);
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
export const lookingUp = ({ numbers }: RequestedDisconnect): ModalView => lookingUpWindow(TITLE, numbers);

/** Shown when the lookup took long and succeeded. */
export const askedForApproval = (asked: RequestedDisconnect): ModalView => submittedWindow(TITLE, asked);

/** Returns the request as filled in, its numbers not looked up, or an error by field. */
export function readDisconnectForm(
  view: Pick<ViewOutput, 'private_metadata' | 'state'>,
): RequestedDisconnect | { readonly errors: Record<string, string> } {
  const memory = readNumbersFormMemory(view.private_metadata);
  if (memory === undefined) {
    return { errors: { [numbersFieldId(0)]: OUTDATED_FORM } };
  }
  const { numbers, errors: unreadable } = readNumbersFields(view.state, 'Enter the numbers to disconnect.');
  const { name, reason, mode, protected: mark, confirmation } = filledIn(view.state);
  const isUnclear = Object.keys(unreadable).length > 0;
  const errors: Record<string, string> = {
    ...unreadable,
    ...tooManyNumbers(numbers),
    ...nameErrors(name),
    ...(reason === '' ? { [disconnectFields.reason]: 'Say why the numbers are no longer needed.' } : {}),
  };
  const mistake = isUnclear ? undefined : confirmationMistake(numbers, confirmation);
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

function draw(memory: NumbersFormMemory, filled: DisconnectFormValues, notice?: string): ModalView {
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
    } satisfies NumbersFormMemory),
    title: plainText(edits ? 'Edit the disconnect' : TITLE),
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
