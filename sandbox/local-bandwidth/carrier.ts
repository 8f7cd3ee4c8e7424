import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { type Activations, makeActivations } from './activations.js';
import { createNumber } from './create-number.js';
import { type DashboardChanges, makeDashboardChanges } from './dashboard-changes.js';
import { type Disconnect, type Disconnects, isOurs, makeDisconnects } from './disconnects.js';
import { type Move, type Moves, makeMoves } from './moves.js';
import {
  type Assignment,
  type Attached,
  makeNumbers,
  type Numbers,
  type TelephoneNumber,
} from './numbers.js';
import { makeOptionsOrders, type OptionsOrder, type OptionsOrders } from './options.js';
import { type CarrierOrder, makeOrders, type Orders } from './orders.js';
import { makeReservations, type Reservation, type Reservations } from './reservations.js';
import { seedNumbers } from './seeded-numbers.js';
import type { LocalSite } from './sites.js';
import { makeSubscriptions, type Subscriptions } from './subscriptions.js';
import { ordinarySwitches, type Switches } from './switches.js';
import { makeTimers } from './timers.js';
import type { CarrierFault } from './write-xml.js';

export interface Change {
  readonly what:
    | 'order'
    | 'disconnect'
    | 'move'
    | 'options'
    | 'activation'
    | 'reservation'
    | 'number'
    | 'switches'
    | 'request';
  /** The id or number that changed; empty for switches and requests. */
  readonly id: string;
}

/** The state that survives a restart, as plain JSON. */
export interface Remembered {
  readonly switches: Switches;
  /** Only those that differ from the seed. */
  readonly numbers: readonly TelephoneNumber[];
  readonly orders: readonly CarrierOrder[];
  readonly disconnects: readonly Disconnect[];
  /** Absent in what an earlier version remembered. */
  readonly moves?: readonly Move[];
  readonly options?: readonly OptionsOrder[];
  readonly reservations: readonly Reservation[];
}

/** All of Bandwidth's state and behavior, without HTTP. */
export interface LocalCarrier {
  readonly accountId: string;
  /** The user Bandwidth names as the creator of orders. */
  readonly userId: string;
  readonly sites: readonly LocalSite[];
  readonly numbers: Numbers;
  readonly orders: Orders;
  readonly disconnects: Disconnects;
  readonly moves: Moves;
  readonly options: OptionsOrders;
  readonly activations: Activations;
  readonly reservations: Reservations;
  readonly subscriptions: Subscriptions;
  readonly now: () => number;
  switches(): Switches;
  set(changes: Partial<Switches>): void;
  /** Another customer orders this number and gets it at once. Returns false when it isn't available. */
  anotherCustomerBuys(fullNumber: string): boolean;
  /** Adds E911 or messaging to a number. Returns false when no such number is in service. */
  attach(fullNumber: string, attached: Attached): boolean;
  /** Moves one of our numbers to another customer, like a port-out. Returns false when it isn't ours. */
  leaves(fullNumber: string): boolean;
  /** What a colleague does in the Bandwidth App. */
  readonly colleague: DashboardChanges;
  /** Answers the next order with 400 and these errors. */
  planRefusal(faults: readonly CarrierFault[]): void;
  /** Returns the errors planned for the order that has just arrived, if any. */
  refuseNext(): readonly CarrierFault[] | undefined;
  remember(): Remembered;
  changed(change: Change): void;
  onChange(listener: (change: Change) => void): () => void;
  stop(): void;
}

/** Ten digits each. A number that isn't in the seeded inventory is created. */
export interface InServiceAtStart {
  /** On our account, at the first sub-account's default location. */
  readonly ours?: readonly string[];
  readonly strangers?: readonly string[];
}

const otherCustomerAccountId = '9900999';
/** How long ago our first numbers were activated. */
const longAgo = 90 * 24 * 60 * 60 * 1000;

export function makeLocalCarrier(deps: {
  readonly accountId: string;
  readonly userId: string;
  readonly sites: readonly LocalSite[];
  readonly seed: number;
  /** Numbers in service at the start. */
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
  const anotherCustomer = (): Assignment => ({
    accountId: otherCustomerAccountId,
    siteId: '1',
    peerId: '1',
    orderId: 'another-customer',
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
    if (numbers.get(fullNumber) === undefined) numbers.add(createNumber(fullNumber, {}, numbers));
    numbers.activate(fullNumber, account, false);
  };
  for (const each of deps.inService.ours ?? []) begin(each, ours());
  for (const each of deps.inService.strangers ?? []) begin(each, anotherCustomer());
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
  const moves = makeMoves({
    accountId,
    sites,
    numbers,
    now,
    timers,
    usually,
    changed: (id) => changed({ what: 'move', id }),
  });
  const options = makeOptionsOrders({
    accountId,
    sites,
    numbers,
    now,
    timers,
    usually,
    changed: (id) => changed({ what: 'options', id }),
  });
  const activations = makeActivations({
    accountId,
    numbers,
    timers,
    usually: () => ({ delayMs: switches.orderDelayMs, services: switches.services }),
    changed: (id) => changed({ what: 'activation', id }),
  });
  for (const number of deps.remembered?.numbers ?? []) numbers.add(number);
  reservations.restore(deps.remembered?.reservations ?? []);
  orders.restore(deps.remembered?.orders ?? []);
  disconnects.restore(deps.remembered?.disconnects ?? []);
  moves.restore(deps.remembered?.moves ?? []);
  options.restore(deps.remembered?.options ?? []);
  return {
    accountId,
    userId,
    sites,
    numbers,
    orders,
    disconnects,
    moves,
    options,
    activations,
    reservations,
    subscriptions: makeSubscriptions(now),
    now,
    switches: () => switches,
    set(changes) {
      switches = { ...switches, ...changes };
      changed({ what: 'switches', id: '' });
    },
    anotherCustomerBuys(fullNumber) {
      reservations.expire();
      if (numbers.get(fullNumber)?.status !== 'Available') return false;
      numbers.activate(fullNumber, anotherCustomer(), false);
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
      numbers.activate(fullNumber, anotherCustomer(), false);
      changed({ what: 'number', id: fullNumber });
      return true;
    },
    colleague: makeDashboardChanges({
      accountId,
      sites,
      numbers,
      orders,
      changed: (id) => changed({ what: 'number', id }),
    }),
    planRefusal: (faults) => refusals.push(faults),
    refuseNext: () => refusals.shift(),
    remember: () => ({
      switches,
      numbers: numbers.changed(),
      orders: orders.all(),
      disconnects: disconnects.all(),
      moves: moves.all(),
      options: options.all(),
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
