import type { WebClient } from '@slack/web-api';
import { isCopy } from '../../orders/domain/cards.js';
import type { Card, CardPlace, Order } from '../../orders/domain/order.js';
import type { Timestamp } from '../../orders/domain/request.js';
import type { Policy } from '../../orders/policy/policy.js';
import type { Log } from '../../orders/ports/log.js';
import { BoardUnreachable, type OrderBoard } from '../../orders/ports/order-board.js';
import type { Channels } from '../../orders/ports/people.js';
import { type CardView, orderCard } from '../blocks/card/order-card.js';
import { SHARED_WITH_OTHERS, SHARING_UNKNOWN } from '../blocks/slack-problems.js';
import { orUnreachable } from './board-errors.js';
import { asWritten, noPreviews } from './message-options.js';
import { cardMarking } from './post-lookups.js';
import { slackCode } from './slack-errors.js';

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

/** Posts, updates and replaces the cards of orders. Throws like the order board. */
export function makeShowCard(deps: {
  readonly client: Pick<WebClient, 'chat'>;
  readonly policy: Pick<Policy, 'externalChannels'>;
  readonly channels: Pick<Channels, 'about'>;
  /** Returns the link to the card where the order was requested. */
  readonly linkTo: (order: Order) => Promise<string | undefined>;
  readonly log: Pick<Log, 'info'>;
}): OrderBoard['show'] {
  const { client, policy, channels, linkTo, log } = deps;

  async function viewOf(order: Order, card: Card): Promise<CardView> {
    return isCopy(order, card) ? { copy: { original: await linkTo(order) } } : {};
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

  return async (order, card, begin) => {
    const updated = card.place === undefined ? undefined : await update(order, card, card.place);
    if (updated !== undefined) return { place: updated };
    if (isCopy(order, card) && order.status !== 'awaiting-approval') return 'gone';
    if (isCopy(order, card)) await checkSharing(card.channelId);
    const { at, place } = await begin();
    return place === undefined
      ? { place: await post(order, card, at), isNew: true }
      : { place, isFound: true };
  };
}

function tsOf(posted: { readonly ts?: string }): string {
  // Without a ts the card could never be updated, so it doesn't count as posted.
  if (posted.ts === undefined) throw new Error('chat.postMessage answered without a ts');
  return posted.ts;
}
