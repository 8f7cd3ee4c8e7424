import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect } from '@jest/globals';

/** Tokens that the local Bandwidth issues. */
const BANDWIDTH_TOKEN = /local-[\da-f]{8}-[\da-f]{4}-[\da-f-]+/g;

/** The ways a secret may appear in a text: plain, as HTTP Basic sends it, or escaped for a URL. */
const spellings = (secret: string): readonly string[] => [
  secret,
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  encodeURIComponent(secret),
];

/** The secrets in a text. Bandwidth's tokens are found even if they aren't listed. */
export function secretsIn(text: string, secrets: readonly string[]): readonly string[] {
  const found = secrets.filter((secret) => spellings(secret).some((spelling) => text.includes(spelling)));
  return [...found, ...(text.match(BANDWIDTH_TOKEN) ?? [])];
}

/** Everything in it, including what an error hides. */
export const inFull = (value: unknown): string =>
  inspect(value, { depth: 30, showHidden: true, maxArrayLength: null, maxStringLength: null });

/** All bytes of all files in a folder: rows, indexes and what was deleted. */
export const filesIn = (folder: string): string =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('\n');

/**
 * Expects that none of these texts contains a secret. Each comes with words that it must contain, so that nothing
 * passes because nothing was searched.
 */
export function expectNoSecrets(
  written: Readonly<Record<string, { readonly text: string; readonly mustSay?: string }>>,
  secrets: readonly string[],
): void {
  expect(secrets.filter((secret) => secret.length >= 6).length).toBeGreaterThan(0);
  const leaks = Object.entries(written).map(([where, { text, mustSay }]) => {
    if (mustSay !== undefined) expect(text).toContain(mustSay);
    return [where, secretsIn(text, secrets)];
  });
  expect(Object.fromEntries(leaks)).toEqual(Object.fromEntries(leaks.map(([where]) => [where, []])));
}
