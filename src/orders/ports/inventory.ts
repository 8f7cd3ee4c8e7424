import type { AccountNumber, InventoryNumber } from '../domain/number-record.js';
import type { PhoneNumber } from '../domain/phone-number.js';
import type { Location, Site, Timestamp } from '../domain/request.js';
import type { PartlyRead } from './carrier.js';

/** How many numbers the account has. If either changes, the inventory has changed. */
export interface InventoryTotals {
  /** Absent if it isn't known. */
  readonly inService?: number;
  /** Absent if it isn't known. */
  readonly disconnected?: number;
}

/** One page of a list of numbers. Neither its sequence nor its completeness is guaranteed. */
export interface NumberPage {
  readonly numbers: readonly AccountNumber[];
  /** How many rows the page has, including those of numbers that aren't in service. */
  readonly rows: number;
  /** How many of them couldn't be read. */
  readonly unread: number;
  /** How many numbers all pages have together, if Bandwidth says so. */
  readonly total?: number;
  /** The key of the next page; absent on the last one. */
  readonly nextPage?: string;
}

/** What Bandwidth says about one number when asked about it by itself. */
export type NumberVerdict =
  | { readonly verdict: 'in-service'; readonly number: AccountNumber }
  /** On this account, but not in service; `status` is Bandwidth's, e.g. Aging, if it has one. */
  | { readonly verdict: 'not-in-service'; readonly status?: string }
  /** On another account, or none. */
  | { readonly verdict: 'not-ours' };

/**
 * Reads the account's numbers from Bandwidth, at background priority. Every method throws CarrierError; one with the
 * trouble `forbidden` means that the credentials lack the role.
 */
export interface InventorySource {
  /** Undefined if the credentials lack the role for it. */
  total(of: keyof InventoryTotals): Promise<number | undefined>;
  /** Lists numbers in service with their details: the first page, or the one named in an earlier answer. */
  listNumbers(page?: string): Promise<NumberPage>;
  /** Lists numbers in service without any details; it needs another role than `listNumbers`. */
  listBareNumbers(page?: string): Promise<NumberPage>;
  /** Lists the numbers of one location. */
  listLocationNumbers(siteId: string, locationId: string, page?: string): Promise<NumberPage>;
  sites(): Promise<PartlyRead<Site>>;
  locations(siteId: string): Promise<PartlyRead<Location>>;
  /** Asks about up to 2,500 numbers. A number missing from the answer is not known. */
  judge(numbers: readonly PhoneNumber[]): Promise<ReadonlyMap<PhoneNumber, NumberVerdict>>;
  /** Asks about one number, with the role that `listBareNumbers` needs. */
  isInService(number: PhoneNumber): Promise<boolean>;
  /** Returns how many background lookups would be allowed now, and how many per minute. */
  lookups(): { readonly left: number; readonly perMinute: number };
}

/** What the credentials may not read. */
export type MissingRole =
  /** GET /tns: every detail of the numbers. */
  | 'numbers'
  /** GET inserviceNumbers. */
  | 'in-service-numbers'
  /** The sub-accounts' and locations' lists. */
  | 'locations';

/** How complete and how recent the inventory is. */
export interface InventoryState {
  /** When the last finished walk began. Absent until the first one has finished; then the records are incomplete. */
  readonly asOf?: Timestamp;
  /** How many numbers are on record. */
  readonly count: number;
  /** How many rows that walk couldn't read. Unless it is 0, a number that isn't on record may still be in service. */
  readonly unread: number;
  readonly missingRoles: readonly MissingRole[];
  /** The walk in progress. */
  readonly walking?: { readonly since: Timestamp; readonly read: number; readonly total?: number };
  /** Why the walk doesn't get on, in a sentence for people. */
  readonly trouble?: string;
}

/** The account's numbers in service, as last walked and updated by our own orders since. Throws StoreError. */
export interface Inventory {
  state(): Promise<InventoryState>;
  /** Undefined if the number isn't on record, which proves nothing unless a walk has finished. */
  get(number: PhoneNumber): Promise<InventoryNumber | undefined>;
  /**
   * Iterates over the numbers in ascending order, some hundred at a time. With a prefix (digits of the national number,
   * e.g. `910555`) only over those that begin with it.
   */
  list(prefix?: string): AsyncIterable<readonly InventoryNumber[]>;
  /** Returns the numbers from that position on, counted from 0, and how many there are. Costs the same anywhere. */
  slice(
    prefix: string,
    from: number,
    size: number,
  ): Promise<{ readonly numbers: readonly InventoryNumber[]; readonly total: number }>;
}

/** Some hundred numbers in one piece. A chunk is never changed, only replaced by another. */
export interface ChunkEntry {
  readonly id: string;
  readonly first: PhoneNumber;
  readonly count: number;
}

/** What the inventory consists of. Replacing it replaces the inventory at once, or not at all. */
export interface InventoryIndex {
  /** As in {@link InventoryState}. */
  readonly asOf?: Timestamp;
  readonly unread: number;
  readonly missingRoles: readonly MissingRole[];
  /** When that walk began; a change of them means that there is something to walk for. */
  readonly totals: InventoryTotals;
  /** In ascending order of their first numbers. */
  readonly chunks: readonly ChunkEntry[];
  /** Chunks of numbers that our own orders disconnected lately; a walk may still have listed them. */
  readonly removed: ReadonlyArray<{ readonly at: Timestamp; readonly chunkId: string }>;
}

/** What a walk reads next; `nothing` when everything is read. */
export type WalkStage = 'numbers' | 'bare-numbers' | 'sites' | 'locations' | 'location-numbers' | 'nothing';

/** How far a walk has come, so that another process can continue it. */
export interface WalkPosition {
  readonly startedAt: Timestamp;
  /** Before the walk began. */
  readonly totals: InventoryTotals;
  readonly stage: WalkStage;
  /** The key of the next page of the list being read. */
  readonly page: string;
  /** The keys of that list's earlier pages, and the first number of each. */
  readonly seen: ReadonlyArray<{ readonly page: string; readonly first?: PhoneNumber }>;
  /** The sub-accounts whose locations are still to be listed. */
  readonly sites: readonly Site[];
  /** The locations whose numbers are still to be listed. */
  readonly locations: ReadonlyArray<{ readonly site: Site; readonly location: Location }>;
  /** Chunks of the numbers read so far. */
  readonly numberChunks: readonly string[];
  /** Chunks of the same numbers with their sub-accounts and locations. */
  readonly locationChunks: readonly string[];
  /** How many rows were read. */
  readonly read: number;
  readonly unread: number;
  readonly missingRoles: readonly MissingRole[];
  /** Why the last call failed, in a sentence for people. */
  readonly trouble?: string;
}

/** Keeps the inventory and the walk in progress. Every method throws StoreError. */
export interface InventoryStore {
  index(): Promise<InventoryIndex | undefined>;
  /** Returns false if someone else replaced it since `current` was read. */
  replaceIndex(current: InventoryIndex | undefined, next: InventoryIndex): Promise<boolean>;
  /** Returns the new chunk's id. */
  writeChunk(numbers: readonly InventoryNumber[]): Promise<string>;
  /** Undefined if it was replaced since the index was read. */
  readChunk(id: string): Promise<readonly InventoryNumber[] | undefined>;
  removeChunks(ids: readonly string[]): Promise<void>;
  /** Removes what a crash left behind: every chunk but these, unless it was written within the last hour. */
  removeAllBut(ids: ReadonlySet<string>): Promise<void>;
  position(): Promise<WalkPosition | undefined>;
  /** Returns false if someone else replaced it since `current` was read. */
  replacePosition(current: WalkPosition | undefined, next: WalkPosition | undefined): Promise<boolean>;
}
