import { createNumber } from './create-number.js';
import { type Criteria, matching } from './criteria.js';
import type { Numbers } from './numbers.js';
import { type OrderRequest, quantityOf } from './order-request.js';
import type { Reservations } from './reservations.js';
import type { CarrierFault } from './write-xml.js';

// How an order ends: which numbers it gets, and what Bandwidth says about the others.

export type OrderStatus = 'RECEIVED' | 'PROCESSING' | 'BACKORDERED' | 'COMPLETE' | 'PARTIAL' | 'FAILED';

/** How the next order goes, regardless of the inventory. */
export interface OrderPlan {
  /**
   * COMPLETE delivers numbers even if none are available. PARTIAL delivers half (for one number: FAILED). If absent,
   * the inventory decides.
   */
  readonly ends?: 'COMPLETE' | 'PARTIAL' | 'FAILED' | 'BACKORDERED';
  readonly delayMs?: number | 'manual';
  readonly processing?: boolean;
  /** Replaces the default errors of that end. */
  readonly errors?: readonly CarrierFault[];
}

export const noneAvailable: CarrierFault = {
  code: '5018',
  description: 'The entire quantity of telephone numbers ordered is unavailable',
};
export const onlyPart: CarrierFault = {
  code: '5017',
  description: 'Only a partial quantity of the total telephone numbers ordered could be fulfilled',
};

interface Outcome {
  readonly status: OrderStatus;
  readonly numbers: readonly string[];
  readonly failed: readonly string[];
  readonly faults: readonly CarrierFault[];
}

/** Decides an order by its plan, or else by which numbers are available now. */
export function outcome(
  request: OrderRequest,
  plan: OrderPlan,
  numbers: Numbers,
  reservations: Reservations,
): Outcome {
  const quantity = quantityOf(request);
  const { wants } = request;
  const found =
    'named' in wants
      ? wants.named.filter((each) => isFree(each, numbers, wants.reservationIds, reservations))
      : findNumbers(wants.criteria, wants.quantity, wants.widen, numbers);
  switch (plan.ends) {
    case 'COMPLETE': {
      const made =
        'named' in wants ? wants.named : [...found, ...supply(request, quantity - found.length, numbers)];
      if ('named' in wants)
        for (const each of made) numbers.add(numbers.get(each) ?? createNumber(each, {}, numbers));
      return { status: 'COMPLETE', numbers: made, failed: [], faults: [] };
    }
    case 'PARTIAL': {
      const half = found.slice(0, Math.floor(quantity / 2));
      return half.length === 0 ? failure(request, []) : delivered(request, half);
    }
    case 'FAILED':
      return failure(request, 'named' in wants ? wants.named : []);
    case 'BACKORDERED':
      return backorder(request, found.slice(0, Math.floor(quantity / 2)));
    case undefined:
      break;
  }
  if (found.length === quantity) return delivered(request, found);
  if (request.backOrderRequested) return backorder(request, found);
  if (!request.partialAllowed || found.length === 0) {
    return failure(request, 'named' in wants ? wants.named.filter((each) => !found.includes(each)) : []);
  }
  return delivered(request, found);
}

function isFree(
  fullNumber: string,
  numbers: Numbers,
  reservationIds: readonly string[],
  reservations: Reservations,
): boolean {
  const number = numbers.get(fullNumber);
  return number?.status === 'Available' || reservations.holds(reservationIds, fullNumber);
}

function findNumbers(
  criteria: Criteria,
  quantity: number,
  widen: boolean,
  numbers: Numbers,
): readonly string[] {
  return matching(numbers.available(), criteria, widen, numbers.all())
    .slice(0, quantity)
    .map((number) => number.fullNumber);
}

/** Creates available numbers that match the order. */
export function supply(request: OrderRequest, count: number, numbers: Numbers): readonly string[] {
  const { wants } = request;
  if ('named' in wants) {
    return [];
  }
  return Array.from({ length: count }, () => {
    const number = createNumber(undefined, wants.criteria, numbers);
    numbers.add(number);
    return number.fullNumber;
  });
}

/** All or part of it. */
function delivered(request: OrderRequest, taken: readonly string[]): Outcome {
  const { wants } = request;
  if (taken.length === quantityOf(request))
    return { status: 'COMPLETE', numbers: taken, failed: [], faults: [] };
  const failed = 'named' in wants ? wants.named.filter((each) => !taken.includes(each)) : [];
  return {
    status: 'PARTIAL',
    numbers: taken,
    failed,
    faults: 'named' in wants ? failed.map(unavailableNumber) : [onlyPart],
  };
}

/** One unavailable number fails all of them, but only unavailable ones are named with an error. */
function failure(request: OrderRequest, unavailable: readonly string[]): Outcome {
  const { wants } = request;
  if (!('named' in wants)) return { status: 'FAILED', numbers: [], failed: [], faults: [noneAvailable] };
  const culprits = unavailable.length === 0 ? wants.named : unavailable;
  return { status: 'FAILED', numbers: [], failed: wants.named, faults: culprits.map(unavailableNumber) };
}

function backorder(request: OrderRequest, found: readonly string[]): Outcome {
  return request.partialAllowed && found.length > 0
    ? {
        status: 'BACKORDERED',
        numbers: found,
        failed: [],
        faults: [{ code: '5520', description: 'Order backordered - awaiting additional numbers' }],
      }
    : {
        status: 'BACKORDERED',
        numbers: [],
        failed: [],
        faults: [
          {
            code: '5521',
            description:
              'Order Backordered - no numbers allocated, awaiting available inventory to completely fulfill order',
          },
        ],
      };
}

function unavailableNumber(telephoneNumber: string): CarrierFault {
  return { code: '5005', description: 'The telephone number is unavailable for ordering', telephoneNumber };
}
