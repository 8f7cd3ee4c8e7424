import type { WebClient } from '@slack/web-api';
import type { AnnouncementKind } from '../../orders/domain/announcement.js';
import { cardFor } from '../../orders/domain/cards.js';
import type { BegunPost, CardPlace, Order } from '../../orders/domain/order.js';
import type { OrderId, Timestamp } from '../../orders/domain/request.js';
import type { Log } from '../../orders/ports/log.js';
import type { OrderBoard } from '../../orders/ports/order-board.js';
import { deliveredFile, numbersFile } from '../blocks/thread/numbers-csv.js';
import { isRateLimit, slackCode } from './slack-errors.js';

/** The metadata of every card, which identifies it among other messages. */
const CARD_EVENT = 'number_order';
/** The metadata of any other message that is posted only once. */
const POST_EVENT = 'number_order_post';

const PAGE = 200;
/** Nothing is known about older messages of a channel that is so busy. */
const MAX_PAGES = 10;
/** How far the machine's clock may be ahead of Slack's. */
const CLOCKS_DIFFER_MS = 60 * 60_000;

/** Returns what marks a card, so that {@link makePostLookups} finds it. */
export const cardMarking = ({ id }: Order, begunAt: Timestamp) => ({
  metadata: { event_type: CARD_EVENT, event_payload: { order_id: id, begun_at: begunAt } },
});

/** The same for any other message: nothing if it may be posted again. */
export const marking = (order: Order, kind: AnnouncementKind, begunAt: Timestamp | undefined) =>
  begunAt === undefined
    ? {}
    : {
        metadata: {
          event_type: POST_EVENT,
          event_payload: { order_id: order.id, kind, begun_at: begunAt },
        },
      };

interface Posted {
  readonly ts?: string;
  readonly metadata?: { readonly event_type?: string; readonly event_payload?: object };
  readonly files?: readonly { readonly name?: string | null }[];
}

interface Mark {
  readonly event: string;
  readonly orderId: OrderId;
  readonly at: Timestamp;
  readonly kind?: AnnouncementKind;
}

function isMarked({ metadata = {} }: Posted, { event, orderId, at, kind }: Mark): boolean {
  const said = (metadata.event_payload ?? {}) as Readonly<Record<string, unknown>>;
  return (
    metadata.event_type === event &&
    said.order_id === orderId &&
    said.begun_at === at &&
    (kind === undefined || said.kind === kind)
  );
}

/** A file has no metadata, but a name that only this list of this order has. */
function fileNameOf(order: Order, kind: AnnouncementKind): string | undefined {
  if (kind === 'numbers') return numbersFile(order).filename;
  return kind === 'delivered' ? deliveredFile(order).filename : undefined;
}

function isPost(reply: Posted, order: Order, { kind, at }: BegunPost): boolean {
  const fileName = fileNameOf(order, kind);
  if (fileName !== undefined && reply.files?.some(({ name }) => name === fileName) === true) return true;
  return isMarked(reply, { event: POST_EVENT, orderId: order.id, at, kind });
}

interface Page {
  readonly messages?: readonly Posted[];
  readonly response_metadata?: { readonly next_cursor?: string };
}

/**
 * Looks for messages that were perhaps posted: in the thread of a card, in its channel, or among the direct messages to
 * a person. `unknown` if Slack refuses: reading needs a scope that the app doesn't ask for by default.
 */
export function makePostLookups(deps: {
  readonly client: WebClient;
  readonly log: Pick<Log, 'info'>;
}): Pick<OrderBoard, 'isAnnounced' | 'findCard' | 'isNotified'> {
  const { client, log } = deps;

  /** Returns the first message that is the one; `unknown` also if there are too many to read. */
  async function search(
    order: Order,
    channelId: string,
    read: (from: { readonly limit: number; readonly cursor?: string }) => Promise<Page>,
    isIt: (message: Posted) => boolean,
  ): Promise<Posted | undefined | 'unknown'> {
    let cursor: string | undefined;
    try {
      for (let pages = 0; pages < MAX_PAGES; pages += 1) {
        const { messages = [], response_metadata: next } = await read({
          limit: PAGE,
          ...(cursor === undefined ? {} : { cursor }),
        });
        const found = messages.find(isIt);
        if (found !== undefined) return found;
        cursor = next?.next_cursor === '' ? undefined : next?.next_cursor;
        if (cursor === undefined) return undefined;
      }
      log.info({ orderId: order.id, channelId }, 'too many messages to search for an earlier post');
    } catch (error) {
      const why = slackCode(error);
      if (why === undefined || isRateLimit(why)) throw error;
      // `missing_scope`: it needs channels:history, groups:history or im:history.
      log.info({ orderId: order.id, channelId, why }, 'cannot search for an earlier post');
    }
    return 'unknown';
  }

  const inChannel = (order: Order, channelId: string, mark: Mark) =>
    search(
      order,
      channelId,
      (from) =>
        client.conversations.history({
          channel: channelId,
          oldest: String(Math.max(0, mark.at - CLOCKS_DIFFER_MS) / 1_000),
          include_all_metadata: true,
          ...from,
        }),
      (message) => isMarked(message, mark),
    );

  return {
    async isAnnounced(order, post) {
      const { place } = cardFor(order, post.kind);
      if (place === undefined) return 'unknown';
      const { channelId: channel, ts } = place;
      const found = await search(
        order,
        channel,
        (from) => client.conversations.replies({ channel, ts, include_all_metadata: true, ...from }),
        (reply) => isPost(reply, order, post),
      );
      return found === 'unknown' ? found : found !== undefined;
    },

    async findCard(order, channelId, at): Promise<CardPlace | undefined | 'unknown'> {
      const found = await inChannel(order, channelId, { event: CARD_EVENT, orderId: order.id, at });
      if (found === 'unknown' || found === undefined) return found;
      return found.ts === undefined ? 'unknown' : { channelId, ts: found.ts };
    },

    async isNotified(order, userId, at) {
      const { channel } = await client.conversations.open({ users: userId }).catch((error: unknown) => {
        const why = slackCode(error);
        if (why === undefined || isRateLimit(why)) throw error;
        return { channel: undefined };
      });
      if (channel?.id === undefined) return 'unknown';
      const mark: Mark = { event: POST_EVENT, orderId: order.id, at, kind: 'call' };
      const found = await inChannel(order, channel.id, mark);
      return found === 'unknown' ? found : found !== undefined;
    },
  };
}
