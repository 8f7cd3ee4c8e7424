import { isSettled } from '../../domain/due-announcements.js';
import type { Order } from '../../domain/order.js';
import { type OrderId, severalLines } from '../../domain/request.js';
import { keepNewest } from '../keep-newest.js';
import { hasForgotten, type Sent, sentAtOf, wasSent } from './lost-records.js';
import { type ChangedLine, lineIdsOf, lineIn, progressIn } from './sent-lines.js';

/** Remembers what this process sent, so that it can be compared with what the store still has of it. */
export interface SentRecords {
  /** Learns from a write. */
  note(order: Order, changed: readonly ChangedLine[]): void;
  /** Learns from a newer record in the store: another instance may have taken the order further. */
  noteNewer(order: Order): void;
  /** Learns that the store went back to an older record, though perhaps not to before the order was sent. */
  noteOlder(order: Order): void;
  /** Forgets what Bandwidth certainly doesn't have, whether or not that can be written down. */
  forgetNotTaken(changed: readonly ChangedLine[]): void;
  /** Forgets everything that was sent of an order. */
  forget(id: OrderId): void;
  /** Whether the order, or this line of it, was sent. */
  has(id: OrderId): boolean;
  /** Returns an order that was sent, or a line, as this process last wrote or read it. */
  lastOf(id: OrderId): Sent['last'] | undefined;
  /** Returns the version of the record; undefined if nothing of the order was sent. */
  versionOf(id: OrderId): number | undefined;
  /** Returns what was sent of the order and isn't in the stored one, which is undefined if the store has none. */
  forgottenBy(id: OrderId, stored: Order | undefined): readonly Sent[];
  /** Returns the ids of the orders of which something was sent and that aren't settled. */
  unsettled(): readonly OrderId[];
  /** Returns the ids of what was sent, orders or lines; the one written last comes last. */
  ids(): readonly OrderId[];
}

/** What this process knows of the record of an order. */
interface KnownRecord {
  /** Lower than that of what was sent if the store went back. */
  readonly version: number;
  readonly isSettled: boolean;
  /** How many lines it has, if several; otherwise 0. */
  readonly lines: number;
}

export function makeSentRecords(): SentRecords {
  /** By the id of the order or line. */
  const sent = new Map<OrderId, Sent>();
  /** The record of each order of which anything was sent. */
  const records = new Map<OrderId, KnownRecord>();

  function noteRecord(order: Order): void {
    if (![order, ...(order.lines ?? [])].some(wasSent)) return;
    const lines = severalLines(order.request).length;
    keepNewest(records, order.id, { version: order.version, isSettled: isSettled(order), lines });
  }

  function noteLine([current, next]: ChangedLine): void {
    if (!wasSent(next)) return;
    const before = sent.get(next.id);
    // A card may be drawn at the moment the request turns out not to have been accepted; that write sends nothing.
    const isOnlyDrawn =
      next.status === 'placing' && current?.status === 'placing' && current.sentAt === next.sentAt;
    if (before === undefined && isOnlyDrawn) return;
    const sentAt = sentAtOf(next, before);
    if (sentAt !== undefined) keepNewest(sent, next.id, { last: next, sentAt });
  }

  /** Returns the ids of what was sent of this order: its own, or those of its lines. */
  function sentLines(id: OrderId): readonly OrderId[] {
    const { lines = 0 } = records.get(id) ?? {};
    return [id, ...lineIdsOf(id, lines)].filter((each) => sent.has(each));
  }

  return {
    note(order, changed) {
      for (const each of changed) noteLine(each);
      noteRecord(order);
    },
    noteNewer(order) {
      for (const id of sentLines(order.id)) {
        const known = sent.get(id);
        const line = lineIn(order, id);
        if (known === undefined || line === undefined || !wasSent(line)) continue;
        if (line.version > known.last.version) sent.set(id, { ...known, last: line });
      }
      noteRecord(order);
    },
    noteOlder({ id, version }) {
      const known = records.get(id);
      if (known !== undefined) records.set(id, { ...known, version });
    },
    forgetNotTaken(changed) {
      for (const [current, next] of changed) {
        const isNotTaken =
          current?.status === 'placing' && (next.status === 'approved' || next.status === 'refused');
        if (isNotTaken) sent.delete(next.id);
      }
    },
    forget(id) {
      for (const each of sentLines(id)) sent.delete(each);
    },
    has: (id) => sent.has(id),
    lastOf: (id) => sent.get(id)?.last,
    versionOf: (id) => records.get(id)?.version,
    forgottenBy: (id, stored) =>
      sentLines(id).flatMap((each) => {
        const known = sent.get(each);
        if (known === undefined) return [];
        return stored === undefined || hasForgotten(progressIn(stored, each), known) ? known : [];
      }),
    unsettled: () =>
      [...records].flatMap(([id, known]) => (known.isSettled || sentLines(id).length === 0 ? [] : id)),
    ids: () => [...sent.keys()],
  };
}
