import type { CancelOrder } from '../../orders/cancel-order.js';
import type { Policy } from '../../orders/policy.js';
import { type Press, pressThatDoes } from '../card-presses.js';
import type { PrivateAnswers } from '../private-answers.js';

/** **Cancel** and, of an approved disconnect, **Undo**: for the requester and the approvers. */
export const onCancel = (does: {
  readonly cancelOrder: CancelOrder;
  readonly policy: Policy;
  readonly answers: PrivateAnswers;
}): Press => pressThatDoes(does.cancelOrder, does);
