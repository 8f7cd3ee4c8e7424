import { describe, expect, test } from '@jest/globals';
import { nextCheckAt, reasonToWalk } from '../../../src/orders/inventory/walk-schedule.js';
import type { InventoryIndex } from '../../../src/orders/ports/inventory.js';

const at = (time: string) => Date.parse(`2026-11-30T${time}:00Z`);
const readAt = (asOf: number): InventoryIndex => ({
  asOf,
  totals: { inService: 100, disconnected: 5 },
  chunks: [],
  removed: [],
  unread: 0,
  missingRoles: [],
});

describe('The numbers of the account are read', () => {
  test('if they never were', () => {
    expect(reasonToWalk(undefined, {}, at('12:00'))).toBe('first');
  });

  test('once a night, even if the totals are the same', () => {
    const index = readAt(at('07:59'));
    const totals = { inService: 100, disconnected: 5 };
    expect(reasonToWalk(index, totals, at('07:59'))).toBeUndefined();
    expect(reasonToWalk(index, totals, at('08:00'))).toBe('nightly');
  });

  test('if a total changed; a total that Bandwidth does not give proves nothing', () => {
    const index = readAt(at('09:00'));
    expect(reasonToWalk(index, { inService: 101 }, at('10:00'))).toBe('changed');
    expect(reasonToWalk(index, { inService: 100, disconnected: 6 }, at('10:00'))).toBe('changed');
    expect(reasonToWalk(index, {}, at('10:00'))).toBeUndefined();
  });
});

test('The totals are compared every hour, and at 8 AM UTC', () => {
  expect(nextCheckAt(at('12:00'))).toBe(at('13:00'));
  expect(nextCheckAt(at('07:30'))).toBe(at('08:00'));
});
