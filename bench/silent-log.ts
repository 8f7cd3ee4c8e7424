import type { Log } from '../src/orders/ports/log.js';

/** Logs nothing, for measurements of time. */
export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
