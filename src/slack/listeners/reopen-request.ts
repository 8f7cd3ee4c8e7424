import { randomUUID } from 'node:crypto';
import type { ModalView } from '@slack/types';
import type { AskAgain } from '../../orders/ask-again.js';
import type { MayEdit } from '../../orders/edit-order.js';
import type { Order } from '../../orders/order.js';
import type { Policy } from '../../orders/policy.js';
import { disconnectFormOf } from '../blocks/disconnect-form.js';
import { orderFormOf } from '../blocks/order-form.js';
import { type Press, pressThatOpens } from '../card-presses.js';
import type { PrivateAnswers } from '../private-answers.js';

interface Does {
  readonly mayEdit: MayEdit;
  readonly askAgain: AskAgain;
  readonly policy: Policy;
  readonly answers: PrivateAnswers;
}

/** **Edit…**: the form of a waiting request, to change it. */
export const onEdit = (does: Does): Press =>
  pressThatOpens(does.mayEdit, (order) => formOf(order, { orderId: order.id, edition: order.edition }), does);

/** **Ask again…**: the form of an expired request, for a new order. */
export const onAskAgain = (does: Does): Press =>
  pressThatOpens(does.askAgain, (order) => formOf(order, { orderId: randomUUID() }), does);

function formOf(
  { request, card }: Order,
  form: { readonly orderId: string; readonly edition?: number },
): ModalView {
  const memory = { ...form, channelId: card.channelId };
  return request.kind === 'purchase' ? orderFormOf(request, memory) : disconnectFormOf(request, memory);
}
