import { closeSync, openSync, readSync } from 'node:fs';
import { type Environment, secretVariables, storeVariables } from './settings.js';
import type { Problem } from './settings-problems.js';
import { whyUnreadable } from './why-unreadable.js';

/** The settings that hold a credential. Each can be read from a file that `NAME_FILE` names. */
const inFiles = [...secretVariables, ...storeVariables, 'HTTPS_PROXY'] as const;

type InFile = (typeof inFiles)[number];

export const fileVariableOf = <Name extends string>(name: Name): `${Name}_FILE` => `${name}_FILE`;

/** Far longer than any credential. A device such as /dev/zero never ends. */
const MAX_BYTES = 64 * 1024;

/**
 * Replaces each `NAME_FILE` with `NAME`, whose value is the file's only line, without the byte order mark that Windows
 * writes before it. Docker, Kubernetes and systemd pass secrets this way. The problems never contain what is in a file.
 */
export function readSecretFiles(given: Environment): {
  readonly given: Environment;
  readonly problems: readonly Problem[];
} {
  const read: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const variable of inFiles) {
    const path = given[fileVariableOf(variable)];
    if (path === undefined) continue;
    const content = given[variable] === undefined ? contentOf(variable, path) : bothSet(variable);
    if (typeof content === 'string') read[variable] = content;
    else problems.push(content);
  }
  const isRead = (name: string) => inFiles.some((variable) => name === fileVariableOf(variable));
  const others = Object.entries(given).filter(([name]) => !isRead(name));
  return { given: { ...Object.fromEntries(others), ...read }, problems };
}

function bothSet(variable: InFile): Problem {
  const text = `and ${fileVariableOf(variable)} are both set: remove one of them.`;
  return { variable, text, missing: [] };
}

function contentOf(variable: InFile, path: string): string | Problem {
  const setting = fileVariableOf(variable);
  const problem = (text: string): Problem => ({ variable, text, missing: [] });
  // Someone may have put the secret itself here, and it must not be printed.
  if (!/^(?:\.{0,2}\/|[a-z]:\\)/i.test(path)) {
    return problem(`is to be read from a file, so ${setting} must be a path that begins with / or ./.`);
  }
  try {
    const content = beginningOf(path)
      .replace(/^\uFEFF/, '')
      .replace(/[\r\n]+$/, '');
    if (Buffer.byteLength(content) >= MAX_BYTES) return problem(`is too long in ${path} (${setting}).`);
    if (content.trim() === '') return problem(`is empty in ${path} (${setting}).`);
    if (/[\r\n]/.test(content)) return problem(`has more than one line in ${path} (${setting}).`);
    return content;
  } catch (error) {
    return problem(`can't be read from ${path} (${setting}): ${whyUnreadable(error)}`);
  }
}

/** Reads at most {@link MAX_BYTES} of a file, which may also be a device or a pipe. */
function beginningOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(MAX_BYTES);
    let length = 0;
    for (let read = -1; read !== 0 && length < MAX_BYTES; length += read) {
      read = readSync(file, bytes, length, MAX_BYTES - length, null);
    }
    return bytes.toString('utf8', 0, length);
  } finally {
    closeSync(file);
  }
}
