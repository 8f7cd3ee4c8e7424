/** Why a call to the store failed: it wasn't possible to read, to list, or to write, or a write's answer was lost. */
export type StoreFailure = 'read' | 'list' | 'write' | 'unknown-write';

/**
 * Takes note of what happens, for operators. Nothing here waits or throws. What is passed in never identifies an order,
 * a person or a number.
 */
export interface Measurements {
  /** A press or command was acknowledged, this long after it arrived. */
  acknowledged(ms: number): void;
  /** Bandwidth answered, or didn't. `operation` is one of a fixed set of names. */
  carrierCalled(call: {
    readonly operation: string;
    /** Undefined if no complete answer arrived. */
    readonly status: number | undefined;
    readonly ms: number;
  }): void;
  /** A call was answered with 429. */
  rateLimited(by: 'slack' | 'bandwidth'): void;
  /** A lookup that counts against Bandwidth's limit was sent. */
  lookupSent(priority: 'interactive' | 'background'): void;
  storeFailed(failure: StoreFailure): void;
}
