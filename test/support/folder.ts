import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new empty folder, and a function that removes it. */
export function temporaryFolder(within = process.env.TEST_FOLDER ?? tmpdir()): {
  path: string;
  remove(): void;
} {
  const path = mkdtempSync(join(within, 'numbers-'));
  return {
    path,
    // A database that was killed may have processes that still write there.
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 10 }),
  };
}

/** tmpfs, ramfs and overlayfs: https://man7.org/linux/man-pages/man2/statfs.2.html */
const NOT_ON_DISK: readonly number[] = [0x0102_1994, 0x8584_58f6, 0x794c_7630];

/** A place on a disk; undefined if temporary files and these packages are in memory or in a container's own layer. */
export const placeOnDisk = (): string | undefined =>
  [tmpdir(), 'node_modules'].find((path) => !NOT_ON_DISK.includes(statfsSync(path).type >>> 0));
