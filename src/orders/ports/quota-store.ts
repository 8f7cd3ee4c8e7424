/**
 * One instance's lookups at Bandwidth, as it reports them. Durations instead of times, because the clocks of two
 * instances may differ.
 */
export interface LookupsMade {
  /** Since it started. */
  readonly total: number;
  /** In its last minute. */
  readonly lately: number;
  /** How many more background lookups it may make before its next report. */
  readonly reserved: number;
  /** How often Bandwidth has rate-limited it, and for how long the last time. */
  readonly refusals: number;
  readonly refusedForMs: number;
}

/** Where instances that share the store report their lookups. Throws {@link StoreError} when it can't be reached. */
export interface QuotaStore {
  /** Reports this instance's lookups. The report expires after a while. */
  tell(mine: LookupsMade): Promise<void>;
  /** Returns the latest report of each other instance. */
  others(): Promise<ReadonlyMap<string, LookupsMade>>;
}
