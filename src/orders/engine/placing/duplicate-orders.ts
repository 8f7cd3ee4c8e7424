import type { CarrierOrder, CarrierReport } from '../../domain/carrier-report.js';
import type { OrderIn } from '../../domain/order.js';
import { kindRules } from '../../domain/order-kinds.js';
import { namedNumbers, type OrderRequest, requestedQuantity } from '../../domain/request.js';
import type { Carrier } from '../../ports/carrier.js';
import type { Log } from '../../ports/log.js';

/** One of several carrier orders for a request that was sent twice. */
export interface DuplicateOrder {
  readonly carrierOrderId: string;
  readonly report: CarrierReport;
}

/** Both methods throw CarrierError when Bandwidth can't be asked. */
export interface DuplicateOrders {
  /** Returns the ids of all other carrier orders for this request. */
  idsOf(order: OrderIn<'placed'>): Promise<readonly string[]>;
  reportsOf(order: OrderIn<'placed'>): Promise<readonly DuplicateOrder[]>;
}

export function makeDuplicateOrders(deps: {
  carrier: Pick<Carrier, 'find' | 'report'>;
  log: Log;
}): DuplicateOrders {
  const { carrier, log } = deps;

  async function idsOf({ id, request, approval, carrierOrder }: OrderIn<'placed'>) {
    // Nothing comes of activating a number twice, and Bandwidth lists no activations.
    if (kindRules[request.kind].harmlessTwice) return [];
    const found = await carrier.find({ id, request, sentAt: approval.at });
    const others = found.filter((carrierOrderId) => carrierOrderId !== carrierOrder.id);
    if (others.length > 0) log.error({ orderId: id, others }, 'duplicate carrier orders found');
    return others;
  }

  return {
    idsOf,
    async reportsOf(order) {
      const ids = await idsOf(order);
      const { kind } = order.request;
      return Promise.all(
        ids.map(async (carrierOrderId) => ({
          carrierOrderId,
          report: await carrier.report(kind, carrierOrderId),
        })),
      );
    },
  };
}

/** Returns a carrier order that can still change and so decides the outcome. */
export function stillOpen(duplicates: readonly DuplicateOrder[]): Omit<CarrierOrder, 'placedAt'> | undefined {
  for (const { carrierOrderId, report } of duplicates) {
    const { status, completed, unknownStatus } = report;
    if (status === 'received' || status === 'processing' || status === 'backordered') {
      return {
        id: carrierOrderId,
        status,
        completed,
        ...(unknownStatus === undefined ? {} : { unknownStatus }),
      };
    }
  }
  return undefined;
}

/**
 * Combines the ended carrier orders of one request: the id of the one that delivered most, the ids of the others, and
 * what they delivered.
 *
 * A named number is bought (or disconnected) only once, so where one order delivered it the others failed; only
 * together do they tell the outcome. A search finds different numbers each time, so the better order is the outcome and
 * people are told about the other.
 */
export function jointOutcome(
  request: OrderRequest,
  one: DuplicateOrder,
  others: readonly DuplicateOrder[],
): DuplicateOrder & { readonly duplicates: readonly string[] } {
  const all = [one, ...others];
  const best = all.reduce((most, other) => (delivered(other) > delivered(most) ? other : most));
  const { carrierOrderId, report } = best;
  return {
    carrierOrderId,
    duplicates: all.filter((each) => each !== best).map((each) => each.carrierOrderId),
    report:
      namedNumbers(request).length > 0 && report.status !== 'complete'
        ? added(
            request,
            all.map((each) => each.report),
          )
        : report,
  };
}

function delivered({ report }: DuplicateOrder): number {
  // A complete order may not say how many it delivered; then it delivered all of them.
  return report.status === 'complete' ? Number.POSITIVE_INFINITY : quantityOf(report);
}

const quantityOf = ({ completed, completedQuantity = 0, unread = 0 }: CarrierReport): number =>
  Math.max(completedQuantity, completed.length + unread);

function added(request: OrderRequest, reports: readonly CarrierReport[]): CarrierReport {
  const completed = [...new Set(reports.flatMap((report) => report.completed))];
  const came = new Set(completed);
  const quantity = reports.reduce((sum, report) => sum + quantityOf(report), 0);
  const status = quantity >= requestedQuantity(request) ? 'complete' : quantity > 0 ? 'partial' : 'failed';
  return {
    status,
    completed,
    ...(quantity === completed.length ? {} : { completedQuantity: quantity }),
    failed: [...new Set(reports.flatMap((report) => report.failed))].filter((number) => !came.has(number)),
    // It isn't an error that one order couldn't get a number which the other one got.
    faults: reports
      .flatMap((report) => report.faults)
      .map((fault) => ({ fault, lacking: fault.numbers.filter((number) => !came.has(number)) }))
      .filter(
        ({ fault, lacking }) => lacking.length > 0 || (fault.numbers.length === 0 && status !== 'complete'),
      )
      .map(({ fault, lacking }) => ({ ...fault, numbers: lacking })),
  };
}
