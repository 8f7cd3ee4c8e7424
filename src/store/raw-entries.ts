/** An entry as it's stored: the text that keyv made of its value. */
export interface RawEntry {
  readonly key: string;
  readonly text: string;
  /** Absent if it stays for good. */
  readonly expiresInMs?: number;
}

/** The entries of one namespace as they are stored, for what doesn't look into them. Every method may reject. */
export interface RawEntries {
  /** Iterates over every entry that hasn't expired, in no particular order. */
  batches(): AsyncIterable<readonly RawEntry[]>;
  /** Writes them over what is there. Durable once it resolves; if it rejects, some may be written. */
  write(entries: readonly RawEntry[]): Promise<void>;
  clear(): Promise<void>;
}

export const toExpire = (key: string, text: string, expiresInMs: number | undefined): RawEntry =>
  expiresInMs === undefined ? { key, text } : { key, text, expiresInMs };
