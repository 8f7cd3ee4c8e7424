import { isDeepStrictEqual } from 'node:util';
import { isDue } from './advance.js';
import type { Approval, Order, OrderId, OrderIn, OrderRequest, Timestamp } from './order.js';
import { type Clock, type Log, type OrderStore, StoreError } from './ports.js';
import { placed, sentBefore } from './transitions.js';

/**
 * What this process has requested, approved and sent, by heart. A store may go back in time: Redis after a power cut, a
 * replica that lagged when it took over, a restored backup. Then an order that is at Bandwidth waits there to be sent.
 */
export interface SentOrders {
  /**
   * The store for everybody who decides: what it has forgotten of an order that this process sent is put back on record
   * before anybody sees the order.
   */
  remembering(orders: OrderStore): OrderStore;
  /**
   * Whether no other process can have tried to send the order since the time it was last put off to: this one put it
   * off; or no other instance writes to the store, and this one approved it or was running by then.
   */
  isUntriedByOthers(order: OrderIn<'approved'>): boolean;
  /**
   * Whether nobody else can have sent the order, nor this process: it was requested and just now approved here, and no
   * other instance writes to the store. Otherwise Bandwidth is asked for it before it is sent.
   */
  isCertainlyUnsent(order: Order): boolean;
}

/** What must be known of an order to put it back on record. */
interface Sent {
  readonly approval: Approval;
  readonly request: OrderRequest;
  readonly sentAt: Timestamp;
  readonly carrierOrderId?: string;
}

/** A POST follows its own approval when it comes so soon after it. */
const FOLLOWS_WITHIN_MS = 10_000;
/** So many writers in a row may be faster. */
const MOST_LOSSES = 20;
/** So many orders are kept in mind of each kind; of another Bandwidth is asked, as after a restart. */
const MOST_REMEMBERED = 20_000;

export function makeSentOrders(needs: {
  /** No other instance writes to the store. */
  alone: boolean;
  /** What is known otherwise of this order is of a later time than the store's. */
  wentBack: (id: OrderId) => void;
  clock: Pick<Clock, 'now'>;
  log: Log;
}): SentOrders {
  const { alone, wentBack, clock, log } = needs;
  const startedAt = clock.now();
  const requested = new Map<OrderId, true>();
  const approved = new Map<OrderId, { readonly approvedAt: Timestamp; readonly notedAt: Timestamp }>();
  const sent = new Map<OrderId, Sent>();
  /** To when this process put the order off. */
  const putOff = new Map<OrderId, Timestamp>();

  /** What follows from the order's next state; `current` is undefined for one that was just requested. */
  function note(current: Order | undefined, next: Order): void {
    const { id, request } = next;
    switch (next.status) {
      case 'awaiting-approval':
        if (current === undefined) remember(requested, id, true);
        break;
      case 'approved':
        if (current?.status === 'awaiting-approval') {
          remember(approved, id, { approvedAt: next.approval.at, notedAt: clock.now() });
        }
        if (isPlannedHere(current, next)) remember(putOff, id, next.asking.nextAt);
        break;
      case 'placing': {
        const { approval, sentAt } = next;
        // Its card may be drawn just while it turns out that it was not taken: that sends nothing.
        const isSent = current?.status !== 'placing' || current.sentAt !== sentAt;
        if (isSent) remember(sent, id, { approval, request, sentAt });
        break;
      }
      case 'placed': {
        const before = sent.get(id);
        const { approval, carrierOrder } = next;
        const sentAt = before?.sentAt ?? carrierOrder.placedAt;
        if (before?.carrierOrderId !== carrierOrder.id) {
          remember(sent, id, { approval, request, sentAt, carrierOrderId: carrierOrder.id });
        }
        break;
      }
    }
  }

  /** Whether this write ends an attempt to send the order; or approves it, where nobody else can try it after that. */
  function isPlannedHere(current: Order | undefined, next: OrderIn<'approved'>): boolean {
    if (current?.status === 'approved') return current.asking.nextAt !== next.asking.nextAt;
    return alone || current?.status === 'placing';
  }

  /** Bandwidth certainly has not got it: that is known whatever becomes of writing it down. */
  function forgetIfNotTaken(current: Order, next: Order): void {
    const notTaken =
      current.status === 'placing' && (next.status === 'approved' || next.status === 'refused');
    if (notTaken) sent.delete(current.id);
  }

  function approvedJustNow(order: Order): boolean {
    const here = approved.get(order.id);
    if (order.status !== 'approved' || here?.approvedAt !== order.approval.at) return false;
    const since = clock.now() - here.notedAt;
    return since >= 0 && since <= FOLLOWS_WITHIN_MS;
  }

  return {
    remembering: (orders) => {
      /** Reads it once more where somebody writes at the same moment. */
      async function get(id: OrderId): Promise<Order | undefined> {
        for (let losses = 0; losses < MOST_LOSSES; losses += 1) {
          const order = await orders.get(id);
          const known = order && sent.get(id);
          if (order === undefined || known === undefined || !hasForgotten(order, known)) return order;
          wentBack(id);
          const next = putBack(order, known, clock.now());
          // Where somebody wrote while this was read, only the reading was old.
          if (!(await orders.replace(order, next))) continue;
          log.error({ orderId: id, status: order.status }, 'database went back in time, order was sent');
          return next;
        }
        throw new StoreError(
          `order ${id} was sent, and was another each time that was to be put back on record`,
        );
      }
      return {
        ...orders,
        get,
        async insert(order) {
          const isNew = await orders.insert(order);
          if (isNew) note(undefined, order);
          return isNew;
        },
        async replace(current, next) {
          forgetIfNotTaken(current, next);
          const replaced = await orders.replace(current, next);
          if (replaced) note(current, next);
          return replaced;
        },
      };
    },
    isUntriedByOthers: ({ id, asking }) =>
      putOff.get(id) === asking.nextAt || (alone && asking.nextAt > startedAt),
    isCertainlyUnsent: (order) =>
      alone && requested.has(order.id) && !sent.has(order.id) && approvedJustNow(order),
  };
}

/** Bandwidth lists an order a moment after taking it: of one that another may just have sent a look proves nothing. */
const LISTED_WITHIN_MS = 10_000;

/**
 * When to ask Bandwidth for an approved order that another process may have tried. The database may have lost that
 * attempt in a failover; it was made no sooner than the record had planned it.
 */
export function lookBeforeSendingAt(
  { approval, asking }: Pick<OrderIn<'approved'>, 'approval' | 'asking'>,
  now: Timestamp,
): Timestamp {
  const at = Math.max(approval.at, asking.nextAt) + LISTED_WITHIN_MS;
  return isDue(at, now) ? now : at;
}

function remember<T>(map: Map<OrderId, T>, id: OrderId, value: T): void {
  map.delete(id);
  map.set(id, value);
  const [oldest] = map.keys();
  if (map.size > MOST_REMEMBERED && oldest !== undefined) map.delete(oldest);
}

/** Whether the record says that nothing was sent, or less often than it was. */
function hasForgotten(order: Order, { approval: { again } }: Sent): boolean {
  switch (order.status) {
    case 'awaiting-approval':
    case 'approved':
    case 'declined':
    case 'expired':
    case 'cancelled':
      return true;
    case 'placing':
      return again !== undefined && (order.approval.again?.at ?? Number.NEGATIVE_INFINITY) < again.at;
    default:
      return false;
  }
}

/** Sent, with an answer that is not on record: so it is looked for. Where its carrier order is known, it is followed. */
function putBack(order: Order, known: Sent, now: Timestamp): Order {
  const { approval, sentAt, carrierOrderId } = known;
  const request = isDeepStrictEqual(order.request, known.request) ? undefined : known.request;
  const found = sentBefore(order, { approval, sentAt, request }, now);
  const next = carrierOrderId === undefined ? found : placed(found, carrierOrderId, now, now);
  return { ...next, version: order.version + 1 };
}
