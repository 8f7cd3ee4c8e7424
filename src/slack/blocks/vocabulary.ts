import type {
  ActionsBlock,
  Button,
  ConfirmationDialog,
  ContextBlock,
  HeaderBlock,
  MrkdwnElement,
  SectionBlock,
} from '@slack/types';
import { type PhoneNumber, showPhoneNumber } from '../../orders/domain/phone-number.js';
import type { Person, Timestamp } from '../../orders/domain/request.js';
import { cut, escapeText, plainText, withoutMarks } from '../escape.js';
import { limits } from './limits.js';

/** Verbatim: Slack does not turn an `@name`, a `#channel` or an address that somebody typed into a link. */
const mrkdwn = (text: string): MrkdwnElement => ({ type: 'mrkdwn', text, verbatim: true });

/** The one plain text with emoji in it: they are ours, one for each state of an order. */
export const header = (text: string): HeaderBlock => ({
  type: 'header',
  text: { ...plainText(text, limits.headerText), emoji: true },
});

export const section = (text: string): SectionBlock => ({ type: 'section', text: mrkdwn(text) });

export const context = (text: string): ContextBlock => ({ type: 'context', elements: [mrkdwn(text)] });

export const row = (buttons: readonly Button[]): ActionsBlock => ({
  type: 'actions',
  elements: [...buttons],
});

export function button(given: {
  label: string;
  action: string;
  value: string;
  /** What the label means without the message around it, for people who hear it. */
  spoken?: string;
  style?: 'primary' | 'danger';
  confirm?: ConfirmationDialog;
}): Button {
  return {
    type: 'button',
    text: plainText(given.label),
    action_id: given.action,
    value: given.value,
    ...(given.spoken === undefined
      ? {}
      : { accessibility_label: cut(given.spoken, limits.accessibilityLabel) }),
    ...(given.style === undefined ? {} : { style: given.style }),
    ...(given.confirm === undefined ? {} : { confirm: given.confirm }),
  };
}

export const mention = (person: Pick<Person, 'userId'>): string => `<@${person.userId}>`;
export const mentionGroup = (groupId: string): string => `<!subteam^${groupId}>`;
export const mentionChannel = (channelId: string): string => `<#${channelId}>`;

/** A moment, shown in each reader's own time zone; in UTC where Slack cannot. */
export function moment(at: Timestamp): string {
  const utc = new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  return `<!date^${Math.floor(at / 1000)}^{date_short_pretty} {time}|${utc} UTC>`;
}

/** The same to the second, for what happens within a minute. */
export function exactMoment(at: Timestamp): string {
  const utc = new Date(at).toISOString().slice(0, 19).replace('T', ' ');
  return `<!date^${Math.floor(at / 1000)}^{date_short_pretty} {time_secs}|${utc} UTC>`;
}

/** `1 number`, `5,000 numbers`. */
export function count(quantity: number, thing: string): string {
  return `${figure(quantity)} ${thing}${quantity === 1 ? '' : 's'}`;
}

export const figure = (quantity: number): string => quantity.toLocaleString('en-US');

/** The first few numbers, and how many more there are. */
export function listNumbers(numbers: readonly PhoneNumber[], most: number): string {
  const shown = numbers.slice(0, most).map(showPhoneNumber).join(', ');
  const more = numbers.length - most;
  return more > 0 ? `${shown} and ${figure(more)} more` : shown;
}

/** What somebody typed on one line, drawn as typed, in at most `max` characters. */
export const typed = (text: string, max: number): string =>
  fitted(text.replace(/\s+/g, ' '), max, escapeText);

/** What somebody typed on one line, in bold; `after` is ours, and stands in the bold too. */
export const boldTyped = (text: string, max: number, after = ''): string =>
  `*${typed(withoutMarks(text.trim()), max)}${after}*`;

/**
 * What somebody typed on any number of lines, as a quotation of at most `max` characters. Quoted, because a line of
 * it could otherwise pass for a line of ours ("Approved by …").
 */
export function quoted(text: string, max: number): string {
  return fitted(text.trim(), max, (part) =>
    part
      .split(/\r\n|[\n\r\u2028\u2029]/)
      .map((line) => `> ${escapeText(line)}`)
      .join('\n'),
  );
}

/** As much of the text as fits once it is drawn, and how many characters more there were. */
function fitted(text: string, max: number, draw: (part: string) => string): string {
  // Drawing never shortens, so a longer text cannot fit; and nobody can make us draw a megabyte.
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

// How an edited request is spoken of.

/** Above the fields of a form that changes a waiting request. */
export const APPROVALS_DROPPED = "Approvals given so far don't count for a changed request.";
