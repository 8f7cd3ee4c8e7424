import { randomUUID } from 'node:crypto';
import type { Numbers } from './numbers.js';
import { child, children, childText, type XmlElement } from './read-xml.js';
import type { Timers } from './timers.js';
import type { CarrierFault } from './write-xml.js';

export interface DisconnectRequest {
  readonly name: string | undefined;
  readonly customerOrderId: string | undefined;
  readonly numbers: readonly string[];
  readonly mode: string;
  readonly protection: 'TRUE' | 'FALSE' | 'UNCHANGED' | undefined;
}

export interface Disconnect {
  readonly id: string;
  readonly request: DisconnectRequest;
  readonly requestXml: string;
  readonly status: 'RECEIVED' | 'PROCESSING' | 'COMPLETE' | 'PARTIAL' | 'FAILED';
  readonly numbers: readonly string[];
  readonly failed: readonly string[];
  readonly faults: readonly CarrierFault[];
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** How the next disconnect ends. */
export interface DisconnectPlan {
  /** FAILED disconnects nothing, PARTIAL the first half. If absent, it depends on who owns the numbers. */
  readonly ends?: 'PARTIAL' | 'FAILED';
  readonly delayMs?: number | 'manual';
  readonly processing?: boolean;
  readonly errors?: readonly CarrierFault[];
}

/** Reads the body of POST /disconnects. Numbers of other accounts pass here and fail later. */
export function readDisconnect(order: XmlElement): {
  readonly request: DisconnectRequest;
  readonly faults: readonly CarrierFault[];
} {
  const type = child(order, 'DisconnectTelephoneNumberOrderType');
  const numbers = children(child(type, 'TelephoneNumberList'), 'TelephoneNumber').map((each) => each.text);
  const mode = childText(type, 'DisconnectMode') || 'normal';
  const protection = childText(type, 'Protected') || undefined;
  const name = (childText(order, 'name') ?? childText(order, 'Name')) || undefined;
  const customerOrderId = childText(order, 'CustomerOrderId') || undefined;
  const faults: CarrierFault[] = [];
  const fault = (code: string, description: string, telephoneNumber?: string) =>
    faults.push({ code, description, ...(telephoneNumber === undefined ? {} : { telephoneNumber }) });
  if (numbers.length === 0) fault('5001', 'Invalid input telephone number list');
  for (const number of numbers) {
    if (!/^[2-9]\d{9}$/.test(number)) fault('5070', 'Telephone number is invalid.', number);
  }
  if (new Set(numbers).size < numbers.length) fault('5072', 'Duplicate telephone number.');
  if (numbers.length > 5000) {
    fault('5095', 'The count of telephone numbers in order exceeds the maximum size of 5000');
  }
  if ([...(name ?? '')].length > 50) fault('1011', 'Name is too long. Max length 50 characters');
  if (!/^[A-Za-z0-9 -]{0,40}$/.test(customerOrderId ?? '')) {
    fault(
      '5052',
      'Customer order ID is invalid. Only alphanumeric values, dashes and spaces are allowed. Max length is 40 characters.',
    );
  }
  if (!['normal', 'soft-remove', 'purge'].includes(mode)) {
    fault('5084', `DisconnectMode '${mode}' is invalid. Valid values are: normal, soft-remove, purge`);
  } else if (mode === 'purge') fault('5085', 'Insufficient permissions for this DisconnectMode');
  if (protection !== undefined && !isProtection(protection)) {
    fault('5108', `Protected attribute '${protection}' is invalid. Valid values: TRUE, FALSE, UNCHANGED`);
  }
  return {
    request: {
      name,
      customerOrderId,
      numbers,
      mode,
      protection: protection !== undefined && isProtection(protection) ? protection : undefined,
    },
    faults,
  };
}

function isProtection(text: string): text is 'TRUE' | 'FALSE' | 'UNCHANGED' {
  return ['TRUE', 'FALSE', 'UNCHANGED'].includes(text);
}

export interface Disconnects {
  place(request: DisconnectRequest, requestXml: string): Disconnect;
  get(id: string): Disconnect | undefined;
  /** Newest last. */
  all(): readonly Disconnect[];
  plan(plan: DisconnectPlan): void;
  finish(id: string): void;
  /** Restores disconnects of an earlier run. Pending ones take as long as new ones. */
  restore(earlier: readonly Disconnect[]): void;
}

export function makeDisconnects(deps: {
  readonly accountId: string;
  readonly numbers: Numbers;
  readonly now: () => number;
  readonly timers: Timers;
  readonly changed: (id: string) => void;
  readonly usually: () => { readonly delayMs: number | 'manual'; readonly processing: boolean };
}): Disconnects {
  const { accountId, numbers, now, timers, changed, usually } = deps;
  const disconnects = new Map<string, Disconnect>();
  const planned = new Map<string, DisconnectPlan>();
  const plans: DisconnectPlan[] = [];
  const change = (disconnect: Disconnect, changes: Partial<Disconnect>) => {
    disconnects.set(disconnect.id, { ...disconnect, ...changes, modifiedAt: now() });
    changed(disconnect.id);
  };
  const decide = (id: string) => {
    const disconnect = disconnects.get(id);
    if (disconnect === undefined || !['RECEIVED', 'PROCESSING'].includes(disconnect.status)) return;
    const { request } = disconnect;
    const plan = planned.get(id) ?? {};
    const ours = request.numbers.filter((each) => isOurs(each, numbers, accountId));
    const gone =
      plan.ends === 'FAILED'
        ? []
        : plan.ends === 'PARTIAL'
          ? ours.slice(0, Math.floor(request.numbers.length / 2))
          : ours;
    const failed = request.numbers.filter((each) => !gone.includes(each));
    for (const each of gone) {
      const was = numbers.get(each)?.isProtected === true;
      const isProtected = request.protection === 'TRUE' || (request.protection !== 'FALSE' && was);
      numbers.disconnect(each, isProtected, id);
    }
    const status = failed.length === 0 ? 'COMPLETE' : gone.length === 0 ? 'FAILED' : 'PARTIAL';
    change(disconnect, { status, numbers: gone, failed, faults: plan.errors ?? failed.map(notOurs) });
  };
  return {
    place(request, requestXml) {
      const plan = plans.shift() ?? {};
      const id = randomUUID();
      const disconnect: Disconnect = {
        id,
        request,
        requestXml,
        status: 'RECEIVED',
        numbers: [],
        failed: [],
        faults: [],
        createdAt: now(),
        modifiedAt: now(),
      };
      disconnects.set(id, disconnect);
      planned.set(id, plan);
      const delayMs = plan.delayMs ?? usually().delayMs;
      if (plan.processing ?? usually().processing) {
        timers.after(delayMs === 'manual' ? 0 : delayMs / 2, () => {
          const current = disconnects.get(id);
          if (current?.status === 'RECEIVED') change(current, { status: 'PROCESSING' });
        });
      }
      timers.after(delayMs, () => decide(id));
      changed(id);
      return disconnect;
    },
    get: (id) => disconnects.get(id),
    all: () => [...disconnects.values()],
    plan: (plan) => plans.push(plan),
    finish: decide,
    restore(earlier) {
      for (const disconnect of earlier) {
        disconnects.set(disconnect.id, disconnect);
        timers.after(usually().delayMs, () => decide(disconnect.id));
      }
    },
  };
}

export function isOurs(fullNumber: string, numbers: Numbers, accountId: string): boolean {
  const number = numbers.get(fullNumber);
  return number?.status === 'Inservice' && number.account?.accountId === accountId;
}

function notOurs(telephoneNumber: string): CarrierFault {
  return {
    code: '5006',
    description: 'Telephone number could not be disconnected since it is not associated with your account',
    telephoneNumber,
  };
}
