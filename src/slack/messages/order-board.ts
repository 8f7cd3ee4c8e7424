import type { WebClient } from '@slack/web-api';
import type { Order } from '../../orders/domain/order.js';
import type { Delegates } from '../../orders/policy/delegates.js';
import type { Policy } from '../../orders/policy/policy.js';
import type { Log } from '../../orders/ports/log.js';
import type { OrderBoard } from '../../orders/ports/order-board.js';
import type { Accounts, ApproverGroups, Channels } from '../../orders/ports/people.js';
import { mentionChannel } from '../blocks/format.js';
import { placeAdvice } from '../blocks/slack-problems.js';
import { directCallText } from '../blocks/thread/calls.js';
import { directText, unreachableText } from '../blocks/thread/direct-texts.js';
import { makeApproverList } from './approver-list.js';
import { orLimited } from './board-errors.js';
import { makeCardLinks } from './card-links.js';
import { asWritten, noPreviews } from './message-options.js';
import { makePostLookups, marking } from './post-lookups.js';
import { makeShowCard } from './show-card.js';
import { placeClosed, slackCode } from './slack-errors.js';
import { makeThreadReplies } from './thread-replies.js';

/**
 * The cards of orders in Slack. Throws BoardUnreachable when a person has to change something first, and the
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

  /** The link to the card where the order was requested. A copy can do without. */
  async function linkTo({ cards: [{ place, link }] }: Order): Promise<string | undefined> {
    if (place === undefined) return undefined;
    const url = link?.ts === place.ts ? link.url : await askLink(place);
    return url === 'missing' ? undefined : url;
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

    show: makeShowCard({ client, policy, channels, linkTo, log }),

    tell: makeThreadReplies({ client, policy, standInsOf, lookups, log }),

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
