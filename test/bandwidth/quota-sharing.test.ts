import { describe, expect, test } from '@jest/globals';
import { makeLookupLimit, type Priority } from '../../src/bandwidth/lookup-limit.js';
import { makeQuotaSharing } from '../../src/bandwidth/quota-sharing.js';
import type { LookupsMade, QuotaStore } from '../../src/orders/ports/quota-store.js';
import { StoreError } from '../../src/orders/ports/store-errors.js';
import { makeManualClock } from '../support/orders/manual-clock.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** By then everybody knows of everything. */
const HEARD_MS = 5 * SECOND;

/** So many instances that share a store, which may be away, each with a limit for all of them. */
function instances(count: number, perMinute: number) {
  const clock = makeManualClock();
  const store = { away: false };
  const told = new Map<string, LookupsMade>();
  let writes = 0;
  const reaching = async () => {
    if (store.away) throw new StoreError('away');
  };
  const through: { at: number; patience: Priority }[] = [];
  const all = Array.from({ length: count }, (_, index) => {
    const self = `instance ${index}`;
    const shared: QuotaStore = {
      async tell(mine) {
        await reaching();
        writes += 1;
        told.set(self, mine);
      },
      async others() {
        await reaching();
        return new Map([...told].filter(([instance]) => instance !== self));
      },
    };
    const sharing = makeQuotaSharing({ perMinute, shared, clock, log: { debug: () => {} } });
    const limit = makeLookupLimit({ perMinute, clock, sharedQuota: sharing });
    const asks = (patience: Priority) =>
      limit.acquire(patience).then(() => void through.push({ at: clock.now(), patience }));
    return { limit, sharing, asks, start: () => sharing.start() };
  });
  /** All of them follow as much as they may, for so long. */
  const follow = async (ms: number) => {
    for (let left = ms; left > 0; left -= 500) {
      for (const { limit, asks } of all) while (limit.left() > 0) await asks('background');
      await clock.advance(500);
    }
  };
  const inAnyMinute = () =>
    Math.max(
      ...through.map(({ at }) => through.filter((one) => one.at > at - MINUTE && one.at <= at).length),
    );
  return { clock, store, told, all, through, follow, inAnyMinute, written: () => writes };
}

describe('Instances that share a store', () => {
  test.each([2, 3, 5])(
    'make no more lookups when %i of them follow orders together than one would',
    async (count) => {
      const { all, follow, inAnyMinute, clock } = instances(count, 90);
      for (const { start } of all) {
        start();
        // Not all in one moment.
        await clock.advance(700);
      }
      await follow(5 * MINUTE);
      expect(inAnyMinute()).toBe(84);
    },
  );

  test('leave nearly all lookups to the one that needs them', async () => {
    const { all, clock, inAnyMinute } = instances(3, 90);
    for (const { start } of all) start();
    const [busy] = all;
    for (let beat = 0; beat < 4 * 60; beat++) {
      while (busy !== undefined && busy.limit.left() > 0) await busy.asks('background');
      await clock.advance(1_000);
    }
    expect(inAnyMinute()).toBeGreaterThan(75);
  });

  test('write nothing while no lookups are made', async () => {
    const { all, clock, written } = instances(2, 90);
    for (const { start } of all) start();
    await clock.advance(MINUTE);
    const once = written();
    expect(once).toBeLessThanOrEqual(6);
    await clock.advance(5 * MINUTE);
    expect(written()).toBe(once);
  });

  test('never keep a person waiting because of the others, and make room for people’s lookups elsewhere', async () => {
    const { all, clock, through } = instances(2, 90);
    const [one, other] = all;
    for (const { start } of all) start();
    for (let look = 0; look < 100; look++) await one?.asks('interactive');
    await clock.advance(HEARD_MS);
    expect(other?.limit.left()).toBe(0);
    await other?.asks('interactive');
    void other?.asks('background');
    await clock.advance(MINUTE - 2 * HEARD_MS);
    expect(through).toHaveLength(101);
    await clock.advance(3 * HEARD_MS);
    expect(through).toHaveLength(102);
  });

  test('stop following when one of them gets a 429, until the time it names; people’s lookups continue', async () => {
    const { all, clock } = instances(2, 90);
    const [one, other] = all;
    for (const { start } of all) start();
    one?.limit.blockUntil(clock.now() + 30 * SECOND);
    await clock.advance(HEARD_MS);
    expect(other?.limit.left()).toBe(0);
    await other?.asks('interactive');
    await clock.advance(20 * SECOND);
    expect(other?.limit.left()).toBe(0);
    await clock.advance(2 * HEARD_MS);
    expect(other?.limit.left()).toBeGreaterThan(0);
  });

  test('count alone while the store is down, and together again afterwards', async () => {
    const { all, clock, store, follow, through } = instances(2, 90);
    for (const { start } of all) start();
    await clock.advance(HEARD_MS);
    store.away = true;
    await clock.advance(HEARD_MS);
    await follow(2 * MINUTE);
    expect(through.length).toBeGreaterThan(2 * 84);
    store.away = false;
    await follow(3 * MINUTE);
    expect(through.filter(({ at }) => at > clock.now() - MINUTE).length).toBeLessThanOrEqual(84);
  });

  test('get all the lookups of one that died, a minute after it is forgotten', async () => {
    const { all, clock, told, through } = instances(2, 90);
    const [one, other] = all;
    for (const { start } of all) start();
    for (let look = 0; look < 60; look++) await one?.asks('interactive');
    await clock.advance(HEARD_MS);
    expect(other?.limit.left()).toBeLessThanOrEqual(24);
    one?.sharing.stop();
    told.delete('instance 0');
    await clock.advance(MINUTE);
    const before = through.length;
    for (let beat = 0; beat < 10; beat++) {
      while (other !== undefined && other.limit.left() > 0) await other.asks('background');
      await clock.advance(HEARD_MS);
    }
    expect(through.length - before).toBe(84);
  });
});
