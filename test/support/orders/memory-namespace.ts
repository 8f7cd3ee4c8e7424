import { isDeepStrictEqual } from 'node:util';
import type { Namespace } from '../../../src/store/namespace.js';
import { frozen } from './frozen.js';

/** A value as JSON has it, and its text. */
interface Stored {
  readonly text: string;
  readonly value: unknown;
}

/** A namespace of the store, kept in memory as JSON. What it returns is frozen. */
export function makeMemoryNamespace(): Namespace & { snapshot(): () => void } {
  const stored = new Map<string, Stored>();
  const read = (key: string): unknown => stored.get(key)?.value;
  const write = (key: string, value: unknown) => {
    const text = JSON.stringify(value);
    stored.set(key, { text, value: frozen(JSON.parse(text)) });
  };
  const entries = async () => [...stored].map(([key, { value }]) => [key, value] as const);
  const isStill = (key: string, value: unknown) => {
    const now = stored.get(key);
    if (now === undefined) return false;
    const text = JSON.stringify(value);
    return now.text === text || isDeepStrictEqual(now.value, JSON.parse(text));
  };

  return {
    snapshot() {
      const then = [...stored];
      return () => {
        stored.clear();
        for (const [key, each] of then) stored.set(key, each);
      };
    },
    get: async (key) => read(key),
    set: async (key, value) => write(key, value),
    entries,
    async *walk() {
      yield* await entries();
    },
    async insertIfAbsent(key, value) {
      if (stored.has(key)) return false;
      write(key, value);
      return true;
    },
    async replace(key, current, next) {
      if (!isStill(key, current)) return false;
      write(key, next);
      return true;
    },
    async removeIfSame(key, current) {
      return isStill(key, current) && stored.delete(key);
    },
  };
}
