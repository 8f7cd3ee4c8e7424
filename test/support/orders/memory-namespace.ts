import { isDeepStrictEqual } from 'node:util';
import type { Namespace } from '../../../src/store/namespace.js';

/** A namespace of the store, kept in memory as JSON. */
export function makeMemoryNamespace(): Namespace & { snapshot(): () => void } {
  const texts = new Map<string, string>();
  const read = (key: string): unknown => {
    const text = texts.get(key);
    return text === undefined ? undefined : JSON.parse(text);
  };
  const write = (key: string, value: unknown) => void texts.set(key, JSON.stringify(value));
  const entries = async () => [...texts.keys()].map((key) => [key, read(key)] as const);
  const isStill = (key: string, value: unknown) =>
    texts.has(key) && isDeepStrictEqual(read(key), JSON.parse(JSON.stringify(value)));

  return {
    snapshot() {
      const then = [...texts];
      return () => {
        texts.clear();
        for (const [key, text] of then) texts.set(key, text);
      };
    },
    get: async (key) => read(key),
    set: async (key, value) => write(key, value),
    entries,
    async *walk() {
      yield* await entries();
    },
    async insertIfAbsent(key, value) {
      if (texts.has(key)) return false;
      write(key, value);
      return true;
    },
    async replace(key, current, next) {
      if (!isStill(key, current)) return false;
      write(key, next);
      return true;
    },
    async removeIfSame(key, current) {
      return isStill(key, current) && texts.delete(key);
    },
  };
}
