import type { OrderId, OrderRequest, Timestamp } from '../../domain/request.js';
import { isDue } from '../next-step.js';

/*
 * What to ask of Bandwidth at one moment, decided without touching anything. Bandwidth counts all look-ups of an
 * account together, whether they tell of one order or list a thousand; so the fewest questions that answer most are
 * asked, and those first whose answer somebody is most likely to wait for.
 */

type Kind = OrderRequest['kind'];
const kinds: readonly Kind[] = ['purchase', 'disconnect'];

/** An order at Bandwidth, as far as planning goes. */
export interface TrackedOrder {
  readonly id: OrderId;
  readonly kind: Kind;
  readonly placedAt: Timestamp;
  /** When its status should be learned next. */
  readonly lookAt: Timestamp;
  /** The list says that it has ended; how, only the order itself tells. */
  readonly ended: boolean;
  /** Bandwidth could not be asked about it the last time: it is tried alone, with growing pauses. */
  readonly troubled: boolean;
  /** Numbers come bit by bit, which only the order itself tells: no list spares it the look that is due. */
  readonly backordered: boolean;
  /** Set where a whole list did not show it: when it should be asked about by itself. Nothing follows from absence. */
  readonly aloneAt?: Timestamp | undefined;
}

/** What is known of one of the two lists. Nothing of it is on record: the first sweep after a start tells it again. */
export interface ListKnown {
  /** How many rows the last whole sweep read, from which time on. */
  readonly size?: { readonly rows: number; readonly since: Timestamp } | undefined;
  /** A sweep that has begun, and how many pages it probably has to go. */
  readonly running?:
    | { readonly since: Timestamp; readonly startedAt: Timestamp; readonly pages: number }
    | undefined;
  readonly lastPageAt: Timestamp;
  /** It could not be read, and is not tried before this time. */
  readonly notBefore: Timestamp;
}

export interface LookupPlan {
  /** To be asked about one by one, the most urgent first. */
  readonly ask: readonly OrderId[];
  /** To be read on, or begun, by so many pages. */
  readonly list: ReadonlyArray<{ readonly kind: Kind; readonly since: Timestamp; readonly pages: number }>;
}

export interface LookupInputs {
  readonly now: Timestamp;
  readonly orders: Iterable<TrackedOrder>;
  readonly lists: Readonly<Record<Kind, ListKnown>>;
  /** How many look-ups may be asked for now. */
  readonly allowance: number;
  /** When orders were last asked about one by one. */
  readonly lastAskedAt: Timestamp;
}

/** "A maximum of 1,000 orders can be retrieved per request": GET orders. GET disconnects would give 5,000. */
export const ROWS_A_PAGE = 1_000;
/** A look may come as much too early, if it saves one: orders placed in one moment share a list. */
const EARLY_MS = 250;
/** An order this young most likely ends at any moment. */
export const FRESH_MS = 10_000;
/** However many orders wait to be asked about one by one, the lists are read on by a page this often. */
const PAGE_AT_LEAST_EVERY_MS = 6_000;
/** Lists go by whole days, and nobody says whose: a day more on either side. */
const MARGIN_MS = 2 * 24 * 60 * 60_000;

export function planLookups({ now, orders, lists, allowance, lastAskedAt }: LookupInputs): LookupPlan {
  const places = Math.floor(allowance);
  if (places < 1) return { ask: [], list: [] };
  const urgent: TrackedOrder[] = [];
  const ended: TrackedOrder[] = [];
  const alone: TrackedOrder[] = [];
  const backordered: TrackedOrder[] = [];
  const waiting: Record<Kind, TrackedOrder[]> = { purchase: [], disconnect: [] };
  for (const order of orders) {
    if (order.ended) ended.push(order);
    else if (order.aloneAt !== undefined && isDue(order.aloneAt, now)) alone.push(order);
    else if (!isDue(order.lookAt - EARLY_MS, now)) continue;
    // Where the clock has been set back since it was placed, no list of the days up to now need show it.
    else if (order.troubled || order.placedAt > now) alone.push(order);
    else if (order.backordered) backordered.push(order);
    else waiting[order.kind].push(order);
  }
  const sweeps = kinds.flatMap((kind) => {
    const due = waiting[kind].some(({ lookAt }) => isDue(lookAt, now));
    const { listed, rest } = divide(due ? waiting[kind] : [], lists[kind], now);
    for (const order of rest) (isFresh(order, now) ? urgent : alone).push(order);
    return listed === undefined ? [] : [{ kind, ...listed, lastPageAt: lists[kind].lastPageAt }];
  });
  const first = [
    ...urgent.sort((one, other) => other.placedAt - one.placedAt),
    ...ended.sort((one, other) => one.lookAt - other.lookAt),
    ...alone.sort((one, other) => (one.aloneAt ?? one.lookAt) - (other.aloneAt ?? other.lookAt)),
  ];
  const ask = [...first, ...backordered.sort((one, other) => one.lookAt - other.lookAt)];
  // Neither crowds out the other: where there is a place for one of them only, they have it in turn.
  const turn = Math.min(ask.length, wasAPage(lists, lastAskedAt) ? 1 : 0);
  const overdue = sweeps.filter(({ lastPageAt }) => !isRecent(lastPageAt, now)).length;
  const forPages = Math.min(overdue, places - turn);
  // Nobody waits for a back-order as for the others, so pages come before it.
  const asked = ask.slice(0, Math.max(turn, Math.min(first.length, places - forPages)));
  let left = places - asked.length;
  const list = sweeps
    .sort((one, other) => one.lastPageAt - other.lastPageAt)
    .flatMap(({ kind, since, pages }) => {
      const granted = Math.min(pages, left);
      left -= granted;
      return granted < 1 ? [] : [{ kind, since, pages: granted }];
    });
  return { ask: [...asked, ...ask.slice(asked.length, asked.length + left)].map(({ id }) => id), list };
}

/** Of the looks so far, the last was at a page of a list. */
const wasAPage = (lists: LookupInputs['lists'], lastAskedAt: Timestamp) =>
  kinds.some((kind) => lists[kind].lastPageAt >= lastAskedAt);

const isFresh = ({ placedAt }: TrackedOrder, now: Timestamp) => placedAt <= now && now - placedAt < FRESH_MS;

const isRecent = (at: Timestamp, now: Timestamp) => at <= now && now - at < PAGE_AT_LEAST_EVERY_MS;

/**
 * Which of the orders that wait the list is to tell of, and which are asked about one by one. The list costs a page for
 * every thousand rows since the oldest order it shall show, whoever's they are; so a few old orders may be cheaper
 * asked about by themselves, and of two ways that cost the same the one that tells more is taken.
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

/** How many rows there probably are since a time: as many a day as the last time. */
function rowsEstimated({ size }: ListKnown, now: Timestamp): (since: Timestamp) => number {
  if (size === undefined) return () => 0;
  const span = (from: Timestamp) => Math.max(0, now - from) + MARGIN_MS;
  const rowsAMillisecond = size.rows / span(size.since);
  return (since) => rowsAMillisecond * span(since);
}
