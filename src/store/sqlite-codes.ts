/** Whether another process has the file locked just now, in any of the ways SQLite tells apart. */
export function isBusy(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^SQLITE_BUSY(?:_|$)/.test(code);
}
