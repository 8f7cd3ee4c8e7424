import { randomUUID } from 'node:crypto';
import type { BlockAction, ButtonAction, Middleware, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { AskAgain } from '../../orders/ask-again.js';
import type { MayEdit } from '../../orders/edit-order.js';
import type { Order } from '../../orders/order.js';
import type { Policy } from '../../orders/policy.js';
import { isRefusal } from '../../orders/refusal.js';
import { answerPress } from '../answer-press.js';
import { disconnectFormOf } from '../blocks/disconnect-form.js';
import { orderFormOf } from '../blocks/order-form.js';
import { openForm } from '../open-form.js';
import { personOf } from '../people.js';

type Press = Middleware<SlackActionMiddlewareArgs<BlockAction<ButtonAction>>>;

interface Does {
  readonly mayEdit: MayEdit;
  readonly askAgain: AskAgain;
  readonly policy: Policy;
}

/** **Edit…**: the form of a waiting request, to change it. */
export const onEdit =
  ({ mayEdit, policy }: Does): Press =>
  async ({ ack, action, body, client, respond }) => {
    const result = await mayEdit(action.value ?? '', personOf(body));
    // A trigger id dies after three seconds, so the form goes first.
    if (!isRefusal(result)) {
      const { id: orderId, edition } = result;
      await openForm(client, body.trigger_id, formOf(result, { orderId, edition }));
    }
    await ack();
    await answerPress(result, { body, respond }, policy);
  };

/** **Ask again…**: the form of an expired request, for a new order. */
export const onAskAgain =
  ({ askAgain, policy }: Does): Press =>
  async ({ ack, action, body, client, respond }) => {
    const result = await askAgain(action.value ?? '', personOf(body));
    if (!isRefusal(result)) {
      await openForm(client, body.trigger_id, formOf(result, { orderId: randomUUID() }));
    }
    await ack();
    await answerPress(result, { body, respond }, policy);
  };

function formOf(
  { request, card }: Order,
  form: { readonly orderId: string; readonly edition?: number },
): ModalView {
  const memory = { ...form, channelId: card.channelId };
  return request.kind === 'purchase' ? orderFormOf(request, memory) : disconnectFormOf(request, memory);
}
