import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { type Disconnect, type Disconnects, isOurs, makeDisconnects } from './disconnects.js';
import { madeToMeasure } from './made-to-measure.js';
import {
  type Assignment,
  type Attached,
  makeNumbers,
  type Numbers,
  seedNumbers,
  type TelephoneNumber,
} from './numbers.js';
import type { ListDays, ListSort } from './order-list.js';
import { type CarrierOrder, makeOrders, type Orders } from './orders.js';
import { makeReservations, type Reservation, type Reservations } from './reservations.js';
import type { LocalSite } from './sites.js';
import { makeSubscriptions, type Subscriptions } from './subscriptions.js';
import { makeTimers } from './timers.js';
import type { CarrierFault } from './write-xml.js';

/** Behaviour that Bandwidth shows on some days or to some accounts. */
export interface Switches {
  /** 201 answers carry no OrderStatus. */
  readonly omitOrderStatus: boolean;
  /** Orders and disconnects pass through PROCESSING. */
  readonly processing: boolean;
  /** The lists of orders and disconnects leave out those still RECEIVED or PROCESSING. */
  readonly listOmitsReceived: boolean;
  /** In which order the lists show them; Bandwidth does not say. */
  readonly listSort: ListSort;
  /** Which date of an order the days of a list are about; Bandwidth does not say. */
  readonly listDays: ListDays;
  /** The list of disconnects shows the CustomerOrderId; as documented it does not. */
  readonly disconnectListNamesOrders: boolean;
  /** A finished disconnect comes without its DisconnectedTelephoneNumberList. */
  readonly omitDisconnectedNumbers: boolean;
  /** False: this account may not reserve numbers (5046). */
  readonly reservationsAllowed: boolean;
  /** How long a reservation keeps a number aside. */
  readonly reservationSeconds: number;
  /** A pending order is reported with error 5019, which is no error. */
  readonly pendingError: boolean;
  /** Finished orders carry their empty lists as empty elements. */
  readonly emptyLists: boolean;
  /** No notice of an order reaches anybody. */
  readonly noticesLost: boolean;
  /** What a list of orders without rows is answered with. */
  readonly emptyOrderList: 200 | 204 | 404;
  /** From RECEIVED to the end; 'manual' waits for finish(). */
  readonly orderDelayMs: number | 'manual';
  /** From BACKORDERED to COMPLETE. */
  readonly backorderDelayMs: number | 'manual';
}

const ordinarySwitches: Switches = {
  omitOrderStatus: false,
  processing: false,
  listOmitsReceived: false,
  listSort: 'newest first',
  listDays: 'created',
  disconnectListNamesOrders: false,
  omitDisconnectedNumbers: false,
  reservationsAllowed: true,
  reservationSeconds: 4 * 60 * 60,
  pendingError: false,
  emptyLists: false,
  noticesLost: false,
  emptyOrderList: 200,
  orderDelayMs: 400,
  backorderDelayMs: 'manual',
};

export interface Change {
  readonly what: 'order' | 'disconnect' | 'reservation' | 'number' | 'switches' | 'request';
  /** The id or number that changed; empty for switches and requests. */
  readonly id: string;
}

/** All that outlasts a restart, as plain JSON. */
export interface Remembered {
  readonly switches: Switches;
  /** Only those that are not as they were seeded. */
  readonly numbers: readonly TelephoneNumber[];
  readonly orders: readonly CarrierOrder[];
  readonly disconnects: readonly Disconnect[];
  readonly reservations: readonly Reservation[];
}

/** All that Bandwidth knows, without any HTTP. */
export interface LocalCarrier {
  readonly accountId: string;
  /** Who Bandwidth says has made the orders. */
  readonly userId: string;
  readonly sites: readonly LocalSite[];
  readonly numbers: Numbers;
  readonly orders: Orders;
  readonly disconnects: Disconnects;
  readonly reservations: Reservations;
  readonly subscriptions: Subscriptions;
  readonly now: () => number;
  switches(): Switches;
  set(changes: Partial<Switches>): void;
  /** Another customer orders this number and has it at once. False when it was not to be had. */
  rivalBuys(fullNumber: string): boolean;
  /** E911 or messaging on a number. False when there is no such number in service. */
  attach(fullNumber: string, attached: Attached): boolean;
  /** A number of ours goes to another customer, as if it were ported away. False when it was not ours. */
  leaves(fullNumber: string): boolean;
  /** The next order is answered with 400 and these errors, whatever it says. */
  planRefusal(faults: readonly CarrierFault[]): void;
  /** The errors planned for the order that has just come, if any. */
  refuseNext(): readonly CarrierFault[] | undefined;
  remember(): Remembered;
  changed(change: Change): void;
  onChange(listener: (change: Change) => void): () => void;
  stop(): void;
}

/** Ten digits each. One that is not in the seeded world is made. */
export interface InServiceAtStart {
  /** On our account, at the first sub-account's default location. */
  readonly ours?: readonly string[];
  readonly strangers?: readonly string[];
}

const rivalAccountId = '9900999';
/** How long ago our first numbers were put into service. */
const longAgo = 90 * 24 * 60 * 60 * 1000;

export function makeLocalCarrier(deps: {
  readonly accountId: string;
  readonly userId: string;
  readonly sites: readonly LocalSite[];
  readonly seed: number;
  /** Numbers that are in service when the world begins. */
  readonly inService: InServiceAtStart;
  readonly switches: Partial<Switches>;
  readonly remembered?: Remembered | undefined;
  readonly now: () => number;
}): LocalCarrier {
  const { accountId, userId, sites, now } = deps;
  const refusals: (readonly CarrierFault[])[] = [];
  let switches: Switches = { ...ordinarySwitches, ...deps.switches, ...deps.remembered?.switches };
  const events = new EventEmitter<{ change: [Change] }>();
  const changed = (change: Change) => events.emit('change', change);
  const timers = makeTimers();
  const numbers = makeNumbers(seedNumbers(deps.seed, now()), now);
  const rival = (): Assignment => ({
    accountId: rivalAccountId,
    siteId: '1',
    peerId: '1',
    orderId: 'rival',
    at: now(),
  });
  const ours = (): Assignment => {
    const [site] = sites;
    const peer = site?.peers.find(({ isDefault }) => isDefault) ?? site?.peers[0];
    return {
      accountId,
      siteId: site?.id ?? '',
      peerId: peer?.id ?? '',
      orderId: randomUUID(),
      at: now() - longAgo,
    };
  };
  const begin = (fullNumber: string, account: Assignment) => {
    if (numbers.get(fullNumber) === undefined) numbers.add(madeToMeasure(fullNumber, {}, numbers));
    numbers.activate(fullNumber, account, false);
  };
  for (const each of deps.inService.ours ?? []) begin(each, ours());
  for (const each of deps.inService.strangers ?? []) begin(each, rival());
  const usually = () => ({ ...switches, delayMs: switches.orderDelayMs });
  const reservations = makeReservations({
    numbers,
    now,
    seconds: () => switches.reservationSeconds,
    changed: (id) => changed({ what: 'reservation', id }),
  });
  const orders = makeOrders({
    accountId,
    numbers,
    reservations,
    now,
    timers,
    usually,
    changed: (id) => changed({ what: 'order', id }),
  });
  const disconnects = makeDisconnects({
    accountId,
    numbers,
    now,
    timers,
    usually,
    changed: (id) => changed({ what: 'disconnect', id }),
  });
  for (const number of deps.remembered?.numbers ?? []) numbers.add(number);
  reservations.restore(deps.remembered?.reservations ?? []);
  orders.restore(deps.remembered?.orders ?? []);
  disconnects.restore(deps.remembered?.disconnects ?? []);
  return {
    accountId,
    userId,
    sites,
    numbers,
    orders,
    disconnects,
    reservations,
    subscriptions: makeSubscriptions(now),
    now,
    switches: () => switches,
    set(changes) {
      switches = { ...switches, ...changes };
      changed({ what: 'switches', id: '' });
    },
    rivalBuys(fullNumber) {
      reservations.expire();
      if (numbers.get(fullNumber)?.status !== 'Available') return false;
      numbers.activate(fullNumber, rival(), false);
      changed({ what: 'number', id: fullNumber });
      return true;
    },
    attach(fullNumber, attached) {
      if (numbers.get(fullNumber)?.status !== 'Inservice') return false;
      numbers.attach(fullNumber, attached);
      changed({ what: 'number', id: fullNumber });
      return true;
    },
    leaves(fullNumber) {
      if (!isOurs(fullNumber, numbers, accountId)) return false;
      numbers.activate(fullNumber, rival(), false);
      changed({ what: 'number', id: fullNumber });
      return true;
    },
    planRefusal: (faults) => refusals.push(faults),
    refuseNext: () => refusals.shift(),
    remember: () => ({
      switches,
      numbers: numbers.changed(),
      orders: orders.all(),
      disconnects: disconnects.all(),
      reservations: reservations.all(),
    }),
    changed,
    onChange(listener) {
      events.on('change', listener);
      return () => events.off('change', listener);
    },
    stop() {
      timers.clear();
      events.removeAllListeners();
    },
  };
}
