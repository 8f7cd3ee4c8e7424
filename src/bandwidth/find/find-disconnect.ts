import pMap from 'p-map';
import type { PhoneNumber } from '../../orders/domain/phone-number.js';
import type { DisconnectRequest, OrderId, Timestamp } from '../../orders/domain/request.js';
import { CarrierError, type FoundBefore } from '../../orders/ports/carrier.js';
import type { Log } from '../../orders/ports/log.js';
import type { LastOrder } from '../decode/decode-numbers.js';
import type { OrderList, OrderRow } from '../decode/decode-order-list.js';
import { unreadable } from '../errors.js';
import { type CarrierOrderIdentity, type Likeness, likenessTo } from './likeness.js';
import { idsByDate, isRecent, isSameId, MAX_CANDIDATES, OPENED_AT_ONCE, readList } from './read-list.js';

/**
 * How many of the numbers are checked for the order that changed them last. One may have failed where the others did
 * not.
 */
const NUMBERS_ASKED = 3;

/** A disconnect that may not have reached Bandwidth. */
export interface SentDisconnect {
  readonly id: OrderId;
  readonly request: DisconnectRequest;
  readonly sentAt: Timestamp;
}

/** The lookups needed to find a disconnect. Each throws CarrierError when Bandwidth doesn't answer. */
export interface DisconnectSources {
  /** Reads one page of the disconnects around the day it was sent. */
  readPage(page: string): Promise<OrderList>;
  open(disconnectId: string): Promise<CarrierOrderIdentity>;
  lastOrder(number: PhoneNumber): Promise<LastOrder | undefined>;
}

/**
 * Looks for a disconnect whose answer was lost, most likely candidates first. The list of disconnects can't be searched
 * by CustomerOrderId and may not show it, so this opens each candidate. If none matches, the numbers themselves may
 * name the disconnect that took them.
 *
 * Returns "none" only after reading all of that; otherwise throws CarrierError.
 */
export async function findDisconnect(
  sent: SentDisconnect,
  sources: DisconnectSources,
  log: Log,
): Promise<FoundBefore> {
  const opened = new Map<string, Likeness>();
  const likenessOf = async (id: string): Promise<Likeness> => {
    const known = opened.get(id) ?? likenessTo(sent, await sources.open(id));
    opened.set(id, known);
    return known;
  };
  const listed = await attempt(() => findInList(sent, sources, likenessOf));
  if (isAny(listed.found)) return listed.found;
  const named = await attempt(() => findByNumbers(sent, sources, likenessOf));
  // A list that couldn't be read may contain ours. Then a disconnect without an id may be a colleague's and is left
  // out.
  const isCertain = named.found.ours.length > 0 || listed.trouble === undefined;
  if (isAny(named.found) && isCertain) {
    log.warn({ orderId: sent.id, ...named.found }, 'disconnect found by its numbers, not in the order list');
    return named.found;
  }
  const trouble = listed.trouble ?? named.trouble;
  if (trouble !== undefined) throw trouble;
  if ([...opened.values()].includes('unclear')) {
    throw unreadable(
      'the list of disconnects',
      'one that may be ours names neither its order nor its numbers',
    );
  }
  return none;
}

const none: FoundBefore = { ours: [], sameNumbers: [] };
const isAny = ({ ours, sameNumbers }: FoundBefore): boolean => ours.length > 0 || sameNumbers.length > 0;

/** The list may fail while the numbers still lead to our disconnect by its id. */
async function attempt(
  search: () => Promise<FoundBefore>,
): Promise<{ readonly found: FoundBefore; readonly trouble?: CarrierError }> {
  try {
    return { found: await search() };
  } catch (error) {
    if (error instanceof CarrierError) return { found: none, trouble: error };
    throw error;
  }
}

async function findInList(
  sent: SentDisconnect,
  sources: DisconnectSources,
  likenessOf: (id: string) => Promise<Likeness>,
): Promise<FoundBefore> {
  const isOurs = (row: OrderRow) => isSameId(row.customerOrderId, sent.id);
  const rows = await readList('the list of disconnects', sources.readPage, isOurs);
  const ours = rows.filter(isOurs);
  if (ours.length > 0) return { ours: idsByDate(ours), sameNumbers: [] };
  const candidates = rows.filter((row) => row.customerOrderId === undefined && isRecent(row, sent));
  if (candidates.length > MAX_CANDIDATES) {
    throw unreadable(
      'the list of disconnects',
      `${candidates.length} of them could be ours, too many to open`,
    );
  }
  const judged = await pMap(
    candidates,
    async (row) => ({
      row,
      likeness: await likenessOf(row.id),
    }),
    { concurrency: OPENED_AT_ONCE },
  );
  const those = (wanted: Likeness) =>
    judged.filter(({ likeness }) => likeness === wanted).map(({ row }) => row);
  const certain = those('ours');
  return certain.length > 0
    ? { ours: idsByDate(certain), sameNumbers: [] }
    : { ours: [], sameNumbers: idsByNearness(those('same numbers'), sent) };
}

/** A disconnect of the same numbers may have failed just before ours, and another may have been tried after it. */
function idsByNearness(rows: readonly OrderRow[], { sentAt }: SentDisconnect): readonly string[] {
  // Rows without a readable date come last.
  const far = ({ createdAt = 0 }: OrderRow) => Math.abs(createdAt - sentAt);
  return [...new Set(rows.toSorted((one, other) => far(one) - far(other)).map(({ id }) => id))];
}

async function findByNumbers(
  sent: SentDisconnect,
  sources: DisconnectSources,
  likenessOf: (id: string) => Promise<Likeness>,
): Promise<FoundBefore> {
  for (const { number } of sent.request.inService.slice(0, NUMBERS_ASKED)) {
    const order = await sources.lastOrder(number);
    if (order?.disconnects !== true) continue;
    const likeness = await likenessOf(order.id);
    if (likeness === 'ours') return { ours: [order.id], sameNumbers: [] };
    if (likeness === 'same numbers') return { ours: [], sameNumbers: [order.id] };
  }
  return none;
}
