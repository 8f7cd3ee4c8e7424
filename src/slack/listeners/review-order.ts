import type { Middleware, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import type { Policy } from '../../orders/policy/policy.js';
import { isRefusal } from '../../orders/policy/refusal.js';
import type { MayReview, ReviewOrder } from '../../orders/use-cases/review-order.js';
import { personOf } from '../access/people.js';
import { refusalSentence } from '../blocks/answers/refusals.js';
import { readApproveValue } from '../blocks/card/order-buttons.js';
import { declineForm, readDeclineForm } from '../blocks/forms/decline-form.js';
import { answerPress } from '../messages/answer-press.js';
import { type Press, pressThatOpens } from '../messages/card-presses.js';
import type { PrivateAnswers } from '../messages/private-answers.js';

interface Deps {
  readonly reviewOrder: ReviewOrder;
  readonly mayReview: MayReview;
  readonly policy: Policy;
  readonly answers: PrivateAnswers;
}

/** **Approve & order**, **Approve & disconnect**. The decision is recorded before the press is acknowledged. */
export const onApprove =
  (deps: Deps): Press =>
  async ({ ack, action, body, context }) => {
    const { orderId, digest } = readApproveValue(action.value ?? '');
    const result = await deps.reviewOrder(orderId, personOf(context), { verdict: 'approve', seen: digest });
    await ack();
    await answerPress(result, body, deps);
  };

/** **Decline…** opens a form for the reason, if this person may decline. */
export const onDecline = (deps: Deps): Press => pressThatOpens(deps.mayReview, declineForm, deps);

export const onDeclineForm =
  ({ reviewOrder, policy, answers }: Deps): Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>> =>
  async ({ ack, view, context }) => {
    const read = readDeclineForm(view);
    if ('errors' in read) return ack({ response_action: 'errors', errors: read.errors });
    const person = personOf(context);
    const result = await reviewOrder(read.orderId, person, { verdict: 'decline', why: read.why });
    await ack();
    if (!isRefusal(result)) return;
    // The form is already closed, so the answer is a private message next to the card.
    const text = refusalSentence(result.refused, { ...result, policy });
    const recipient = { userId: person.userId, channelId: result.order?.card.channelId };
    await answers.send(recipient, { text }, { orderId: read.orderId });
  };
