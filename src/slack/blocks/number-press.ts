import { type PhoneNumber, parsePhoneNumber } from '../../orders/domain/phone-number.js';

/** What a button beside a number remembers: the number, and the channel that the form's card goes to. */
export interface NumberPress {
  readonly number: PhoneNumber;
  readonly channelId: string;
}

export const writeNumberPress = ({ number, channelId }: NumberPress): string => `${channelId} ${number}`;

/** Undefined for anything that {@link writeNumberPress} didn't write. */
export function readNumberPress(value: string | undefined): NumberPress | undefined {
  const [, channelId, written] = /^([A-Z0-9]+) (\+\d+)$/.exec(value ?? '') ?? [];
  const number = parsePhoneNumber(written ?? '');
  return channelId === undefined || number === undefined ? undefined : { number, channelId };
}
