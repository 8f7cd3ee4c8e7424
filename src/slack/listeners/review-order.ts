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
import { tellAlone } from '../tell-people.js';

interface Does {
  readonly reviewOrder: ReviewOrder;
  readonly mayReview: MayReview;
  readonly policy: Policy;
}

/** **Approve & order**, **Approve & disconnect**. The decision is on record before Slack hears that the press arrived. */
export const onApprove =
  ({ reviewOrder, policy }: Does): Press =>
  async ({ ack, action, body, context, respond }) => {
    const { orderId, digest } = readApproveValue(action.value ?? '');
    const result = await reviewOrder(orderId, personOf(context), { verdict: 'approve', seen: digest });
    await ack();
    await answerPress(result, { body, respond }, policy);
  };

/** **Decline…** opens a form for the reason, if this person may decline. */
export const onDecline = ({ mayReview, policy }: Does): Press =>
  pressThatOpens(mayReview, declineForm, policy);

export const onDeclineForm =
  ({ reviewOrder, policy }: Does): Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>> =>
  async ({ ack, view, client, context }) => {
    const read = readDeclineForm(view);
    if ('errors' in read) return ack({ response_action: 'errors', errors: read.errors });
    const person = personOf(context);
    const result = await reviewOrder(read.orderId, person, { verdict: 'decline', why: read.why });
    await ack();
    if (!isRefusal(result)) return;
    // The form is closed by now; the sentence goes where the card is, for this person alone.
    const text = refusalSentence(result.refused, { ...result, policy });
    await tellAlone(client, { userId: person.userId, channelId: result.order?.card.channelId }, text);
  };
