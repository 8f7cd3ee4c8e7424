import { withExpiry } from '../domain/expiry.js';
import type { Order, OrderIn } from '../domain/order.js';
import type { OrderFilter } from '../domain/order-filter.js';
import type { Person } from '../domain/request.js';
import { chooseApproval } from '../policy/choose-decider.js';
import type { CircumstancesOf } from '../policy/circumstances.js';
import type { Delegates } from '../policy/delegates.js';
import type { Limits } from '../policy/limits.js';
import type { Policy } from '../policy/policy.js';
import type { MembershipSources } from '../policy/reviewers.js';
import type { Ruling } from '../policy/ruling.js';
import type { Clock } from '../ports/clock.js';
import type { OrderIndex, OrderPage } from '../ports/order-index.js';

export type WaitingOrder = OrderIn<'awaiting-approval'>;

/** The orders that concern one person, and what the policy leaves them. */
export interface OrderSummary {
  /** Their approval would bring it closer to its end. The one that has waited longest comes first. */
  readonly waiting: readonly WaitingOrder[];
  /** `some`: more orders wait than were read. `unknown`: for at least one, Slack didn't say whether they may decide. */
  readonly checked: 'all' | 'some' | 'unknown';
  /** Requested by them, newest first: what isn't finished, and a few that are. */
  readonly yours: readonly Order[];
  /**
   * Other people's open orders that aren't waiting for this person, newest first. None for people who were let in only
   * to decide: see `list-orders.ts`.
   */
  readonly open: readonly Order[];
  /** Of other people's open orders, this person sees only those that wait for them. */
  readonly onlyOwn: boolean;
  /** Whether there are more of them. */
  readonly more: { readonly yours: boolean; readonly open: boolean };
  /** How many of the listed orders can't be read. */
  readonly unreadable: number;
  /** The ruling on an order of one number, outside any channel. */
  readonly ruling: Ruling;
}

/** Throws StoreError. */
export type SummarizeOrders = (person: Person) => Promise<OrderSummary>;

/** How many of each are returned. Waiting orders are read up to `waiting` to find out whom they wait for. */
const MAX = { waiting: 200, page: 50, pages: 4, yours: 8, done: 3, open: 8 };

const nothing = { orders: [], more: false, unreadable: 0 };

/** Rules for specific channels don't apply here. */
const NO_CHANNEL = '';

export function makeSummarizeOrders(
  deps: MembershipSources & {
    readonly index: Pick<OrderIndex, 'page'>;
    readonly limits: Pick<Limits, 'evaluate'>;
    readonly policy: Policy;
    readonly delegates: Delegates;
    readonly circumstances: Pick<CircumstancesOf, 'order'>;
    readonly clock: Pick<Clock, 'now'>;
  },
): SummarizeOrders {
  const { index, limits, circumstances, clock } = deps;

  /** Returns whether this order waits for this person; undefined while Slack doesn't say. */
  async function waitsFor(order: WaitingOrder, person: Person): Promise<boolean | undefined> {
    try {
      const { refused } = await chooseApproval(deps, order, person, 'recent');
      return refused === 'account-unknown' || refused === 'unplaced' ? undefined : refused === undefined;
    } catch {
      return undefined;
    }
  }

  async function waitingFor(person: Person) {
    const waiting: WaitingOrder[] = [];
    let unknown = false;
    let unreadable = 0;
    let read = 0;
    let after: string | undefined;
    do {
      const page: OrderPage = await index.page({ state: 'waiting', teamId: person.teamId }, MAX.page, after);
      for (const stored of page.orders) {
        const order = withExpiry(stored, clock.now());
        if (order.status !== 'awaiting-approval') continue;
        const waits = await waitsFor(order, person);
        if (waits === undefined) unknown = true;
        if (waits === true) waiting.push(order);
      }
      unreadable += page.unreadable.length;
      read += page.orders.length + page.unreadable.length;
      after = page.next;
    } while (after !== undefined && read < MAX.waiting);
    const all = after === undefined ? 'all' : 'some';
    return { waiting: waiting.reverse(), checked: unknown ? 'unknown' : all, unreadable } as const;
  }

  async function newest(filter: OrderFilter, most: number, skip: (order: Order) => boolean = () => false) {
    const found: Order[] = [];
    let unreadable = 0;
    let after: string | undefined;
    // One more than is returned says whether there are more.
    for (let pages = 0; pages < MAX.pages && found.length <= most; pages += 1) {
      const page: OrderPage = await index.page(filter, MAX.page, after);
      const orders = page.orders.map((order) => withExpiry(order, clock.now()));
      found.push(...orders.filter((order) => !skip(order)));
      unreadable += page.unreadable.length;
      after = page.next;
      if (after === undefined) break;
    }
    return { orders: found.slice(0, most), more: found.length > most || after !== undefined, unreadable };
  }

  return async (person) => {
    const { teamId, userId: requestedBy } = person;
    const [found, unfinished, done, facts] = await Promise.all([
      waitingFor(person),
      newest({ state: 'open', teamId, requestedBy }, MAX.yours),
      newest({ state: 'done', teamId, requestedBy }, MAX.done),
      circumstances.order({ requester: person }, 'recent'),
    ]);
    const known = new Set(found.waiting.map(({ id }) => id));
    const isListed = ({ id, requester }: Order) => known.has(id) || requester.userId === requestedBy;
    const open = person.unplaced ? nothing : await newest({ state: 'open', teamId }, MAX.open, isListed);
    const ruling = await limits.evaluate({
      kind: 'purchase',
      quantity: 1,
      requester: person,
      channelId: NO_CHANNEL,
      ...facts,
    });
    const { waiting, checked } = found;
    return {
      waiting,
      checked,
      yours: [...unfinished.orders, ...done.orders],
      open: open.orders,
      onlyOwn: person.unplaced === true,
      more: { yours: unfinished.more || done.more, open: open.more },
      unreadable: Math.max(found.unreadable, unfinished.unreadable + done.unreadable, open.unreadable),
      ruling,
    };
  };
}
