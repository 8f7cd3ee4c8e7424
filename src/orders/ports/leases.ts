/**
 * Leases on work among instances that share the store. They only keep instances out of each other's way: a lease can be
 * lost unnoticed, so what must never happen twice is guarded by conditional writes.
 */
export interface Leases {
  /** True if no other instance can exist; then leases are always granted and nothing is written. */
  readonly alone: boolean;
  /** Returns undefined while someone else has it. It is held until it is given back or its holder dies. */
  take(what: string): Promise<Lease | undefined>;
}

export interface Lease {
  /** True once it may have passed to someone else, because the store was unreachable for too long. */
  readonly lost: boolean;
  /** Never rejects. */
  giveBack(): Promise<void>;
}
