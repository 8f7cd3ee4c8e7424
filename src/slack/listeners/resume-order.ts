import type { Policy } from '../../orders/policy.js';
import { isRefusal } from '../../orders/refusal.js';
import type { CheckAgain, GiveUp, OrderAgain } from '../../orders/resume-order.js';
import { answerPress } from '../answer-press.js';
import { type Press, pressThatDoes } from '../card-presses.js';
import { personOf } from '../people.js';
import { tellPrivately } from '../post-message.js';

/** **Check again** on an order that left no trace at Bandwidth. */
export const onCheckAgain =
  ({ checkAgain, policy }: { readonly checkAgain: CheckAgain; readonly policy: Policy }): Press =>
  async ({ ack, action, body, context, respond }) => {
    const result = await checkAgain(action.value ?? '', personOf(context));
    await ack();
    // Where nothing turns up the card stays the same, and the press would seem to have been ignored.
    if (!isRefusal(result)) await tellPrivately(respond, LOOKING);
    await answerPress(result, { body, respond }, policy);
  };

const LOOKING =
  'I am looking once more. If it turns up, the card says so within seconds; if not, the card stays as it is.';

/** **Order again** (or **Disconnect again**), for approvers. */
export const onOrderAgain = (does: { readonly orderAgain: OrderAgain; readonly policy: Policy }): Press =>
  pressThatDoes(does.orderAgain, does.policy);

/** **Give up**, for the requester and approvers. */
export const onGiveUp = (does: { readonly giveUp: GiveUp; readonly policy: Policy }): Press =>
  pressThatDoes(does.giveUp, does.policy);
