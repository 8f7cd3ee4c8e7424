import type { BlockAction } from '@slack/bolt';
import type { Order } from '../../orders/domain/order.js';
import type { Policy } from '../../orders/policy/policy.js';
import { isRefusal, type Refusal } from '../../orders/policy/refusal.js';
import { refusalSentence } from '../blocks/answers/refusals.js';
import { OLD_COPY, unknownOrderCard } from '../blocks/answers/unknown-order.js';
import { type PrivateAnswers, recipientOf } from './private-answers.js';

/** Finishes an acknowledged press of a card's button: explains a refusal, and updates a stale copy of the card. */
export async function answerPress(
  result: Order | Refusal,
  body: BlockAction,
  { policy, answers }: { readonly policy: Policy; readonly answers: PrivateAnswers },
): Promise<void> {
  const recipient = recipientOf(body);
  if (recipient === undefined) return;
  const order = isRefusal(result) ? result.order : result;
  const facts = { orderId: order?.id };
  if (isRefusal(result)) {
    await answers.send(recipient, { text: refusalSentence(result.refused, { ...result, policy }) }, facts);
  }
  if (recipient.onHome) return;
  if (isRefusal(result) && result.refused === 'no-such-order') {
    await answers.replace(recipient, unknownOrderCard(body.message, 'unknown'), facts);
  }
  if (isRefusal(result) && result.refused === 'no-longer-kept') {
    await answers.replace(recipient, unknownOrderCard(body.message, 'no longer kept'), facts);
  }
  if (order !== undefined && isOutdated(order, body))
    await answers.replace(recipient, { text: OLD_COPY }, facts);
}

/**
 * When posting a card wasn't answered (or the process stopped before recording it), it is posted again. The first copy
 * stays with live buttons that are never redrawn. Slack can't be searched for it, but a press in it reveals where it
 * is. The press counts either way.
 */
function isOutdated(
  { cards }: Order,
  { message, channel }: Pick<BlockAction, 'message' | 'channel'>,
): boolean {
  if (message === undefined) return false;
  const places = cards.flatMap(({ place }) => place ?? []);
  const here = places.filter(({ channelId }) => channelId === channel?.id);
  // Slack may name a channel in another way than it answered when the card was posted.
  const known = here.length > 0 ? here : places;
  return known.length > 0 && !known.some(({ ts }) => ts === message.ts);
}
