import type { Policy } from '../../orders/policy.js';
import { isRefusal } from '../../orders/refusal.js';
import type { CheckAgain, GiveUp, OrderAgain } from '../../orders/resume-order.js';
import { answerPress } from '../answer-press.js';
import { type Press, pressThatDoes } from '../card-presses.js';
import { personOf } from '../people.js';
import { type PrivateAnswers, recipientOf } from '../private-answers.js';

interface Does {
  readonly policy: Policy;
  readonly answers: PrivateAnswers;
}

/** **Check again** on an order that left no trace at Bandwidth. */
export const onCheckAgain =
  (does: Does & { readonly checkAgain: CheckAgain }): Press =>
  async ({ ack, action, body, context }) => {
    const result = await does.checkAgain(action.value ?? '', personOf(context));
    await ack();
    // Where nothing turns up the card stays the same, and the press would seem to have been ignored.
    const recipient = isRefusal(result) ? undefined : recipientOf(body);
    if (recipient !== undefined) await does.answers.send(recipient, { text: LOOKING });
    await answerPress(result, body, does);
  };

const LOOKING =
  "I'm checking again. If it turns up, the card says so within seconds; if not, the card stays as it is.";

/** **Order again** (or **Disconnect again**), for approvers. */
export const onOrderAgain = (does: Does & { readonly orderAgain: OrderAgain }): Press =>
  pressThatDoes(does.orderAgain, does);

/** **Give up**, for the requester and approvers. */
export const onGiveUp = (does: Does & { readonly giveUp: GiveUp }): Press => pressThatDoes(does.giveUp, does);
