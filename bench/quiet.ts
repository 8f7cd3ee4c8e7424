import type { Log } from '../src/orders/ports.js';

/** Logs nothing, for measurements of time. */
export const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
