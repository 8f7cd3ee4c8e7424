import { setTimeout as pause } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { buildAccountNumbers } from './app/account-numbers.js';
import { buildAuthority } from './app/authority.js';
import { buildOrderRecords } from './app/order-records.js';
import { buildOrderUseCases } from './app/order-use-cases.js';
import { buildSlackDisplay } from './app/slack-display.js';
import { makeCallbackEndpoint } from './bandwidth/callbacks.js';
import { makeBandwidth, PLACE_WITHIN_MS } from './bandwidth/client.js';
import { makeCredentials } from './bandwidth/credentials.js';
import { makeLookupLimit } from './bandwidth/lookup-limit.js';
import { makeQuotaSharing } from './bandwidth/quota-sharing.js';
import type { Config } from './config/config.js';
import { makeStartChecks } from './doctor/at-start.js';
import { makeHttpServer } from './http-server.js';
import { makeMeasurements } from './metrics.js';
import { buildOperations } from './operations.js';
import { makeEngine } from './orders/engine/engine.js';
import { makeLeader } from './orders/engine/lease-guard.js';
import {
  makeLeadershipHandover,
  makeReachability,
  observeBoard,
  observeCarrier,
} from './orders/engine/reachability.js';
import type { Clock } from './orders/ports/clock.js';
import type { Log } from './orders/ports/log.js';
import { systemClock } from './orders/system-clock.js';
import { makeApplyPolicy } from './orders/use-cases/apply-policy.js';
import { makeLinkOf } from './orders/use-cases/card-link.js';
import { makeDelegateApprovals } from './orders/use-cases/delegate-approvals.js';
import { makeHandleNotice } from './orders/use-cases/handle-notice.js';
import { makeRemoveOldOrders } from './orders/use-cases/remove-old-orders.js';
import { makeReportStatus } from './orders/use-cases/report-status.js';
import { makePoller } from './poller.js';
import { makeOutbound } from './proxy/outbound.js';
import { makeInstallation } from './slack/access/installation.js';
import { makeSlackFacts } from './slack/access/slack-facts.js';
import { boltLogger } from './slack/connection/bolt-logger.js';
import { connectSlack } from './slack/connection/connection.js';
import type { SlackRefused } from './slack/connection/retry.js';
import { makeFetchFile } from './slack/import/fetch-file.js';
import { listen } from './slack/listen.js';
import { makePrivateAnswers } from './slack/messages/private-answers.js';
import { openStore } from './store/open-store.js';

export interface NumbersApp {
  /** Resumes open orders at once, then resolves when Slack can reach us. Throws SlackRefused or CannotListen. */
  start(): Promise<void>;
  /** Accepts nothing new, lets running work finish or be recorded, and closes everything, within nine seconds. */
  stop(): Promise<void>;
}

/** The engine looks up a lost order only when no attempt can be under way anymore and its outcome is on record. */
const lookAfterMs = (placeWithinMs: number) => placeWithinMs * 1.25;

/*
 * Supervisors give a process ten seconds to stop. People come first (see connection.ts), then Bandwidth's pending
 * answers. Then its connections are cut, which leaves time to record that there was no answer, so the next start can
 * look up the order at once; after a kill it would have to wait.
 */
const CUT_AFTER_MS = 7_000;
const RECORD_WITHIN_MS = 1_000;

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
  const registry = new Registry();
  const measure = makeMeasurements(registry);
  const store = await openStore(config.storeUrl, log, 'sole writer', measure.storeFailed);
  const outbound = makeOutbound(config.proxy);
  const { httpsAgent } = outbound;
  const perMinute = config.bandwidth.lookUpsPerMinute;
  const elsewhere = store.lookups && makeQuotaSharing({ perMinute, shared: store.lookups, clock, log });
  const whenDue = { placeWithinMs: lookAfterMs(placeWithinMs), maxHeld: config.maxHeld };
  const carrier = makeBandwidth({
    accountId: config.bandwidth.accountId,
    apiUrl: config.bandwidth.apiUrl,
    credentials: makeCredentials(config.bandwidth.credentials, { clock, log, measure, httpsAgent }),
    httpsAgent,
    clock,
    log,
    placeWithinMs,
    lookupLimit: makeLookupLimit({ perMinute, clock, elsewhere, measure }),
    measure,
  });
  const { orders, open, tally, sent, ...records } = buildOrderRecords({
    store,
    due: whenDue,
    there: carrier.now,
    settle: (id) => engine.ask(id),
    countSent: (order) => limits.countSent(order),
    clock,
    log,
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
  const installation = makeInstallation({ client: slack.lookups, clock, log });
  const { policy } = config;
  const authority = buildAuthority({
    policy,
    lookups: slack.lookups,
    installation,
    store,
    orders: records.forLimits,
    clock,
    log,
  });
  const { limits, checkApproval } = authority;
  const reachability = { Slack: makeReachability(clock), Bandwidth: makeReachability(clock) };
  const { board, homes, collapser, linkTo } = buildSlackDisplay({ slack, store, authority, clock, log });
  const engine = makeEngine({
    orders,
    open,
    tally,
    journal: store.journal,
    leases: store.leases,
    carrier: observeCarrier(carrier, reachability.Bandwidth),
    board: observeBoard(board, reachability.Slack),
    limits,
    checkApproval,
    sent,
    clock,
    log,
    ordersPerMinute: config.bandwidth.ordersPerMinute,
    ...whenDue,
  });
  if (config.callbacks !== undefined) {
    const { url, ...keys } = config.callbacks;
    const handleNotice = makeHandleNotice({ orders, orderOf: records.orderOf, engine, clock, log });
    listener?.serve(
      new URL(url).pathname,
      makeCallbackEndpoint({ keys, handle: (notice) => void handleNotice(notice), log }),
    );
  }
  const handOver = makeLeadershipHandover({ dependencies: reachability, clock, log });
  const delegateApprovals = makeDelegateApprovals({
    ...authority,
    delegations: store.delegations,
    journal: store.journal,
    clock,
    log,
  });
  // A single instance has no one to hand over to.
  const passes = makeLeader(store.leases, 'passes', store.leases.alone ? undefined : handOver);
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
    clock,
    log,
  });
  const linkOf = makeLinkOf({ orders, linkTo, log });
  const accountNumbers = buildAccountNumbers({
    config,
    store,
    carrier,
    orders,
    recordUpdates: records.updates,
    accounts: authority.accounts,
    linkOf,
    background: slack.background,
    clock,
    log,
  });
  const oldOrders =
    config.keepFinishedMs === undefined
      ? undefined
      : makeRemoveOldOrders({
          ...store,
          keepMs: config.keepFinishedMs,
          clock,
          there: carrier.now,
          log,
        });
  const poller = makePoller({
    schedule: config.pollSchedule,
    pass: async () => {
      const restored = records.restoreLost();
      await passes.run(() => {
        accountNumbers.pass();
        void oldOrders?.pass();
        return engine.pass();
      });
      await restored;
      await delegateApprovals.journalAll();
      await accountNumbers.journalAll();
    },
    log,
  });
  const deciding = { ...authority, orders, engine, removed: store.oldOrders.removed, clock, log };
  const applyPolicy = makeApplyPolicy(deciding);
  listen(slack.bolt, {
    ...buildOrderUseCases({ deciding, store, carrier, checkApproval, sent, linkOf }),
    ...accountNumbers.useCases,
    reportStatus: makeReportStatus({
      index: store.index,
      carrier,
      reachDatabase: store.reach,
      reachability,
      clock,
    }),
    delegateApprovals,
    fetchFile: makeFetchFile({ ...config.slack, fetch: outbound.fetch }),
    collapser,
    policy,
    offered: config.offered,
    installation,
    admit: authority.admit,
    answers: makePrivateAnswers({
      client: slack.bolt.client,
      log,
      sayOnHome: homes.say,
      fetch: outbound.fetch,
    }),
    homes,
    clock,
    log,
  });

  const startChecks = makeStartChecks({
    config,
    asking: {
      slack: makeSlackFacts({
        ...config.slack,
        logger: boltLogger(log),
        now: clock.now,
        fetch: outbound.fetch,
      }),
      bandwidth: {
        sites: carrier.sites,
        locations: carrier.locations,
        aheadMs() {
          const theirs = carrier.now();
          return theirs === undefined ? undefined : clock.now() - theirs;
        },
      },
    },
    log,
  });

  return {
    async start() {
      elsewhere?.start();
      poller.start();
      void poller.ask();
      void startChecks.bandwidth();
      await operations?.start();
      await listener?.start();
      await slack.start();
      void applyPolicy.start();
      void startChecks.slack();
    },
    async stop() {
      elsewhere?.stop();
      collapser.stop();
      const applied = applyPolicy.stop();
      const asked = poller.stop();
      const cut = pause(CUT_AFTER_MS, undefined, { ref: false }).then(() => carrier.close());
      await slack.stop();
      await listener?.stop();
      await operations?.stop();
      const settled = engine.stop().then(records.updates.idle);
      const ended = Promise.all([
        asked,
        settled,
        applied,
        accountNumbers.stop(),
        oldOrders?.stop(),
        homes.stop(),
      ]);
      const late = cut.then(() => pause(RECORD_WITHIN_MS, undefined, { ref: false }));
      await Promise.race([ended, late]);
      carrier.close();
      await passes.end();
      await store.close();
    },
  };
}
