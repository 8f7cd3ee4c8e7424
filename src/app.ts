import { makeBandwidth } from './bandwidth/client.js';
import { basicCredentials, type Credentials, oauthCredentials } from './bandwidth/credentials.js';
import type { BandwidthCredentials, Config } from './config.js';
import { boltLogger } from './log.js';
import { makeCancelOrder } from './orders/cancel-order.js';
import { makeListPlaces } from './orders/list-places.js';
import type { Clock, Log } from './orders/ports.js';
import { makeRequestOrder } from './orders/request-order.js';
import { makeMayReview, makeReviewOrder } from './orders/review-order.js';
import { makeBrowseSearch, makeSearchNumbers } from './orders/search-numbers.js';
import { makeEngine } from './orders/settle.js';
import { makePoller } from './poller.js';
import { makeApproverGroups } from './slack/approver-groups.js';
import { connectSlack, type SlackRefused } from './slack/connection.js';
import { listen } from './slack/listen.js';
import { makeOrderBoard } from './slack/order-board.js';
import { openStore } from './store/open-store.js';

export interface NumbersApp {
  /** Takes up open orders at once, then resolves when Slack can reach us. Throws SlackRefused for wrong tokens. */
  start(): Promise<void>;
  /** Takes nothing new, lets what runs come to its end or onto the record, and closes everything. */
  stop(): Promise<void>;
}

/** The longest placing an order may take before the attempt is given up. */
const PLACE_WITHIN_MS = 20_000;
/** The engine looks for a lost order only when no attempt can be under way any more, and its outcome is on record. */
const lookAfterMs = (placeWithinMs: number) => placeWithinMs * 1.25;

const systemClock: Clock = {
  now: () => Date.now(),
  wakeAt: (at, wake) => {
    const timer = setTimeout(wake, Math.max(0, at - Date.now()));
    return () => clearTimeout(timer);
  },
};

/**
 * Builds each part once and hands it what it needs. Nothing is listened to or asked before {@link NumbersApp.start},
 * but the store is opened: throws StoreError when it cannot be.
 */
export async function buildApp(
  config: Config,
  needs: { log: Log; onLost: (error: SlackRefused) => void; placeWithinMs?: number },
): Promise<NumbersApp> {
  const { log, placeWithinMs = PLACE_WITHIN_MS } = needs;
  const clock = systemClock;
  const store = await openStore(config.storeUrl, log);
  const carrier = makeBandwidth({
    accountId: config.bandwidth.accountId,
    apiUrl: config.bandwidth.apiUrl,
    credentials: credentialsFor(config.bandwidth.credentials, { clock, log }),
    clock,
    log,
    placeWithinMs,
  });
  const slack = connectSlack(config.slack, { log, boltLogger: boltLogger(log), onLost: needs.onLost });
  const engine = makeEngine({
    orders: store.orders,
    carrier,
    board: makeOrderBoard({ client: slack.background, log }),
    clock,
    log,
    placeWithinMs: lookAfterMs(placeWithinMs),
  });
  const poller = makePoller({ schedule: config.pollSchedule, pass: engine.pass, log });

  const deciding = {
    orders: store.orders,
    engine,
    policy: config.policy,
    groups: makeApproverGroups({ client: slack.bolt.client, clock, log }),
    clock,
    log,
  };
  listen(slack.bolt, {
    searchNumbers: makeSearchNumbers({ carrier, searches: store.searches, clock }),
    browseSearch: makeBrowseSearch({ searches: store.searches }),
    listPlaces: makeListPlaces({ carrier, clock }),
    requestOrder: makeRequestOrder(deciding),
    mayReview: makeMayReview(deciding),
    reviewOrder: makeReviewOrder(deciding),
    cancelOrder: makeCancelOrder(deciding),
    policy: config.policy,
    offered: config.offered,
    log,
  });

  return {
    async start() {
      poller.start();
      void poller.ask();
      await slack.start();
    },
    async stop() {
      await poller.stop();
      await slack.stop();
      await engine.stop();
      carrier.close();
      await store.close();
    },
  };
}

function credentialsFor(given: BandwidthCredentials, needs: { clock: Clock; log: Log }): Credentials {
  return given.kind === 'oauth' ? oauthCredentials({ ...given, ...needs }) : basicCredentials(given);
}
