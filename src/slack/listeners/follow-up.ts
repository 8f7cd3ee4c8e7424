import { randomUUID } from 'node:crypto';
import type { ModalView } from '@slack/types';
import { deliveredNumbers, stillMissing } from '../../orders/domain/follow-ups.js';
import type { Order } from '../../orders/domain/order.js';
import { namedNumbers, type OrderRequest, type Person } from '../../orders/domain/request.js';
import { reversalsOf } from '../../orders/domain/reversal.js';
import type { Policy } from '../../orders/policy/policy.js';
import { isRefusal } from '../../orders/policy/refusal.js';
import type { CheckStock } from '../../orders/use-cases/check-stock.js';
import type { EvaluatePolicy } from '../../orders/use-cases/evaluate-policy.js';
import type { ReopenOrder } from '../../orders/use-cases/reopen-order.js';
import { personOf } from '../access/people.js';
import { fromElsewhere } from '../blocks/answers/problems.js';
import { rulingSentence } from '../blocks/answers/refusals.js';
import { choiceOf, newChangeForm } from '../blocks/forms/change-form.js';
import { newDisconnectForm } from '../blocks/forms/disconnect-form.js';
import { formOf } from '../blocks/forms/form-of-order.js';
import { defaultName } from '../blocks/order/describe-request.js';
import { answerPress } from '../messages/answer-press.js';
import type { Press } from '../messages/card-presses.js';
import { asOpened, openForm } from '../messages/open-form.js';
import { type PrivateAnswers, recipientOf } from '../messages/private-answers.js';
import { notAllowed, showStock } from './open-order-form.js';
import { disconnectNotAllowed } from './request-disconnect.js';

interface Deps {
  readonly policy: Policy;
  readonly evaluatePolicy: EvaluatePolicy;
  readonly checkStock: CheckStock;
  readonly answers: PrivateAnswers;
}

/** A form that follows an order, and why this person can't submit it, if they can't. */
interface FollowUp {
  readonly form: ModalView;
  readonly refusal: string | undefined;
}

/** **Ask again…**: opens the form of a request that came to nothing, for a new order. */
export const onAskAgain = (deps: Deps & { readonly askAgain: ReopenOrder }): Press =>
  pressThatFollows(deps, deps.askAgain, (order, person) => requestAgain(deps, order, order.request, person));

/** **Order the missing 3…**: opens the form of a purchase for the numbers that weren't delivered. */
export const onOrderMissing = (deps: Deps & { readonly orderMissing: ReopenOrder }): Press =>
  pressThatFollows(deps, deps.orderMissing, async (order, person) => {
    const missing = stillMissing(order);
    if (missing === undefined) throw new Error(`order ${order.id} has no missing numbers`);
    const isNamed = order.request.name !== defaultName(order.request);
    return requestAgain(deps, order, isNamed ? missing : { ...missing, name: defaultName(missing) }, person);
  });

/** **Disconnect…** on a finished purchase: opens the form to disconnect what it delivered. */
export const onDisconnectDelivered = (deps: Deps & { readonly disconnectDelivered: ReopenOrder }): Press =>
  pressThatFollows(deps, deps.disconnectDelivered, async (order, requester) => {
    const numbers = deliveredNumbers(order);
    const { channelId } = order;
    return {
      form: newDisconnectForm({ orderId: randomUUID(), channelId, numbers }),
      refusal: await disconnectNotAllowed(deps, { quantity: numbers.length, requester, channelId }),
    };
  });

/** **Change back…**: opens the form for the reverse, with as many numbers as one request can change back. */
export const onChangeBack = (deps: Deps & { readonly changeBack: ReopenOrder }): Press =>
  pressThatFollows(deps, deps.changeBack, async (order, person) => {
    const [reversal, ...others] = reversalsOf(order);
    if (reversal === undefined) throw new Error(`order ${order.id} can't be reversed`);
    const { channelId } = order;
    const { kind } = reversal;
    const numbers = namedNumbers(reversal);
    return {
      form: newChangeForm({
        kind,
        orderId: randomUUID(),
        channelId,
        numbers,
        choice: choiceOf(reversal),
        notice: others.length === 0 ? undefined : fromElsewhere(others),
      }),
      refusal: await changeNotAllowed(deps, reversal, channelId, person),
    };
  });

/** Why this person can't request this about numbers in service, in this channel. */
async function changeNotAllowed(
  { evaluatePolicy, policy }: Deps,
  request: Exclude<OrderRequest, { kind: 'purchase' }>,
  channelId: string,
  requester: Person,
): Promise<string | undefined> {
  const quantity = namedNumbers(request).length;
  return rulingSentence(await evaluatePolicy({ kind: request.kind, quantity, requester, channelId }), policy);
}

async function requestAgain(
  deps: Deps,
  { channelId }: Order,
  request: OrderRequest,
  person: Person,
): Promise<FollowUp> {
  return {
    form: formOf(request, { orderId: randomUUID(), channelId }),
    refusal:
      request.kind === 'purchase'
        ? await notAllowed(deps, { wanted: request.wanted, channelId, person })
        : await changeNotAllowed(deps, request, channelId, person),
  };
}

/** Opens a form that follows an order, or says why it can't. */
function pressThatFollows(
  deps: Deps,
  reopen: ReopenOrder,
  follow: (order: Order, by: Person) => Promise<FollowUp>,
): Press {
  return async ({ ack, action, body, client, context }) => {
    const person = personOf(context);
    const result = await reopen(action.value ?? '', person);
    const next = isRefusal(result) ? undefined : await follow(result, person);
    // A trigger id expires after three seconds, so the form opens first.
    const form = next !== undefined && next.refusal === undefined ? next.form : undefined;
    const opened = form && asOpened(await openForm(client, body.trigger_id, form));
    await ack();
    const recipient = recipientOf(body);
    if (next?.refusal !== undefined && recipient !== undefined) {
      await deps.answers.send(recipient, { text: next.refusal });
    }
    await answerPress(result, body, deps);
    if (form !== undefined && opened !== undefined) await showStock(deps, client, opened, form);
  };
}
