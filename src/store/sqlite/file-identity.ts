import { statSync } from 'node:fs';

/** What happened to an open file. */
export type FileChange =
  | { readonly file: string; readonly became: 'gone' | 'another file' | 'empty' }
  /** The path can't be checked, for the reason in `code`. */
  | { readonly file: string; readonly became: 'unknown'; readonly code: string };

/**
 * Remembers which file this path leads to. The returned function tells whether that changed, because the file was
 * deleted, moved or replaced, or another volume was mounted over its folder. It takes microseconds. An open file's
 * inode number is never reused.
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
