import { setTimeout as pause } from 'node:timers/promises';
import { makeCallbackEndpoint } from './bandwidth/callbacks.js';
import { makeBandwidth, PLACE_WITHIN_MS } from './bandwidth/client.js';
import { makeCredentials } from './bandwidth/credentials.js';
import { makeLookupLimit } from './bandwidth/lookup-limit.js';
import { makeQuotaSharing } from './bandwidth/quota-sharing.js';
import type { Config } from './config/config.js';
import { settingNaming } from './config/policy-settings.js';
import { makeHealthEndpoints } from './health.js';
import { makeHttpServer } from './http-server.js';
import { confirmWrites } from './orders/engine/confirm-writes.js';
import { makeEngine } from './orders/engine/engine.js';
import { makeLeader } from './orders/engine/lease-guard.js';
import {
  makeLeadershipHandover,
  makeReachability,
  observeBoard,
  observeCarrier,
} from './orders/engine/reachability.js';
import { makeSentOrders } from './orders/engine/sent-orders.js';
import { learnCarrierOrderIds } from './orders/engine/tracking/carrier-order-ids.js';
import { makeOpenOrders, notingWrites } from './orders/engine/tracking/open-orders.js';
import { makeAdmit } from './orders/policy/admit.js';
import { makeCheckApproval } from './orders/policy/check-approval.js';
import { makeCircumstances } from './orders/policy/circumstances.js';
import { makeLimits } from './orders/policy/limits.js';
import type { Clock, Log } from './orders/ports.js';
import { systemClock } from './orders/system-clock.js';
import { makeAskPolicy } from './orders/use-cases/ask-policy.js';
import { makeBrowseSearch } from './orders/use-cases/browse-search.js';
import { makeCancelOrder } from './orders/use-cases/cancel-order.js';
import { makeCheckName } from './orders/use-cases/check-name.js';
import { makeCheckNumbers } from './orders/use-cases/check-numbers.js';
import { makeCheckPicks } from './orders/use-cases/check-picks.js';
import { makeCloseBackOrder } from './orders/use-cases/close-back-order.js';
import { makeEditOrder, makeMayEdit } from './orders/use-cases/edit-order.js';
import { makeExplainPolicy } from './orders/use-cases/explain-policy.js';
import { makeHandleNotice } from './orders/use-cases/handle-notice.js';
import { makeListPlaces } from './orders/use-cases/list-places.js';
import { makeReadAudit } from './orders/use-cases/read-audit.js';
import { makeRecheckAvailability } from './orders/use-cases/recheck-availability.js';
import { makeReopenOrder } from './orders/use-cases/reopen-order.js';
import { makeRequestOrder } from './orders/use-cases/request-order.js';
import { makeCheckAgain, makeGiveUp, makeOrderAgain } from './orders/use-cases/resume-order.js';
import { makeMayReview, makeReviewOrder } from './orders/use-cases/review-order.js';
import { makeSearchNumbers } from './orders/use-cases/search-numbers.js';
import { makePoller } from './poller.js';
import { makeAccounts } from './slack/access/accounts.js';
import { makeApproverGroups } from './slack/access/approver-groups.js';
import { makeChannels } from './slack/access/channels.js';
import { makeInstallation } from './slack/access/installation.js';
import { boltLogger } from './slack/connection/bolt-logger.js';
import { checkSetup } from './slack/connection/check-setup.js';
import { connectSlack } from './slack/connection/connection.js';
import type { SlackRefused } from './slack/connection/retry.js';
import { listen } from './slack/listen.js';
import { makeOrderBoard } from './slack/messages/order-board.js';
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
  const store = await openStore(config.storeUrl, log, 'sole writer');
  const perMinute = config.bandwidth.lookUpsPerMinute;
  const elsewhere = store.lookups && makeQuotaSharing({ perMinute, shared: store.lookups, clock, log });
  const whenDue = { placeWithinMs: lookAfterMs(placeWithinMs), maxHeld: config.maxHeld };
  const carrier = makeBandwidth({
    accountId: config.bandwidth.accountId,
    apiUrl: config.bandwidth.apiUrl,
    credentials: makeCredentials(config.bandwidth.credentials, { clock, log }),
    clock,
    log,
    placeWithinMs,
    lookLimit: makeLookupLimit({ perMinute, clock, elsewhere }),
  });
  const open = makeOpenOrders({ now: clock.now, there: carrier.now, ...whenDue });
  const { orders: learning, orderOf } = learnCarrierOrderIds(store.orders);
  const sure = confirmWrites({ orders: learning, settle: (id) => engine.ask(id), clock, log });
  const noting = notingWrites(sure, open);
  const sent = makeSentOrders({
    alone: store.leases.alone,
    open,
    count: (order) => limits.countSent(order),
    clock,
    log,
  });
  const orders = sent.remembering(noting);
  const listener = config.listen && makeHttpServer({ ...config.listen, log });
  const slack = connectSlack(config.slack, {
    log,
    boltLogger: boltLogger(log),
    onLost: deps.onLost,
    serve: (path, handler) => listener?.serve(path, handler),
    beforeOpening: () => installation.read(),
  });
  const installation = makeInstallation({ client: slack.lookups, clock, log });
  const health = makeHealthEndpoints({
    slack: slack.reached,
    database: () => store.reach().then(() => true),
  });
  for (const [path, endpoint] of Object.entries(health)) listener?.serve(path, endpoint);
  const { policy } = config;
  const lookingUp = { client: slack.lookups, installation, clock, log };
  const settingOf = (groupId: string) => settingNaming(policy, groupId);
  const accounts = makeAccounts(lookingUp);
  const groups = makeApproverGroups({ ...lookingUp, settingOf });
  const circumstances = makeCircumstances({ accounts, channels: makeChannels(lookingUp), policy });
  const limits = makeLimits({
    ledger: store.ledger,
    orders: sent.rememberingForLimits(noting),
    archive: store.orders,
    policy,
    clock,
    log,
  });
  const reachability = { Slack: makeReachability(clock), Bandwidth: makeReachability(clock) };
  const checkApproval = makeCheckApproval({ policy, groups, accounts, circumstances, limits, clock, log });
  const engine = makeEngine({
    orders,
    open,
    journal: store.journal,
    leases: store.leases,
    carrier: observeCarrier(carrier, reachability.Bandwidth),
    board: observeBoard(makeOrderBoard({ client: slack.background, policy, log }), reachability.Slack),
    limits,
    checkApproval,
    sent,
    clock,
    log,
    ...whenDue,
  });
  if (config.callbacks !== undefined) {
    const { url, ...keys } = config.callbacks;
    const handleNotice = makeHandleNotice({ orders, orderOf, engine, clock, log });
    listener?.serve(
      new URL(url).pathname,
      makeCallbackEndpoint({ keys, handle: (notice) => void handleNotice(notice), log }),
    );
  }
  const handOver = makeLeadershipHandover({ dependencies: reachability, clock, log });
  // A single instance has no one to hand over to.
  const passes = makeLeader(store.leases, 'passes', store.leases.alone ? undefined : handOver);
  const poller = makePoller({
    schedule: config.pollSchedule,
    pass: async () => {
      const looked = sent.lookForForgotten(noting);
      await passes.run(engine.pass);
      await looked;
    },
    log,
  });

  const askPolicy = makeAskPolicy({ limits, circumstances });
  const deciding = {
    orders,
    engine,
    policy,
    limits,
    groups,
    accounts,
    circumstances,
    clock,
    log,
  };
  listen(slack.bolt, {
    searchNumbers: makeSearchNumbers({
      carrier,
      searches: store.searches,
      checkName: makeCheckName({ carrier, clock }),
      clock,
    }),
    browseSearch: makeBrowseSearch({ searches: store.searches }),
    listPlaces: makeListPlaces({ carrier, clock }),
    checkNumbers: makeCheckNumbers({ carrier, orders, log }),
    checkPicks: makeCheckPicks({ carrier, orders, clock, log }),
    requestOrder: makeRequestOrder(deciding),
    mayReview: makeMayReview(deciding),
    reviewOrder: makeReviewOrder({
      ...deciding,
      recheckNumbers: makeRecheckAvailability({ orders, carrier, clock, log }),
    }),
    mayEdit: makeMayEdit(deciding),
    editOrder: makeEditOrder(deciding),
    cancelOrder: makeCancelOrder({ ...deciding, carrier, sent }),
    askAgain: makeReopenOrder(deciding),
    checkAgain: makeCheckAgain(deciding),
    orderAgain: makeOrderAgain({ ...deciding, checkApproval }),
    giveUp: makeGiveUp(deciding),
    closeBackOrder: makeCloseBackOrder(deciding),
    policy,
    askPolicy,
    explainPolicy: makeExplainPolicy({ ...deciding, askPolicy }),
    readAudit: makeReadAudit({ ...deciding, journal: store.journal }),
    offered: config.offered,
    installation,
    admit: makeAdmit(deciding),
    answers: makePrivateAnswers({ client: slack.bolt.client, log }),
    log,
  });

  return {
    async start() {
      elsewhere?.start();
      poller.start();
      void poller.ask();
      await listener?.start();
      await slack.start();
      void checkSetup({ ...lookingUp, policy, settingOf });
    },
    async stop() {
      elsewhere?.stop();
      const asked = poller.stop();
      const cut = pause(CUT_AFTER_MS, undefined, { ref: false }).then(() => carrier.close());
      await slack.stop();
      await listener?.stop();
      const ended = Promise.all([asked, engine.stop()]);
      const late = cut.then(() => pause(RECORD_WITHIN_MS, undefined, { ref: false }));
      await Promise.race([ended, late]);
      carrier.close();
      await passes.end();
      await store.close();
    },
  };
}
