/*
 * Every transition of an order. Decisions, actions and anything people would see become events; the rest is written
 * without one. Each transition counts as one write.
 */

export * from './transitions/bookkeeping.js';
export * from './transitions/deciding.js';
export * from './transitions/following.js';
export * from './transitions/holding.js';
export * from './transitions/lines.js';
export * from './transitions/looking-up.js';
export * from './transitions/sending.js';
