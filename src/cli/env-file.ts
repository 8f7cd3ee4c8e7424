import { randomUUID } from 'node:crypto';
import { accessSync, constants, existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Formats settings as Node reads them from a file; a value without a fitting quote can't be written. */
export function formatEnv(settings: Readonly<Record<string, string>>): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${quoted(value)}`);
  return ['# Written by npm run setup. Every setting is explained in .env.example.', ...lines, ''].join('\n');
}

/** Replaces the file in one step. From the beginning, only its owner can read it. */
export function writeEnv(path: string, settings: Readonly<Record<string, string>>): void {
  const draft = `${path}.${randomUUID()}`;
  try {
    writeFileSync(draft, formatEnv(settings), { mode: 0o600, flag: 'wx' });
    renameSync(draft, path);
  } catch (error) {
    // It holds secrets.
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Returns why a file certainly can't be written there, so that nobody answers all the questions for nothing. */
export function whyNotWritable(path: string): string | undefined {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return 'it is a folder.';
  try {
    accessSync(dirname(path), constants.W_OK);
    return undefined;
  } catch (error) {
    return whyWriteFailed(error);
  }
}

/** Returns why a write failed. */
export function whyWriteFailed(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EACCES':
    case 'EPERM':
      return "you don't have permission to write to this folder.";
    case 'EROFS':
      return 'this folder is read-only.';
    case 'ENOSPC':
      return 'the disk is full.';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

export const isThere = (path: string): boolean => existsSync(path);

/** Whether a value can be written to the file and read back. */
export const canBeWritten = (value: string): boolean => quoteFor(value) !== undefined;

function quoted(value: string): string {
  const quote = quoteFor(value);
  if (quote === undefined) throw new TypeError('a value has every kind of quote');
  return quote + value + quote;
}

function quoteFor(value: string): string | undefined {
  if (/^[\w.:/@%+=,*~-]*$/.test(value)) return '';
  // Inside double quotes, \n would be a line break.
  return ["'", '`', '"'].find((quote) => !value.includes(quote) && !(quote === '"' && value.includes('\\')));
}
