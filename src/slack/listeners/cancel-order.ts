import type { CancelOrder } from '../../orders/cancel-order.js';
import type { Policy } from '../../orders/policy.js';
import { type Press, pressThatDoes } from '../card-presses.js';

/** **Cancel** and, of an approved disconnect, **Undo**: for the requester and the approvers. */
export const onCancel = (does: { readonly cancelOrder: CancelOrder; readonly policy: Policy }): Press =>
  pressThatDoes(does.cancelOrder, does.policy);
