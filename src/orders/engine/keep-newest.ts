import type { OrderId } from '../domain/request.js';

/** The maximum number of orders remembered in one map. About others, Bandwidth is asked, as after a restart. */
const MAX_ENTRIES = 20_000;

/**
 * Makes this the newest entry of the map, and drops the oldest one if there are too many. A cache that evicts what was
 * read least recently wouldn't do: the order of the entries is the order in which they were written.
 */
export function keepNewest<T>(map: Map<OrderId, T>, id: OrderId, value: T): void {
  map.delete(id);
  map.set(id, value);
  const [oldest] = map.keys();
  if (map.size > MAX_ENTRIES && oldest !== undefined) map.delete(oldest);
}
