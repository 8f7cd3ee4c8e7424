import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Changes come in bursts, so one write covers all within this time. */
const WRITE_AFTER_MS = 100;

export interface KeptState {
  changed(): void;
  /** Writes pending changes, and nothing after that. */
  close(): void;
}

/** Returns what an earlier run saved in this file; undefined if there was none. Throws when it can't be read. */
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
    throw new Error(`${file} is damaged; start with --fresh to discard it`, { cause });
  }
}

/** Saves `take()` to a file atomically, whenever the process ends. */
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
