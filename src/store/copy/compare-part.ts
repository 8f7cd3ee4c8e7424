import { createHash } from 'node:crypto';
import type { RawEntries } from '../raw-entries.js';
import type { SortedKeys } from '../sorted-keys.js';
import { copyable, pagesOf } from './copy-part.js';

/** What tells one part of a store from another with the same name, without keeping it in memory. */
export interface Contents {
  /** How many stay for good. */
  readonly count: number;
  /** The same for the same ones, in any order. */
  readonly digest: string;
  /** The hash of each that expires, and in how many milliseconds: it may be gone from one side only. */
  readonly expiring: ReadonlyMap<string, { readonly hash: string; readonly inMs: number }>;
}

/** One that expires this soon may be gone on the side that is read last. */
const MAY_BE_GONE_WITHIN_MS = 10 * 60_000;

export async function contentsOfEntries(entries: RawEntries): Promise<Contents> {
  const lasting = makeDigest();
  const expiring = new Map<string, { readonly hash: string; readonly inMs: number }>();
  for await (const batch of copyable(entries)) {
    for (const { key, text, expiresInMs } of batch) {
      if (expiresInMs === undefined) lasting.add(key, text);
      else expiring.set(key, { hash: hashOf(key, text).toString('hex'), inMs: expiresInMs });
    }
  }
  return { ...lasting.total(), expiring };
}

export async function contentsOfKeys(keys: SortedKeys): Promise<Contents> {
  const lasting = makeDigest();
  for await (const page of pagesOf(keys)) for (const key of page) lasting.add(key, '');
  return { ...lasting.total(), expiring: new Map() };
}

/** Whether a copy, which was read after its source, has the same contents. */
export function isSame(source: Contents, copy: Contents): boolean {
  if (source.count !== copy.count || source.digest !== copy.digest) return false;
  for (const [key, { hash, inMs }] of source.expiring) {
    const there = copy.expiring.get(key);
    if (there === undefined ? inMs > MAY_BE_GONE_WITHIN_MS : there.hash !== hash) return false;
  }
  for (const [key, { inMs }] of copy.expiring) {
    if (!source.expiring.has(key) && inMs > MAY_BE_GONE_WITHIN_MS) return false;
  }
  return true;
}

/** Of how many entries it consists. */
export const sizeOf = ({ count, expiring }: Contents): number => count + expiring.size;

function hashOf(key: string, text: string): Buffer {
  return createHash('sha256').update(`${key.length}|${key}|${text}`).digest();
}

/** Adds up hashes by exclusive or, so that the order doesn't matter. No key may come twice. */
function makeDigest() {
  const sum = Buffer.alloc(32);
  let count = 0;
  return {
    add(key: string, text: string): void {
      const hash = hashOf(key, text);
      for (const [index, byte] of hash.entries()) sum[index] = (sum[index] ?? 0) ^ byte;
      count += 1;
    },
    total: () => ({ count, digest: sum.toString('hex') }),
  };
}
