import { changeOrder } from '../change-order.js';
import type { Order } from '../domain/order.js';
import type { OrderId, Person } from '../domain/request.js';
import { redrawRequested } from '../domain/transitions.js';
import type { Engine } from '../engine/engine.js';
import type { CircumstancesOf } from '../policy/circumstances.js';
import type { Delegates } from '../policy/delegates.js';
import type { Limits } from '../policy/limits.js';
import type { Policy } from '../policy/policy.js';
import { isRefusal, type Refusal, type RefusalCode } from '../policy/refusal.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { OldOrders } from '../ports/old-orders.js';
import type { OrderStore } from '../ports/order-store.js';
import type { Accounts, ApproverGroups } from '../ports/people.js';
import { StoreError } from '../ports/store-errors.js';

/** Refusals that mean the card showed a button that no longer applied. */
const cardMisled: readonly RefusalCode[] = ['already-decided', 'changed-since', 'nothing-left'];

/** What every decision about an order depends on. */
export interface DecisionDeps {
  readonly orders: OrderStore;
  readonly engine: Pick<Engine, 'settleSoon'>;
  readonly policy: Policy;
  readonly limits: Limits;
  readonly groups: ApproverGroups;
  readonly accounts: Pick<Accounts, 'standingOf'>;
  readonly circumstances: CircumstancesOf;
  readonly delegates: Delegates;
  /** Returns what is left of an order that was removed; see `old-orders.ts`. */
  readonly removed?: OldOrders['removed'];
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/**
 * Concludes a button press on a card: logs the result and has the order settled. A card that offered a button it
 * shouldn't have is redrawn.
 */
export async function concludeAction(
  deps: Pick<DecisionDeps, 'orders' | 'engine' | 'removed' | 'log'>,
  { id, by, action }: { readonly id: OrderId; readonly by: Person; readonly action: string },
  result: Order | Refusal | undefined,
): Promise<Order | Refusal> {
  const facts = { orderId: id, by: by.userId, action };
  if (result === undefined) {
    if ((await deps.removed?.(id)) !== undefined) return { refused: 'no-longer-kept' };
    deps.log.warn(facts, 'button pressed on the card of an unknown order');
    return { refused: 'no-such-order' };
  }
  if (isRefusal(result)) {
    deps.log.info({ ...facts, refused: result.refused }, 'action refused');
    if (cardMisled.includes(result.refused)) await redraw(deps, id);
  } else {
    deps.log.info(facts, 'action done');
  }
  deps.engine.settleSoon(id);
  return result;
}

/** The refusal is certain and has to be reported, whether or not the card can be marked for a redraw. */
async function redraw({ orders, log }: Pick<DecisionDeps, 'orders' | 'log'>, id: OrderId): Promise<void> {
  try {
    await changeOrder(orders, id, redrawRequested);
  } catch (err) {
    if (!(err instanceof StoreError)) throw err;
    log.warn({ err, orderId: id }, 'scheduling a card redraw failed');
  }
}
