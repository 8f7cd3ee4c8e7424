/** Whether another process has the file locked, in any of the ways SQLite distinguishes. */
export function isBusy(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^SQLITE_BUSY(?:_|$)/.test(code);
}
