import type { InventoryNumber } from '../orders/domain/number-record.js';
import type { PhoneNumber } from '../orders/domain/phone-number.js';

const FORMAT_VERSION = 1;

/** What neighboring numbers have in common: everything but the number and its dates. */
type SharedFacts = Omit<InventoryNumber, 'number' | 'inServiceSince' | 'lastModified'>;

/**
 * Hundreds of numbers share a few places and orders, so each combination is stored once: a chunk is read whenever
 * somebody lists numbers, and a walk writes them all.
 */
interface StoredChunk {
  readonly v: number;
  readonly facts: readonly SharedFacts[];
  /** Number, index in `facts`, in service since, last modified; an unknown date is 0, or left out at the end. */
  readonly rows: ReadonlyArray<readonly [PhoneNumber, number, number?, number?]>;
}

export function packChunk(numbers: readonly InventoryNumber[]): StoredChunk {
  const facts: SharedFacts[] = [];
  const indices = new Map<string, number>();
  let last: { readonly of: InventoryNumber; readonly index: number } | undefined;
  const rows = numbers.map((each) => {
    if (last === undefined || !sharesFacts(each, last.of)) {
      const { number: _, inServiceSince: _since, lastModified: _modified, ...shared } = each;
      const key = JSON.stringify(shared);
      let index = indices.get(key);
      if (index === undefined) {
        index = facts.push(shared) - 1;
        indices.set(key, index);
      }
      last = { of: each, index };
    }
    const { number, inServiceSince = 0, lastModified = 0 } = each;
    if (lastModified > 0) return [number, last.index, inServiceSince, lastModified] as const;
    return inServiceSince > 0
      ? ([number, last.index, inServiceSince] as const)
      : ([number, last.index] as const);
  });
  return { v: FORMAT_VERSION, facts, rows };
}

/** Undefined for a damaged chunk, or one that another version wrote. */
export function unpackChunk(stored: unknown): readonly InventoryNumber[] | undefined {
  const { v, facts, rows } = (stored ?? {}) as Partial<StoredChunk>;
  if (v !== FORMAT_VERSION || !Array.isArray(facts) || !Array.isArray(rows)) return undefined;
  return rows.map(([number, index, since = 0, modified = 0]): InventoryNumber => {
    const read: { -readonly [Field in keyof InventoryNumber]: InventoryNumber[Field] } = {
      number,
      ...facts[index],
    };
    if (since > 0) read.inServiceSince = since;
    if (modified > 0) read.lastModified = modified;
    return read;
  });
}

/** Compares by identity where that suffices: equal facts that aren't found this way are found by their text. */
const sharesFacts = (one: InventoryNumber, other: InventoryNumber): boolean =>
  one.city === other.city &&
  one.state === other.state &&
  one.rateCenter === other.rateCenter &&
  one.status === other.status &&
  one.site === other.site &&
  one.location === other.location &&
  one.bought === other.bought;
