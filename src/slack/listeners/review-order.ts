import type { Middleware, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import type { Policy } from '../../orders/policy/policy.js';
import { isRefusal } from '../../orders/policy/refusal.js';
import type { MayReview, ReviewOrder } from '../../orders/use-cases/review-order.js';
import { personOf } from '../access/people.js';
import { refusalSentence } from '../blocks/answers/refusals.js';
import { readApproveValue } from '../blocks/card/order-buttons.js';
import { declineForm, readDeclineForm } from '../blocks/forms/decline-form.js';
import { approvalReceipt } from '../blocks/home/receipts.js';
import { answerPress } from '../messages/answer-press.js';
import { type Press, pressThatOpens } from '../messages/card-presses.js';
import type { HomeTabs } from '../messages/home-tabs.js';
import { type PrivateAnswers, recipientOf } from '../messages/private-answers.js';

interface Deps {
  readonly reviewOrder: ReviewOrder;
  readonly mayReview: MayReview;
  readonly policy: Policy;
  readonly answers: PrivateAnswers;
  readonly homes: Pick<HomeTabs, 'seenBy'>;
}

/** **Approve & order**, **Approve & disconnect**. The decision is recorded before the press is acknowledged. */
export const onApprove =
  (deps: Deps): Press =>
  async ({ ack, action, body, context }) => {
    const { orderId, digest } = readApproveValue(action.value ?? '');
    const result = await deps.reviewOrder(orderId, personOf(context), { verdict: 'approve', seen: digest });
    await ack();
    await answerPress(result, body, deps);
    const recipient = recipientOf(body);
    // The card is redrawn for all to see, but on the Home tab the order is gone.
    if (recipient?.onHome && !isRefusal(result)) {
      await deps.answers.send(recipient, { text: approvalReceipt(result) }, { orderId });
    }
  };

/** **Decline…** opens a form for the reason, if this person may decline. */
export const onDecline = (deps: Deps): Press => pressThatOpens(deps.mayReview, declineForm, deps);

export const onDeclineForm =
  ({ reviewOrder, policy, answers, homes }: Deps): Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>> =>
  async ({ ack, view, context }) => {
    const read = readDeclineForm(view);
    if ('errors' in read) return ack({ response_action: 'errors', errors: read.errors });
    const person = personOf(context);
    // Perhaps another instance opened the form, or this one has restarted since.
    if (read.fromHome) homes.seenBy(person, undefined);
    const result = await reviewOrder(read.orderId, person, { verdict: 'decline', why: read.why });
    await ack();
    if (!isRefusal(result)) return;
    // The form is already closed, so the answer is a private message next to the card, or on the Home tab.
    const text = refusalSentence(result.refused, { ...result, policy });
    const where = read.fromHome ? { onHome: true } : { channelId: result.order?.channelId };
    const recipient = { userId: person.userId, ...where };
    await answers.send(recipient, { text }, { orderId: read.orderId });
  };
