import { WebAPIRateLimitedError, type WebClient } from '@slack/web-api';
import type { AnnouncementKind, Reminder } from '../../orders/domain/announcement.js';
import { cardFor, isCopy } from '../../orders/domain/cards.js';
import type { Card, CardPlace, Order } from '../../orders/domain/order.js';
import type { Timestamp } from '../../orders/domain/request.js';
import type { Delegates } from '../../orders/policy/delegates.js';
import type { Policy } from '../../orders/policy/policy.js';
import type { Log } from '../../orders/ports/log.js';
import { BoardLimited, BoardUnreachable, type OrderBoard } from '../../orders/ports/order-board.js';
import type { Accounts, ApproverGroups, Channels } from '../../orders/ports/people.js';
import { type CardView, orderCard } from '../blocks/card/order-card.js';
import { mentionChannel } from '../blocks/format.js';
import { placeAdvice, SHARED_WITH_OTHERS, SHARING_UNKNOWN } from '../blocks/slack-problems.js';
import { announcement } from '../blocks/thread/announcements.js';
import { callText, directCallText } from '../blocks/thread/calls.js';
import { directText, unreachableText } from '../blocks/thread/direct-texts.js';
import { deliveredFile, numbersFile } from '../blocks/thread/numbers-csv.js';
import { type NumbersFile, numbersInWords } from '../blocks/thread/numbers-in-words.js';
import { reminder } from '../blocks/thread/reminders.js';
import { makeApproverList } from './approver-list.js';
import { makeCardLinks } from './card-links.js';
import { cardMarking, makePostLookups, marking } from './post-lookups.js';
import { placeClosed, slackCode, slackIsBusy, threadClosed } from './slack-errors.js';

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
  channels: Pick<Channels, 'about'>;
  groups: Pick<ApproverGroups, 'includesAny' | 'membersOf'>;
  delegates: Pick<Delegates, 'all'>;
  accounts: Pick<Accounts, 'standingOf'>;
  log: Pick<Log, 'info' | 'warn'>;
}): OrderBoard {
  const { client, policy, channels, log } = deps;
  const { peopleToNotify, standInsOf } = makeApproverList(deps);
  const lookups = makePostLookups({ client, log });
  const askLink = makeCardLinks({ client, log });

  async function viewOf(order: Order, card: Card): Promise<CardView> {
    return isCopy(order, card) ? { copy: { original: await linkTo(order) } } : {};
  }

  /** The link to the card where the order was requested. A copy can do without. */
  async function linkTo({ cards: [{ place, link }] }: Order): Promise<string | undefined> {
    if (place === undefined) return undefined;
    const url = link?.ts === place.ts ? link.url : await askLink(place);
    return url === 'missing' ? undefined : url;
  }

  async function update(order: Order, card: Card, place: CardPlace): Promise<CardPlace | undefined> {
    const { channelId, ts } = place;
    const drawn = orderCard(order, await viewOf(order, card));
    try {
      await client.chat.update({ channel: channelId, ts, ...drawn, ...asWritten });
      return { channelId, ts };
    } catch (error) {
      const why = slackCode(error);
      const isOver = isCopy(order, card) && order.status !== 'awaiting-approval';
      const mayComeBack = why === 'is_inactive' && isOver;
      if (why === undefined || !replaceable.has(why) || mayComeBack) throw orUnreachable(error);
      log.info({ orderId: order.id, channelId, ts, why }, 'card cannot be updated, posting a new one');
      return undefined;
    }
  }

  /** Approvals channels are named in settings, so no one has checked yet who can read them. */
  async function checkSharing(channelId: string): Promise<void> {
    if (policy.externalChannels !== 'refuse') return;
    const { sharing } = await channels.about(channelId, true);
    if (sharing === 'internal') return;
    throw new BoardUnreachable(sharing === 'external' ? SHARED_WITH_OTHERS : SHARING_UNKNOWN);
  }

  async function post(order: Order, card: Card, begunAt: Timestamp): Promise<CardPlace> {
    const { channelId } = card;
    const drawn = orderCard(order, { ...(await viewOf(order, card)), isNew: true });
    try {
      const posted = await client.chat.postMessage({
        channel: channelId,
        ...drawn,
        ...asWritten,
        ...noPreviews,
        ...cardMarking(order, begunAt),
      });
      return { channelId: posted.channel ?? channelId, ts: tsOf(posted) };
    } catch (error) {
      throw orUnreachable(error);
    }
  }

  async function reply(
    order: Order,
    text: string,
    { channelId, place }: Card = order.cards[0],
    mark: ReturnType<typeof marking> = {},
  ): Promise<void> {
    const channel = place?.channelId ?? channelId;
    const ts = place?.ts;
    const message = { channel, text, ...asWritten, ...noPreviews, ...mark };
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
  async function attachNumbers(
    order: Order,
    kind: NumbersFile,
    begunAt: Timestamp | undefined,
  ): Promise<void> {
    const file = kind === 'delivered' ? deliveredFile(order) : numbersFile(order);
    const [{ channelId, place }] = order.cards;
    const channel = place?.channelId ?? channelId;
    const ts = place?.ts;
    const { text } = announcement(order, kind);
    const upload = { channel_id: channel, initial_comment: text, ...file };
    try {
      await client.filesUploadV2(ts === undefined ? upload : { ...upload, thread_ts: ts });
    } catch (error) {
      const why = slackCode(error);
      if (why !== undefined && (placeClosed.has(why) || slackIsBusy.has(why))) throw orUnreachable(error);
      // If only the answer was lost, the file may be there.
      const isLost = why === undefined && begunAt !== undefined;
      if (isLost && (await lookups.isTold(order, { kind, at: begunAt })) === true) return;
      log.info(
        { orderId: order.id, channel, why, err: error },
        'numbers cannot be attached, posting them as text',
      );
      await reply(order, numbersInWords(order, kind, why), undefined, marking(order, kind, begunAt));
    }
  }

  async function direct(userId: string, text: string, mark: ReturnType<typeof marking> = {}): Promise<void> {
    try {
      const opened = await client.conversations.open({ users: userId });
      const channel = opened.channel?.id;
      if (channel === undefined) throw new Error('conversations.open answered without a channel');
      await client.chat.postMessage({ channel, text, ...asWritten, ...noPreviews, ...mark });
    } catch (error) {
      throw orLimited(error);
    }
  }

  return {
    ...lookups,

    async show(order, card, begin) {
      const updated = card.place === undefined ? undefined : await update(order, card, card.place);
      if (updated !== undefined) return { place: updated };
      if (isCopy(order, card) && order.status !== 'awaiting-approval') return 'gone';
      if (isCopy(order, card)) await checkSharing(card.channelId);
      const { at, place } = await begin();
      return place === undefined
        ? { place: await post(order, card, at), isNew: true }
        : { place, isFound: true };
    },

    async tell(order, kind, begunAt) {
      if (kind === 'numbers' || kind === 'delivered') return attachNumbers(order, kind, begunAt);
      if (kind !== 'call' && !isReminder(kind)) return reply(order, announcement(order, kind).text);
      // After a decision, no one has to be asked anymore.
      if (order.status !== 'awaiting-approval') return;
      const standIns = await standInsOf(order);
      const text = kind === 'call' ? callText(order, standIns) : reminder(order, kind, policy, standIns);
      await reply(order, text, cardFor(order, kind), marking(order, kind, begunAt));
    },

    peopleToNotify,

    async notify(order, userId, begunAt) {
      try {
        const text = directCallText(order, await linkTo(order));
        await direct(userId, text, marking(order, 'call', begunAt));
        return true;
      } catch (error) {
        const why = slackCode(error);
        if (why === undefined || !placeClosed.has(why)) throw error;
        log.info({ orderId: order.id, userId, why }, 'approver cannot be asked in a direct message');
        return false;
      }
    },

    async tellUnreachable(order, why) {
      const me = await client.auth.test();
      const channel = mentionChannel(order.channelId);
      const advice = placeAdvice(why, { channel, myName: me.user ?? 'numbers' });
      await direct(order.requester.userId, unreachableText(order, why, advice));
    },

    async tellDirectly(order, kind) {
      await direct(order.requester.userId, directText(order, kind));
    },
  };
}

const isReminder = (kind: AnnouncementKind): kind is Reminder => kind.startsWith('reminder-');

function orUnreachable(error: unknown): unknown {
  const why = slackCode(error);
  return why !== undefined && placeClosed.has(why) ? new BoardUnreachable(why, error) : orLimited(error);
}

function orLimited(error: unknown): unknown {
  return error instanceof WebAPIRateLimitedError ? new BoardLimited(error.retryAfter * 1000, error) : error;
}

function tsOf(posted: { readonly ts?: string }): string {
  // Without a ts the card could never be updated, so it doesn't count as posted.
  if (posted.ts === undefined) throw new Error('chat.postMessage answered without a ts');
  return posted.ts;
}
