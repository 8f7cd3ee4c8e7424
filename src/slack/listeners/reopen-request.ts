import { randomUUID } from 'node:crypto';
import type { ModalView } from '@slack/types';
import type { AskAgain } from '../../orders/ask-again.js';
import type { MayEdit } from '../../orders/edit-order.js';
import type { Order } from '../../orders/order.js';
import type { Policy } from '../../orders/policy.js';
import { disconnectFormOf } from '../blocks/disconnect-form.js';
import { orderFormOf } from '../blocks/order-form.js';
import { type Press, pressThatOpens } from '../card-presses.js';

interface Does {
  readonly mayEdit: MayEdit;
  readonly askAgain: AskAgain;
  readonly policy: Policy;
}

/** **Edit…**: the form of a waiting request, to change it. */
export const onEdit = ({ mayEdit, policy }: Does): Press =>
  pressThatOpens(mayEdit, (order) => formOf(order, { orderId: order.id, edition: order.edition }), policy);

/** **Ask again…**: the form of an expired request, for a new order. */
export const onAskAgain = ({ askAgain, policy }: Does): Press =>
  pressThatOpens(askAgain, (order) => formOf(order, { orderId: randomUUID() }), policy);

function formOf(
  { request, card }: Order,
  form: { readonly orderId: string; readonly edition?: number },
): ModalView {
  const memory = { ...form, channelId: card.channelId };
  return request.kind === 'purchase' ? orderFormOf(request, memory) : disconnectFormOf(request, memory);
}
