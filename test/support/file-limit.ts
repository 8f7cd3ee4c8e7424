import { test } from '@jest/globals';

/** A test of a process whose files can't grow further (`ulimit -f`), as on a full disk. */
export const testWithLimit = (name: string, play: () => Promise<void>): void =>
  process.platform === 'linux'
    ? test(name, play)
    : test.skip(`${name} (skipped: only Linux limits files as this test expects)`, play);
