import { Registry } from 'prom-client';
import { buildAccountNumbers } from './app/account-numbers.js';
import { buildAuthority } from './app/authority.js';
import { buildBandwidth } from './app/bandwidth.js';
import { serveCallbacks } from './app/callbacks.js';
import { buildOperations } from './app/operations.js';
import { buildOrderRecords } from './app/order-records.js';
import { buildPasses } from './app/passes.js';
import { makeShutdown } from './app/shutdown.js';
import { buildSlackDisplay } from './app/slack-display.js';
import { listenToSlack } from './app/slack-listeners.js';
import { buildStartChecks } from './app/start-checks.js';
import { PLACE_WITHIN_MS } from './bandwidth/client.js';
import type { Config } from './config/config.js';
import { makeHttpServer } from './http-server.js';
import { makeMeasurements } from './metrics.js';
import { makeEngine } from './orders/engine/engine.js';
import { makeReachability, observeBoard, observeCarrier } from './orders/engine/reachability.js';
import type { Clock } from './orders/ports/clock.js';
import type { Log } from './orders/ports/log.js';
import { systemClock } from './orders/system-clock.js';
import { makeApplyPolicy } from './orders/use-cases/apply-policy.js';
import { makeLinkOf } from './orders/use-cases/card-link.js';
import { makeDelegateApprovals } from './orders/use-cases/delegate-approvals.js';
import { makeOutbound } from './proxy/outbound.js';
import { makeInstallation } from './slack/access/installation.js';
import { boltLogger } from './slack/connection/bolt-logger.js';
import { connectSlack } from './slack/connection/connection.js';
import type { SlackRefused } from './slack/connection/retry.js';
import { openStore } from './store/open-store.js';

export interface NumbersApp {
  /** Resumes open orders at once, then resolves when Slack can reach us. Throws SlackRefused or CannotListen. */
  start(): Promise<void>;
  /** Accepts nothing new, lets running work finish or be recorded, and closes everything, within nine seconds. */
  stop(): Promise<void>;
}

/** The engine looks up a lost order only when no attempt can be under way anymore and its outcome is on record. */
const lookupAfterMs = (placeWithinMs: number) => placeWithinMs * 1.25;

/**
 * Builds each part once and connects them. Listens and sends nothing before {@link NumbersApp.start}, but opens the
 * store: throws StoreError when it can't. Tests may pass a clock and a shorter `placeWithinMs`, the maximum duration of
 * one attempt to place an order.
 */
export async function buildApp(
  config: Config,
  deps: { log: Log; onLost: (error: SlackRefused) => void; placeWithinMs?: number; clock?: Clock },
): Promise<NumbersApp> {
  const { log, placeWithinMs = PLACE_WITHIN_MS, clock = systemClock } = deps;
  const { policy } = config;
  const base = { clock, log };
  const registry = new Registry();
  const measure = makeMeasurements(registry);
  const store = await openStore(config.storeUrl, log, 'sole writer', measure.storeFailed);
  const outbound = makeOutbound(config.proxy);
  const edges = { config, store, outbound, ...base };
  const { carrier, quotaSharing } = buildBandwidth({ ...edges, placeWithinMs, measure });
  const due = { lookupAfterMs: lookupAfterMs(placeWithinMs), maxHeld: config.maxHeld };
  const { orders, open, tally, sent, ...records } = buildOrderRecords({
    store,
    due,
    carrierNow: carrier.now,
    settle: (id) => engine.settleSoon(id),
    countSent: (order) => authority.limits.countSent(order),
    ...base,
  });
  const listener = config.listen && makeHttpServer({ ...config.listen, log });
  const slack = connectSlack(config.slack, {
    log,
    boltLogger: boltLogger(log),
    onLost: deps.onLost,
    outbound,
    measure,
    serve: (path, handler) => listener?.serve(path, handler),
    beforeOpening: () => installation.read(),
    hasOtherInstances: !store.leases.alone,
  });
  const { lookups, background } = slack;
  const installation = makeInstallation({ client: lookups, ...base });
  const forAuthority = { policy, lookups, installation, store, orders: records.forLimits };
  const authority = buildAuthority({ ...forAuthority, ...base });
  const { limits, checkApproval, accounts } = authority;
  const display = buildSlackDisplay({ slack, store, authority, ...base });
  const reachability = { Slack: makeReachability(clock), Bandwidth: makeReachability(clock) };
  const engine = makeEngine({
    orders,
    open,
    tally,
    journal: store.journal,
    leases: store.leases,
    carrier: observeCarrier(carrier, reachability.Bandwidth),
    board: observeBoard(display.board, reachability.Slack),
    limits,
    checkApproval,
    sent,
    ordersPerMinute: config.bandwidth.ordersPerMinute,
    ...due,
    ...base,
  });
  serveCallbacks(config.callbacks, listener, { orders, orderOf: records.orderOf, engine, ...base });
  const linkOf = makeLinkOf({ orders, linkTo: display.linkTo, log });
  const recordUpdates = records.updates;
  const parts = { ...edges, carrier, orders, engine, linkOf, reachability, sent };
  const accountNumbers = buildAccountNumbers({ ...parts, recordUpdates, accounts, background });
  const { delegations, journal } = store;
  const delegateApprovals = makeDelegateApprovals({ ...authority, delegations, journal, ...base });
  const { restoreLost } = records;
  const passes = buildPasses({ ...parts, restoreLost, accountNumbers, delegateApprovals });
  const operations = buildOperations({
    config,
    listener,
    registry,
    reached: { slack: slack.reached, database: () => store.reach().then(() => true) },
    readings: {
      openOrders: () => (passes.leads() && !open.doubted ? tally.counts() : undefined),
      lookups: carrier.lookups,
      leads: passes.leads,
    },
    ...base,
  });
  const deciding = { ...authority, orders, engine, removed: store.oldOrders.removed, ...base };
  const acts = { deciding, accountNumbers, delegateApprovals };
  listenToSlack({ ...parts, ...acts, slack, installation, display });
  const applyPolicy = makeApplyPolicy(deciding);
  const startChecks = buildStartChecks(parts);
  return {
    async start() {
      quotaSharing?.start();
      passes.start();
      void startChecks.bandwidth();
      await operations?.start();
      await listener?.start();
      await slack.start();
      void applyPolicy.start();
      void startChecks.slack();
    },
    stop: makeShutdown({
      ...parts,
      ...display,
      quotaSharing,
      applyPolicy,
      passes,
      slack,
      operations,
      listener,
      recordUpdates,
      accountNumbers,
    }),
  };
}
