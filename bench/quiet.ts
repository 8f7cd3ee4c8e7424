import type { Log } from '../src/orders/ports/log.js';

/** Logs nothing, for measurements of time. */
export const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
