import type { BlockAction, ButtonAction, Middleware, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Order } from '../../orders/domain/order.js';
import type { OrderId, Person } from '../../orders/domain/request.js';
import type { Policy } from '../../orders/policy/policy.js';
import { isRefusal, type Refusal } from '../../orders/policy/refusal.js';
import { personOf } from '../access/people.js';
import { answerPress } from './answer-press.js';
import { asOpened, type OpenForm, openForm } from './open-form.js';
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

/**
 * Handles a button that opens a form, if `may` allows this person.
 *
 * @param fill fills in what takes time, once the form is open.
 */
export const pressThatOpens =
  (
    may: OrderAction,
    form: (order: Order, fromHome: boolean) => ModalView,
    deps: Deps,
    fill?: (client: WebClient, form: OpenForm, view: ModalView) => Promise<void>,
  ): Press =>
  async ({ ack, action, body, client, context }) => {
    const result = await may(action.value ?? '', personOf(context));
    const view = isRefusal(result) ? undefined : form(result, body.view?.type === 'home');
    // A trigger id expires after three seconds, so the form opens first.
    const opened = view && asOpened(await openForm(client, body.trigger_id, view));
    await ack();
    await answerPress(result, body, deps);
    if (view !== undefined && opened !== undefined) await fill?.(client, opened, view);
  };
