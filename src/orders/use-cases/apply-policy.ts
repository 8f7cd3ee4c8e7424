import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { changeOrder } from '../change-order.js';
import type { RequiredApproval } from '../domain/approval.js';
import { withExpiry } from '../domain/expiry.js';
import type { OrderIn } from '../domain/order.js';
import type { OrderId } from '../domain/request.js';
import { policyChanged } from '../domain/transitions.js';
import type { Engine } from '../engine/engine.js';
import type { ApplicableTerms } from '../policy/policy.js';
import { quorumOf } from '../policy/quorum.js';
import { requiredApproval } from '../policy/required-approval.js';
import { recheck, termsOf } from '../policy/reviewers.js';
import { decidersOf } from '../policy/ruling.js';
import type { DecisionDeps } from './conclude-action.js';

/**
 * Records for every waiting order what the policy requires now, so that its cards don't name people who could only
 * decide before a restart. It starts nothing and notifies no one again.
 */
export interface ApplyPolicy {
  /**
   * Resolves when all are done. Handles one order after the other, each with its cards, because Slack accepts few
   * updates a minute.
   */
  start(): Promise<void>;
  /** Resolves when the order in progress is done. */
  stop(): Promise<void>;
}

/** A store that answers at once would block the event loop for thousands of orders. */
const YIELD_EVERY = 5;

type Waiting = OrderIn<'awaiting-approval'>;

export function makeApplyPolicy(
  deps: Omit<DecisionDeps, 'engine'> & { readonly engine: Pick<Engine, 'settle'> },
): ApplyPolicy {
  const { orders, engine, clock, log } = deps;
  let isStopped = false;
  let running = Promise.resolve();

  /** Returns what the order needs now; undefined while Slack doesn't say who has approved it. */
  async function needsNow(order: Waiting, terms: ApplicableTerms): Promise<RequiredApproval | undefined> {
    const circumstances = await deps.circumstances.order(order, 'recent');
    const found = await recheck(deps, order, terms, decidersOf(order.approvals), 'recent');
    if (found === 'unknown' || circumstances.requesterGroupsUnknown === true) return undefined;
    const { stageOf } = quorumOf(
      terms.stages,
      found.counting.map(({ able }) => able),
    );
    const given = found.counting.map(({ decider }, index) => ({ decider, stage: stageOf[index] }));
    const ruling = await deps.limits.evaluateOrder(order, circumstances);
    const standing = 'standing' in ruling ? ruling.standing : order.needs.standing;
    return asCalled(order, requiredApproval(terms, standing, circumstances.requesterGroups, given));
  }

  async function apply(id: OrderId): Promise<boolean> {
    let isChanged = false;
    await changeOrder(orders, id, async (stored) => {
      isChanged = false;
      const order = withExpiry(stored, clock.now());
      if (order.status !== 'awaiting-approval') return stored;
      const terms = await termsOf(deps, order);
      const before = asCalled(order, requiredApproval(terms, order.needs.standing, undefined, []));
      if (isDeepStrictEqual(inPolicy(before), inPolicy(order.needs))) return stored;
      const needs = await needsNow(order, terms);
      if (needs === undefined) {
        log.warn({ orderId: id }, 'changed policy not shown yet, Slack does not say who approved');
        return stored;
      }
      isChanged = true;
      return policyChanged(order, needs, clock.now());
    });
    return isChanged;
  }

  async function applyToAll(): Promise<void> {
    let changed = 0;
    for (const [index, id] of (await orders.open()).entries()) {
      if ((index + 1) % YIELD_EVERY === 0) await yieldToEventLoop();
      if (isStopped) return;
      try {
        if (!(await apply(id))) continue;
        changed += 1;
        await engine.settle(id);
      } catch (err) {
        log.warn({ orderId: id, err }, 'changed policy not shown on a waiting card');
      }
    }
    if (changed > 0) log.info({ orders: changed }, 'policy changed for waiting orders');
  }

  return {
    start() {
      running = applyToAll().catch((err: unknown) => {
        log.warn({ err }, 'changed policy not shown on waiting cards');
      });
      return running;
    },
    stop() {
      isStopped = true;
      return running;
    },
  };
}

/** Who is notified is decided when the order is requested: a restart doesn't notify anyone who wasn't then. */
function asCalled({ needs }: Waiting, next: RequiredApproval): RequiredApproval {
  const { notify: _, ...others } = next;
  return needs.notify === undefined ? others : { ...others, notify: needs.notify };
}

/** What the policy alone decides. */
function inPolicy({ required, stages, approvers, selfApproval, approvalsChannel }: RequiredApproval): object {
  return {
    required,
    approvers,
    selfApproval,
    approvalsChannel,
    stages: stages?.map((stage) => ({ approvers: stage.approvers, count: stage.count })),
  };
}
