import { parsePhoneNumber } from '../../orders/domain/phone-number.js';
import { plainSpelling } from '../../orders/domain/plain-text.js';

/** What Slack sent, as the person typed it, in plain characters. */
export function asTyped(text: string): string {
  return plainSpelling(unescaped(text).replace(/`/g, ' '));
}

/** Slack escapes & < > and turns what looks like a telephone number or an address into a link. */
function unescaped(text: string): string {
  return text
    .replace(/<tel:([^|>]*)(?:\|([^>]*))?>/gi, (_, number, label) => numberOfLink(number, label))
    .replace(/<(?:https?:\/\/|mailto:)([^|>]*)(?:\|([^>]*))?>/gi, (_, address, label) => label ?? address)
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}

/** A link may show one number and lead to another; then neither is meant for certain, and both together are none. */
function numberOfLink(number: string, label = ''): string {
  const shown = parsePhoneNumber(label);
  return shown === undefined || shown === parsePhoneNumber(number) ? number : `${number}/${label}`;
}
