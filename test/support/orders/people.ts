import { type PhoneNumber, parsePhoneNumber } from '../../../src/orders/domain/phone-number.js';
import type {
  DisconnectRequest,
  NumberInService,
  OrderId,
  OrderRequest,
  Person,
  PurchaseRequest,
  WantedLine,
} from '../../../src/orders/domain/request.js';
import type { Usage } from '../../../src/orders/domain/tally.js';
import { newOrder } from '../../../src/orders/domain/transitions.js';
import type { Policy } from '../../../src/orders/policy/policy.js';

/** Requests numbers. */
export const ana: Person = { teamId: 'T1', userId: 'UANA' };
/** Two approvers, by name. */
export const ben: Person = { teamId: 'T1', userId: 'UBEN' };
export const bea: Person = { teamId: 'T1', userId: 'UBEA' };
/** An approver by group. */
export const gus: Person = { teamId: 'T1', userId: 'UGUS' };
/** A colleague who can approve nothing. */
export const sam: Person = { teamId: 'T1', userId: 'USAM' };
/** From another company, in a shared channel. */
export const guest: Person = { teamId: 'T2', userId: 'UGUEST' };

export const approverGroup = 'S1';

/** None of the limits is used up. */
export const nothingUsed: Usage = { today: 0, automaticToday: 0, thisMonth: 0 };

export const usualPolicy: Policy = {
  approvers: { anyone: false, users: [ben.userId, bea.userId], groups: [approverGroup] },
  allowSelfApproval: false,
  allowSelfApprovalOfDisconnects: false,
  guestsMayRequest: false,
  externalChannels: 'refuse',
  approvalsRequired: 1,
  autoApproveUpTo: 0,
  undoWindowMs: 60_000,
  approvalTtlMs: 24 * 60 * 60_000,
  maxNumbersPerOrder: 20,
  notify: 'off',
  rules: [],
};

export function phone(text: string): PhoneNumber {
  const number = parsePhoneNumber(text);
  if (number === undefined) throw new Error(`${text} isn't a phone number`);
  return number;
}

export const twoNumbers = [phone('9102414365'), phone('9102414366')];

export function purchase(changes: Partial<PurchaseRequest> = {}): PurchaseRequest {
  return {
    kind: 'purchase',
    name: 'Front desk',
    wanted: { by: 'numbers', numbers: twoNumbers },
    site: { id: '7', name: 'Raleigh' },
    reason: 'A new office',
    partialAllowed: false,
    backOrder: false,
    protected: false,
    ...changes,
  };
}

export function searchAndOrder(quantity: number): OrderRequest {
  return purchase({
    wanted: { by: 'search', search: { kind: 'areaCode', criteria: { areaCode: '910' }, quantity } },
  });
}

/** What Bandwidth says about a number that works. */
export function working(number: PhoneNumber): NumberInService {
  return {
    number,
    city: 'Fayetteville',
    state: 'NC',
    site: { id: '7', name: 'Raleigh' },
    hanging: { e911: false, messaging: true },
  };
}

export function disconnect(changes: Partial<DisconnectRequest> = {}): DisconnectRequest {
  return {
    kind: 'disconnect',
    name: 'Old front desk',
    inService: twoNumbers.map(working),
    reason: 'The office closed',
    mode: 'normal',
    protected: 'UNCHANGED',
    ...changes,
  };
}

/** This many consecutive numbers. */
export function phones(count: number): readonly PhoneNumber[] {
  return Array.from({ length: count }, (_, index) => phone(`91024${String(10_000 + index)}`));
}

/** More numbers than a card names. */
export function longDisconnect(): DisconnectRequest {
  return disconnect({ inService: phones(11).map(working) });
}

/** This many numbers in an area code, for an order of several lines. */
export const searched = (areaCode: string, quantity: number): WantedLine => ({
  by: 'search',
  search: { kind: 'areaCode', criteria: { areaCode }, quantity },
});

/** A purchase of several lines. */
export const lines = (...all: readonly WantedLine[]): PurchaseRequest =>
  purchase({ wanted: { by: 'lines', lines: all } });

/** An order of Ana's that waits for approval since time 0, for a day. */
export const waitingOrder = (request: OrderRequest = purchase(), id: OrderId = 'o1') =>
  newOrder({ id, request, requester: ana, channelId: 'C1', now: 0, expiresAt: 86_400_000 });
