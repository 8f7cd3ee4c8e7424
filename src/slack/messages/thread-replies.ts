import type { WebClient } from '@slack/web-api';
import type { AnnouncementKind, Reminder } from '../../orders/domain/announcement.js';
import { cardFor } from '../../orders/domain/cards.js';
import type { Card, Order, OrderIn } from '../../orders/domain/order.js';
import type { Timestamp } from '../../orders/domain/request.js';
import type { StandIn } from '../../orders/domain/who-decides.js';
import type { Policy } from '../../orders/policy/policy.js';
import type { Log } from '../../orders/ports/log.js';
import type { OrderBoard } from '../../orders/ports/order-board.js';
import { announcement } from '../blocks/thread/announcements.js';
import { callText } from '../blocks/thread/calls.js';
import { deliveredFile, numbersFile } from '../blocks/thread/numbers-csv.js';
import { type NumbersFile, numbersInWords } from '../blocks/thread/numbers-in-words.js';
import { reminder } from '../blocks/thread/reminders.js';
import { orUnreachable } from './board-errors.js';
import { asWritten, noPreviews } from './message-options.js';
import { marking } from './post-lookups.js';
import { placeClosed, slackCode, slackIsBusy, threadClosed } from './slack-errors.js';

/** Posts announcements in the threads of cards. Throws like the order board. */
export function makeThreadReplies(deps: {
  readonly client: Pick<WebClient, 'chat' | 'filesUploadV2'>;
  readonly policy: Policy;
  /** Returns who stands in for those who are asked and away. */
  readonly standInsOf: (order: OrderIn<'awaiting-approval'>) => Promise<readonly StandIn[]>;
  readonly lookups: Pick<OrderBoard, 'isAnnounced'>;
  readonly log: Pick<Log, 'info'>;
}): OrderBoard['tell'] {
  const { client, policy, standInsOf, lookups, log } = deps;

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
      if (isLost && (await lookups.isAnnounced(order, { kind, at: begunAt })) === true) return;
      log.info(
        { orderId: order.id, channel, why, err: error },
        'numbers cannot be attached, posting them as text',
      );
      await reply(order, numbersInWords(order, kind, why), undefined, marking(order, kind, begunAt));
    }
  }

  return async (order, kind, begunAt) => {
    if (kind === 'numbers' || kind === 'delivered') return attachNumbers(order, kind, begunAt);
    if (kind !== 'call' && !isReminder(kind)) return reply(order, announcement(order, kind).text);
    // After a decision, no one has to be asked anymore.
    if (order.status !== 'awaiting-approval') return;
    const standIns = await standInsOf(order);
    const text = kind === 'call' ? callText(order, standIns) : reminder(order, kind, policy, standIns);
    await reply(order, text, cardFor(order, kind), marking(order, kind, begunAt));
  };
}

const isReminder = (kind: AnnouncementKind): kind is Reminder => kind.startsWith('reminder-');
