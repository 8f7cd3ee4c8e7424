import { type CausingOrder, type Drift, driftSubject } from '../../../orders/domain/drift/drift.js';
import { showPhoneNumber } from '../../../orders/domain/phone-number.js';
import type { Timestamp } from '../../../orders/domain/request.js';
import type { DriftFindings } from '../../../orders/ports/drift.js';
import { csvFile } from '../csv.js';
import { driftWords } from './drift-lines.js';

const columns: readonly (readonly [head: string, cell: (drift: Drift) => string | undefined])[] = [
  ['what', ({ kind }) => driftWords[kind].one],
  ['number', (drift) => ('number' in drift ? showPhoneNumber(drift.number) : undefined)],
  ['order', orderOf],
  ['requester', (drift) => ('order' in drift ? drift.order.requester.userId : undefined)],
  ['since', (drift) => ('since' in drift && drift.since !== undefined ? iso(drift.since) : undefined)],
  [
    'hold ends',
    (drift) => (drift.kind === 'hold' && drift.until !== undefined ? iso(drift.until) : undefined),
  ],
  ['sub-account', (drift) => ('site' in drift ? drift.site?.name : undefined)],
  ['ordered for sub-account', (drift) => (drift.kind === 'misplaced' ? drift.ordered.name : undefined)],
  ['status', (drift) => ('status' in drift ? drift.status : undefined)],
  ['account', (drift) => (drift.kind === 'gone' ? departures[drift.departure] : undefined)],
  [
    'Bandwidth order',
    (drift) => (drift.kind === 'open' ? drift.carrierOrderId : causingOrderOf(drift)?.carrierOrderId),
  ],
  ['Bandwidth user', (drift) => causingOrderOf(drift)?.user],
];

const departures = {
  'not-in-service': 'this account, not in service',
  elsewhere: 'not this account',
} as const;

function orderOf(drift: Drift): string | undefined {
  if ('order' in drift) return drift.order.id;
  return 'orderId' in drift ? drift.orderId : causingOrderOf(drift)?.ended?.orderId;
}

function causingOrderOf(drift: Drift): CausingOrder | undefined {
  if (drift.kind !== 'unexplained' || drift.behind === 'not-known') return undefined;
  return drift.behind;
}

const iso = (at: Timestamp): string => new Date(at).toISOString();

/** Returns all findings as a CSV file; only the header row if there are none. */
export function driftFile({ drifts, at }: DriftFindings): {
  readonly filename: string;
  readonly title: string;
  readonly content: string;
} {
  const day = iso(at).slice(0, 10);
  const sorted = [...drifts].sort(
    (one, other) => order(one) - order(other) || driftSubject(one).localeCompare(driftSubject(other)),
  );
  const rows = sorted.map((drift) => columns.map(([, cell]) => cell(drift) ?? ''));
  return {
    filename: `drift-${day}.csv`,
    title: `Drift on ${day}`,
    content: csvFile([columns.map(([head]) => head), ...rows]),
  };
}

const order = ({ kind }: Drift): number => Object.keys(driftWords).indexOf(kind);
