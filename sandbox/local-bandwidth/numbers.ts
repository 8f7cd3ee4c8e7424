// All telephone numbers here: the available ones, ours, and other customers'.

export interface TelephoneNumber {
  readonly fullNumber: string;
  readonly tollFree: boolean;
  /** Capitals, as Bandwidth writes them; empty for toll-free numbers. */
  readonly city: string;
  readonly state: string;
  readonly rateCenter: string;
  readonly lata: string;
  readonly zip: string;
  /** Places in the same local calling area share one. */
  readonly callingArea: string;
  readonly tier: string;
  readonly isProtected: boolean;
  readonly status: 'Available' | 'Reserved' | 'Inservice' | 'Aging';
  readonly account?: Assignment;
  /** The order that changed it last; for a disconnected number, the disconnect. */
  readonly lastOrder?: LastOrder;
  /** The services on it. */
  readonly attached?: Attached;
  readonly modifiedAt: number;
}

interface LastOrder {
  readonly id: string;
  readonly type: 'NEW_NUMBER_ORDER' | 'DISCONNECT';
  readonly at: number;
}

export interface Attached {
  /** An emergency address. */
  readonly e911?: boolean;
  readonly messaging?: boolean;
  /** The 10DLC campaign of a number with messaging; without one, the location's default applies. */
  readonly campaign?: { readonly id: string; readonly messageClass?: string; readonly provisioned?: boolean };
  /** Where its calls are forwarded to. */
  readonly forwardedTo?: string;
  /** It is on the account, but no calls reach it: Bandwidth's status is InAccount. */
  readonly unrouted?: boolean;
  /** What another account runs on it. */
  readonly hosted?: readonly ('messaging' | 'E911')[];
}

/** A number's owner, and the order that assigned it. */
export interface Assignment {
  readonly accountId: string;
  readonly siteId: string;
  readonly peerId: string;
  readonly orderId: string;
  readonly at: number;
}

export interface Numbers {
  get(fullNumber: string): TelephoneNumber | undefined;
  all(): readonly TelephoneNumber[];
  /** Tests make thousands of numbers, each like the first that matches: without this, each would read all of them. */
  first(matches: (number: TelephoneNumber) => boolean): TelephoneNumber | undefined;
  available(): readonly TelephoneNumber[];
  inService(accountId: string): readonly TelephoneNumber[];
  reserve(fullNumber: string): void;
  /** Makes it available again. */
  free(fullNumber: string): void;
  activate(fullNumber: string, account: Assignment, isProtected: boolean): void;
  attach(fullNumber: string, attached: Attached): void;
  /** Changes its sub-account and location. */
  move(fullNumber: string, siteId: string, peerId: string): void;
  /** Takes it out of service. Bandwidth keeps such a number for the account for about a month. */
  disconnect(fullNumber: string, isProtected: boolean, disconnectId: string): void;
  add(number: TelephoneNumber): void;
  /** Returns the numbers that differ from the seed. */
  changed(): readonly TelephoneNumber[];
}

export function makeNumbers(seeded: readonly TelephoneNumber[], now: () => number): Numbers {
  const asSeeded = new Set(seeded);
  const byNumber = new Map(seeded.map((number) => [number.fullNumber, number]));
  const change = (
    fullNumber: string,
    changes: (before: TelephoneNumber) => Omit<TelephoneNumber, 'modifiedAt'>,
  ) => {
    const before = byNumber.get(fullNumber);
    if (before !== undefined) byNumber.set(fullNumber, { ...changes(before), modifiedAt: now() });
  };
  return {
    get: (fullNumber) => byNumber.get(fullNumber),
    all: () => [...byNumber.values()],
    first(matches) {
      for (const number of byNumber.values()) if (matches(number)) return number;
      return undefined;
    },
    available: () => [...byNumber.values()].filter((number) => number.status === 'Available'),
    inService: (accountId) =>
      [...byNumber.values()].filter(
        (number) => number.status === 'Inservice' && number.account?.accountId === accountId,
      ),
    reserve: (fullNumber) => change(fullNumber, (before) => ({ ...unassigned(before), status: 'Reserved' })),
    free: (fullNumber) => change(fullNumber, (before) => ({ ...unassigned(before), status: 'Available' })),
    activate: (fullNumber, account, isProtected) =>
      change(fullNumber, (before) => ({
        ...unassigned(before),
        status: 'Inservice',
        isProtected,
        account,
        lastOrder: { id: account.orderId, type: 'NEW_NUMBER_ORDER', at: account.at },
      })),
    move: (fullNumber, siteId, peerId) =>
      change(fullNumber, (before) => ({
        ...before,
        ...(before.account === undefined ? {} : { account: { ...before.account, siteId, peerId } }),
      })),
    attach: (fullNumber, attached) => change(fullNumber, (before) => ({ ...before, attached })),
    disconnect: (fullNumber, isProtected, disconnectId) =>
      change(fullNumber, ({ attached: _, ...before }) => ({
        ...before,
        status: 'Aging',
        isProtected,
        lastOrder: { id: disconnectId, type: 'DISCONNECT', at: now() },
      })),
    add: (number) => byNumber.set(number.fullNumber, number),
    changed: () => [...byNumber.values()].filter((number) => !asSeeded.has(number)),
  };
}

function unassigned({ account, lastOrder, attached, ...number }: TelephoneNumber): TelephoneNumber {
  return number;
}
