import type { Timestamp } from '../domain/request.js';
import type { InventoryIndex, InventoryTotals } from '../ports/inventory.js';

/* When the account's numbers are counted, and when all of them are read. No side effects. */

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

const CHECK_EVERY_MS = HOUR;
/** 8 AM in UTC is night in all of North America. */
const NIGHT_AT_MS = 8 * HOUR;

/** Undefined if the inventory on record is as good as a new one. */
export function reasonToWalk(
  index: InventoryIndex | undefined,
  now: InventoryTotals,
  at: Timestamp,
): 'first' | 'nightly' | 'changed' | undefined {
  if (index?.asOf === undefined) return 'first';
  if (index.asOf < lastNight(at)) return 'nightly';
  const differ = (of: keyof InventoryTotals) =>
    now[of] !== undefined && index.totals[of] !== undefined && now[of] !== index.totals[of];
  return differ('inService') || differ('disconnected') ? 'changed' : undefined;
}

/** When the last nightly walk was due. */
const lastNight = (at: Timestamp): Timestamp => Math.floor((at - NIGHT_AT_MS) / DAY) * DAY + NIGHT_AT_MS;

export const nextCheckAt = (at: Timestamp): Timestamp => Math.min(at + CHECK_EVERY_MS, lastNight(at) + DAY);
