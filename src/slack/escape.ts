import type { PlainTextElement } from '@slack/types';

/**
 * Drawing what a person typed, as they typed it.
 *
 * The sure way is an object in which Slack reads no formatting at all: {@link plainText}, or a `text` element of a
 * rich_text block. Use those wherever a typed text stands alone. Where it must stand in mrkdwn, because a mention or a
 * bold word stands beside it, or in the plain `text` of a message, use {@link escapeText} or {@link codeSpan}.
 */

/** Invisible. mrkdwn has no escape for * _ ~ ` : @ #, but none of them works with a character between it and its word. */
const APART = '\u200B';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Typed text for mrkdwn: pings nobody, links nothing, formats nothing. The result is at most `max` characters long;
 * a longer one ends in `…` and never in half an entity.
 */
export function escapeText(text: string, max = Number.POSITIVE_INFINITY): string {
  return joinUpTo(escapedPieces(text), max);
}

function* escapedPieces(text: string): Iterable<string> {
  let before = '\n';
  for (const segment of pieces(text)) {
    // A quote begins with > (or its full-width twin) at the start of a line.
    const quote = /[\r\n]$/.test(before) && /^[>\uFF1E]/.test(segment);
    yield (quote ? APART : '') +
      segment.replace(/[&<>]|[*_~`:@#]/g, (mark) => entities[mark] ?? mark + APART);
    before = segment;
  }
}

const lookalikes: Readonly<Record<string, string>> = {
  '*': '\u2217',
  _: '\uFF3F',
  '~': '\u223C',
  '`': "'",
};

/**
 * Typed text, to stand in bold in mrkdwn. A mark of its own would end the bold early even with a character after it
 * (`83*`), so it becomes a character that looks like it; `plainSpelling` reads that back.
 */
export function withoutMarks(text: string): string {
  return text.replace(/[*_~`]/g, (mark) => lookalikes[mark] ?? mark);
}

/** Typed text as code, for words people are meant to type. Only a backtick could end it early; it becomes an apostrophe. */
export function codeSpan(text: string): string {
  const escaped = text.replace(/[&<>]/g, (mark) => entities[mark] ?? mark);
  return `\`${escaped.replace(/`/g, "'").replace(/\s+/g, ' ')}\``;
}

/** Typed text for a plain_text object, `:emoji:` codes left as they are. Slack refuses an empty one. */
export function plainText(text: string, max = Number.POSITIVE_INFINITY): PlainTextElement {
  return { type: 'plain_text', text: cut(text, max), emoji: false };
}

/** At most `max` characters as Slack counts them (UTF-16), ending in `…` if shortened, never inside an emoji. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  return joinUpTo(pieces(text), max);
}

function* pieces(text: string): Iterable<string> {
  for (const { segment } of graphemes.segment(text)) yield segment;
}

function joinUpTo(parts: Iterable<string>, max: number): string {
  let whole = '';
  let shortened = '';
  for (const piece of parts) {
    whole += piece;
    if (whole.length > max) return max < 1 ? '' : `${shortened}…`;
    if (whole.length <= max - 1) shortened = whole;
  }
  return whole;
}
