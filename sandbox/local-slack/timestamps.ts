/** Returns a function that never returns the same time twice, so it can identify a message within its channel. */
export function makeTimestamps(): () => string {
  /** In microseconds since 1970. */
  let last = 0;
  return () => {
    last = Math.max(Date.now() * 1000, last + 1);
    return `${Math.floor(last / 1_000_000)}.${String(last % 1_000_000).padStart(6, '0')}`;
  };
}
