import type { PlainTextElement } from '@slack/types';

/**
 * Renders typed text literally.
 *
 * Prefer an object in which Slack applies no formatting: {@link plainText}, or a `text` element of a rich_text block.
 * In mrkdwn, next to a mention or a bold word, or in the plain `text` of a message, use {@link escapeText} or {@link
 * codeSpan}.
 */

/**
 * Invisible. mrkdwn has no escape for * _ ~ ` : @ #, but none of them works when a character separates it from its
 * word.
 */
const APART = '\u200B';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Escapes typed text for mrkdwn, so that it contains no mentions, links or formatting. The result has at most `max`
 * characters; a longer one ends in `…`, never inside an entity.
 */
export function escapeText(text: string, max = Number.POSITIVE_INFINITY): string {
  return joinUpTo(escapedPieces(text), max);
}

function* escapedPieces(text: string): Iterable<string> {
  let before = '\n';
  for (const segment of pieces(text)) {
    // A quotation starts with > (or its full-width form) at the start of a line.
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
 * Prepares typed text for bold mrkdwn. Its own marks would end the bold early (`83*`), so they become lookalike
 * characters that `plainSpelling` reads back.
 */
export function withoutMarks(text: string): string {
  return text.replace(/[*_~`]/g, (mark) => lookalikes[mark] ?? mark);
}

/** Formats words that people should type as code. Only a backtick could end it early; it becomes an apostrophe. */
export function codeSpan(text: string): string {
  const escaped = text.replace(/[&<>]/g, (mark) => entities[mark] ?? mark);
  return `\`${escaped.replace(/`/g, "'").replace(/\s+/g, ' ')}\``;
}

/** A plain_text object for typed text, with `:emoji:` codes left unchanged. Slack refuses an empty one. */
export function plainText(text: string, max = Number.POSITIVE_INFINITY): PlainTextElement {
  return { type: 'plain_text', text: cut(text, max), emoji: false };
}

/** Cuts to at most `max` UTF-16 units, as Slack counts, ending in `…` if shortened, never inside an emoji. */
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
