import { setTimeout as pause } from 'node:timers/promises';
import { makeCallbackEndpoint } from './bandwidth/callbacks.js';
import { makeBandwidth, PLACE_WITHIN_MS } from './bandwidth/client.js';
import { makeCredentials } from './bandwidth/credentials.js';
import { makeLookLimit } from './bandwidth/look-limit.js';
import { makeLookSharing } from './bandwidth/share-looks.js';
import type { Config } from './config.js';
import { makeHealthEndpoints } from './health.js';
import { makeListener } from './listener.js';
import { boltLogger } from './log.js';
import { makeAdmit } from './orders/admit.js';
import { makeAskAgain } from './orders/ask-again.js';
import { makeAskPolicy } from './orders/ask-policy.js';
import { makeBrowseSearch } from './orders/browse-search.js';
import { makeCancelOrder } from './orders/cancel-order.js';
import { learnCarrierOrderIds } from './orders/carrier-order-ids.js';
import { makeCheckApproval } from './orders/check-approval.js';
import { makeCheckName } from './orders/check-name.js';
import { makeCheckPicks } from './orders/check-picks.js';
import { makeCircumstances } from './orders/circumstances.js';
import { makeCloseBackOrder } from './orders/close-back-order.js';
import { makeEditOrder, makeMayEdit } from './orders/edit-order.js';
import { makeExplainPolicy } from './orders/explain-policy.js';
import { makeHeedNotice } from './orders/heed-notice.js';
import { boardInTouch, carrierInTouch, makeHandOver, makeTouch } from './orders/in-touch.js';
import { makeLimits } from './orders/limits.js';
import { makeListPlaces } from './orders/list-places.js';
import { makeOpenOrders, notingWrites } from './orders/open-orders.js';
import type { Clock, Log } from './orders/ports.js';
import { makeReadAudit } from './orders/read-audit.js';
import { makeRecheckNumbers } from './orders/recheck-numbers.js';
import { makeCheckNumbers } from './orders/request-disconnect.js';
import { makeRequestOrder } from './orders/request-order.js';
import { makeCheckAgain, makeGiveUp, makeOrderAgain } from './orders/resume-order.js';
import { makeMayReview, makeReviewOrder } from './orders/review-order.js';
import { makeSearchNumbers } from './orders/search-numbers.js';
import { makeSentOrders } from './orders/sent-orders.js';
import { makeEngine } from './orders/settle.js';
import { sureWrites } from './orders/sure-writes.js';
import { systemClock } from './orders/system-clock.js';
import { makeOnlyHere } from './orders/turn.js';
import { settingNaming } from './policy-settings.js';
import { makePoller } from './poller.js';
import { makeAccounts } from './slack/accounts.js';
import { makeApproverGroups } from './slack/approver-groups.js';
import { makeChannels } from './slack/channels.js';
import { checkSetup } from './slack/check-setup.js';
import { connectSlack } from './slack/connection.js';
import type { SlackRefused } from './slack/insist.js';
import { makeInstallation } from './slack/installation.js';
import { listen } from './slack/listen.js';
import { makeOrderBoard } from './slack/order-board.js';
import { makePrivateAnswers } from './slack/private-answers.js';
import { openStore } from './store/open-store.js';

export interface NumbersApp {
  /** Takes up open orders at once, then resolves when Slack can reach us. Throws SlackRefused or CannotListen. */
  start(): Promise<void>;
  /** Takes nothing new, lets what runs come to its end or onto the record, and closes everything, within nine seconds. */
  stop(): Promise<void>;
}

/** The engine looks for a lost order only when no attempt can be under way any more, and its outcome is on record. */
const lookAfterMs = (placeWithinMs: number) => placeWithinMs * 1.25;

/*
 * Supervisors give a process ten seconds to stop. People come first (see connection.ts), then what Bandwidth still has
 * to say. Then its connections are cut, which leaves time to put on record that there was no answer: the next start
 * looks such an order up at once, where after a kill it would first have to wait.
 */
const CUT_AFTER_MS = 7_000;
const RECORD_WITHIN_MS = 1_000;

/**
 * Builds each part once and hands it what it needs. Nothing is listened to or asked before {@link NumbersApp.start},
 * but the store is opened: throws StoreError when it cannot be. Tests may give a shorter `placeWithinMs`, the longest
 * one attempt to place an order may take, and a clock of their own.
 */
export async function buildApp(
  config: Config,
  needs: { log: Log; onLost: (error: SlackRefused) => void; placeWithinMs?: number; clock?: Clock },
): Promise<NumbersApp> {
  const { log, placeWithinMs = PLACE_WITHIN_MS, clock = systemClock } = needs;
  const store = await openStore(config.storeUrl, log, 'sole writer');
  const perMinute = config.bandwidth.lookUpsPerMinute;
  const elsewhere = store.looks && makeLookSharing({ perMinute, shared: store.looks, clock, log });
  const whenDue = { placeWithinMs: lookAfterMs(placeWithinMs), maxHeld: config.maxHeld };
  const carrier = makeBandwidth({
    accountId: config.bandwidth.accountId,
    apiUrl: config.bandwidth.apiUrl,
    credentials: makeCredentials(config.bandwidth.credentials, { clock, log }),
    clock,
    log,
    placeWithinMs,
    lookLimit: makeLookLimit({ perMinute, clock, elsewhere }),
  });
  const open = makeOpenOrders({ now: clock.now, there: carrier.now, ...whenDue });
  const { orders: learning, orderOf } = learnCarrierOrderIds(store.orders);
  const sure = sureWrites({ orders: learning, settle: (id) => engine.ask(id), clock, log });
  const noting = notingWrites(sure, open);
  const sent = makeSentOrders({
    alone: store.leases.alone,
    open,
    count: (order) => limits.countSent(order),
    clock,
    log,
  });
  const orders = sent.remembering(noting);
  const listener = config.listen && makeListener({ ...config.listen, log });
  const slack = connectSlack(config.slack, {
    log,
    boltLogger: boltLogger(log),
    onLost: needs.onLost,
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
  const touch = { Slack: makeTouch(clock), Bandwidth: makeTouch(clock) };
  const checkApproval = makeCheckApproval({ policy, groups, accounts, circumstances, limits, clock, log });
  const engine = makeEngine({
    orders,
    open,
    journal: store.journal,
    leases: store.leases,
    carrier: carrierInTouch(carrier, touch.Bandwidth),
    board: boardInTouch(makeOrderBoard({ client: slack.background, policy, log }), touch.Slack),
    limits,
    checkApproval,
    sent,
    clock,
    log,
    ...whenDue,
  });
  if (config.callbacks !== undefined) {
    const { url, ...keys } = config.callbacks;
    const heed = makeHeedNotice({ orders, orderOf, engine, clock, log });
    listener?.serve(
      new URL(url).pathname,
      makeCallbackEndpoint({ keys, heed: (notice) => void heed(notice), log }),
    );
  }
  const handOver = makeHandOver({ neighbours: touch, clock, log });
  // Alone, there is nobody to hand over to.
  const passes = makeOnlyHere(store.leases, 'passes', store.leases.alone ? undefined : handOver);
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
      recheckNumbers: makeRecheckNumbers({ orders, carrier, clock, log }),
    }),
    mayEdit: makeMayEdit(deciding),
    editOrder: makeEditOrder(deciding),
    cancelOrder: makeCancelOrder(deciding),
    askAgain: makeAskAgain(deciding),
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
