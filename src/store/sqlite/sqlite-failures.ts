import { StoreError } from '../../orders/ports/store-errors.js';
import { StoreNotReady } from '../database.js';
import { isBusy } from './sqlite-codes.js';

/** Codes of failures that pass, or that are fixed outside the settings. */
const passing: readonly unknown[] = ['SQLITE_FULL', 'ENOSPC'];

export async function opening<T>(file: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    const mayPass = isBusy(cause) || passing.includes((cause as { code?: unknown }).code);
    const Kind = mayPass ? StoreNotReady : StoreError;
    throw new Kind(`cannot open the database ${file}: ${whyNot(cause)}`, { cause });
  }
}

function whyNot(cause: unknown): string {
  if (isBusy(cause)) return 'another process keeps it locked.';
  const { code, message } = cause as { code?: string; message?: string };
  switch (code) {
    case 'EISDIR':
      return 'it is a folder. Name a file in it, e.g. STORE_URL=sqlite:data/numbers.db.';
    case 'ENOTDIR':
    case 'EEXIST':
      return 'its parent folder is a file. Choose another path in STORE_URL.';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'SQLITE_READONLY':
      return 'this user may not read or write it, or create it there. Change its owner, or choose another path in STORE_URL.';
    case 'ENOENT':
      return "it can't be created there. Choose another path in STORE_URL.";
    case 'ENOSPC':
    case 'SQLITE_FULL':
      return 'the disk is full.';
    case 'SQLITE_NOTADB':
      return "it isn't a SQLite database. Choose another path in STORE_URL.";
    case 'SQLITE_CORRUPT':
      return 'it is damaged. Restore a backup, or move it away to start with an empty one.';
    default:
      return message ?? 'the reason is unknown.';
  }
}

/** Says why a file that may not exist yet can't be written, as a sentence without its subject. */
export function whyNotWritten(cause: unknown): string {
  const { code, message } = cause as { code?: string; message?: string };
  switch (code) {
    case 'ENOSPC':
    case 'SQLITE_FULL':
      return 'the disk is full. Free some space there, or name a file on another disk.';
    case 'EROFS':
      return 'its disk is read-only. Name a file on another one.';
    case 'EACCES':
    case 'EPERM':
      return 'this user may not write there. Name another file, or change the owner of its folder.';
    case 'ENOTDIR':
    case 'EEXIST':
      return 'its parent folder is a file. Name another one.';
    case 'ENOENT':
    case 'SQLITE_CANTOPEN':
      return "its folder can't be created, or is gone. Name another file.";
    default:
      return message ?? 'the reason is unknown.';
  }
}
