import type { Middleware, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import type { Policy } from '../../orders/policy.js';
import { isRefusal } from '../../orders/refusal.js';
import type { MayReview, ReviewOrder } from '../../orders/review-order.js';
import { answerPress } from '../answer-press.js';
import { declineForm, readDeclineForm } from '../blocks/decline-form.js';
import { readApproveValue } from '../blocks/order-buttons.js';
import { refusalSentence } from '../blocks/refusals.js';
import { type Press, pressThatOpens } from '../card-presses.js';
import { personOf } from '../people.js';
import type { PrivateAnswers } from '../private-answers.js';

interface Does {
  readonly reviewOrder: ReviewOrder;
  readonly mayReview: MayReview;
  readonly policy: Policy;
  readonly answers: PrivateAnswers;
}

/** **Approve & order**, **Approve & disconnect**. The decision is on record before Slack hears that the press arrived. */
export const onApprove =
  (does: Does): Press =>
  async ({ ack, action, body, context }) => {
    const { orderId, digest } = readApproveValue(action.value ?? '');
    const result = await does.reviewOrder(orderId, personOf(context), { verdict: 'approve', seen: digest });
    await ack();
    await answerPress(result, body, does);
  };

/** **Decline…** opens a form for the reason, if this person may decline. */
export const onDecline = (does: Does): Press => pressThatOpens(does.mayReview, declineForm, does);

export const onDeclineForm =
  ({ reviewOrder, policy, answers }: Does): Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>> =>
  async ({ ack, view, context }) => {
    const read = readDeclineForm(view);
    if ('errors' in read) return ack({ response_action: 'errors', errors: read.errors });
    const person = personOf(context);
    const result = await reviewOrder(read.orderId, person, { verdict: 'decline', why: read.why });
    await ack();
    if (!isRefusal(result)) return;
    // The form is closed by now; the sentence goes where the card is, for this person alone.
    const text = refusalSentence(result.refused, { ...result, policy });
    const recipient = { userId: person.userId, channelId: result.order?.card.channelId };
    await answers.send(recipient, { text }, { orderId: read.orderId });
  };
