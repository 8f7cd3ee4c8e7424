import { isFinal, type Order } from '../domain/order.js';
import type { OrderId, Person, Timestamp } from '../domain/request.js';
import { type Circumstances, usualCircumstances } from '../domain/standing.js';
import {
  type CountedNumbers,
  countedAs,
  countsFor,
  dayKeyOf,
  monthOf,
  type Tally,
  type TallyScope,
  usageIn,
  withCounted,
} from '../domain/tally.js';
import type { Clock } from '../ports/clock.js';
import type { Ledger } from '../ports/ledger.js';
import type { Log } from '../ports/log.js';
import type { OrderArchive, OrderStore } from '../ports/order-store.js';
import { makeMonthlyTallies } from './monthly-tallies.js';
import { orderKindOf, type Policy, type PolicyInputs } from './policy.js';
import { judge, type Ruling, ruleInputsOf } from './ruling.js';
import { makeTallyQueue } from './tally-queue.js';

/** The parts of an order that the policy uses. */
type RequestedOrder = Pick<Order, 'id' | 'request' | 'requester' | 'channelId' | 'workspaceId'>;

/** The policy combined with what is counted so far. Throws StoreError. */
export interface Limits {
  /** Returns the ruling on a request as of now, without counting anything. */
  evaluate(inputs: PolicyInputs): Promise<Ruling>;
  /** The same for an order on record, whose own numbers may be counted already. */
  evaluateOrder(order: RequestedOrder, circumstances: Circumstances): Promise<Ruling>;
  /**
   * Counts the order's numbers, unless the policy refuses it. Of two simultaneous approvals, the second is judged by
   * what the first counted. Counting an order again counts it once, but judges it again.
   */
  count(
    order: Order,
    approval: { readonly at: Timestamp; readonly by?: Person | undefined },
    circumstances?: Circumstances,
  ): Promise<Ruling>;
  /**
   * Counts an order that was already sent, without judging it: it was counted before, and the database lost that.
   * Idempotent.
   */
  countSent(order: Order): Promise<void>;
  /** Removes what was counted for this approval, because it wasn't sufficient. */
  withdraw(id: OrderId, approvedAt: Timestamp): Promise<void>;
  /** Reduces the count of a final order to what it delivered. */
  giveBack(id: OrderId, approvedAt: Timestamp): Promise<void>;
}

/**
 * Counts numbers before the approval is written, so that a crash in between leaves too much counted, never too little.
 * Before anyone is refused, the tally is therefore compared with the orders. A missing or unreadable tally is rebuilt
 * from the orders.
 */
export function makeLimits(deps: {
  ledger: Ledger;
  orders: Pick<OrderStore, 'get'> & {
    /** Counts orders that are sent, and that the store has forgotten. Never rejects. */
    restoreLost(): Promise<void>;
  };
  archive: OrderArchive;
  policy: Policy;
  clock: Pick<Clock, 'now'>;
  log: Log;
  /** Waits between two attempts to write. */
  pause?: (ms: number) => Promise<unknown>;
}): Limits {
  const { ledger, orders, archive, policy, clock, log, pause } = deps;
  const queue = makeTallyQueue(makeMonthlyTallies({ ledger, orders, archive, clock, log }), pause);

  const judged = (tally: Tally, inputs: PolicyInputs, at: Timestamp, except?: OrderId): Ruling => {
    const of = { kind: orderKindOf(inputs.kind), userId: inputs.requester.userId, at };
    return judge(policy, inputs, usageIn(tally, of, except), at);
  };

  const scopeOf = (inputs: PolicyInputs, at: Timestamp, id?: OrderId): TallyScope => ({
    orders: id === undefined ? [] : [id],
    days: [dayKeyOf({ kind: orderKindOf(inputs.kind), userId: inputs.requester.userId, at })],
  });

  async function evaluate(inputs: PolicyInputs, id?: OrderId): Promise<Ruling> {
    const at = clock.now();
    const ruling = await queue(monthOf(at), {
      scope: scopeOf(inputs, at, id),
      decide: (tally) => [judged(tally, inputs, at, id), tally],
    });
    return answered(ruling);
  }

  return {
    evaluate: (inputs) => evaluate(inputs),
    evaluateOrder: (order, circumstances) => evaluate({ ...ruleInputsOf(order), ...circumstances }, order.id),
    async count(order, { at, by }, circumstances = usualCircumstances) {
      // A store that went back in time has forgotten what was counted, too.
      await orders.restoreLost();
      const inputs: PolicyInputs = { ...ruleInputsOf(order), ...circumstances };
      const numbers: CountedNumbers = {
        kind: orderKindOf(inputs.kind),
        userId: order.requester.userId,
        quantity: inputs.uncounted === true ? 0 : inputs.quantity,
        at,
        ...(by === undefined ? { automatic: true } : {}),
      };
      const ruling = await queue(monthOf(at), {
        scope: scopeOf(inputs, at, order.id),
        decide(tally) {
          const answer = judged(tally, inputs, at, order.id);
          const refused =
            answer.verdict === 'refused' ||
            answer.verdict === 'barred' ||
            (by === undefined && answer.verdict !== 'automatic');
          if (refused || isCounted(tally, order.id, numbers)) return [answer, tally];
          return [answer, withCounted(tally, order.id, numbers)];
        },
      });
      return answered(ruling);
    },
    async countSent(order) {
      const numbers = countedAs(order);
      if (numbers === undefined) return;
      await queue(monthOf(numbers.at), {
        scope: { orders: [order.id], days: [dayKeyOf(numbers)] },
        decide(tally) {
          const isDone = isCounted(tally, order.id, numbers);
          return [undefined, isDone ? tally : withCounted(tally, order.id, numbers)];
        },
      });
    },
    async withdraw(id, approvedAt) {
      await queue(monthOf(approvedAt), {
        scope: { orders: [id], days: [] },
        decide(tally) {
          const numbers = tally.counted[id];
          // Another approval may have been counted since.
          const isAnother = numbers?.at !== approvedAt;
          return [undefined, isAnother ? tally : withCounted(tally, id, { ...numbers, quantity: 0 })];
        },
      });
    },
    async giveBack(id, approvedAt) {
      const month = monthOf(approvedAt);
      const found = await ledger.read(month, { orders: [id], days: [] });
      // A rebuilt tally uses the order's state at that time.
      if ('none' in found || found.counted[id] === undefined) return;
      const order = await orders.get(id);
      // Someone else may be counting an order that isn't final.
      if (order === undefined || !isFinal(order)) return;
      const quantity = countsFor(order);
      if (quantity === found.counted[id].quantity) return;
      await queue(month, {
        scope: { orders: [id], days: [] },
        decide(tally) {
          const numbers = tally.counted[id];
          const isDone = numbers === undefined || numbers.quantity === quantity;
          return [undefined, isDone ? tally : withCounted(tally, id, { ...numbers, quantity })];
        },
      });
    },
  };
}

function answered(ruling: Ruling | undefined): Ruling {
  if (ruling === undefined) throw new TypeError('a ruling was asked for, and none was given');
  return ruling;
}

function isCounted({ counted }: Tally, id: OrderId, numbers: CountedNumbers): boolean {
  const before = counted[id];
  return (
    before !== undefined &&
    before.quantity === numbers.quantity &&
    before.at === numbers.at &&
    before.automatic === numbers.automatic
  );
}
