import type { Timestamp } from '../../orders/domain/request.js';
import type { OrderList, OrderRow } from '../decode/decode-order-list.js';
import { type RequestName, unreadable } from '../errors.js';

/** How many pages are read when Bandwidth lists more than requested. */
const MAX_PAGES = 20;

/**
 * Reads all rows of a list of orders or disconnects page by page, stopping after a page with a `wanted` row.
 *
 * A missing row may be taken to mean the order doesn't exist, so this returns only complete lists; otherwise it throws
 * CarrierError.
 */
export async function readList(
  asked: RequestName,
  readPage: (page: string) => Promise<OrderList>,
  wanted: (row: OrderRow) => boolean,
): Promise<readonly OrderRow[]> {
  const seen = new Set<string>();
  const listed: OrderRow[] = [];
  let counted: number | undefined;
  let next: string | undefined = '1';
  while (next !== undefined && seen.size < MAX_PAGES) {
    seen.add(next);
    const { rows, total, nextPage, unread } = await readPage(next);
    listed.push(...rows);
    if (total !== undefined) counted = Math.max(counted ?? 0, total);
    if (rows.some(wanted)) return listed;
    if (unread !== undefined) throw notRead(asked, listed.length);
    const more = nextPage !== undefined && !seen.has(nextPage) && rows.length > 0;
    if (counted !== undefined && listed.length >= counted) return listed;
    if (counted !== undefined && !more) throw notRead(asked, listed.length);
    next = more ? nextPage : undefined;
  }
  if (next !== undefined) throw notRead(asked, listed.length);
  return listed;
}

function notRead(asked: RequestName, count: number) {
  return unreadable(asked, `not among the ${count} listed, and not all were listed`);
}

/** Returns the ids of these rows without repeats, newest last. */
export function idsByDate(rows: readonly OrderRow[]): readonly string[] {
  const sorted = rows.toSorted((one, other) => Number(one.date > other.date) - Number(one.date < other.date));
  return [...new Set(sorted.map(({ id }) => id))];
}

/** Compares ignoring case: Bandwidth may return a UUID in capitals. */
export function isSameId(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}

/**
 * How far Bandwidth's clock and ours may differ before an order with a readable date counts as older, in milliseconds.
 */
const CLOCKS_APART_MS = 15 * 60_000;

/** An unreadable date excludes nothing. */
export function isRecent(
  { createdAt }: { readonly createdAt?: Timestamp },
  { sentAt }: { readonly sentAt: Timestamp },
): boolean {
  return createdAt === undefined || createdAt >= sentAt - CLOCKS_APART_MS;
}

/** How many orders are opened to check their ids. */
export const MAX_CANDIDATES = 200;
export const OPENED_AT_ONCE = 4;
