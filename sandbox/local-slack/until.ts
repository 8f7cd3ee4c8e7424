export interface UntilOptions {
  /** A minute by default. */
  readonly timeoutMs?: number;
  readonly describe?: string;
}

/** Long enough for slow machines. */
const PATIENCE_MS = 60_000;

export function makeUntil(deps: {
  readonly changes: Record<'on' | 'off', (name: 'change', heard: () => void) => unknown>;
  /** Returns everything people can see, for the error of a wait that timed out. */
  readonly picture: () => string;
}) {
  const { changes, picture } = deps;
  const waiting = new Set<() => void>();
  return {
    /**
     * Waits until `look` returns something truthy, calling it after each change here and every few milliseconds for
     * changes elsewhere. Rejects with a picture of everything people can see.
     */
    until<T>(look: () => T | undefined | false, given: UntilOptions = {}): Promise<T> {
      const timeoutMs = given.timeoutMs ?? PATIENCE_MS;
      return new Promise((resolve, reject) => {
        const stop = () => {
          clearInterval(interval);
          clearTimeout(timeout);
          changes.off('change', check);
          waiting.delete(giveUp);
        };
        const check = () => {
          try {
            const found = look();
            if (!found) return;
            stop();
            resolve(found);
          } catch (error) {
            stop();
            reject(error);
          }
        };
        const giveUp = () => {
          stop();
          const wanted = given.describe ?? String(look);
          reject(new Error(`Waited ${timeoutMs} ms for ${wanted}\n\n${picture()}`));
        };
        const interval = setInterval(check, 10);
        const timeout = setTimeout(giveUp, timeoutMs);
        waiting.add(giveUp);
        changes.on('change', check);
        check();
      });
    },
    /** Rejects every wait at once. */
    giveUpAll(): void {
      for (const giveUp of waiting) giveUp();
    },
  };
}
