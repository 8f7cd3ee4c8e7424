import { expect, test } from '@jest/globals';
import type { Drift, DriftKind } from '../../../../src/orders/domain/drift/drift.js';
import { driftFacts, driftKinds, driftSubject } from '../../../../src/orders/domain/drift/drift.js';
import type { DriftList, DriftReport } from '../../../../src/orders/ports/drift.js';
import { driftFile } from '../../../../src/slack/blocks/answers/drift-csv.js';
import { driftWords } from '../../../../src/slack/blocks/answers/drift-lines.js';
import { driftReport } from '../../../../src/slack/blocks/answers/drift-report.js';
import { messageProblems } from '../../../support/block-limits.js';
import { manyNumbers, noon, orderId, requester } from '../../../support/sample-orders.js';

const order = { id: orderId, kind: 'purchase', quantity: 5, requester } as const;
const site = { id: '9', name: `*Raleigh* <!channel> ${'x'.repeat(200)}` };
const behind = { carrierOrderId: 'dc0008ec-07fc-41bf-a3bd-6c6ebf913f1c', at: noon, user: '=1+1' };

/** Fifteen of each kind. */
const drifts: readonly Drift[] = manyNumbers(15).flatMap((number): readonly Drift[] => {
  const id = `${orderId.slice(0, -4)}${number.slice(-4)}`;
  return [
    { kind: 'unexplained', number, site, since: noon, behind },
    { kind: 'gone', number, orderId, departure: 'not-in-service', status: 'Aging' },
    { kind: 'misplaced', number, orderId, ordered: site, site },
    { kind: 'waiting', order: { ...order, id }, since: noon },
    { kind: 'open', order: { ...order, id }, since: noon, status: 'backordered', carrierOrderId: 'c1' },
    { kind: 'hold', number, order, until: noon },
  ];
});

const findings = {
  at: noon,
  inventory: { standing: 'complete', asOf: noon, unread: 2, missingRoles: ['locations'] },
  explained: 3,
  unlistedOrders: 1,
  unreadableOrders: 2,
  unverified: { count: 1 },
  drifts,
} as const;

const whole = { ...findings.inventory, unread: 0, missingRoles: [] };

function reportOf(all: readonly Drift[]): DriftReport {
  const { drifts: _, ...rest } = findings;
  const lists: Partial<Record<DriftKind, DriftList>> = {};
  for (const kind of driftKinds) {
    const found = all.filter((drift) => drift.kind === kind);
    lists[kind] = {
      shown: found.slice(0, 10),
      subjects: found.map((drift) => [driftSubject(drift), driftFacts(drift)]),
    };
  }
  return { ...rest, id: 'c0ffee', lists };
}

test('A report with every kind of drift fits into one message, and says how many are in the file', () => {
  const { blocks, text } = driftReport(reportOf(drifts), new Map());
  expect(messageProblems({ text, blocks })).toEqual([]);
  const written = JSON.stringify(blocks);
  expect(written).not.toContain('<!channel>');
  // Six lines of each of the six kinds.
  expect(written.match(/This is fine…","emoji"/g)).toHaveLength(36);
  expect(written).toContain('9 more are in the CSV file');
});

test('What to do is said once for each kind of drift, no matter how many there are', () => {
  const { blocks } = driftReport(reportOf(drifts), new Map());
  const written = JSON.stringify(blocks);
  const { unexplained, gone, misplaced, waiting, open, hold } = driftWords;
  for (const { advice } of [unexplained, gone, misplaced, waiting, open, hold]) {
    expect(written.split(JSON.stringify(advice).slice(1, -1))).toHaveLength(2);
  }
});

test('The file has one row for each drift, and nothing in it runs as a formula', () => {
  const { content, filename } = driftFile(findings);
  expect(filename).toBe('drift-2026-11-23.csv');
  expect(content.trim().split('\r\n')).toHaveLength(1 + drifts.length);
  expect(content).toContain(",'=1+1");
});

test.each([
  [{ unverified: undefined, unreadableOrders: 0, inventory: { ...findings.inventory, missingRoles: [] } }],
  [{ unreadableOrders: 0, inventory: whole }],
  [{ unverified: undefined, inventory: whole }],
])(
  'A report that found nothing but could not check everything does not say that there is no drift',
  (given) => {
    const { drifts: _, unverified, ...rest } = findings;
    const { text } = driftReport(
      { ...rest, unverified, ...given, id: 'c0ffee', lists: {} } as DriftReport,
      new Map(),
    );
    expect(text).toContain("I couldn't check everything");
  },
);
