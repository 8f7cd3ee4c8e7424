import type { Clock } from '../orders/ports/clock.js';
import type { Log } from '../orders/ports/log.js';
import { makeSummarizeOrders } from '../orders/use-cases/summarize-orders.js';
import type { Connection } from '../slack/connection/connection.js';
import { makeCardLinks } from '../slack/messages/card-links.js';
import { makeDrawHome } from '../slack/messages/draw-home.js';
import { makeHomeTabs, refreshingHomeTabs } from '../slack/messages/home-tabs.js';
import { makeOrderBoard } from '../slack/messages/order-board.js';
import { makePublishHome } from '../slack/messages/publish-home.js';
import { linkingSearchResults, makeResultsCollapser } from '../slack/messages/results-collapser.js';
import type { Store } from '../store/open-store.js';
import type { Authority } from './authority.js';

/**
 * Builds what shows orders in Slack and keeps it up to date: cards and their threads, Home tabs, and search results
 * that link to the orders made from them. Posts nothing yet.
 */
export function buildSlackDisplay(deps: {
  slack: Pick<Connection, 'lookups' | 'background' | 'homes'>;
  store: Pick<Store, 'index' | 'searches' | 'openedHomes' | 'leases'>;
  authority: Authority;
  clock: Clock;
  log: Log;
}) {
  const { slack, store, authority, clock, log } = deps;
  const summarize = makeSummarizeOrders({ ...authority, index: store.index, clock });
  const homes = makeHomeTabs({
    drawHome: makeDrawHome({ summarize, admit: authority.admit, log }),
    publishHome: makePublishHome({ client: slack.homes, log }),
    sharing: store.openedHomes && { opened: store.openedHomes, leases: store.leases },
    clock,
    log,
  });
  const linkTo = makeCardLinks({ client: slack.lookups, log });
  const collapser = makeResultsCollapser({
    client: slack.background,
    searches: store.searches,
    linkTo,
    clock,
    log,
  });
  const cards = makeOrderBoard({ ...authority, client: slack.background, log });
  return {
    /** The cards; every change of one also reaches the Home tabs and the search results. */
    board: linkingSearchResults(refreshingHomeTabs(cards, homes), collapser),
    homes,
    collapser,
    linkTo,
  };
}
