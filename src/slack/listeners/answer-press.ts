import type { BlockAction, RespondFn } from '@slack/bolt';
import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import type { Order } from '../../orders/order.js';
import type { Policy } from '../../orders/policy.js';
import { isRefusal, type Refusal } from '../../orders/refusal.js';
import { secondCard } from '../blocks/order-card.js';
import { refusalSentence } from '../blocks/refusals.js';
import { tellPrivately } from '../post-message.js';

/** What follows once it is decided what became of a press on a card; the order's own card is the board's business. */
export async function answerPress(
  press: { readonly body: BlockAction; readonly client: WebClient; readonly respond: RespondFn },
  result: Order | Refusal,
  policy: Policy,
): Promise<void> {
  if (isRefusal(result))
    await tellPrivately(press.respond, refusalSentence(result.refused, { ...result, policy }));
  const order = isRefusal(result) ? result.order : result;
  if (order !== undefined) await closeSecondCard(press, order);
}

/**
 * Where the answer to a posted card was lost, Slack holds two, and the order knows the later one only. While the order
 * waits, both tell the truth; after that the other one must not be pressed any more. An order's own card that was
 * replaced just now may be taken for another one: it is drawn again, because what was decided is not on it yet.
 */
async function closeSecondCard(
  { body, client }: { readonly body: BlockAction; readonly client: WebClient },
  order: Order,
): Promise<void> {
  const [channel, ts, own] = [body.channel?.id, body.message?.ts, order.card.place];
  if (order.status === 'awaiting-approval' || own === undefined) return;
  if (channel === undefined || ts === undefined || ts === own.ts) return;
  try {
    await client.chat.update({ channel, ts, ...secondCard(order) });
  } catch (error) {
    // Slack lets nobody change it any more; whoever pressed has been answered all the same.
    if (!(error instanceof WebAPIPlatformError)) throw error;
  }
}
