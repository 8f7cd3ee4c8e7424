import { describe, expect, test } from '@jest/globals';
import { makeLookupLimit, type Priority } from '../../src/bandwidth/lookup-limit.js';
import { CarrierError } from '../../src/orders/ports/carrier.js';
import { allQuiet, makeManualClock } from '../support/orders/manual-clock.js';
import { fc, runs } from '../support/properties.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

function aLimit(perMinute: number) {
  const clock = makeManualClock();
  const limit = makeLookupLimit({ perMinute, clock });
  const through: { at: number; patience: Priority }[] = [];
  const asks = (patience: Priority) =>
    limit.acquire(patience).then(() => void through.push({ at: clock.now(), patience }));
  return { clock, limit, through, asks };
}

describe('The lookups of one minute', () => {
  test('are allowed at once while any are left', async () => {
    const { limit, asks, through } = aLimit(30);
    await Promise.all(Array.from({ length: 28 }, () => asks('background')));
    expect(through).toHaveLength(28);
    expect(limit.left()).toBe(0);
  });

  test('are never all used by background lookups', async () => {
    const { asks, through } = aLimit(30);
    for (let i = 0; i < 40; i++) void asks('background');
    await allQuiet();
    expect(through).toHaveLength(28);
    await Promise.all([asks('interactive'), asks('interactive')]);
    expect(through).toHaveLength(30);
  });

  test('never keep a person waiting; background lookups wait instead', async () => {
    const { clock, asks, through } = aLimit(15);
    void asks('background');
    await Promise.all(Array.from({ length: 40 }, () => asks('interactive')));
    void asks('background');
    await clock.advance(MINUTE - 1);
    expect(through).toHaveLength(41);
    await clock.advance(2);
    expect(through).toHaveLength(42);
  });

  test('are refused with a time to try again if the wait would be too long', async () => {
    const { clock, limit } = aLimit(1);
    await limit.acquire('background');
    const waiting = Array.from({ length: 3 }, () =>
      limit.acquire('background').catch((error: unknown) => error),
    );
    await clock.advance(2 * MINUTE);
    const [first, second] = await Promise.all(waiting);
    expect(first).toBeUndefined();
    expect(second).toBeInstanceOf(CarrierError);
    expect(second).toMatchObject({ trouble: 'throttled', retryAt: expect.any(Number) });
  });

  test('end for everyone when Bandwidth answers with a 429, until the time it names', async () => {
    const { clock, limit, asks, through } = aLimit(90);
    limit.blockUntil(clock.now() + 30 * SECOND);
    expect(limit.left()).toBe(0);
    void asks('interactive');
    void asks('background');
    await clock.advance(30 * SECOND - 1);
    expect(through).toEqual([]);
    await clock.advance(2);
    expect(through).toHaveLength(2);
  });

  test('do not end for hours because someone has set the clock back', async () => {
    const { clock, limit } = aLimit(10);
    await Promise.all(Array.from({ length: 10 }, () => limit.acquire('interactive')));
    limit.blockUntil(clock.now() + MINUTE);
    clock.jump(-5 * 60 * MINUTE);
    expect(limit.left()).toBe(0);
    await clock.advance(MINUTE + 1);
    expect(limit.left()).toBeGreaterThan(0);
  });

  test('that are waiting are rejected when the app stops', async () => {
    const { limit } = aLimit(1);
    await limit.acquire('background');
    const waiting = limit.acquire('background');
    limit.close();
    await expect(waiting).rejects.toBeInstanceOf(CarrierError);
  });
});

test('No matter who asks and when, background lookups never exceed the limit in any minute', async () => {
  const step = fc.record({
    after: fc.nat(20_000),
    count: fc.nat(12),
    patience: fc.constantFrom('interactive' as const, 'background' as const),
    enough: fc.option(fc.nat(90_000), { nil: undefined, freq: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 20 }),
      fc.array(step, { maxLength: 25 }),
      async (perMinute, steps) => {
        const { clock, limit, asks, through } = aLimit(perMinute);
        for (const { after, count, patience, enough } of steps) {
          for (let i = 0; i < count; i++) void asks(patience).catch(() => {});
          if (enough !== undefined) limit.blockUntil(clock.now() + enough);
          await clock.advance(after);
        }
        await clock.advance(3 * MINUTE);
        for (const [index, { at, patience }] of through.entries()) {
          if (patience === 'interactive') continue;
          const lastMinute = through.slice(0, index + 1).filter((other) => other.at > at - MINUTE);
          expect(lastMinute.length).toBeLessThanOrEqual(perMinute);
        }
      },
    ),
    { numRuns: runs(60) },
  );
});
