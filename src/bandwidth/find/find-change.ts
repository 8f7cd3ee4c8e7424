import pMap from 'p-map';
import type { FoundBefore, SentOrder } from '../../orders/ports/carrier.js';
import type { OrderList, OrderRow } from '../decode/decode-order-list.js';
import { type RequestName, unreadable } from '../errors.js';
import { type CarrierOrderIdentity, type Likeness, likenessTo } from './likeness.js';
import { idsByDate, isRecent, isSameId, MAX_CANDIDATES, OPENED_AT_ONCE, readList } from './read-list.js';

/** The lookups needed to find an order that changes numbers. Each throws CarrierError when Bandwidth doesn't answer. */
export interface ChangeSources {
  /** What a sentence calls the list. */
  readonly asked: RequestName;
  /** Reads the orders with this CustomerOrderId, as far as Bandwidth's filter goes. */
  readPage(customerOrderId: string): Promise<OrderList>;
  open(carrierOrderId: string): Promise<CarrierOrderIdentity>;
}

/**
 * Looks for a move, or a change of options, whose answer was lost. Bandwidth's list can be filtered by CustomerOrderId;
 * rows that don't show theirs are opened. Orders without an id for exactly our numbers are reported separately, because
 * they may be someone else's.
 *
 * Returns "none" only after reading all of that; otherwise throws CarrierError.
 */
export async function findChange(sent: SentOrder, sources: ChangeSources): Promise<FoundBefore> {
  const { asked, readPage, open } = sources;
  const isOurs = (row: OrderRow) => isSameId(row.customerOrderId, sent.id);
  const rows = await readList(asked, () => readPage(sent.id), isOurs);
  const ours = rows.filter(isOurs);
  if (ours.length > 0) return { ours: idsByDate(ours), sameNumbers: [] };
  const nameless = rows.filter((row) => row.customerOrderId === undefined && isRecent(row, sent));
  if (nameless.length > MAX_CANDIDATES) {
    throw unreadable(asked, `${nameless.length} of them could be ours, too many to open`);
  }
  const opened = await pMap(
    nameless,
    async (row) => ({ row, likeness: likenessTo(sent, await open(row.id)) }),
    { concurrency: OPENED_AT_ONCE },
  );
  const those = (wanted: Likeness) => opened.filter((each) => each.likeness === wanted).map(({ row }) => row);
  if (those('ours').length > 0) return { ours: idsByDate(those('ours')), sameNumbers: [] };
  const same = idsByDate(those('same numbers'));
  if (same.length === 0 && those('unclear').length > 0) {
    throw unreadable(asked, 'one that may be ours names neither its order nor its numbers');
  }
  return { ours: [], sameNumbers: same };
}
