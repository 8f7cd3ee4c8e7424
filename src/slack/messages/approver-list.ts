import type { OrderIn } from '../../orders/domain/order.js';
import { haveApproved, peopleAsked, type StandIn } from '../../orders/domain/who-decides.js';
import type { Delegates } from '../../orders/policy/delegates.js';
import type { Log } from '../../orders/ports/log.js';
import type { OrderBoard } from '../../orders/ports/order-board.js';
import type { Accounts, ApproverGroups } from '../../orders/ports/people.js';

type Waiting = OrderIn<'awaiting-approval'>;

/** Returns readers of who is asked to decide on an order, one by one. */
export function makeApproverList(deps: {
  readonly groups: Pick<ApproverGroups, 'includesAny' | 'membersOf'>;
  readonly delegates: Pick<Delegates, 'all'>;
  readonly accounts: Pick<Accounts, 'standingOf'>;
  readonly log: Pick<Log, 'warn'>;
}): Pick<OrderBoard, 'peopleToNotify'> & {
  /** Returns who stands in for those who are asked and away. Throws StoreError. */
  readonly standInsOf: (order: Waiting) => Promise<readonly StandIn[]>;
} {
  const { groups, delegates, accounts, log } = deps;

  /** Not the requester, nor a delegate who has left: then the person who is away is asked, because no one else is. */
  async function standInsOf(order: Waiting): Promise<readonly StandIn[]> {
    const asked = peopleAsked(order);
    if (asked === undefined) return [];
    const notAsked = [...haveApproved(order), order.requester.userId];
    const isAsked = (userId: string) =>
      asked.users.includes(userId) ||
      groups.includesAny(asked.groups, userId, 'recent').catch((err: unknown) => {
        // The group itself is mentioned all the same.
        log.warn({ orderId: order.id, userId, err }, 'delegate not asked, group lookup failed');
        return false;
      });
    const standIns = await Promise.all(
      (await delegates.all()).map(async ({ of, to }) => {
        if ([of, to].some(({ userId }) => notAsked.includes(userId))) return [];
        if (!(await isAsked(of.userId)) || (await accounts.standingOf(to, 'recent')) !== 'member') return [];
        return [{ away: of.userId, delegate: to.userId }];
      }),
    );
    return standIns.flat();
  }

  return {
    standInsOf,
    async peopleToNotify(order) {
      const asked = peopleAsked(order);
      if (asked === undefined) return [];
      const [members, standIns] = await Promise.all([groups.membersOf(asked.groups), standInsOf(order)]);
      const { selfApproval, approvers } = order.needs;
      const mayDecide = (userId: string) => selfApproval === true || userId !== order.requester.userId;
      const named = approvers?.users ?? [];
      const fromGroups = members.filter((userId) => mayDecide(userId) && !named.includes(userId));
      const away = new Set(standIns.map((each) => each.away));
      const present = [...asked.users, ...fromGroups].filter((userId) => !away.has(userId));
      return [...new Set([...present, ...standIns.map(({ delegate }) => delegate)])];
    },
  };
}
