import { describe, expect, test } from '@jest/globals';
import { endReasonOf, pauseAfter } from '../../../src/slack/connection/socket-endings.js';

describe('After Slack has ended a socket, the next one', () => {
  test.each([
    ['comes at once after a refresh', 'refresh_requested', 0, 50],
    ['comes at once after a warning', 'warning', 1, 50],
    ['comes at once after a lost connection', 'lost', 0, 50],
    ['comes later and later if none lives', 'lost', 5, 800],
    ['comes within half a minute in any case', 'refresh_requested', 99, 30_000],
    ['waits until others are gone if there are too many', 'too_many_websockets', 0, 30_000],
    ['waits longer if there still are', 'too_many_websockets', 2, 60_000],
    ['waits at most five minutes for that', 'too_many_websockets', 99, 300_000],
    ['comes at once if Socket Mode was turned off, which may be over', 'link_disabled', 1, 50],
    ['comes every minute if it stays off', 'link_disabled', 2, 60_000],
    ['comes at once after a reason nobody knows', 'other', 0, 50],
  ] as const)('%s', (_, reason, inARow, pauseMs) => {
    expect(pauseAfter(reason, inARow)).toBe(pauseMs);
  });

  test('depends on a reason that Slack gave', () => {
    expect(['warning', 'link_disabled', 'new_reason', undefined, 7].map(endReasonOf)).toEqual([
      'warning',
      'link_disabled',
      'other',
      'other',
      'other',
    ]);
  });
});
