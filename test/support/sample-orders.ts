import type { CarrierReport } from '../../src/orders/domain/carrier-report.js';
import type { Order, OrderIn } from '../../src/orders/domain/order.js';
import { type PhoneNumber, parsePhoneNumber } from '../../src/orders/domain/phone-number.js';
import type {
  DisconnectRequest,
  NumberInService,
  Person,
  PurchaseRequest,
} from '../../src/orders/domain/request.js';
import { checkSearch } from '../../src/orders/domain/search/check-search.js';
import type { Criteria } from '../../src/orders/domain/search/criteria.js';
import type { Search } from '../../src/orders/domain/search/search.js';
import {
  approved,
  cancelled,
  declined,
  expired,
  newOrder,
  placed,
  placing,
  reported,
} from '../../src/orders/domain/transitions.js';

export const requester: Person = { teamId: 'T1', userId: 'UREQUESTER' };
export const approver: Person = { teamId: 'T1', userId: 'UAPPROVER' };
/** 2026-11-23 12:00 UTC. */
export const noon = Date.UTC(2026, 10, 23, 12);
export const orderId = '5e1ec7ed-0000-4000-8000-000000000001';
export const carrierOrderId = 'dc0008ec-07fc-41bf-a3bd-6c6ebf913f1c';

export function number(text: string): PhoneNumber {
  const read = parsePhoneNumber(text);
  if (read === undefined) throw new Error(`${text} is no phone number`);
  return read;
}

export const numbers = (...texts: string[]): PhoneNumber[] => texts.map(number);

/** (910) 241-4000, (910) 241-4001 … */
export const manyNumbers = (quantity: number): PhoneNumber[] =>
  Array.from({ length: quantity }, (_, index) => number(`910241${String(4000 + index)}`));

export function search(criteria: Criteria, quantity = 5): Search {
  const checked = checkSearch({ criteria, quantity });
  if (!('kind' in checked)) throw new Error(`no search: ${JSON.stringify(checked)}`);
  return checked;
}

export const request = (given: Partial<PurchaseRequest> = {}): PurchaseRequest => ({
  kind: 'purchase',
  name: 'Front desk',
  wanted: { by: 'numbers', numbers: numbers('9102414365', '9102414366') },
  site: { id: '1337', name: 'Main office' },
  reason: 'A new team starts on Monday',
  partialAllowed: true,
  backOrder: false,
  protected: false,
  ...given,
});

export const waiting = (given: Partial<PurchaseRequest> = {}): OrderIn<'awaiting-approval'> =>
  newOrder({
    id: orderId,
    request: request(given),
    requester,
    channelId: 'C910',
    now: noon,
    expiresAt: noon + 86_400_000,
  });

export const declinedOrder = (why: string): Order => declined(waiting(), approver, why, noon);
export const expiredOrder = (): Order => expired(waiting(), noon + 86_400_000);
export const cancelledOrder = (): Order => cancelled(waiting(), requester, noon);

export function expectStatus<S extends Order['status']>(order: Order, status: S): OrderIn<S> {
  if (order.status !== status) throw new Error(`expected ${status}, got ${order.status}`);
  return order as OrderIn<S>;
}

export const approvedOrder = (given: Partial<PurchaseRequest> = {}): OrderIn<'approved'> =>
  expectStatus(approved(waiting(given), approver, noon), 'approved');

export const placingOrder = (given: Partial<PurchaseRequest> = {}): OrderIn<'placing'> =>
  expectStatus(placing(approvedOrder(given), noon), 'placing');

export const placedOrder = (given: Partial<PurchaseRequest> = {}): OrderIn<'placed'> =>
  expectStatus(placed(placingOrder(given), carrierOrderId, noon, noon), 'placed');

/** The order after Bandwidth reported this about it. */
export const afterReport = (
  report: Partial<CarrierReport> & Pick<CarrierReport, 'status'>,
  given: Partial<PurchaseRequest> = {},
): Order => reported(placedOrder(given), { completed: [], failed: [], faults: [], ...report }, noon, noon);

/** A number in service, with everything that Bandwidth says about one. */
export const inService = (text: string, given: Partial<NumberInService> = {}): NumberInService => ({
  number: number(text),
  city: 'FAYETTEVILLE',
  state: 'NC',
  site: { id: '1337', name: 'Main office' },
  location: { id: '42', name: 'Lobby' },
  since: '2025-03-01T09:30:00.000Z',
  byOrder: 'b0b0',
  hanging: { e911: false, messaging: false },
  ...given,
});

const disconnect = (given: Partial<DisconnectRequest> = {}): DisconnectRequest => ({
  kind: 'disconnect',
  name: 'Old front desk',
  inService: [inService('9102414365'), inService('9102414366')],
  reason: 'The office is closed',
  mode: 'normal',
  protected: 'UNCHANGED',
  ...given,
});

export const waitingDisconnect = (given: Partial<DisconnectRequest> = {}): OrderIn<'awaiting-approval'> =>
  newOrder({
    id: orderId,
    request: disconnect(given),
    requester,
    channelId: 'C910',
    now: noon,
    expiresAt: noon + 86_400_000,
  });

/** Can be undone within a minute. */
export const approvedDisconnect = (
  given: Partial<DisconnectRequest> = {},
  actAt = noon + 60_000,
): OrderIn<'approved'> => expectStatus(approved(waitingDisconnect(given), approver, noon, actAt), 'approved');

export const undoneDisconnect = (): Order => cancelled(approvedDisconnect(), requester, noon + 5_000);

export const placingDisconnect = (given: Partial<DisconnectRequest> = {}): OrderIn<'placing'> =>
  expectStatus(placing(approvedDisconnect(given), noon + 60_000), 'placing');

export const placedDisconnect = (given: Partial<DisconnectRequest> = {}): OrderIn<'placed'> =>
  expectStatus(placed(placingDisconnect(given), carrierOrderId, noon, noon), 'placed');

export const disconnectAfterReport = (
  report: Partial<CarrierReport> & Pick<CarrierReport, 'status'>,
  given: Partial<DisconnectRequest> = {},
): Order =>
  reported(placedDisconnect(given), { completed: [], failed: [], faults: [], ...report }, noon, noon);
