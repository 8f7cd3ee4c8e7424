import type { WebClient } from '@slack/web-api';
import { LRUCache } from 'lru-cache';
import type { KeptSearch } from '../../orders/domain/kept-search.js';
import type { CardPlace, Order } from '../../orders/domain/order.js';
import type { OrderId } from '../../orders/domain/request.js';
import type { Clock } from '../../orders/ports/clock.js';
import type { Log } from '../../orders/ports/log.js';
import type { OrderBoard } from '../../orders/ports/order-board.js';
import type { SearchStore } from '../../orders/ports/search-store.js';
import type { LinkToCard } from '../../orders/use-cases/card-link.js';
import { orderedResults, unusedResults } from '../blocks/answers/collapsed-results.js';
import type { Message } from '../blocks/message.js';

/** Search results in a channel: the message, and the search it shows. */
export interface ResultsMessage {
  readonly searchId: string;
  readonly channelId: string;
  readonly ts: string;
}

/** Collapses search results to one line when they are no longer needed. No method ever rejects. */
export interface ResultsCollapser {
  /** Someone posted or used these results; if no one does for an hour, they collapse. */
  used(results: ResultsMessage): void;
  /** An order is about to be requested from these results, of one search or several. */
  ordering(orderId: OrderId, results: readonly ResultsMessage[]): void;
  /** An order's card is posted: the results it came from collapse to a link to it. */
  cardPosted(order: Order, place: CardPlace): Promise<void>;
  stop(): void;
}

const UNUSED_MS = 60 * 60_000;
/** Orders whose card isn't posted yet. */
const MAX_ORDERS = 1_000;

/**
 * Remembers results in memory only. If the app restarts, or another instance posts the card, results stay as they are
 * until someone uses them, which does no harm.
 */
export function makeResultsCollapser(deps: {
  readonly client: WebClient;
  readonly searches: Pick<SearchStore, 'get'>;
  readonly linkTo: LinkToCard;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info'>;
}): ResultsCollapser {
  const { client, searches, linkTo, clock, log } = deps;
  const timers = new Map<string, () => void>();
  const orders = new LRUCache<OrderId, readonly ResultsMessage[]>({ max: MAX_ORDERS });

  function cancelTimer({ channelId, ts }: ResultsMessage): void {
    const key = `${channelId} ${ts}`;
    timers.get(key)?.();
    timers.delete(key);
  }

  async function collapse(results: ResultsMessage, draw: (kept: KeptSearch) => Message): Promise<void> {
    cancelTimer(results);
    const { searchId, channelId, ts } = results;
    try {
      const kept = await searches.get(searchId);
      if (kept !== undefined) await client.chat.update({ channel: channelId, ts, ...draw(kept) });
    } catch (err) {
      log.info({ err, channelId, ts }, 'search results not collapsed');
    }
  }

  async function cardPosted(order: Order, place: CardPlace): Promise<void> {
    const results = orders.get(order.id);
    if (results === undefined) return;
    orders.delete(order.id);
    const link = await linkTo(place);
    for (const each of results) {
      await collapse(each, (kept) => orderedResults(kept, order, link === 'missing' ? undefined : link));
    }
  }

  return {
    used(results) {
      cancelTimer(results);
      const wake = () => void collapse(results, unusedResults);
      timers.set(`${results.channelId} ${results.ts}`, clock.wakeAt(clock.now() + UNUSED_MS, wake));
    },

    ordering(orderId, results) {
      orders.set(orderId, results);
    },

    cardPosted,

    stop() {
      for (const cancel of timers.values()) cancel();
      timers.clear();
      orders.clear();
    },
  };
}

/** The same board; collapsed search results learn where a card is. */
export function linkingSearchResults(
  board: OrderBoard,
  collapser: Pick<ResultsCollapser, 'cardPosted'>,
): OrderBoard {
  return {
    ...board,
    async show(order, card, begin) {
      const shown = await board.show(order, card, begin);
      // Results link to the card where the numbers were requested, not to its copy.
      if (shown !== 'gone' && card.channelId === order.channelId)
        void collapser.cardPosted(order, shown.place);
      return shown;
    },
  };
}
