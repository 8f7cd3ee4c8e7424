import { lastRequestedAt } from '../domain/editions.js';
import { withExpiry } from '../domain/expiry.js';
import { linesOf } from '../domain/lines.js';
import { isFinal, type Order } from '../domain/order.js';
import type { OrderFilter } from '../domain/order-filter.js';
import type { Person, Timestamp } from '../domain/request.js';
import { asksPeople } from '../domain/unanswered.js';
import type { Reachability } from '../engine/reachability.js';
import { inTime } from '../in-time.js';
import { type Carrier, CarrierError, type CarrierTrouble } from '../ports/carrier.js';
import type { Clock } from '../ports/clock.js';
import type { OrderIndex, OrderPage } from '../ports/order-index.js';
import { StoreError } from '../ports/store-errors.js';

/** Whether something works. Without `since`, it isn't known since when it has failed. */
export type Working =
  | { readonly works: 'yes' }
  | { readonly works: 'no'; readonly since?: Timestamp; readonly trouble?: CarrierTrouble }
  /** It didn't answer in time. */
  | { readonly works: 'not-known' };

/** The orders that haven't ended, by what they are waiting for. */
export interface StatusCounts {
  /** Waiting for approval; `oldest` is since when the first of them has waited. */
  readonly waiting: { readonly count: number; readonly oldest?: Timestamp };
  /** Approved and not yet accepted by Bandwidth, apart from those that are untraced. */
  readonly sending: number;
  /** Bandwidth is working on them. */
  readonly placed: number;
  /** Sent without an answer or a trace, so a person has to decide. */
  readonly untraced: number;
  /** Set if there are more orders than were counted. */
  readonly isPart?: true;
  /** How many more can't be read. */
  readonly unreadable: number;
}

export interface ServiceStatus {
  readonly posting: Working;
  readonly bandwidth: Working;
  readonly database: Working;
  /** Absent while the database can't be read. */
  readonly orders?: StatusCounts;
  /** Whether only this person's own requests were counted. */
  readonly onlyOwn: boolean;
}

/** Answers within three seconds and never rejects for an outage. */
export type ReportStatus = (by: Person) => Promise<ServiceStatus>;

const STATUS_TIMEOUT_MS = 2_500;
/** How many orders are read to count them. */
const MAX = { page: 100, pages: 5 };

export function makeReportStatus(deps: {
  readonly index: Pick<OrderIndex, 'page'>;
  readonly carrier: Pick<Carrier, 'sites'>;
  readonly reachDatabase: () => Promise<void>;
  readonly reachability: { readonly Slack: Reachability; readonly Bandwidth: Reachability };
  readonly clock: Clock;
}): ReportStatus {
  const { index, carrier, reachDatabase, reachability, clock } = deps;
  const lost = (since: Timestamp | undefined, trouble?: CarrierTrouble): Working => ({
    works: 'no',
    ...(since === undefined ? {} : { since }),
    ...(trouble === undefined ? {} : { trouble }),
  });

  /** One cheap call says more than past results. */
  async function bandwidth(): Promise<Working> {
    try {
      const answer = await inTime(STATUS_TIMEOUT_MS, carrier.sites(), clock);
      return answer === undefined ? { works: 'not-known' } : { works: 'yes' };
    } catch (error) {
      if (!(error instanceof CarrierError)) throw error;
      return lost(reachability.Bandwidth.failingSince(), error.trouble);
    }
  }

  function posting(): Working {
    const since = reachability.Slack.lostSince();
    return since === undefined ? { works: 'yes' } : lost(since);
  }

  async function database(): Promise<Working> {
    try {
      const reached = await inTime(
        STATUS_TIMEOUT_MS,
        reachDatabase().then(() => true),
        clock,
      );
      return reached === undefined ? { works: 'not-known' } : { works: 'yes' };
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return { works: 'no' };
    }
  }

  async function countOpen(filter: OrderFilter): Promise<StatusCounts | undefined> {
    try {
      return await inTime(STATUS_TIMEOUT_MS, counted(index, filter, clock.now()), clock);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return undefined;
    }
  }

  return async (by) => {
    const onlyOwn = by.unplaced === true;
    const filter: OrderFilter = {
      state: 'open',
      teamId: by.teamId,
      ...(onlyOwn ? { requestedBy: by.userId } : {}),
    };
    const [carrierWorks, databaseWorks, orders] = await Promise.all([
      bandwidth(),
      database(),
      countOpen(filter),
    ]);
    return {
      posting: posting(),
      bandwidth: carrierWorks,
      database: databaseWorks,
      // What can still be read from a failed database may be old.
      ...(orders === undefined || databaseWorks.works !== 'yes' ? {} : { orders }),
      onlyOwn,
    };
  };
}

async function counted(
  index: Pick<OrderIndex, 'page'>,
  filter: OrderFilter,
  now: Timestamp,
): Promise<StatusCounts> {
  const orders: Order[] = [];
  let unreadable = 0;
  let after: string | undefined;
  let pages = 0;
  do {
    const page: OrderPage = await index.page(filter, MAX.page, after);
    orders.push(...page.orders.map((order) => withExpiry(order, now)).filter((order) => !isFinal(order)));
    unreadable += page.unreadable.length;
    after = page.next;
    pages += 1;
  } while (after !== undefined && pages < MAX.pages);
  const waiting = orders.filter((order) => order.status === 'awaiting-approval');
  const withLine = (isMeant: (line: Order) => boolean) =>
    orders.filter((order) => linesOf(order).some(isMeant)).length;
  const untraced = withLine((line) => line.status === 'placing' && asksPeople(line));
  const placed = withLine((line) => line.status === 'placed');
  const waits = waiting.map(lastRequestedAt);
  return {
    waiting: {
      count: waiting.length,
      ...(waits.length === 0 ? {} : { oldest: Math.min(...waits) }),
    },
    untraced,
    placed,
    sending: orders.length - waiting.length - untraced - placed,
    ...(after === undefined ? {} : { isPart: true }),
    unreadable,
  };
}
