import { isListed, type ListedKind, listedKinds, type OrderKind } from '../../domain/order-kinds.js';
import type { OrderId, Timestamp } from '../../domain/request.js';
import { isDue } from '../schedule.js';

/*
 * Plans what to look up at Bandwidth at one moment. No side effects. Bandwidth counts all lookups of an account
 * together, whether they return one order or list a thousand, so the plan asks the fewest questions that answer most,
 * and first those that a person is most likely waiting for.
 */

/** An order at Bandwidth, as far as planning needs it. */
export interface TrackedOrder {
  readonly id: OrderId;
  readonly kind: OrderKind;
  readonly placedAt: Timestamp;
  /** When its status should be looked up next. */
  readonly nextLookupAt: Timestamp;
  /** The list says that it has ended; only the order itself tells how. */
  readonly ended: boolean;
  /** The last lookup failed, so it is looked up alone, with growing pauses. */
  readonly troubled: boolean;
  /** Numbers arrive one by one, which only the order itself shows, so no list replaces its lookup. */
  readonly backordered: boolean;
  /** Set if a whole list didn't show it: when to look it up by itself. Absence proves nothing. */
  readonly aloneAt?: Timestamp | undefined;
}

/** What is known about one of the two lists. None of it is stored: the first sweep after a start learns it again. */
export interface ListKnown {
  /** How many rows the last complete sweep read, and from which time on. */
  readonly size?: { readonly rows: number; readonly since: Timestamp } | undefined;
  /** The running sweep, and how many pages it probably has left. */
  readonly running?:
    | { readonly since: Timestamp; readonly startedAt: Timestamp; readonly pages: number }
    | undefined;
  readonly lastPageAt: Timestamp;
  /** It couldn't be read, and isn't tried before this time. */
  readonly notBefore: Timestamp;
}

export interface LookupPlan {
  /** Orders to look up one by one, the most urgent first. */
  readonly lookUp: readonly OrderId[];
  /** Lists to continue or start, and by how many pages. */
  readonly list: ReadonlyArray<{
    readonly kind: ListedKind;
    readonly since: Timestamp;
    readonly pages: number;
  }>;
}

export interface LookupInputs {
  readonly now: Timestamp;
  readonly orders: Iterable<TrackedOrder>;
  readonly lists: Readonly<Record<ListedKind, ListKnown>>;
  /** How many lookups may be made now. */
  readonly allowance: number;
  /** When orders were last looked up one by one. */
  readonly lastLookupAt: Timestamp;
}

/** GET orders: "A maximum of 1,000 orders can be retrieved per request". GET disconnects would allow 5,000. */
export const ROWS_A_PAGE = 1_000;
/** How much earlier a lookup may be made to save one: orders placed at the same moment share a list. */
const EARLY_MS = 250;
/** An order this young may end at any moment. */
export const FRESH_MS = 10_000;
/** The lists advance by one page at least this often, however many orders wait to be looked up one by one. */
const PAGE_AT_LEAST_EVERY_MS = 6_000;
/** Lists are selected by whole days in an undocumented time zone, so one more day is read on either side. */
const MARGIN_MS = 2 * 24 * 60 * 60_000;

export function planLookups({ now, orders, lists, allowance, lastLookupAt }: LookupInputs): LookupPlan {
  const places = Math.floor(allowance);
  if (places < 1) return { lookUp: [], list: [] };
  const urgent: TrackedOrder[] = [];
  const ended: TrackedOrder[] = [];
  const alone: TrackedOrder[] = [];
  const backordered: TrackedOrder[] = [];
  const waiting: Record<ListedKind, TrackedOrder[]> = { purchase: [], disconnect: [] };
  for (const order of orders) {
    if (order.ended) ended.push(order);
    else if (order.aloneAt !== undefined && isDue(order.aloneAt, now)) alone.push(order);
    else if (!isDue(order.nextLookupAt - EARLY_MS, now)) continue;
    // If the clock was set back since it was placed, a list of the days up to now may not include it.
    else if (order.troubled || order.placedAt > now) alone.push(order);
    else if (order.backordered) backordered.push(order);
    else if (isListed(order.kind)) waiting[order.kind].push(order);
    else if (isDue(order.nextLookupAt, now)) (isFresh(order, now) ? urgent : alone).push(order);
  }
  const sweeps = listedKinds.flatMap((kind) => {
    const due = waiting[kind].some(({ nextLookupAt }) => isDue(nextLookupAt, now));
    const { listed, rest } = divide(due ? waiting[kind] : [], lists[kind], now);
    for (const order of rest) (isFresh(order, now) ? urgent : alone).push(order);
    return listed === undefined ? [] : [{ kind, ...listed, lastPageAt: lists[kind].lastPageAt }];
  });
  const first = [
    ...urgent.sort((one, other) => other.placedAt - one.placedAt),
    ...ended.sort((one, other) => one.nextLookupAt - other.nextLookupAt),
    ...alone.sort((one, other) => (one.aloneAt ?? one.nextLookupAt) - (other.aloneAt ?? other.nextLookupAt)),
  ];
  const oneByOne = [...first, ...backordered.sort((one, other) => one.nextLookupAt - other.nextLookupAt)];
  // Neither kind crowds out the other: when only one lookup is left, they alternate.
  const turn = Math.min(oneByOne.length, wasAPage(lists, lastLookupAt) ? 1 : 0);
  const overdue = sweeps.filter(({ lastPageAt }) => !isRecent(lastPageAt, now)).length;
  const forPages = Math.min(overdue, places - turn);
  // Back-orders are the least urgent, so pages come before them.
  const chosen = oneByOne.slice(0, Math.max(turn, Math.min(first.length, places - forPages)));
  let left = places - chosen.length;
  const list = sweeps
    .sort((one, other) => one.lastPageAt - other.lastPageAt)
    .flatMap(({ kind, since, pages }) => {
      const granted = Math.min(pages, left);
      left -= granted;
      return granted < 1 ? [] : [{ kind, since, pages: granted }];
    });
  return {
    lookUp: [...chosen, ...oneByOne.slice(chosen.length, chosen.length + left)].map(({ id }) => id),
    list,
  };
}

/** Whether the latest lookup was a page of a list. */
const wasAPage = (lists: LookupInputs['lists'], lastLookupAt: Timestamp) =>
  listedKinds.some((kind) => lists[kind].lastPageAt >= lastLookupAt);

const isFresh = ({ placedAt }: TrackedOrder, now: Timestamp) => placedAt <= now && now - placedAt < FRESH_MS;

const isRecent = (at: Timestamp, now: Timestamp) => at <= now && now - at < PAGE_AT_LEAST_EVERY_MS;

/**
 * Divides the due orders between the list and single lookups. The list costs one page per thousand rows since the
 * oldest order in it, including orders that aren't ours, so a few old orders may be cheaper to look up alone. At equal
 * cost single lookups win, because they tell more.
 */
function divide(
  waiting: TrackedOrder[],
  list: ListKnown,
  now: Timestamp,
): {
  readonly listed?: { readonly since: Timestamp; readonly pages: number };
  readonly rest: readonly TrackedOrder[];
} {
  const { running } = list;
  if (running !== undefined) {
    const { since, startedAt } = running;
    return {
      listed: running,
      rest: waiting.filter(({ placedAt }) => placedAt < since || placedAt >= startedAt),
    };
  }
  if (waiting.length < 2 || !isDue(list.notBefore, now)) {
    return { rest: waiting };
  }
  waiting.sort((one, other) => other.placedAt - one.placedAt);
  const rowsSince = rowsEstimated(list, now);
  let best = { listed: 0, pages: 0, cost: waiting.length };
  for (let listed = 1; listed <= waiting.length; listed += 1) {
    const oldest = waiting[listed - 1];
    if (oldest === undefined) break;
    const pages = Math.max(1, Math.ceil(Math.max(listed, rowsSince(oldest.placedAt)) / ROWS_A_PAGE));
    const cost = pages + waiting.length - listed;
    if (cost < best.cost) best = { listed, pages, cost };
  }
  const since = waiting[best.listed - 1]?.placedAt;
  if (since === undefined) return { rest: waiting };
  return { listed: { since, pages: best.pages }, rest: waiting.slice(best.listed) };
}

/** Estimates the rows since a time, at the daily rate of the last sweep. */
function rowsEstimated({ size }: ListKnown, now: Timestamp): (since: Timestamp) => number {
  if (size === undefined) return () => 0;
  const span = (from: Timestamp) => Math.max(0, now - from) + MARGIN_MS;
  const rowsAMillisecond = size.rows / span(size.since);
  return (since) => rowsAMillisecond * span(since);
}
