import type { ModalView } from '@slack/types';
import type { PhoneNumber } from '../../../orders/domain/phone-number.js';
import { plainText } from '../../text/escape.js';
import { section } from '../elements.js';
import { count, mentionChannel } from '../format.js';
import type { NumbersFormMemory } from './numbers-form-memory.js';

// What a submitted form becomes while its numbers are looked up, which may take long.

export const lookingUpWindow = (title: string, { length }: readonly PhoneNumber[]): ModalView =>
  message(
    title,
    `Looking up ${count(length, 'number')} at Bandwidth…`,
    'You can close this window: the result is posted in the channel.',
  );

/** Shown when the lookup succeeded. */
export const submittedWindow = (
  title: string,
  { edition, channelId }: Pick<NumbersFormMemory, 'edition' | 'channelId'>,
): ModalView =>
  message(
    title,
    `${edition === undefined ? 'Submitted for approval' : 'Changed'}; the card is in ${mentionChannel(channelId)}.`,
  );

const message = (title: string, ...paragraphs: string[]): ModalView => ({
  type: 'modal',
  title: plainText(title),
  close: plainText('Close'),
  blocks: paragraphs.map(section),
});
