import { describe, expect, test } from '@jest/globals';
import { endOfAbsence, readAwayWords } from '../../../src/slack/commands/away-words.js';
import { fc, runs } from '../../support/properties.js';

/** A Sunday, at a quarter to eleven in UTC. */
const sunday = Date.UTC(2026, 10, 29, 10, 45);
const cleo = '<@U0CLEO|cleo>';

/** When an absence in these words ends, as people read it. */
function endOf(words: string, now = sunday): string {
  const read = readAwayWords(`${words} ${cleo}`);
  if (read.about !== 'delegate') return JSON.stringify(read);
  expect(read.userId).toBe('U0CLEO');
  return new Date(endOfAbsence(read.until, now)).toISOString().slice(0, 16);
}

describe('after /numbers away a person types', () => {
  test.each([
    ['until Friday', '2026-12-05T00:00'],
    ['until fri', '2026-12-05T00:00'],
    ['till next Friday', '2026-12-05T00:00'],
    ['until Sunday', '2026-12-07T00:00'],
    ['until monday', '2026-12-01T00:00'],
    ['Friday', '2026-12-05T00:00'],
    ['today', '2026-11-30T00:00'],
    ['tomorrow', '2026-12-01T00:00'],
    ['until tomorrow', '2026-12-01T00:00'],
    ['until the end of tomorrow', '2026-12-01T00:00'],
    ['until 2026-12-05', '2026-12-06T00:00'],
    ['until Dec 5, 2026', '2026-12-06T00:00'],
    ['until December 5 2026', '2026-12-06T00:00'],
    ['through 2028-02-29', '2028-03-01T00:00'],
    ['for 3 days', '2026-12-02T10:45'],
    ['for 1 week', '2026-12-06T10:45'],
    ['for a week', '2026-12-06T10:45'],
    ['4 hours', '2026-11-29T14:45'],
    ['for 2days', '2026-12-01T10:45'],
  ])('“%s”, and is away until %s UTC', (words, end) => {
    expect(endOf(words)).toBe(end);
  });

  test('a colleague anywhere among the words', () => {
    const read = readAwayWords(`${cleo} until Friday please`);
    expect(read).toEqual({ about: 'delegate', userId: 'U0CLEO', until: { weekday: 5 } });
  });

  test('nothing, and sees who is away', () => {
    expect(readAwayWords('')).toEqual({ about: 'show' });
  });

  test.each([
    ['until Friday', 'no-person'],
    [cleo, 'no-time'],
    [`until ${cleo}`, 'no-time'],
    [`until 2026-02-30 ${cleo}`, 'no-such-day'],
    [`until 2026-13-01 ${cleo}`, 'no-such-day'],
    [`for 0 days ${cleo}`, 'no-such-day'],
    [`until 12/5 ${cleo}`, 'not-understood'],
    [`until Smarch 5 2026 ${cleo}`, 'no-such-day'],
    [`until whenever ${cleo}`, 'not-understood'],
    [`until Friday Monday ${cleo}`, 'not-understood'],
    ['until Friday @cleo', 'no-such-person'],
    [`until Friday ${cleo} <@U0DAN>`, 'several-people'],
  ])('%j, and is told what is wrong: %s', (text, why) => {
    expect(readAwayWords(text)).toMatchObject({ about: 'fault', fault: { why } });
  });

  test('anything at all, and gets an answer', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(['show', 'delegate', 'fault']).toContain(readAwayWords(`${text} ${cleo}`).about);
      }),
      { numRuns: runs(500) },
    );
  });

  test('a day of the week, and it is one of the next seven days, never today', () => {
    const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
    for (const day of days) {
      const end = Date.parse(`${endOf(`until ${day}`)}Z`);
      // It ends at midnight after that day.
      expect(days[new Date(end - 1).getUTCDay()]).toBe(day);
      expect(end).toBeGreaterThan(sunday + 24 * 60 * 60_000 - 10.75 * 60 * 60_000);
      expect(end).toBeLessThanOrEqual(sunday + 8 * 24 * 60 * 60_000);
    }
  });
});
