import type { LocalBandwidth } from '../local-bandwidth/local-bandwidth.js';
import type { FaultInjection } from './fault-injection.js';

const REQUESTS_SHOWN = 40;

/** Everything the Bandwidth tab shows, as plain JSON; newest first. */
export function carrierView(bandwidth: LocalBandwidth, faultInjection: FaultInjection) {
  const byAreaCode = new Map<string, number>();
  for (const number of bandwidth.available()) {
    const areaCode = number.slice(0, 3);
    byAreaCode.set(areaCode, (byAreaCode.get(areaCode) ?? 0) + 1);
  }
  return {
    accountId: bandwidth.accountId,
    inventory: [...byAreaCode]
      .map(([areaCode, available]) => ({ areaCode, available }))
      .sort((one, other) => one.areaCode.localeCompare(other.areaCode)),
    inService: bandwidth.numbersInService(),
    orders: bandwidth.orders().toReversed(),
    disconnects: bandwidth.disconnects().toReversed(),
    reservations: bandwidth.reservations(),
    requests: bandwidth.requests.slice(-REQUESTS_SHOWN).toReversed(),
    switches: bandwidth.switches(),
    planned: bandwidth.plannedOrders().map((plan) => plan.ends ?? 'by availability'),
    faultInjection: faultInjection.now(),
  };
}
