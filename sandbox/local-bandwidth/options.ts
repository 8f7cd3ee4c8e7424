import { randomUUID } from 'node:crypto';
import { isOurs } from './disconnects.js';
import type { Numbers } from './numbers.js';
import type { LocalSite } from './sites.js';
import type { Timers } from './timers.js';
import type { CarrierFault } from './write-xml.js';

export interface OptionsRequest {
  readonly customerOrderId: string | undefined;
  readonly sms: string | undefined;
  readonly campaignId: string | undefined;
  readonly messageClass: string | undefined;
  readonly numbers: readonly string[];
}

/** An order that changes options of numbers. */
export interface OptionsOrder {
  readonly id: string;
  readonly request: OptionsRequest;
  readonly requestXml: string;
  readonly status: 'RECEIVED' | 'PROCESSING' | 'COMPLETE' | 'PARTIAL' | 'FAILED';
  readonly faults: readonly CarrierFault[];
  readonly warnings: readonly CarrierFault[];
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface OptionsOrders {
  place(request: OptionsRequest, requestXml: string): OptionsOrder;
  get(id: string): OptionsOrder | undefined;
  all(): readonly OptionsOrder[];
  finish(id: string): void;
  /** The campaign of these numbers can be used from now on. */
  provision(fullNumber: string): void;
  restore(earlier: readonly OptionsOrder[]): void;
}

/** The account's campaigns. */
export const campaigns = [
  { id: 'CB7T2QK', description: 'Customer care', messageClass: 'M' },
  { id: 'CA1B2C3', description: 'Appointment reminders', messageClass: 'F' },
] as const;

export function makeOptionsOrders(deps: {
  readonly accountId: string;
  readonly sites: readonly LocalSite[];
  readonly numbers: Numbers;
  readonly now: () => number;
  readonly timers: Timers;
  readonly changed: (id: string) => void;
  readonly usually: () => {
    readonly delayMs: number | 'manual';
    readonly provisioningDelayMs: number | 'manual';
  };
}): OptionsOrders {
  const { accountId, sites, numbers, now, timers, changed, usually } = deps;
  const orders = new Map<string, OptionsOrder>();
  const change = (order: OptionsOrder, changes: Partial<OptionsOrder>) => {
    orders.set(order.id, { ...order, ...changes, modifiedAt: now() });
    changed(order.id);
  };
  const provision = (fullNumber: string) => {
    const attached = numbers.get(fullNumber)?.attached;
    if (attached?.campaign === undefined) return;
    numbers.attach(fullNumber, { ...attached, campaign: { ...attached.campaign, provisioned: true } });
  };
  const faultOf = (fullNumber: string, request: OptionsRequest): CarrierFault | undefined => {
    const fault = (code: string, description: string) => ({ code, description, telephoneNumber: fullNumber });
    if (!isOurs(fullNumber, numbers, accountId)) {
      return fault('5076', 'Telephone number is not available on this account');
    }
    const account = numbers.get(fullNumber)?.account;
    const peer = sites
      .find(({ id }) => id === account?.siteId)
      ?.peers.find(({ id }) => id === account?.peerId);
    if (request.sms === 'on' && peer?.sms === false) {
      return fault('5166', 'SMS is not available at the SIP peer of this telephone number');
    }
    const isKnown = request.campaignId === undefined || campaigns.some(({ id }) => id === request.campaignId);
    return isKnown ? undefined : fault('12128', 'The campaign does not exist on this account');
  };
  const decide = (id: string) => {
    const order = orders.get(id);
    if (order === undefined || !['RECEIVED', 'PROCESSING'].includes(order.status)) return;
    const { request } = order;
    const faults = request.numbers.flatMap((each) => faultOf(each, request) ?? []);
    const done = request.numbers.filter((each) => !faults.some((fault) => fault.telephoneNumber === each));
    const warnings = done
      .filter((each) => request.sms === 'on' && numbers.get(each)?.attached?.messaging === true)
      .map((telephoneNumber) => ({ code: '', description: 'SMS already enabled', telephoneNumber }));
    for (const each of done) {
      const { campaign: _, ...others } = numbers.get(each)?.attached ?? {};
      const campaign =
        request.campaignId === undefined
          ? numbers.get(each)?.attached?.campaign
          : {
              id: request.campaignId,
              ...(request.messageClass === undefined ? {} : { messageClass: request.messageClass }),
              provisioned: false,
            };
      numbers.attach(each, {
        ...others,
        messaging: request.sms !== 'off',
        ...(campaign === undefined || request.sms === 'off' ? {} : { campaign }),
      });
      timers.after(usually().provisioningDelayMs, () => provision(each));
    }
    change(order, {
      status: faults.length === 0 ? 'COMPLETE' : done.length === 0 ? 'FAILED' : 'PARTIAL',
      faults,
      warnings,
    });
  };
  return {
    place(request, requestXml) {
      const at = now();
      const order: OptionsOrder = {
        id: randomUUID(),
        request,
        requestXml,
        status: 'RECEIVED',
        faults: [],
        warnings: [],
        createdAt: at,
        modifiedAt: at,
      };
      orders.set(order.id, order);
      timers.after(usually().delayMs, () => decide(order.id));
      changed(order.id);
      return order;
    },
    get: (id) => orders.get(id),
    all: () => [...orders.values()],
    finish: decide,
    provision,
    restore(earlier) {
      for (const order of earlier) {
        orders.set(order.id, order);
        timers.after(usually().delayMs, () => decide(order.id));
      }
    },
  };
}
