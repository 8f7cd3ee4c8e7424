import type { Rephrase } from './criterion.js';

/** What city and rate center names have in common. */

export const PLACE_NAME_LENGTH = 60;

export const printedName = (name: string, quote: boolean): string => (quote ? `"${name}"` : name);

export const malformedName = (shown: string): string =>
  `“${shown}” doesn't look like a name: up to 60 letters, digits, spaces, periods, apostrophes or dashes.`;

export function nameRemedies(field: 'city' | 'rateCenter', value: string, { instead }: Rephrase): string[] {
  const name = value.replace(/,.*/su, '').replace(/[^\p{L}\p{N} .'&()/-]+/gu, ' ');
  return [instead({ [field]: name.trim().slice(0, PLACE_NAME_LENGTH) }), 'Raleigh, NC'];
}
