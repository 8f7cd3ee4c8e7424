import type { Policy } from '../../orders/policy/policy.js';
import type { CloseBackOrder } from '../../orders/use-cases/close-back-order.js';
import { type Press, pressThatDoes } from '../messages/card-presses.js';
import type { PrivateAnswers } from '../messages/private-answers.js';

/** **Close back-order**, for the requester and the approvers. */
export const onCloseBackOrder = (deps: {
  readonly closeBackOrder: CloseBackOrder;
  readonly policy: Policy;
  readonly answers: PrivateAnswers;
}): Press => pressThatDoes(deps.closeBackOrder, deps);
