import type { DirectAnnouncement } from '../../../orders/domain/announcement.js';
import type { Order } from '../../../orders/domain/order.js';
import { codeSpan } from '../../text/escape.js';
import { headlineInText } from '../card/order-headline.js';
import { mentionChannel, typed } from '../format.js';
import { kindWords } from '../kind-words.js';
import { reasonWords } from '../reason-words.js';
import { announcement } from './announcements.js';
import { listedInWords } from './numbers-in-words.js';

// Direct messages to the requester of an order whose channel can't be posted in.

/**
 * Includes the order's state, because no one else can read it right now.
 *
 * @param why Slack's error code.
 * @param advice what is wrong and how to fix it, if the code is a known one.
 */
export function unreachableText(
  order: Order,
  why: string,
  advice: { readonly why: string; readonly fix: string } | undefined,
): string {
  const channel = mentionChannel(order.channelId);
  return [
    `I can't post in ${channel}, so your order has no card there: ${headlineInText(order)}`,
    advice === undefined
      ? `Slack says ${codeSpan(why)}. Ask an administrator of this workspace to let me post in ${channel}. I'll keep trying.`
      : `${advice.why} ${advice.fix} I'll keep trying. ${codeSpan(why)}`,
  ].join('\n');
}

/** Names the channel, because a direct message isn't in it. */
export function directText(order: Order, kind: DirectAnnouncement): string {
  const { title } = kindWords[order.request.kind];
  const about = `About your ${title.toLowerCase()} in ${mentionChannel(order.channelId)}, where I can't post right now:`;
  if (kind === 'held-back') {
    const why = 'asking' in order ? reasonWords(order.asking.trouble ?? '') : '';
    return [about, `${headlineInText(order)}`, typed(why, 800)].join('\n');
  }
  const isFile = kind === 'numbers' || kind === 'delivered';
  const { text } = announcement(order, kind);
  // The file goes into the thread, which can't be posted in.
  return `${about}\n${text}${isFile ? ` ${listedInWords(order, kind)}` : ''}`;
}
