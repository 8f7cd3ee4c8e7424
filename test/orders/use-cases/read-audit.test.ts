import { describe, expect, test } from '@jest/globals';
import { isDamaged } from '../../../src/orders/domain/journal-entry.js';
import { makeReadAudit, type WhichMonth } from '../../../src/orders/use-cases/read-audit.js';
import { makeJournal } from '../../../src/store/journal-store.js';
import { makeMemoryNamespace } from '../../support/orders/memory-namespace.js';
import { ana, approverGroup, ben, guest, gus, sam, usualPolicy } from '../../support/orders/people.js';
import { declinedOrder } from '../../support/sample-orders.js';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

/** A time, or one with when it was written, where that was later. */
type When = number | { readonly at: number; readonly writtenAt: number };

/** A journal in which one order was declined at each of these times, and written so much later. */
async function openAudit(times: readonly When[], writtenLater = 0, anyone = false) {
  let now = 0;
  let read = 0;
  const clock = { now: () => now };
  const entries = makeMemoryNamespace();
  const journal = makeJournal({ entries, claims: makeMemoryNamespace(), clock });
  for (const time of times) {
    const { at, writtenAt } = typeof time === 'number' ? { at: time, writtenAt: time + writtenLater } : time;
    now = writtenAt;
    const order = declinedOrder('no');
    await journal.append({
      ...order,
      id: `order of ${new Date(at).toISOString()}`,
      events: order.events.map((event) => ({ ...event, at })),
    });
  }
  now = Date.UTC(2026, 10, 15);
  const readAudit = makeReadAudit({
    journal: {
      async *since(teamId, writtenAt) {
        for await (const entry of journal.since(teamId, writtenAt)) {
          read += 1;
          yield entry;
        }
      },
    },
    accounts: { standingOf: async () => 'member' },
    groups: {
      includesAny: async (groups, userId) => groups.includes(approverGroup) && userId === gus.userId,
      membersOf: async () => [gus.userId],
    },
    policy: { ...usualPolicy, approvers: { ...usualPolicy.approvers, anyone } },
    clock,
  });
  const ordersIn = async (which: WhichMonth) => {
    const audit = await readAudit(which, ben);
    if ('refused' in audit) throw new Error('Ben is an approver');
    const found = new Set<string>();
    for await (const entry of audit.entries) {
      found.add(isDamaged(entry) ? `unreadable ${entry.sequence}` : entry.orderId.slice('order of '.length));
    }
    return { month: audit.month, found: [...found] };
  };
  /** Something falls on the disk. */
  const damage = (sequence: number) => entries.set(`T1/${String(sequence).padStart(12, '0')}`, 'dust');
  return { readAudit, ordersIn, read: () => read, damage };
}

describe('Who can read the audit', () => {
  test.each([
    ['an approver by name', ben, true],
    ['an approver by group', gus, true],
    ['a colleague', sam, false],
    ['a requester', ana, false],
    ['somebody of another company', guest, false],
  ])('%s', async (_who, person, may) => {
    const { readAudit } = await openAudit([]);
    const answer = await readAudit({ monthsAgo: 0 }, person);
    expect('entries' in answer).toBe(may);
    if (!may) expect(answer).toEqual({ refused: 'not-an-approver', approvers: usualPolicy.approvers });
  });

  test('where anyone can approve, everyone can read it, each for their own workspace', async () => {
    const { readAudit } = await openAudit([Date.UTC(2026, 10, 2)], 0, true);
    const read = async (person: typeof sam) => {
      const audit = await readAudit({ monthsAgo: 0 }, person);
      let entries = 0;
      if ('entries' in audit) for await (const _ of audit.entries) entries += 1;
      return entries;
    };
    expect(await read(sam)).toBe(2);
    expect(await read(guest)).toBe(0);
  });
});

describe('The audit of a month', () => {
  const lastMoment = Date.UTC(2026, 10, 1) - 1;
  const firstMoment = Date.UTC(2026, 10, 1);
  const end = Date.UTC(2026, 11, 1) - 1;
  const december = Date.UTC(2026, 11, 1);
  const iso = (at: number) => new Date(at).toISOString();

  test('is what happened in it, to the millisecond, in UTC', async () => {
    const { ordersIn } = await openAudit([lastMoment, firstMoment, end, december]);
    expect(await ordersIn({ year: 2026, month: 11 })).toEqual({
      month: { year: 2026, month: 11 },
      found: [iso(firstMoment), iso(end)],
    });
    expect(await ordersIn({ monthsAgo: 0 })).toMatchObject({ month: { year: 2026, month: 11 } });
    expect(await ordersIn({ monthsAgo: 1 })).toEqual({
      month: { year: 2026, month: 10 },
      found: [iso(lastMoment)],
    });
    expect((await ordersIn({ year: 2031, month: 1 })).found).toEqual([]);
  });

  test('names unreadable entries, in each month they may belong to, and continues', async () => {
    const october = [lastMoment - 9 * DAY, lastMoment - 8 * DAY];
    const { ordersIn, damage } = await openAudit([...october, firstMoment + DAY, end, december + DAY]);
    // Two events each: the first of October, the last of October and the first of November, the last of all.
    for (const sequence of [2, 4, 5, 10]) await damage(sequence);
    expect((await ordersIn({ year: 2026, month: 10 })).found).toEqual([
      iso(lastMoment - 9 * DAY),
      'unreadable 2',
      iso(lastMoment - 8 * DAY),
      'unreadable 4',
      'unreadable 5',
    ]);
    expect((await ordersIn({ year: 2026, month: 11 })).found).toEqual([
      'unreadable 4',
      'unreadable 5',
      iso(firstMoment + DAY),
      iso(end),
    ]);
    expect((await ordersIn({ year: 2026, month: 9 })).found).toEqual([]);
  });

  test('includes what was written only days later', async () => {
    const { ordersIn } = await openAudit([lastMoment, end, december], 9 * DAY);
    expect((await ordersIn({ year: 2026, month: 10 })).found).toEqual([iso(lastMoment)]);
    expect((await ordersIn({ year: 2026, month: 11 })).found).toEqual([iso(end)]);
  });

  const hourly = (from: number, hours: number) =>
    Array.from({ length: hours }, (_, hour) => from + hour * HOUR);

  test('of long ago is read without all that came after it', async () => {
    const { ordersIn, read } = await openAudit([lastMoment, ...hourly(firstMoment, 300)]);
    expect((await ordersIn({ year: 2026, month: 10 })).found).toEqual([iso(lastMoment)]);
    expect(read()).toBeLessThan(60);
  });

  test('includes what was written after a day of work and two weeks of silence', async () => {
    const late = { at: lastMoment, writtenAt: firstMoment + 15 * DAY };
    const { ordersIn } = await openAudit([
      ...hourly(firstMoment, 20),
      late,
      ...hourly(late.writtenAt + HOUR, 20),
      { at: lastMoment - 1, writtenAt: late.writtenAt + 21 * HOUR },
      ...hourly(late.writtenAt + 22 * HOUR, 60),
    ]);
    expect((await ordersIn({ year: 2026, month: 10 })).found).toEqual([iso(lastMoment), iso(lastMoment - 1)]);
  });

  test('includes what was written while a clock was far ahead', async () => {
    const ahead = { at: lastMoment - DAY, writtenAt: december };
    const { ordersIn } = await openAudit([ahead, ...hourly(firstMoment, 60), { at: end, writtenAt: end }]);
    expect((await ordersIn({ year: 2026, month: 11 })).found).toHaveLength(61);
  });
});
