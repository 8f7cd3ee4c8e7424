import {
  isFinal,
  type Order,
  type OrderId,
  type OrderRequest,
  type Person,
  type Timestamp,
} from './order.js';
import type { Asked, Policy } from './policy.js';
import type { Clock, Ledger, Log, OrderStore } from './ports.js';
import { askedOf, judge, type Ruling } from './ruling.js';
import { type Circumstances, letIn } from './standing.js';
import { type CountedNumbers, countsFor, monthOf, type Tally, usageIn, withCounted } from './tally.js';

/** As much of an order as the policy looks at. */
type AskedOrder = Pick<Order, 'id' | 'request' | 'requester' | 'workspaceId'> & {
  readonly card: { readonly channelId: string };
};

/** The policy together with what is counted so far. Throws StoreError. */
export interface Limits {
  /** What the policy says to this now. Nothing is counted. */
  ask(asked: Asked): Promise<Ruling>;
  /** The same for an order on record, whose own numbers may be counted already. */
  askFor(order: AskedOrder, circumstances: Circumstances): Promise<Ruling>;
  /**
   * Counts the order's numbers, unless the policy refuses it: of two approvals at once, the second is judged by what
   * the first has counted. Doing it twice for one order counts once, and judges twice.
   */
  count(
    order: Order,
    approval: { readonly at: Timestamp; readonly by?: Person | undefined },
    circumstances?: Circumstances,
  ): Promise<Ruling>;
  /** Where an order is over, leaves counted only what came of it. */
  giveBack(id: OrderId, approvedAt: Timestamp): Promise<void>;
}

/** An approval is on record so soon after its numbers are counted; one that is not never will be. */
const ON_RECORD_WITHIN_MS = 60_000;

/**
 * Numbers are counted before the approval is written: if we die in between, too much is counted, never too little. So
 * before anybody is refused, what is counted is compared with the orders themselves.
 */
export function makeLimits(needs: {
  ledger: Ledger;
  orders: Pick<OrderStore, 'get'>;
  policy: Policy;
  clock: Pick<Clock, 'now'>;
  log: Log;
}): Limits {
  const { ledger, orders, policy, clock, log } = needs;

  const judged = (tally: Tally, asked: Asked, at: Timestamp, except?: OrderId): Ruling => {
    const of = { kind: countedAs(asked), userId: asked.requester.userId, at };
    return judge(policy, asked, usageIn(tally, of, except), at);
  };

  /** Judges by the tally of that time, and once more by one that agrees with the orders if the answer was no. */
  async function ruling(asked: Asked, at: Timestamp, except?: OrderId): Promise<readonly [Ruling, Tally]> {
    const tally = await ledger.read(monthOf(at));
    const first = judged(tally, asked, at, except);
    if (first.verdict !== 'refused' || first.because.limit === 'order') return [first, tally];
    const agreed = await agreeing(tally);
    return [judged(agreed, asked, at, except), agreed];
  }

  /** The tally as the orders on record have it; what differs is put right. */
  async function agreeing(tally: Tally): Promise<Tally> {
    const old = Object.entries(tally.counted).filter(([, { at }]) => at <= clock.now() - ON_RECORD_WITHIN_MS);
    const onRecord = await Promise.all(
      old.map(
        async ([id, numbers]) => [id, { ...numbers, quantity: await quantityOnRecord(id, numbers) }] as const,
      ),
    );
    const next = onRecord
      .filter(([id, { quantity }]) => quantity !== tally.counted[id]?.quantity)
      .reduce((before, [id, numbers]) => withCounted(before, id, numbers), tally);
    if (next === tally) return tally;
    log.warn(
      { month: tally.month },
      'the numbers counted differ from those of the orders, and are put right',
    );
    return (await ledger.replace(tally, next)) ? next : ledger.read(tally.month);
  }

  async function quantityOnRecord(id: OrderId, numbers: CountedNumbers): Promise<number> {
    try {
      const order = await orders.get(id);
      return order === undefined ? 0 : countsFor(order);
    } catch (err) {
      // An order that cannot be read may have been approved all the same.
      log.warn({ err, orderId: id }, 'whether an order still counts cannot be seen');
      return numbers.quantity;
    }
  }

  return {
    ask: async (asked) => (await ruling(asked, clock.now()))[0],
    askFor: async (order, circumstances) =>
      (await ruling({ ...circumstances, ...askedOf(order) }, clock.now(), order.id))[0],
    async count(order, { at, by }, circumstances = letIn) {
      const asked: Asked = { ...circumstances, ...askedOf(order) };
      const numbers: CountedNumbers = {
        kind: order.request.kind,
        userId: order.requester.userId,
        quantity: asked.quantity,
        at,
        ...(by === undefined ? { automatic: true } : {}),
      };
      for (;;) {
        const [answer, tally] = await ruling(asked, at, order.id);
        const refused =
          answer.verdict === 'refused' ||
          answer.verdict === 'barred' ||
          (by === undefined && answer.verdict !== 'automatic');
        if (refused || isCounted(tally, order.id, numbers)) return answer;
        if (await ledger.replace(tally, withCounted(tally, order.id, numbers))) return answer;
      }
    },
    async giveBack(id, approvedAt) {
      for (;;) {
        const tally = await ledger.read(monthOf(approvedAt));
        const numbers = tally.counted[id];
        const order = numbers && (await orders.get(id));
        // One that is not over may be counted by somebody else just now.
        if (numbers === undefined || order === undefined || !isFinal(order)) return;
        const quantity = countsFor(order);
        if (quantity === numbers.quantity) return;
        if (await ledger.replace(tally, withCounted(tally, id, { ...numbers, quantity }))) return;
      }
    },
  };
}

const countedAs = ({ kind }: Asked): OrderRequest['kind'] =>
  kind === 'disconnect' ? 'disconnect' : 'purchase';

function isCounted({ counted }: Tally, id: OrderId, numbers: CountedNumbers): boolean {
  const before = counted[id];
  return (
    before !== undefined &&
    before.quantity === numbers.quantity &&
    before.at === numbers.at &&
    before.automatic === numbers.automatic
  );
}
