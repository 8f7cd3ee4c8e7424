import { changeOrder } from '../change-order.js';
import type { Order } from '../domain/order.js';
import type { OrderId, Person } from '../domain/request.js';
import { mistrusted } from '../domain/transitions.js';
import type { Engine } from '../engine/engine.js';
import type { CircumstancesOf } from '../policy/circumstances.js';
import type { Limits } from '../policy/limits.js';
import type { Policy } from '../policy/policy.js';
import { isRefusal, type Refusal, type RefusalCode } from '../policy/refusal.js';
import {
  type Accounts,
  type ApproverGroups,
  type Clock,
  type Log,
  type OrderStore,
  StoreError,
} from '../ports.js';

/** Refusals after which the card offered an action that wasn't possible. */
const cardMisled: readonly RefusalCode[] = ['already-decided', 'changed-since', 'nothing-left'];

/** What every decision about an order depends on. */
export interface DecisionDeps {
  readonly orders: OrderStore;
  readonly engine: Pick<Engine, 'ask'>;
  readonly policy: Policy;
  readonly limits: Limits;
  readonly groups: ApproverGroups;
  readonly accounts: Pick<Accounts, 'standingOf'>;
  readonly circumstances: CircumstancesOf;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/**
 * Concludes a button press on a card: logs the result and has the card drawn as the order now stands. If the card
 * shouldn't have offered the button, it is redrawn.
 */
export async function concludeAction(
  deps: Pick<DecisionDeps, 'orders' | 'engine' | 'log'>,
  { id, by, action }: { readonly id: OrderId; readonly by: Person; readonly action: string },
  result: Order | Refusal | undefined,
): Promise<Order | Refusal> {
  const facts = { orderId: id, by: by.userId, action };
  if (result === undefined) {
    deps.log.warn(facts, 'press on the card of an order that is not in the database');
    return { refused: 'no-such-order' };
  }
  if (isRefusal(result)) {
    deps.log.info({ ...facts, refused: result.refused }, 'a action about an order was refused');
    if (cardMisled.includes(result.refused)) await redraw(deps, id);
  } else {
    deps.log.info(facts, 'a action about an order was granted');
  }
  deps.engine.ask(id);
  return result;
}

/** The refusal is certain and has to be reported, whether or not the card can be marked. */
async function redraw({ orders, log }: Pick<DecisionDeps, 'orders' | 'log'>, id: OrderId): Promise<void> {
  try {
    await changeOrder(orders, id, mistrusted);
  } catch (err) {
    if (!(err instanceof StoreError)) throw err;
    log.warn({ err, orderId: id }, 'a card that misled somebody could not be marked to be drawn again');
  }
}
