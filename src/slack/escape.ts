import type { PlainTextElement } from '@slack/types';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Makes typed text safe inside mrkdwn: nothing in it formats, links or pings. */
export function escapeText(text: string): string {
  return text
    .replace(/[&<>]/g, (character) => entities[character] ?? character)
    .replace(/[*_~`]/g, (character) => `\u200b${character}\u200b`);
}

/** At most `max` characters; what was cut off ends in "…". */
export function cut(text: string, max: number): string {
  const characters = Array.from(text);
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join('')}…`;
}

/** Typed text for a plain_text object. */
export function plainText(text: string, max = Number.POSITIVE_INFINITY): PlainTextElement {
  return { type: 'plain_text', text: cut(text, max), emoji: false };
}

/** Words people are meant to type. */
export function codeSpan(text: string): string {
  const escaped = text.replace(/[&<>]/g, (character) => entities[character] ?? character);
  return `\`${escaped.replace(/`/g, "'").replace(/\s+/g, ' ')}\``;
}
