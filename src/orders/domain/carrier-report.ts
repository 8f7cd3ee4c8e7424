import type { PhoneNumber } from './phone-number.js';
import type { Timestamp } from './request.js';

/** Bandwidth's own code and words, never ours. */
export interface CarrierFault {
  readonly code: string;
  readonly description: string;
  readonly numbers: readonly PhoneNumber[];
}

/** The states Bandwidth can still move on from. */
export type OpenCarrierStatus = 'received' | 'processing' | 'backordered';

/** The states that end an order at Bandwidth. */
export type FinalCarrierStatus = 'complete' | 'partial' | 'failed';

/** What Bandwidth says of one carrier order at one moment. */
export interface CarrierReport {
  readonly status: OpenCarrierStatus | FinalCarrierStatus;
  readonly completed: readonly PhoneNumber[];
  /** How many Bandwidth says it delivered, when it says so; a finished order need not list its numbers. */
  readonly completedQuantity?: number;
  /** How many numbers Bandwidth lists as delivered that can't be read. */
  readonly unread?: number;
  readonly failed: readonly PhoneNumber[];
  readonly faults: readonly CarrierFault[];
  readonly summary?: string;
  /**
   * Bandwidth's own word where it is none we know, or empty where it names no status at all; the order counts as
   * processing, because only a known word ends one.
   */
  readonly unknownStatus?: string;
}

/** Bandwidth said no to a request. */
export interface CarrierRefusal {
  readonly advice: string;
  readonly faults: readonly CarrierFault[];
}

/** The carrier order as last reported. */
export interface CarrierOrder {
  readonly id: string;
  readonly status: OpenCarrierStatus;
  readonly placedAt: Timestamp;
  readonly completed: readonly PhoneNumber[];
  /** How many have come, where Bandwidth says more than it lists. */
  readonly completedQuantity?: number;
  /** As in a {@link CarrierReport}. */
  readonly unread?: number;
  readonly unknownStatus?: string;
}

/** Nothing will change about it at Bandwidth any more. */
export function isFinalReport(status: CarrierReport['status']): status is FinalCarrierStatus {
  return status === 'complete' || status === 'partial' || status === 'failed';
}

/** How many numbers have come so far. */
export function cameSoFar({ completed, completedQuantity = 0, unread = 0 }: CarrierOrder): number {
  return Math.max(completed.length + unread, completedQuantity);
}

/**
 * What came back for a request that may or may not have been taken: nothing, or an HTTP status that settles nothing.
 */
export type UnclearAnswer = 'nothing' | number;

/** What came back for a request whose fate it leaves open. */
export interface Heard {
  /** Absent where we were interrupted before we could know, and in old records. */
  readonly heard?: UnclearAnswer;
  /** What Bandwidth complained of in that answer. Absent where it complained of nothing, and in old records. */
  readonly faults?: readonly CarrierFault[];
}
