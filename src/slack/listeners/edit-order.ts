import type { Policy } from '../../orders/policy/policy.js';
import type { CheckStock } from '../../orders/use-cases/check-stock.js';
import type { MayEdit } from '../../orders/use-cases/edit-order.js';
import { formOf } from '../blocks/forms/form-of-order.js';
import { type Press, pressThatOpens } from '../messages/card-presses.js';
import type { PrivateAnswers } from '../messages/private-answers.js';
import { showStock } from './open-order-form.js';

/** **Edit…**: opens the form of a waiting request to change it. */
export const onEdit = (deps: {
  readonly mayEdit: MayEdit;
  readonly checkStock: CheckStock;
  readonly policy: Policy;
  readonly answers: PrivateAnswers;
}): Press =>
  pressThatOpens(
    deps.mayEdit,
    ({ id, edition, request, channelId }) => formOf(request, { orderId: id, edition, channelId }),
    deps,
    (...open) => showStock(deps, ...open),
  );
