import type { WatchTraffic } from '../traffic.js';
import { makeAccess } from './access.js';
import type { Activation, ActivationPlan } from './activations.js';
import { type Change, type InServiceAtStart, makeLocalCarrier, type Remembered } from './carrier.js';
import type { DisconnectPlan } from './disconnects.js';
import { type Fault, makeFaults } from './faults.js';
import type { MovePlan } from './moves.js';
import { type DeliveredNotice, type JsonSubscription, startNotices } from './notices.js';
import type { Attached } from './numbers.js';
import type { OrderPlan } from './order-outcome.js';
import { quantityOf } from './order-request.js';
import { makeRateLimiter, type RateLimit } from './rate-limit.js';
import { makeServer, type RecordedRequest } from './server.js';
import { type LocalSite, ordinarySites } from './sites.js';
import type { Subscription } from './subscriptions.js';
import type { Switches } from './switches.js';
import type { CarrierFault } from './write-xml.js';

export interface LocalBandwidthOptions {
  readonly port?: number;
  readonly accountId?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly username?: string;
  readonly password?: string;
  readonly sites?: readonly LocalSite[];
  readonly orderDelayMs?: number | 'manual';
  readonly tokenLifetimeSeconds?: number;
  readonly seed?: number;
  /** Numbers in service at the start; none by default. */
  readonly inService?: InServiceAtStart;
  readonly switches?: Partial<Switches>;
  readonly remembered?: Remembered;
  /** Milliseconds since 1970, for tests of events hours later. */
  readonly now?: () => number;
  readonly watch?: WatchTraffic;
}

/** An order as it exists at Bandwidth. */
export interface ExistingOrder {
  readonly id: string;
  readonly customerOrderId: string | undefined;
  readonly name: string | undefined;
  readonly type: string;
  readonly quantity: number;
  readonly status: string;
  readonly numbers: readonly string[];
  readonly failed: readonly string[];
  readonly siteId: string;
  readonly peerId: string;
  readonly createdAt: string;
  readonly requestXml: string;
}

interface ExistingDisconnect {
  readonly id: string;
  readonly customerOrderId: string | undefined;
  readonly name: string | undefined;
  readonly status: string;
  readonly requested: readonly string[];
  readonly numbers: readonly string[];
  readonly failed: readonly string[];
  readonly createdAt: string;
  readonly requestXml: string;
}

interface ExistingOptionsOrder {
  readonly id: string;
  readonly customerOrderId: string | undefined;
  readonly status: string;
  readonly requested: readonly string[];
  readonly requestXml: string;
}

interface ExistingMove {
  readonly id: string;
  readonly customerOrderId: string | undefined;
  readonly siteId: string;
  readonly peerId: string;
  readonly status: string;
  readonly requested: readonly string[];
  readonly numbers: readonly string[];
  readonly requestXml: string;
}

export type LocalBandwidth = Awaited<ReturnType<typeof startLocalBandwidth>>;

/**
 * Starts a small Bandwidth on 127.0.0.1. Its own records are the truth that tests compare the app's state with. Rejects
 * when the port is taken.
 */
export async function startLocalBandwidth(options: LocalBandwidthOptions = {}) {
  const credentials = {
    clientId: options.clientId ?? 'CLI-local',
    clientSecret: options.clientSecret ?? 'local-secret',
    username: options.username ?? 'local-user',
    password: options.password ?? 'local-password',
  };
  const accountId = options.accountId ?? '9900123';
  const now = options.now ?? Date.now;
  const carrier = makeLocalCarrier({
    accountId,
    userId: credentials.username,
    sites: options.sites ?? ordinarySites,
    seed: options.seed ?? 910,
    inService: options.inService ?? {},
    switches: {
      ...options.switches,
      ...(options.orderDelayMs === undefined ? {} : { orderDelayMs: options.orderDelayMs }),
    },
    remembered: options.remembered,
    now,
  });
  const access = makeAccess(credentials, accountId, options.tokenLifetimeSeconds ?? 3600, now);
  const faults = makeFaults();
  const rates = makeRateLimiter(now);
  const notices = startNotices(carrier);
  const requests: RecordedRequest[] = [];
  const server = makeServer({
    carrier,
    access,
    faults,
    rates,
    watch: options.watch,
    record(request) {
      requests.push(request);
      carrier.changed({ what: 'request', id: '' });
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  return {
    ...credentials,
    accountId: carrier.accountId,
    apiUrl: `http://127.0.0.1:${port}/api`,
    /** The address of version 2, which is always there too. */
    apiUrlV2: `http://127.0.0.1:${port}/api/v2`,
    tokenUrl: `http://127.0.0.1:${port}/api/v1/oauth2/token`,
    /** Every request so far, oldest first, without the Authorization header. */
    requests: requests as readonly RecordedRequest[],
    orders: (): readonly ExistingOrder[] =>
      carrier.orders.all().map(({ id, request, status, numbers, failed, createdAt, requestXml }) => ({
        id,
        customerOrderId: request.customerOrderId,
        name: request.name,
        type: request.type,
        quantity: quantityOf(request),
        status,
        numbers,
        failed,
        siteId: request.siteId,
        peerId: request.peerId,
        createdAt: new Date(createdAt).toISOString(),
        requestXml,
      })),
    disconnects: (): readonly ExistingDisconnect[] =>
      carrier.disconnects.all().map(({ id, request, status, numbers, failed, createdAt, requestXml }) => ({
        id,
        customerOrderId: request.customerOrderId,
        name: request.name,
        status,
        requested: request.numbers,
        numbers,
        failed,
        createdAt: new Date(createdAt).toISOString(),
        requestXml,
      })),
    moves: (): readonly ExistingMove[] =>
      carrier.moves.all().map(({ id, request, status, numbers, requestXml }) => ({
        id,
        customerOrderId: request.customerOrderId,
        siteId: request.siteId,
        peerId: request.peerId,
        status,
        requested: request.numbers,
        numbers,
        requestXml,
      })),
    /** The orders that change options of numbers. */
    optionsOrders: (): readonly ExistingOptionsOrder[] =>
      carrier.options.all().map(({ id, request, status, requestXml }) => ({
        id,
        customerOrderId: request.customerOrderId,
        status,
        requested: request.numbers,
        requestXml,
      })),
    /** The campaign of a number can be used from now on. */
    provision: (telephoneNumber: string): void => carrier.options.provision(telephoneNumber),
    /** What is on a number. */
    attachedTo: (telephoneNumber: string): Attached | undefined =>
      carrier.numbers.get(telephoneNumber)?.attached,
    /** Returns the PeerId of a number in service. */
    locationOf: (telephoneNumber: string): string | undefined =>
      carrier.numbers.get(telephoneNumber)?.account?.peerId,
    /** The subscriptions of the older generation, created through the API. */
    subscriptions: (): readonly Omit<Subscription, 'password'>[] =>
      carrier.subscriptions.all().map(({ password: _, ...shown }) => shown),
    /** Adds a subscription of the newer generation, which people create in the Bandwidth App. */
    subscribeJson: (subscription: JsonSubscription): void => notices.subscribeJson(subscription),
    /** The notices sent so far, oldest first, and how each was answered. */
    notices: notices.delivered as readonly DeliveredNotice[],
    /** The reservations that still hold a number. */
    reservations: () => carrier.reservations.all(),
    numbersInService: (): readonly string[] =>
      carrier.numbers.inService(carrier.accountId).map((number) => number.fullNumber),
    /** Returns the available numbers that start with these digits. */
    available(prefix = ''): readonly string[] {
      carrier.reservations.expire();
      return carrier.numbers
        .available()
        .map((number) => number.fullNumber)
        .filter((fullNumber) => fullNumber.startsWith(prefix));
    },
    /** Plans how the next order goes; several calls queue up. */
    nextOrder: (plan: OrderPlan): void => carrier.orders.plan(plan),
    /** Returns the plans that haven't been used yet. */
    plannedOrders: (): readonly OrderPlan[] => carrier.orders.planned(),
    nextMove: (plan: MovePlan): void => carrier.moves.plan(plan),
    nextDisconnect: (plan: DisconnectPlan): void => carrier.disconnects.plan(plan),
    /** Every activation of services, newest last. */
    activations: (): readonly Activation[] => carrier.activations.all(),
    nextActivation: (plan: ActivationPlan): void => carrier.activations.plan(plan),
    /** Finishes a pending activation. */
    finishActivation: (id: string): void => carrier.activations.finish(id),
    /** Answers the next order with 400 and these errors. */
    refuseNextOrder: (...errors: readonly CarrierFault[]): void => carrier.planRefusal(errors),
    /** Finishes a pending order or disconnect; a backordered order gets its numbers. */
    finish(id: string): void {
      const { orders, disconnects, moves, options } = carrier;
      if ([orders, disconnects, moves, options].every((each) => each.get(id) === undefined)) {
        throw new Error(`there is no order ${id}`);
      }
      carrier.orders.finish(id);
      carrier.disconnects.finish(id);
      carrier.moves.finish(id);
      carrier.options.finish(id);
    },
    anotherCustomerBuys: (telephoneNumber: string): boolean => carrier.anotherCustomerBuys(telephoneNumber),
    /** Adds E911 or messaging to a number. Returns false when it isn't in service. */
    attach: (telephoneNumber: string, attached: Attached): boolean =>
      carrier.attach(telephoneNumber, attached),
    /** Moves one of our numbers to another customer. Returns false when it isn't ours. */
    leaves: (telephoneNumber: string): boolean => carrier.leaves(telephoneNumber),
    /** A colleague buys a number in the Bandwidth App. Undefined when it isn't available. */
    colleagueBuys: (by: string, telephoneNumber?: string): string | undefined =>
      carrier.colleague.buys(by, telephoneNumber),
    /** A colleague moves one of our numbers to another sub-account. */
    colleagueMoves: (telephoneNumber: string, siteId: string): boolean =>
      carrier.colleague.moves(telephoneNumber, siteId),
    fail: (fault: Fault): (() => void) => faults.add(fault),
    faultsWaiting: (): readonly Fault[] => faults.waiting(),
    failNothing: (): void => faults.clear(),
    limitRate: (rate: RateLimit | undefined): void => rates.limit(rate),
    revokeTokens: (): void => access.revokeTokens(),
    setTokenLifetime: (seconds: number): void => access.setTokenLifetime(seconds),
    /** Returns the state that a later start takes as `remembered`. */
    remember: (): Remembered => carrier.remember(),
    switches: (): Switches => carrier.switches(),
    set: (changes: Partial<Switches>): void => carrier.set(changes),
    /** Returns a function that removes the listener. */
    on: (_event: 'change', listener: (change: Change) => void): (() => void) => carrier.onChange(listener),
    async close(): Promise<void> {
      notices.stop();
      carrier.stop();
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
