import type { Middleware, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import type { Policy } from '../../orders/policy/policy.js';
import { isRefusal } from '../../orders/policy/refusal.js';
import type { MayActivate, RequestActivation } from '../../orders/use-cases/request-activation.js';
import { personOf } from '../access/people.js';
import { refusalUnderField } from '../blocks/answers/refusals.js';
import { activateFields, activateForm, readActivateForm } from '../blocks/forms/activate-form.js';
import { nameOfActivation } from '../blocks/order/describe-request.js';
import { answerPress } from '../messages/answer-press.js';
import type { Press } from '../messages/card-presses.js';
import { openForm } from '../messages/open-form.js';
import type { PrivateAnswers } from '../messages/private-answers.js';

interface Deps {
  readonly mayActivate: MayActivate;
  readonly requestActivation: RequestActivation;
  readonly policy: Policy;
  readonly answers: PrivateAnswers;
}

/** **Activate…** on a finished order with numbers that are ready for it. */
export const onActivate =
  (deps: Pick<Deps, 'mayActivate' | 'policy' | 'answers'>): Press =>
  async ({ ack, action, body, client, context }) => {
    const result = await deps.mayActivate(action.value ?? '', personOf(context));
    // A trigger id expires after three seconds, so the form opens first.
    if (!isRefusal(result)) await openForm(client, body.trigger_id, activateForm(result));
    await ack();
    await answerPress(isRefusal(result) ? result : result.purchase, body, deps);
  };

/** **Submit for approval** of an activation. */
export const onActivateForm =
  ({ requestActivation, policy }: Deps): Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>> =>
  async ({ ack, view, context }) => {
    const asked = readActivateForm(view);
    if ('errors' in asked) return ack({ response_action: 'errors', errors: asked.errors });
    const result = await requestActivation({
      ...asked,
      name: nameOfActivation,
      requester: personOf(context),
    });
    if (!isRefusal(result)) return ack();
    const sentence = refusalUnderField(result.refused, { ...result, policy });
    return ack({ response_action: 'errors', errors: { [activateFields.services]: sentence } });
  };
