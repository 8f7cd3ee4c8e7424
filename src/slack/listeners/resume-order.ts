import type { Policy } from '../../orders/policy/policy.js';
import { isRefusal } from '../../orders/policy/refusal.js';
import type { CheckAgain, GiveUp, OrderAgain } from '../../orders/use-cases/resume-order.js';
import { personOf } from '../access/people.js';
import { CHECKING_AGAIN } from '../blocks/order/lost-words.js';
import { answerPress } from '../messages/answer-press.js';
import { type Press, pressThatDoes } from '../messages/card-presses.js';
import { type PrivateAnswers, recipientOf } from '../messages/private-answers.js';

interface Deps {
  readonly policy: Policy;
  readonly answers: PrivateAnswers;
}

/** **Check again** on an order that Bandwidth has no record of. */
export const onCheckAgain =
  (deps: Deps & { readonly checkAgain: CheckAgain }): Press =>
  async ({ ack, action, body, context }) => {
    const result = await deps.checkAgain(action.value ?? '', personOf(context));
    await ack();
    // If nothing turns up, the card doesn't change, and the click would seem to be ignored.
    const recipient = isRefusal(result) ? undefined : recipientOf(body);
    if (recipient !== undefined) await deps.answers.send(recipient, { text: CHECKING_AGAIN });
    await answerPress(result, body, deps);
  };

/** **Order again** (or **Disconnect again**), for approvers. */
export const onOrderAgain = (deps: Deps & { readonly orderAgain: OrderAgain }): Press =>
  pressThatDoes(deps.orderAgain, deps);

/** **Give up**, for the requester and approvers. */
export const onGiveUp = (deps: Deps & { readonly giveUp: GiveUp }): Press => pressThatDoes(deps.giveUp, deps);
