import type { Reason } from '../domain/reason.js';
import type { Timestamp } from '../domain/request.js';
import { CarrierError } from '../ports/carrier.js';

/** A request to Bandwidth that failed. */
export interface CarrierFailure {
  /** `error` when it isn't Bandwidth's failure but a bug in this app. */
  readonly level: 'warn' | 'error';
  readonly reason: Reason;
  /** When Bandwidth wants to be asked again, if it said so. */
  readonly retryAt: Timestamp | undefined;
}

export function readFailure(error: unknown): CarrierFailure {
  if (error instanceof CarrierError) {
    return { level: 'warn', reason: error.advice, retryAt: error.retryAt };
  }
  return { level: 'error', reason: { why: 'answer-not-understood' }, retryAt: undefined };
}
