import type { CausingOrder, Drift, DriftOf } from '../domain/drift/drift.js';
import type { OrderEffects } from '../domain/order-effects.js';
import { CarrierError, type CarrierTrouble } from '../ports/carrier.js';
import type { NumberChange, NumberHistory } from '../ports/drift.js';
import type { InventorySource } from '../ports/inventory.js';
import type { Log } from '../ports/log.js';

/** At most this many numbers are looked up for one report, so that orders have lookups left. */
const MAX_LOOKED_UP = 30;
/** The lookups that one number takes. */
const LOOKUPS_EACH = 2;

/**
 * Looks up which Bandwidth order is behind the first unexplained numbers, until `wanted` unexplained ones are known. A
 * number whose order turns out to be ours is explained after all, and a number that has been disconnected since is no
 * drift. All others stay as they are. People wait for this, so it stops at the first failure that would repeat.
 */
export async function findCausingOrders(
  unexplained: ReadonlyArray<DriftOf<'unexplained'>>,
  wanted: number,
  effects: OrderEffects,
  deps: {
    readonly history: NumberHistory;
    readonly source: Pick<InventorySource, 'lookups'>;
    readonly log: Pick<Log, 'warn'>;
  },
): Promise<readonly Drift[]> {
  const found: Drift[] = [];
  let next = 0;
  let canAsk = true;
  while (next < unexplained.length && next < MAX_LOOKED_UP && found.length < wanted) {
    const drift = unexplained[next];
    next += 1;
    if (drift === undefined) break;
    const change = canAsk ? await lastChange(drift, deps) : 'not-known';
    if (change === 'cannot-ask') canAsk = false;
    if (change === 'not-known' || change === 'cannot-ask') found.push({ ...drift, behind: 'not-known' });
    else if (!isExplained(change, effects)) found.push({ ...drift, behind: causingOrderOf(change, effects) });
  }
  return [...found, ...unexplained.slice(next)];
}

async function lastChange(
  { number }: DriftOf<'unexplained'>,
  { history, source, log }: Parameters<typeof findCausingOrders>[3],
): Promise<NumberChange | 'not-known' | 'cannot-ask'> {
  if (source.lookups().left < LOOKUPS_EACH) return 'not-known';
  try {
    return (await history.lastChange(number)) ?? 'not-known';
  } catch (err) {
    if (!(err instanceof CarrierError)) throw err;
    log.warn({ err, number }, 'bandwidth lookup of the order behind a number failed');
    return aboutOneNumber.has(err.trouble) ? 'not-known' : 'cannot-ask';
  }
}

/** Troubles that the lookup of another number may not have. */
const aboutOneNumber: ReadonlySet<CarrierTrouble> = new Set(['broken', 'missing', 'refused']);

const asCarrierOrder = ({ carrierOrderId: id, customerOrderId }: NumberChange) => ({
  id,
  ...(customerOrderId === undefined ? {} : { customerOrderId }),
});

const isExplained = (change: NumberChange, effects: OrderEffects): boolean =>
  change.disconnects ? change.inService === false : effects.ownerOf(asCarrierOrder(change))?.owner === 'ours';

function causingOrderOf(change: NumberChange, effects: OrderEffects): CausingOrder {
  const { carrierOrderId, at, user } = change;
  const owner = change.disconnects ? undefined : effects.ownerOf(asCarrierOrder(change));
  return {
    carrierOrderId,
    ...(at === undefined ? {} : { at }),
    ...(user === undefined ? {} : { user }),
    ...(change.disconnects ? { disconnects: true } : {}),
    ...(owner?.owner === 'ended' ? { ended: { orderId: owner.orderId, status: owner.status } } : {}),
  };
}
