import { randomUUID } from 'node:crypto';
import type { ModalView } from '@slack/types';
import type { Order } from '../../orders/domain/order.js';
import type { Policy } from '../../orders/policy/policy.js';
import type { MayEdit } from '../../orders/use-cases/edit-order.js';
import type { ReopenOrder } from '../../orders/use-cases/reopen-order.js';
import { disconnectFormOf } from '../blocks/forms/disconnect-form.js';
import { orderFormOf } from '../blocks/forms/order-form.js';
import { type Press, pressThatOpens } from '../messages/card-presses.js';
import type { PrivateAnswers } from '../messages/private-answers.js';

interface Deps {
  readonly mayEdit: MayEdit;
  readonly askAgain: ReopenOrder;
  readonly policy: Policy;
  readonly answers: PrivateAnswers;
}

/** **Edit…**: opens the form of a waiting request to change it. */
export const onEdit = (deps: Deps): Press =>
  pressThatOpens(deps.mayEdit, (order) => formOf(order, { orderId: order.id, edition: order.edition }), deps);

/** **Ask again…**: opens the form of an expired request for a new order. */
export const onAskAgain = (deps: Deps): Press =>
  pressThatOpens(deps.askAgain, (order) => formOf(order, { orderId: randomUUID() }), deps);

function formOf(
  { request, card }: Order,
  form: { readonly orderId: string; readonly edition?: number },
): ModalView {
  const memory = { ...form, channelId: card.channelId };
  return request.kind === 'purchase' ? orderFormOf(request, memory) : disconnectFormOf(request, memory);
}
