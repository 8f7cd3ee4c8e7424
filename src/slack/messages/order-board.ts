import type { WebClient } from '@slack/web-api';
import type { CardPlace, Order } from '../../orders/domain/order.js';
import type { Policy } from '../../orders/policy/policy.js';
import { BoardUnreachable, type Log, type OrderBoard } from '../../orders/ports.js';
import { orderCard } from '../blocks/card/order-card.js';
import { announcement, numbersInWords } from '../blocks/thread/announcements.js';
import { directText, unreachableText } from '../blocks/thread/direct-texts.js';
import { numbersFile } from '../blocks/thread/numbers-csv.js';
import { reminder, whoCanDecide } from '../blocks/thread/reminders.js';
import { mentionChannel } from '../blocks/vocabulary.js';
import { placeAdvice, placeClosed, slackCode, slackIsBusy, threadClosed } from './slack-errors.js';

/** The metadata of every card holds the order's id, which identifies it among other messages. */
const METADATA_EVENT = 'number_order';

/** Keeps typed text unchanged; chat.update would otherwise link it. */
const asWritten = { parse: 'none', link_names: false } as const;
const noPreviews = { unfurl_links: false, unfurl_media: false } as const;

/**
 * Errors of chat.update after which the card can be posted as a new message.
 * https://docs.slack.dev/reference/methods/chat.update#errors
 */
const replaceable: ReadonlySet<string> = new Set([
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  // The channel is frozen, archived or deleted: posting finds out which.
  'is_inactive',
]);

/**
 * The cards of orders in Slack. Throws {@link BoardUnreachable} when a person has to change something first, and the
 * client's errors when Slack is in trouble.
 */
export function makeOrderBoard(deps: {
  client: WebClient;
  policy: Policy;
  log: Pick<Log, 'info'>;
}): OrderBoard {
  const { client, policy, log } = deps;

  async function update(order: Order, { channelId, ts }: CardPlace): Promise<CardPlace | undefined> {
    try {
      await client.chat.update({ channel: channelId, ts, ...orderCard(order), ...asWritten });
      return { channelId, ts };
    } catch (error) {
      const why = slackCode(error);
      if (why === undefined || !replaceable.has(why)) throw orUnreachable(error);
      log.info({ orderId: order.id, channelId, ts, why }, 'card cannot be updated, posting a new one');
      return undefined;
    }
  }

  async function post(order: Order): Promise<CardPlace> {
    try {
      const posted = await client.chat.postMessage({
        channel: order.card.channelId,
        ...orderCard(order),
        ...asWritten,
        ...noPreviews,
        metadata: { event_type: METADATA_EVENT, event_payload: { order_id: order.id } },
      });
      return { channelId: posted.channel ?? order.card.channelId, ts: tsOf(posted) };
    } catch (error) {
      throw orUnreachable(error);
    }
  }

  async function reply(order: Order, text: string): Promise<void> {
    const channel = order.card.place?.channelId ?? order.card.channelId;
    const ts = order.card.place?.ts;
    const message = { channel, text, ...asWritten, ...noPreviews };
    try {
      await client.chat.postMessage(ts === undefined ? message : { ...message, thread_ts: ts });
    } catch (error) {
      const why = slackCode(error);
      if (ts === undefined || why === undefined || !threadClosed.has(why)) throw orUnreachable(error);
      log.info(
        { orderId: order.id, channel, ts, why },
        'thread cannot be replied to, posting in the channel',
      );
      await client.chat.postMessage(message).catch((again: unknown) => {
        throw orUnreachable(again);
      });
    }
  }

  /**
   * Attaches all numbers as a file in the thread. When that fails (missing scope, uploads forbidden, file server
   * unreachable), posts them as text: a file must not block the other messages.
   */
  async function attachNumbers(order: Order): Promise<void> {
    const file = numbersFile(order);
    const channel = order.card.place?.channelId ?? order.card.channelId;
    const ts = order.card.place?.ts;
    const { text } = announcement(order, 'numbers');
    const upload = { channel_id: channel, initial_comment: text, ...file };
    try {
      await client.filesUploadV2(ts === undefined ? upload : { ...upload, thread_ts: ts });
    } catch (error) {
      const why = slackCode(error);
      if (why !== undefined && (placeClosed.has(why) || slackIsBusy.has(why))) throw orUnreachable(error);
      log.info(
        { orderId: order.id, channel, why, err: error },
        'numbers cannot be attached, posting them as text',
      );
      await reply(order, numbersInWords(order, why));
    }
  }

  async function direct({ requester }: Order, text: string): Promise<void> {
    const opened = await client.conversations.open({ users: requester.userId });
    const channel = opened.channel?.id;
    if (channel === undefined) throw new Error('conversations.open answered without a channel');
    await client.chat.postMessage({ channel, text, ...asWritten, ...noPreviews });
  }

  return {
    async show(order) {
      const { place } = order.card;
      const updated = place === undefined ? undefined : await update(order, place);
      return updated ?? (await post(order));
    },

    async tell(order, kind) {
      if (kind === 'numbers') return attachNumbers(order);
      if (kind === 'reopened' && order.status === 'awaiting-approval') {
        const { text } = announcement(order, kind);
        return reply(order, `${text}\n${whoCanDecide(order, policy)} please decide.`);
      }
      if (kind !== 'reminder-half' && kind !== 'reminder-hour')
        return reply(order, announcement(order, kind).text);
      // No reminder is needed after a decision.
      if (order.status === 'awaiting-approval') await reply(order, reminder(order, kind, policy));
    },

    async tellUnreachable(order, why) {
      const me = await client.auth.test();
      const channel = mentionChannel(order.card.channelId);
      const advice = placeAdvice(why, { channel, myName: me.user ?? 'numbers' });
      await direct(order, unreachableText(order, why, advice));
    },

    async tellDirectly(order, kind) {
      await direct(order, directText(order, kind));
    },
  };
}

function orUnreachable(error: unknown): unknown {
  const why = slackCode(error);
  return why !== undefined && placeClosed.has(why) ? new BoardUnreachable(why, error) : error;
}

function tsOf(posted: { readonly ts?: string }): string {
  // Without a ts the card could never be updated, so it doesn't count as posted.
  if (posted.ts === undefined) throw new Error('chat.postMessage answered without a ts');
  return posted.ts;
}
