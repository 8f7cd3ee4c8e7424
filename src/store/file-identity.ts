import { statSync } from 'node:fs';

/** What became of a file that is open. */
export type FileChange =
  | { readonly file: string; readonly became: 'gone' | 'another file' | 'empty' }
  /** The path can't be looked at, for the reason in `code`. */
  | { readonly file: string; readonly became: 'unknown'; readonly code: string };

/**
 * Remembers which file this path leads to now. The function returned says whether it leads elsewhere since: because the
 * file was deleted, moved or replaced, or because another volume lies over its folder. It takes microseconds. While a
 * file is open its inode number belongs to no other file.
 */
export function rememberFile(
  file: string,
  { mayBeEmpty }: { readonly mayBeEmpty: boolean },
): () => FileChange | undefined {
  const { dev, ino } = statSync(file, { bigint: true });
  return () => {
    try {
      const now = statSync(file, { bigint: true, throwIfNoEntry: false });
      if (now === undefined) return { file, became: 'gone' };
      if (now.dev !== dev || now.ino !== ino) return { file, became: 'another file' };
      return now.size === 0n && !mayBeEmpty ? { file, became: 'empty' } : undefined;
    } catch (error) {
      return { file, became: 'unknown', code: (error as NodeJS.ErrnoException).code ?? String(error) };
    }
  };
}
