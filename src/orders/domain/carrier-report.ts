import type { PhoneNumber } from './phone-number.js';
import type { Timestamp } from './request.js';

/** An error code and text in Bandwidth's own words. */
export interface CarrierFault {
  readonly code: string;
  readonly description: string;
  readonly numbers: readonly PhoneNumber[];
}

/** Statuses that can still change. */
export type OpenCarrierStatus = 'received' | 'processing' | 'backordered';

/** Statuses that end an order at Bandwidth. */
export type FinalCarrierStatus = 'complete' | 'partial' | 'failed';

/** The state of one carrier order at one moment. */
export interface CarrierReport {
  /** Numbers assigned to a campaign that Bandwidth doesn't call fully provisioned yet. */
  readonly unprovisioned?: readonly PhoneNumber[];
  readonly status: OpenCarrierStatus | FinalCarrierStatus;
  readonly completed: readonly PhoneNumber[];
  /** How many numbers were delivered, if Bandwidth says so; a finished order may not list its numbers. */
  readonly completedQuantity?: number;
  /** How many of the listed numbers couldn't be parsed. */
  readonly unread?: number;
  readonly failed: readonly PhoneNumber[];
  readonly faults: readonly CarrierFault[];
  readonly summary?: string;
  /**
   * Bandwidth's status if we don't know it, or empty if it sent none. The order then counts as processing, because only
   * a known status ends it.
   */
  readonly unknownStatus?: string;
}

/** The result of an order at Bandwidth. */
export type Outcome = Omit<CarrierReport, 'status' | 'unknownStatus'>;

/**
 * Returns how many numbers were delivered (or disconnected), as far as Bandwidth says: it may list more than it counts,
 * or count more than it lists. Undefined if it says nothing, or reports a complete order that delivered none.
 */
export function deliveredQuantity(
  status: FinalCarrierStatus,
  { completed, completedQuantity, unread = 0 }: Outcome,
): number | undefined {
  const listed = completed.length + unread;
  const quantity = Math.max(listed, completedQuantity ?? 0);
  if (quantity > 0) return quantity;
  return status === 'failed' ? 0 : undefined;
}

/** Whether the list contains every delivered number. Only then does it tell which numbers weren't delivered. */
export function listsAll({ completed, completedQuantity = 0, unread = 0 }: Outcome): boolean {
  return unread === 0 && completedQuantity <= completed.length;
}

/** A rejection by Bandwidth. */
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
  /** How many numbers were delivered, if that is more than Bandwidth lists. */
  readonly completedQuantity?: number;
  /** As in a {@link CarrierReport}. */
  readonly unread?: number;
  readonly unknownStatus?: string;
}

/** Whether the order can no longer change at Bandwidth. */
export function isFinalReport(status: CarrierReport['status']): status is FinalCarrierStatus {
  return status === 'complete' || status === 'partial' || status === 'failed';
}

/** Returns how many numbers have been delivered so far. */
export function deliveredSoFar({ completed, completedQuantity = 0, unread = 0 }: CarrierOrder): number {
  return Math.max(completed.length + unread, completedQuantity);
}

/** The response to a request that may or may not have been accepted: none, or an HTTP status that doesn't tell. */
export type UnclearAnswer = 'nothing' | number;

/** The response to a request whose outcome is unknown. */
export interface UnclearResponse {
  /** Absent if we were interrupted before the response, and in old records. */
  readonly heard?: UnclearAnswer;
  /** The errors in that response. Absent if there were none, and in old records. */
  readonly faults?: readonly CarrierFault[];
}
