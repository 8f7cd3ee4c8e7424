import { type PhoneNumber, showPhoneNumber } from '../../orders/domain/phone-number.js';
import type { Person, Timestamp } from '../../orders/domain/request.js';
import { escapeText, withoutMarks } from '../text/escape.js';

// People, times, counts, numbers and typed text, as messages show them.

export const mention = (person: Pick<Person, 'userId'>): string => `<@${person.userId}>`;
export const mentionGroup = (groupId: string): string => `<!subteam^${groupId}>`;
export const mentionChannel = (channelId: string): string => `<#${channelId}>`;

/** A time in the reader's own time zone; in UTC where Slack can't do that. */
export function moment(at: Timestamp): string {
  const utc = new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  return `<!date^${Math.floor(at / 1000)}^{date_short_pretty} {time}|${utc} UTC>`;
}

/** The same to the second, for events within a minute. */
export function exactMoment(at: Timestamp): string {
  const utc = new Date(at).toISOString().slice(0, 19).replace('T', ' ');
  return `<!date^${Math.floor(at / 1000)}^{date_short_pretty} {time_secs}|${utc} UTC>`;
}

/** `1 number`, `5,000 numbers`. */
export function count(quantity: number, thing: string): string {
  return `${figure(quantity)} ${thing}${quantity === 1 ? '' : 's'}`;
}

export const figure = (quantity: number): string => quantity.toLocaleString('en-US');

/** Lists the first few numbers and counts the rest. */
export function listNumbers(numbers: readonly PhoneNumber[], most: number): string {
  const shown = numbers.slice(0, most).map(showPhoneNumber).join(', ');
  const more = numbers.length - most;
  return more > 0 ? `${shown} and ${figure(more)} more` : shown;
}

/** The same, each number on its own line. */
export function numbersInLines(numbers: readonly PhoneNumber[], most: number): string {
  const more = numbers.length - most;
  return [
    ...numbers.slice(0, most).map(showPhoneNumber),
    ...(more > 0 ? [`and ${figure(more)} more`] : []),
  ].join('\n');
}

/** One line that a person typed, rendered literally in at most `max` characters. */
export const typed = (text: string, max: number): string =>
  fitted(text.replace(/\s+/g, ' '), max, escapeText);

/** One line that a person typed, in bold. `after` is our own text, also in bold. */
export const boldTyped = (text: string, max: number, after = ''): string =>
  `*${typed(withoutMarks(text.trim()), max)}${after}*`;

/**
 * Text that a person typed, as a quotation of at most `max` characters. Without the quotation one of its lines could
 * look like ours ("Approved by …").
 */
export function quoted(text: string, max: number): string {
  return fitted(text.trim(), max, (part) =>
    part
      .split(/\r\n|[\n\r\u2028\u2029]/)
      .map((line) => `> ${escapeText(line)}`)
      .join('\n'),
  );
}

/** Returns as much of the text as fits once rendered, and how many characters are left out. */
function fitted(text: string, max: number, draw: (part: string) => string): string {
  // Rendering never shortens, so a longer text can't fit. The length check avoids rendering a megabyte.
  if (text.length <= max && draw(text).length <= max) return draw(text);
  const characters = Array.from(text);
  const drawFirst = (length: number) =>
    `${draw(characters.slice(0, length).join(''))}… (${count(characters.length - length, 'more character')})`;
  let fits = 0;
  let tooMany = Math.min(characters.length, max) + 1;
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (drawFirst(middle).length <= max) fits = middle;
    else tooMany = middle;
  }
  return drawFirst(fits);
}

export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
