import type { BlockAction, RespondFn } from '@slack/bolt';
import type { Order } from '../orders/order.js';
import type { Policy } from '../orders/policy.js';
import { isRefusal, type Refusal } from '../orders/refusal.js';
import { refusalSentence } from './blocks/refusals.js';
import { unknownOrderCard } from './blocks/unknown-order.js';
import { tellPrivately } from './post-message.js';

/** What follows a press of a card's button, once it is acknowledged: why not, if not; and no stale copy stays behind. */
export async function answerPress(
  result: Order | Refusal,
  press: { readonly body: Pick<BlockAction, 'message'>; readonly respond: RespondFn },
  policy: Policy,
): Promise<void> {
  if (isRefusal(result)) {
    await tellPrivately(press.respond, refusalSentence(result.refused, { ...result, policy }));
  }
  if (isRefusal(result) && result.refused === 'no-such-order') {
    await press.respond({ ...unknownOrderCard(press.body.message), replace_original: true });
  }
  const order = isRefusal(result) ? result.order : result;
  if (order !== undefined && isCopy(order, press.body)) await retireCopy(press.respond);
}

/**
 * When the posting of a card was not answered (or we died before noting where it stands), it is posted again, and the
 * first copy stays behind with live buttons that nobody redraws. Slack offers no way to find it, but whoever presses in
 * it shows us where it is. What they pressed counts all the same.
 */
function isCopy({ card }: Order, { message }: Pick<BlockAction, 'message'>): boolean {
  return card.place !== undefined && message !== undefined && message.ts !== card.place.ts;
}

async function retireCopy(respond: RespondFn): Promise<void> {
  await respond({
    replace_original: true,
    text: 'This was a copy of a card. The order goes on in the other message of the same order.',
  });
}
