import type { JournalArchive } from '../ports/journal.js';

/** How many entries are read in parallel, because a remote database takes about a millisecond each. */
const READ_AT_ONCE = 32;
/** How many unlisted entries are looked up by number in each chain, because the app may be writing at the same time. */
export const LOOKED_FOR = 1_000;

/** Reads these entries of a chain, several at a time. An entry that doesn't exist is undefined. */
export async function* readEntries(
  journal: JournalArchive,
  teamId: string,
  sequences: readonly number[],
): AsyncIterable<readonly [sequence: number, entry: unknown]> {
  for (let start = 0; start < sequences.length; start += READ_AT_ONCE) {
    const some = sequences.slice(start, start + READ_AT_ONCE);
    yield* await Promise.all(
      some.map(async (sequence) => [sequence, await journal.entry(teamId, sequence)] as const),
    );
  }
}
