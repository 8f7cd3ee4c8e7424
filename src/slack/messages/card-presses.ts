import type { BlockAction, ButtonAction, Middleware, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { Order } from '../../orders/domain/order.js';
import type { OrderId, Person } from '../../orders/domain/request.js';
import type { Policy } from '../../orders/policy/policy.js';
import { isRefusal, type Refusal } from '../../orders/policy/refusal.js';
import { personOf } from '../access/people.js';
import { answerPress } from './answer-press.js';
import { openForm } from './open-form.js';
import type { PrivateAnswers } from './private-answers.js';

export type Press = Middleware<SlackActionMiddlewareArgs<BlockAction<ButtonAction>>>;

/** An action on the order whose id is the button's value. */
type OrderAction = (id: OrderId, by: Person) => Promise<Order | Refusal>;

interface Deps {
  readonly policy: Policy;
  readonly answers: PrivateAnswers;
}

/** Handles a button that acts at once. The action is recorded before the press is acknowledged. */
export const pressThatDoes =
  (act: OrderAction, deps: Deps): Press =>
  async ({ ack, action, body, context }) => {
    const result = await act(action.value ?? '', personOf(context));
    await ack();
    await answerPress(result, body, deps);
  };

/** Handles a button that opens a form, if `may` allows this person. */
export const pressThatOpens =
  (may: OrderAction, form: (order: Order, fromHome: boolean) => ModalView, deps: Deps): Press =>
  async ({ ack, action, body, client, context }) => {
    const result = await may(action.value ?? '', personOf(context));
    // A trigger id expires after three seconds, so the form opens first.
    if (!isRefusal(result)) await openForm(client, body.trigger_id, form(result, body.view?.type === 'home'));
    await ack();
    await answerPress(result, body, deps);
  };
