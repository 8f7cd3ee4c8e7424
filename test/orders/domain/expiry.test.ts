import { describe, expect, test } from '@jest/globals';
import { dueReminder, isOver, MAX_APPROVAL_TTL_MS } from '../../../src/orders/domain/expiry.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const since = Date.UTC(2026, 0, 5, 9);

describe('a request', () => {
  test('expires at exactly its time, and not before', () => {
    expect(isOver(since + DAY, since + DAY - 1)).toBe(false);
    expect(isOver(since + DAY, since + DAY)).toBe(true);
    expect(isOver(since + DAY, since + 30 * DAY)).toBe(true);
  });

  test('waits at most as long as the limit', () => {
    expect(isOver(since + MAX_APPROVAL_TTL_MS, since)).toBe(false);
  });

  test('has expired if the clock has been set back so far that it would wait longer than any request can', () => {
    expect(isOver(since + DAY, since - HOUR)).toBe(false);
    expect(isOver(since + DAY, since - 365 * DAY)).toBe(true);
  });
});

describe('approvers are reminded', () => {
  const remindedAt = (ttl: number) => {
    const changes: string[] = [];
    let before: string | undefined;
    for (let after = 0; after <= ttl; after += MINUTE) {
      const due = dueReminder({ since, expiresAt: since + ttl }, since + after);
      if (due !== before) changes.push(`${after / MINUTE} min: ${due ?? 'nothing'}`);
      before = due;
    }
    return changes;
  };

  test.each([
    ['a day', DAY, ['720 min: reminder-half', '1380 min: reminder-hour', '1440 min: nothing']],
    ['three hours', 3 * HOUR, ['90 min: reminder-half', '120 min: reminder-hour', '180 min: nothing']],
    ['two hours and a half', 2.5 * HOUR, ['90 min: reminder-hour', '150 min: nothing']],
    ['two hours', 2 * HOUR, ['60 min: reminder-hour', '120 min: nothing']],
    ['an hour and a half', 1.5 * HOUR, ['45 min: reminder-half', '90 min: nothing']],
    ['half an hour', 30 * MINUTE, ['15 min: reminder-half', '30 min: nothing']],
    ['a few minutes', 5 * MINUTE, []],
    [
      'two weeks',
      14 * DAY,
      [`${7 * 24 * 60} min: reminder-half`, `${14 * 24 * 60 - 60} min: reminder-hour`, '20160 min: nothing'],
    ],
  ])('of a request that waits for %s', (_what, ttl, expected) => {
    expect(remindedAt(ttl)).toEqual(expected);
  });
});
