import type { DelegationRecord } from '../domain/delegation.js';

/** Who is away and who decides for them. Every method throws {@link StoreError} when it can't be reached. */
export interface DelegationStore {
  all(): Promise<readonly DelegationRecord[]>;
  of(userId: string): Promise<DelegationRecord | undefined>;
  /** Returns false if the person has a record already. */
  insert(record: DelegationRecord): Promise<boolean>;
  /** Writes only if the record is still the one that `current` is; returns false if someone else wrote first. */
  replace(current: DelegationRecord, next: DelegationRecord): Promise<boolean>;
}
