import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Changes come in bursts; one file for all that happen within this time. */
const WRITE_AFTER_MS = 100;

export interface KeptState {
  changed(): void;
  /** Writes what is not written yet, and nothing after that. */
  close(): void;
}

/** Gives what an earlier run kept in this file, or undefined if there was none. Throws when it cannot be read. */
export function readState<T>(file: string): T | undefined {
  let json: string;
  try {
    json = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(json) as T;
  } catch (cause) {
    throw new Error(`${file} is damaged; start with --fresh to begin anew`, { cause });
  }
}

/** Keeps `take()` in a file: whole or not at all, whenever the process ends. */
export function keepState(file: string, take: () => unknown): KeptState {
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  mkdirSync(dirname(file), { recursive: true });

  function write(): void {
    timer = undefined;
    writeFileSync(`${file}.new`, JSON.stringify(take()));
    renameSync(`${file}.new`, file);
  }
  return {
    changed() {
      if (!closed) timer ??= setTimeout(write, WRITE_AFTER_MS);
    },
    close() {
      closed = true;
      if (timer === undefined) return;
      clearTimeout(timer);
      write();
    },
  };
}
