import { type CarrierReport, isFinalReport } from '../domain/carrier-report.js';
import type { OrderIn } from '../domain/order.js';
import type { PhoneNumber } from '../domain/phone-number.js';
import type { Carrier } from '../ports/carrier.js';
import type { Clock } from '../ports/clock.js';

/**
 * Bandwidth doesn't say how long it takes. After this the order ends, and people read which numbers aren't known to be
 * ready.
 */
const AWAITED_FOR_MS = 24 * 60 * 60_000;
/** Each number costs a lookup, so an order of more numbers is checked only in part. */
const MAX_CHECKED = 100;

/**
 * Numbers that get a campaign can send only once Bandwidth calls them fully provisioned, which is some time after their
 * order is complete. Until then the order counts as being processed.
 */
export function makeAwaitProvisioning({
  carrier,
  clock,
}: {
  readonly carrier: Pick<Carrier, 'isProvisioned'>;
  readonly clock: Pick<Clock, 'now'>;
}) {
  /** Throws CarrierError if Bandwidth can't be asked. */
  return async (order: OrderIn<'placed'>, report: CarrierReport): Promise<CarrierReport> => {
    const { request, carrierOrder } = order;
    const assigns = request.kind === 'messaging' && request.change.to === 'campaign';
    if (!assigns || !isFinalReport(report.status) || report.status === 'failed') return report;
    const done =
      report.completed.length > 0 || report.status === 'partial'
        ? report.completed
        : request.inService.map(({ number }) => number);
    const isOver = clock.now() >= carrierOrder.placedAt + AWAITED_FOR_MS;
    const unprovisioned: PhoneNumber[] = done.slice(MAX_CHECKED);
    for (const number of done.slice(0, MAX_CHECKED)) {
      if (await carrier.isProvisioned(number)) continue;
      // One is reason enough to wait, and the rest needn't be asked about.
      if (!isOver) return { ...report, status: 'processing', failed: [], faults: [] };
      unprovisioned.push(number);
    }
    return unprovisioned.length === 0 ? report : { ...report, unprovisioned };
  };
}
