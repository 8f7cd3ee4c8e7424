import type { CarrierReport, OpenCarrierStatus } from '../../domain/carrier-report.js';
import type { OrderIn } from '../../domain/order.js';
import type { OrderId, Timestamp } from '../../domain/request.js';
import { nextStatusLookupAt } from '../schedule.js';
import { FRESH_MS, type TrackedOrder } from './plan-lookups.js';

/** The orders and lines at Bandwidth: when each is looked up next, and what Bandwidth's list shows of them. */
export interface TrackedOrders {
  /** The orders and lines at Bandwidth. */
  placed(): Iterable<TrackedOrder>;
  /** The orders at Bandwidth whose lookup shouldn't wait for the next pass. */
  prompt(): Iterable<TrackedOrder>;
  /** The list shows this carrier order. Returns what that means for our order, if it is one. */
  listed(carrierOrderId: string, status: CarrierReport['status'], sweep: number): Listed | undefined;
  /** A whole list was read: orders that should be in it but aren't get lookups of their own. */
  unlisted(sweep: {
    readonly number: number;
    readonly kind: TrackedOrder['kind'];
    readonly since: Timestamp;
    readonly startedAt: Timestamp;
  }): void;
  /** Returns when the next lookup is due that shouldn't wait for the next pass. */
  nextPromptLookupAt(): Timestamp | undefined;
}

/** What a row of the list means for an order. */
export type Listed =
  | { readonly means: 'nothing new' | 'ended' }
  | { readonly means: 'status changed'; readonly id: OrderId; readonly status: OpenCarrierStatus };

export interface Tracked extends TrackedOrder {
  /** In lowercase. */
  readonly carrierOrderId: string;
  readonly status: OpenCarrierStatus;
  /** The `nextAt` on record; what the list shows isn't written there. */
  readonly onRecord: Timestamp;
  /** The next lookup is so close that someone must have requested it; others are planned further ahead. */
  readonly calledFor: boolean;
  nextLookupAt: Timestamp;
  ended: boolean;
  aloneAt: Timestamp | undefined;
  /** The last sweep of the list that showed it. */
  sweep: number;
}

const SECOND = 1_000;
const NEVER = Number.POSITIVE_INFINITY;
/** An order that the list doesn't show is looked up with growing pauses, but never longer than this. */
const ALONE_AT_LEAST_EVERY_MS = 300 * SECOND;
/** An order that isn't fresh anymore gets a timer for its lookup only when someone requested it. */
const CALLED_FOR_WITHIN_MS = 1_500;
/** A lookup that was due this recently can only have been missed while its timer was being set. */
const JUST_MISSED_MS = 2_000;
/** A missed lookup comes after this pause, so that it isn't requested in a busy loop while no lookup is left. */
const MISSED_AGAIN_MS = 50;

/** The same for code that notes what is placed and what ends. */
export interface TrackedOrderWrites extends TrackedOrders {
  /** Adds an order that was placed. `before` is what was known of it. */
  add(order: OrderIn<'placed'>, before: Tracked | undefined): Tracked;
  remove(entry: Tracked): void;
}

export function makeTrackedOrders(now: () => Timestamp): TrackedOrderWrites {
  const tracked = new Map<string, Tracked>();

  function track(order: OrderIn<'placed'>, before: Tracked | undefined): Tracked {
    const { id, placedAt, status } = order.carrierOrder;
    const { nextAt, failures } = order.asking;
    const carrierOrderId = id.toLowerCase();
    // A write that concerned only the card says nothing about the lookups.
    if (before?.onRecord === nextAt && before.status === status && before.carrierOrderId === carrierOrderId) {
      return before;
    }
    return {
      id: order.id,
      kind: order.request.kind,
      placedAt,
      carrierOrderId,
      status,
      onRecord: nextAt,
      calledFor: nextAt <= now() + CALLED_FOR_WITHIN_MS,
      nextLookupAt: nextAt,
      ended: false,
      troubled: failures > 0,
      backordered: status === 'backordered',
      aloneAt: before?.aloneAt === undefined ? undefined : nextAloneAt(placedAt, now()),
      sweep: before?.sweep ?? 0,
    };
  }

  return {
    add(order, before) {
      const entry = track(order, before);
      tracked.set(entry.carrierOrderId, entry);
      return entry;
    },
    remove({ carrierOrderId }) {
      tracked.delete(carrierOrderId);
    },
    placed: () => tracked.values(),
    prompt: () => [...tracked.values()].filter((entry) => isPrompt(entry, now())),
    listed(carrierOrderId, status, sweep) {
      const entry = tracked.get(carrierOrderId.toLowerCase());
      if (entry === undefined) return undefined;
      entry.sweep = sweep;
      entry.aloneAt = undefined;
      if (!isOpen(status)) {
        entry.ended = true;
        return { means: 'ended' };
      }
      // Two things only the order itself tells: that Bandwidth can be asked about it again, and that numbers were
      // delivered while it stays back-ordered.
      const onlyItself = entry.troubled || entry.backordered;
      if (!onlyItself)
        entry.nextLookupAt = Math.max(entry.nextLookupAt, nextStatusLookupAt(entry.placedAt, status, now()));
      // A list may lag behind the order itself, so it never moves a status back.
      return isFurther(status, entry.status)
        ? { means: 'status changed', id: entry.id, status }
        : { means: 'nothing new' };
    },
    unlisted({ number, kind, since, startedAt }) {
      for (const entry of tracked.values()) {
        const shouldShow = entry.kind === kind && entry.placedAt >= since && entry.placedAt < startedAt;
        if (!shouldShow || entry.sweep === number || entry.ended) continue;
        entry.aloneAt ??= now();
        entry.nextLookupAt = Math.max(
          entry.nextLookupAt,
          nextStatusLookupAt(entry.placedAt, entry.status, now()),
        );
      }
    },
    nextPromptLookupAt() {
      let next = NEVER;
      const from = now();
      for (const entry of tracked.values()) {
        if (isPrompt(entry, from))
          next = Math.min(next, Math.max(entry.nextLookupAt, from + MISSED_AGAIN_MS));
      }
      return next === NEVER ? undefined : next;
    },
  };
}

/** Also true for a lookup whose time came between two checks that each left it to the other. */
function isPrompt({ nextLookupAt, onRecord, placedAt, calledFor }: Tracked, from: Timestamp): boolean {
  const fresh = from - placedAt < FRESH_MS && nextLookupAt <= placedAt + FRESH_MS;
  return nextLookupAt > from - JUST_MISSED_MS && (fresh || (calledFor && nextLookupAt === onRecord));
}

const onward: readonly OpenCarrierStatus[] = ['received', 'processing', 'backordered'];

const isFurther = (one: OpenCarrierStatus, other: OpenCarrierStatus): boolean =>
  onward.indexOf(one) > onward.indexOf(other);

function isOpen(status: CarrierReport['status']): status is OpenCarrierStatus {
  return status === 'received' || status === 'processing' || status === 'backordered';
}

function nextAloneAt(placedAt: Timestamp, now: Timestamp): Timestamp {
  return now + Math.min(Math.max((now - placedAt) / 4, 5 * SECOND), ALONE_AT_LEAST_EVERY_MS);
}
