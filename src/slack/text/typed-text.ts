import { parsePhoneNumber } from '../../orders/domain/phone-number.js';
import { plainSpelling } from '../../orders/domain/search/plain-text.js';

/** Returns the text as the person typed it, in plain characters. `x5,000` loses its comma, since no area code is 000. */
export function asTyped(text: string): string {
  return plainSpelling(unescaped(text).replace(/`/g, ' ')).replace(THOUSANDS, '000');
}

const THOUSANDS = /(?<=[x×]\s?\d),000(?!\d)/giu;

/** Slack escapes & < > and turns what looks like a telephone number or an address into a link. */
function unescaped(text: string): string {
  return text
    .replace(/<tel:([^|>]*)(?:\|([^>]*))?>/gi, (_, number, label) => numberOfLink(number, label))
    .replace(/<(?:https?:\/\/|mailto:)([^|>]*)(?:\|([^>]*))?>/gi, (_, address, label) => label ?? address)
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}

/**
 * A link may show one number and point to another. Then it isn't clear which is meant, so both together are invalid.
 */
function numberOfLink(number: string, label = ''): string {
  const shown = parsePhoneNumber(label);
  return shown === undefined || shown === parsePhoneNumber(number) ? number : `${number}/${label}`;
}
