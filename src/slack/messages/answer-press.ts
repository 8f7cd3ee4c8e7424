import type { BlockAction } from '@slack/bolt';
import type { Order } from '../../orders/domain/order.js';
import type { Policy } from '../../orders/policy/policy.js';
import { isRefusal, type Refusal } from '../../orders/policy/refusal.js';
import { refusalSentence } from '../blocks/answers/refusals.js';
import { unknownOrderCard } from '../blocks/answers/unknown-order.js';
import { type PrivateAnswers, recipientOf } from './private-answers.js';

/** What follows a press of a card's button, once it is acknowledged: why not, if not; and no stale copy stays behind. */
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
  if (isRefusal(result) && result.refused === 'no-such-order') {
    await answers.replace(recipient, unknownOrderCard(body.message), facts);
  }
  if (order !== undefined && isCopy(order, body)) await answers.replace(recipient, { text: COPY }, facts);
}

/**
 * When the posting of a card was not answered (or we died before noting where it stands), it is posted again, and the
 * first copy stays behind with live buttons that nobody redraws. Slack offers no way to find it, but whoever presses in
 * it shows us where it is. What they pressed counts all the same.
 */
function isCopy({ card }: Order, { message }: Pick<BlockAction, 'message'>): boolean {
  return card.place !== undefined && message !== undefined && message.ts !== card.place.ts;
}

const COPY = 'This was a copy of a card. The order goes on in the other message of the same order.';
