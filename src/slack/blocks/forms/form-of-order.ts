import type { ModalView } from '@slack/types';
import type { OrderKind } from '../../../orders/domain/order-kinds.js';
import type { OrderId, OrderRequest } from '../../../orders/domain/request.js';
import { changeFormOf } from './change-form.js';
import { disconnectFormOf } from './disconnect-form.js';
import { orderFormOf } from './order-form.js';

interface FormMemory {
  readonly orderId: OrderId;
  readonly channelId: string;
  readonly edition?: number;
}

/** Each row gets requests of its own kind only. */
const forms: Readonly<Record<OrderKind, { formOf(request: OrderRequest, memory: FormMemory): ModalView }>> = {
  purchase: { formOf: orderFormOf },
  disconnect: { formOf: disconnectFormOf },
  move: { formOf: changeFormOf },
  messaging: { formOf: changeFormOf },
  activation: {
    formOf() {
      throw new Error('an activation follows from an order and has no form of its own');
    },
  },
};

/** The form with an earlier request in it: with its `edition`, to edit it while it waits; otherwise for a new order. */
export function formOf(request: OrderRequest, memory: FormMemory): ModalView {
  return forms[request.kind].formOf(request, memory);
}
