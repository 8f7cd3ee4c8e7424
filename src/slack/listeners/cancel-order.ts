import type { Policy } from '../../orders/policy/policy.js';
import type { CancelOrder } from '../../orders/use-cases/cancel-order.js';
import { type Press, pressThatDoes } from '../messages/card-presses.js';
import type { PrivateAnswers } from '../messages/private-answers.js';

/** **Cancel**, and **Undo** of an approved disconnect, for the requester and the approvers. */
export const onCancel = (deps: {
  readonly cancelOrder: CancelOrder;
  readonly policy: Policy;
  readonly answers: PrivateAnswers;
}): Press => pressThatDoes(deps.cancelOrder, deps);
