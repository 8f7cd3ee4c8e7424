import type { DamagedEntry, JournalEntry, JournalEvent } from '../domain/journal-entry.js';
import type { Person, Timestamp } from '../domain/request.js';

/** An order, a person's delegations, or an explanation of drift, as far as the journal is concerned. */
export interface JournaledRecord {
  readonly id: string;
  readonly requester: Person;
  readonly events: readonly JournalEvent[];
}

/**
 * What was decided and done: one append-only, hash-chained list of events per workspace (the requester's team). Every
 * method throws {@link StoreError} when it can't be reached.
 */
export interface Journal {
  /**
   * Appends the events that are missing. Each event becomes one entry, no matter how often, from how many
   * processes or after which crash this is called. Durable once it resolves.
   */
  append(record: JournaledRecord): Promise<void>;
  /** Returns the entries written since then, oldest first, with unreadable ones in their places. */
  since(teamId: string, writtenAt: Timestamp): AsyncIterable<JournalEntry | DamagedEntry>;
}

/** The journal as stored, for verification. */
export interface JournalArchive {
  /** Lists what is stored in the journal without reading it. */
  survey(): Promise<{
    /** For each workspace with a journal, the numbers of its entries in ascending order. */
    readonly chains: ReadonlyMap<string, readonly number[]>;
    /** Keys stored in the journal that can't belong to an entry. */
    readonly strays: readonly string[];
  }>;
  /** Returns the stored value of this entry, or the error of reading it; undefined if there is none. */
  entry(teamId: string, sequence: number): Promise<unknown>;
}
