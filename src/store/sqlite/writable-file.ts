import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Why a file can't be written, or created together with its folders. */
export type Unwritable = 'forbidden' | 'read-only' | 'full' | 'no folder';

/** SQLite needs more than this for its first write. */
const MIN_BYTES = 256 * 1024;

/** Returns undefined if nothing speaks against writing this file. Creates and changes nothing. */
export function whyUnwritable(file: string): Unwritable | undefined {
  const folder = nearestFolder(dirname(file));
  try {
    if (!statSync(folder).isDirectory()) return 'no folder';
    // SQLite creates files beside it.
    for (const each of existsSync(file) ? [file, folder] : [folder]) {
      accessSync(each, constants.W_OK);
    }
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < MIN_BYTES ? 'full' : undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EROFS' ? 'read-only' : 'forbidden';
  }
}

function nearestFolder(path: string): string {
  const above = dirname(path);
  return existsSync(path) || above === path ? path : nearestFolder(above);
}
