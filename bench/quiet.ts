import type { Log } from '../src/orders/ports.js';

/** Nothing is logged where only time is of interest. */
export const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
