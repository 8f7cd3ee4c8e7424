import type { RawEntries, RawEntry } from '../raw-entries.js';
import { KEYS_AT_ONCE, type SortedKeys } from '../sorted-keys.js';

/** What one statement writes: few enough entries for its time limit. */
const ENTRIES_AT_ONCE = 500;
const CHARACTERS_AT_ONCE = 1_000_000;

/** Before any key, and after any that can be written. */
export const ALL_KEYS = ['', '\u{10FFFF}'] as const;

/** PostgreSQL can't store the character, and only a damaged entry has it; an empty text is as unreadable as that. */
const storable = (entry: RawEntry): RawEntry => (entry.text.includes('\0') ? { ...entry, text: '' } : entry);

/** Iterates over the entries as a copy has them. */
export async function* copyable(from: RawEntries): AsyncIterable<readonly RawEntry[]> {
  for await (const batch of from.batches()) yield batch.map(storable);
}

/**
 * Copies every entry, and calls `wrote` with the number of each write.
 *
 * @param check called before each write; throws if it must not happen.
 */
export async function copyEntries(
  from: RawEntries,
  to: RawEntries,
  { check, wrote }: CopySteps,
): Promise<void> {
  for await (const batch of copyable(from)) {
    for (const some of inPieces(batch)) {
      check();
      await to.write(some);
      wrote(some.length);
    }
  }
}

/** The same for sorted keys. */
export async function copySortedKeys(
  from: SortedKeys,
  to: SortedKeys,
  { check, wrote }: CopySteps,
): Promise<void> {
  for await (const keys of pagesOf(from)) {
    check();
    await to.add(keys);
    wrote(keys.length);
  }
}

export interface CopySteps {
  check(): void;
  wrote(count: number): void;
}

export async function clearSortedKeys(keys: SortedKeys): Promise<void> {
  for await (const page of pagesOf(keys)) await keys.remove(page);
}

/** Iterates over all keys, the last ones first. */
export async function* pagesOf(keys: SortedKeys): AsyncIterable<readonly string[]> {
  const [from, end] = ALL_KEYS;
  for (let to: string = end; ; ) {
    const page = await keys.last(from, to, KEYS_AT_ONCE);
    if (page.length > 0) yield page;
    const lowest = page.at(-1);
    if (lowest === undefined || page.length < KEYS_AT_ONCE) return;
    to = lowest;
  }
}

function* inPieces(entries: readonly RawEntry[]): Iterable<readonly RawEntry[]> {
  let piece: RawEntry[] = [];
  let characters = 0;
  for (const entry of entries) {
    if (piece.length === ENTRIES_AT_ONCE || characters > CHARACTERS_AT_ONCE) {
      yield piece;
      piece = [];
      characters = 0;
    }
    piece.push(entry);
    characters += entry.text.length;
  }
  if (piece.length > 0) yield piece;
}
