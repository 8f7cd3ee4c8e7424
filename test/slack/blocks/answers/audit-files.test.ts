import { describe, expect, test } from '@jest/globals';
import { entryAfter, hashOf, type JournalEntry } from '../../../../src/orders/domain/journal-entry.js';
import type { OrderEvent } from '../../../../src/orders/domain/order-event.js';
import { heldBack } from '../../../../src/orders/domain/transitions.js';
import { type AuditPart, auditFiles } from '../../../../src/slack/blocks/answers/audit-files.js';
import { report } from '../../../support/orders/scripted-carrier.js';
import {
  afterReport,
  approvedOrder,
  manyNumbers,
  noon,
  request,
  waiting,
} from '../../../support/sample-orders.js';

const november = { year: 2026, month: 11 };

/** A journal of these events. */
function journalOf(events: readonly OrderEvent[]): readonly JournalEntry[] {
  const entries: JournalEntry[] = [];
  for (const [index, event] of events.entries()) {
    entries.push(entryAfter(entries.at(-1), { teamId: 'T1', orderId: 'o1', index, event }, event.at));
  }
  return entries;
}

async function partsOf(entries: readonly JournalEntry[]): Promise<readonly AuditPart[]> {
  async function* each() {
    yield* entries;
  }
  const parts: AuditPart[] = [];
  for await (const part of auditFiles(november, each())) parts.push(part);
  return parts;
}

async function textsOf(entries: readonly JournalEntry[]) {
  const [part] = await partsOf(entries);
  const [table = '', lines = ''] = part?.files.map(({ file }) => file.toString('utf8')) ?? [];
  return { table, lines };
}

/** Reads CSV by the book, https://www.rfc-editor.org/rfc/rfc4180. */
function readCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\r\n') rows.push([]);
    if (end === '') break;
  }
  return rows.slice(0, -1);
}

describe('The audit of a month', () => {
  const story = journalOf(afterReport(report('complete', { completed: manyNumbers(2) })).events);

  test('is one row and one line for each event, in their order', async () => {
    const { table, lines } = await textsOf(story);
    const [head = [], ...rows] = readCsv(table);
    expect(rows.map((row) => row[head.indexOf('event')])).toEqual([
      'requested',
      'approved',
      'placing',
      'placed',
      'reported',
    ]);
    for (const row of rows) expect(row).toHaveLength(head.length);
    expect(
      lines
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    ).toEqual(story);
  });

  test('says who, when, what they saw and what Bandwidth answered', async () => {
    const { table } = await textsOf(story);
    const [head = [], , approval = [], , , end = []] = readCsv(table);
    const cell = (row: readonly string[], name: string) => row[head.indexOf(name)];
    expect(cell(approval, 'by (Slack user)')).toBe('UAPPROVER');
    expect(cell(approval, 'time (UTC)')).toBe('2026-11-23T12:00:00.000Z');
    expect(cell(approval, 'saw (fingerprint)')).toMatch(/^[\w-]{22}$/);
    expect(cell(end, 'Bandwidth status')).toBe('complete');
    expect(cell(end, 'numbers')).toBe('9102414000 9102414001');
  });

  test('says in the spreadsheet why an order waits, in the words of its card', async () => {
    const held = heldBack(approvedOrder(), { why: 'people-not-known' }, noon, noon + 60_000);
    const { table, lines } = await textsOf(journalOf(held.events));
    expect(table).toContain('"{""advice"":""I can\'t check with Slack whether the people');
    expect(lines).toContain('"advice":{"why":"people-not-known"}');
  });

  test('can be checked by anyone who has the file: each hash is there, and covers the previous entry', async () => {
    const { lines } = await textsOf(story);
    const entries = lines
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as JournalEntry);
    for (const [index, entry] of entries.entries()) {
      expect(hashOf(entry)).toBe(entry.hash);
      if (index > 0) expect(entry.previous).toBe(entries[index - 1]?.hash);
    }
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1+1', '＋1', '－1', '＠x'])(
    'runs no formula that someone typed: %j',
    async (typed) => {
      const { table } = await textsOf(journalOf(waiting({ reason: typed, name: `x;${typed}` }).events));
      const [head = [], row = []] = readCsv(table);
      expect(row[head.indexOf('reason')]).toBe(`'${typed.replace(/^([\t\r])=/, "$1'=")}`);
      for (const cell of readCsv(table).flat()) expect(cell).not.toMatch(/(^|[;\t\r\n])[=+\-@＝＋－＠]/);
    },
  );

  test('opens as UTF-8 in a spreadsheet', async () => {
    const { table } = await textsOf(journalOf(waiting({ reason: 'Büro 📞' }).events));
    expect(table.startsWith('\uFEFFentry,')).toBe(true);
    expect(table).toContain('Büro 📞');
    expect(table.lastIndexOf('\uFEFF')).toBe(0);
  });

  test('has no mark in the file that programs read', async () => {
    const { lines } = await textsOf(journalOf(waiting({ reason: 'Büro 📞' }).events));
    expect(lines).not.toContain('\uFEFF');
    expect(lines.startsWith('{')).toBe(true);
  });

  test('stays within what a cell can hold, and has everything in the other file', async () => {
    const numbers = manyNumbers(5000);
    const asked = waiting({ wanted: { by: 'numbers', numbers } });
    const { table, lines } = await textsOf(journalOf(asked.events));
    for (const cell of readCsv(table).flat()) expect(cell.length).toBeLessThan(32_767);
    expect(JSON.parse(lines)).toMatchObject({ event: { request: { wanted: { numbers } } } });
  });

  test('comes in parts if it is long, with no event lost or repeated', async () => {
    const big = request({ wanted: { by: 'numbers', numbers: manyNumbers(5000) } });
    const [first] = waiting().events;
    if (first?.what !== 'requested') throw new Error('it begins with the request');
    const longest = journalOf([{ ...first, request: big }]);
    const entries = Array.from({ length: 300 }, (_, index) =>
      longest.map((entry) => ({ ...entry, sequence: index + 1 })),
    ).flat();
    const parts = await partsOf(entries);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.map(({ part }) => part)).toEqual(parts.map((_, index) => index + 1));
    const begins = parts.map(({ files }) => files.map(({ file }) => file.toString('utf8', 0, 4).charAt(0)));
    expect(begins).toEqual(parts.map(() => ['\uFEFF', '{']));
    const sequences = parts.flatMap(({ files: [, lines] }) =>
      (lines?.file.toString('utf8') ?? '')
        .split('\n')
        .filter(Boolean)
        .map((line) => (JSON.parse(line) as JournalEntry).sequence),
    );
    expect(sequences).toEqual(entries.map(({ sequence }) => sequence));
    for (const { files } of parts) for (const { file } of files) expect(file.length).toBeLessThan(30_000_000);
    const names = parts.flatMap(({ files }) => files.map(({ filename }) => filename));
    expect(new Set(names).size).toBe(names.length);
  });

  test('without any events has no file', async () => {
    expect(await partsOf([])).toEqual([]);
  });
});
