import type { CloseBackOrder } from '../../orders/close-back-order.js';
import type { Policy } from '../../orders/policy.js';
import { type Press, pressThatDoes } from '../card-presses.js';
import type { PrivateAnswers } from '../private-answers.js';

/** **Close back-order**, for the requester and the approvers. */
export const onCloseBackOrder = (does: {
  readonly closeBackOrder: CloseBackOrder;
  readonly policy: Policy;
  readonly answers: PrivateAnswers;
}): Press => pressThatDoes(does.closeBackOrder, does);
