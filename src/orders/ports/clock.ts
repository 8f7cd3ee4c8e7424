import type { Timestamp } from '../domain/request.js';

export interface Clock {
  now(): Timestamp;
  /** Calls `wake` once at (or just after) that time; the returned function cancels it. */
  wakeAt(at: Timestamp, wake: () => void): () => void;
}
