import type { InServiceRequest, OrderId, Person } from '../../orders/domain/request.js';
import type { Policy } from '../../orders/policy/policy.js';
import { isRefusal, type Refusal } from '../../orders/policy/refusal.js';
import type { EditOrder, MayEdit } from '../../orders/use-cases/edit-order.js';
import type { RequestOrder } from '../../orders/use-cases/request-order.js';
import { refusalUnderField } from '../blocks/answers/refusals.js';
import { numbersFieldId } from '../blocks/forms/numbers-fields.js';

/** The result of a form about numbers in service that was filled in correctly. `problem` is why it can't be requested. */
export type Submitted<Problem> =
  | { readonly result: 'asked' }
  | { readonly result: 'problem'; readonly problem: Problem }
  | { readonly result: 'refused'; readonly refusal: Refusal };

export interface SubmitDeps {
  readonly requestOrder: RequestOrder;
  readonly mayEdit: MayEdit;
  readonly editOrder: EditOrder;
}

/** Looks everything up with `check`, and then records the request, or the edit of an earlier one. */
export async function submitRequest<Problem>(
  { requestOrder, mayEdit, editOrder }: SubmitDeps,
  asked: { readonly orderId: OrderId; readonly channelId: string; readonly edition?: number | undefined },
  requester: Person,
  check: () => Promise<{ readonly request: InServiceRequest } | { readonly problem: Problem }>,
): Promise<Submitted<Problem>> {
  const { orderId: id, channelId, edition } = asked;
  // A decision made in the meantime matters more than the state of the numbers.
  const may = edition === undefined ? undefined : await mayEdit(id, requester);
  if (may !== undefined && isRefusal(may)) return { result: 'refused', refusal: may };
  const checked = await check();
  if ('problem' in checked) return { result: 'problem', problem: checked.problem };
  const { request } = checked;
  const order =
    edition === undefined
      ? await requestOrder({ id, request, requester, channelId })
      : await editOrder(id, requester, { edition, request });
  return isRefusal(order) ? { result: 'refused', refusal: order } : { result: 'asked' };
}

/** Returns what is wrong, under the form's fields; undefined if nothing is. */
export function submitErrors<Problem>(
  submitted: Submitted<Problem>,
  policy: Policy,
  problemErrors: (problem: Problem) => Record<string, string>,
): Record<string, string> | undefined {
  if (submitted.result === 'asked') return undefined;
  if (submitted.result === 'problem') return problemErrors(submitted.problem);
  return { [numbersFieldId(0)]: refusalSentence(submitted.refusal, policy) };
}

/** The same in one sentence, for the top of the form or the channel. */
export function submitSentence<Problem>(
  submitted: Submitted<Problem>,
  policy: Policy,
  problemSentence: (problem: Problem) => string,
): string | undefined {
  if (submitted.result === 'asked') return undefined;
  if (submitted.result === 'problem') return problemSentence(submitted.problem);
  return refusalSentence(submitted.refusal, policy);
}

const refusalSentence = (refusal: Refusal, policy: Policy): string =>
  refusalUnderField(refusal.refused, { ...refusal, policy });
