import type { ViewOutput } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { Order } from '../../../orders/domain/order.js';
import type { OrderId, OrderRequest } from '../../../orders/domain/request.js';
import { plainText } from '../../text/escape.js';
import { forms } from '../action-ids.js';
import { section } from '../elements.js';
import { mention, typed } from '../format.js';
import { kindWords } from '../kind-words.js';
import { describeRequest, describeRequested } from '../order/describe-request.js';
import { textIn, textInput } from './text-input.js';

const WHY = 'why';

/** In the form's memory, after the order's id: where the answer goes. */
const FROM_HOME = 'home';

/** Asks why an order is declined. */
export function declineForm(order: Order, fromHome = false): ModalView {
  return {
    type: 'modal',
    callback_id: forms.decline,
    private_metadata: fromHome ? `${order.id} ${FROM_HOME}` : order.id,
    title: plainText(`Decline the ${kindWords[order.request.kind].title.toLowerCase()}`),
    submit: plainText('Decline'),
    close: plainText('Cancel'),
    blocks: [
      section(
        `${mention(order.requester)} requested ${askedFor(order.request)}: ${typed(order.request.name, 200)}`,
      ),
      textInput({
        id: WHY,
        label: 'Why?',
        hint: 'Shown to everyone in the channel.',
        multiline: true,
        focus: true,
      }),
    ],
  };
}

const askedFor = (request: OrderRequest): string =>
  request.kind === 'purchase'
    ? typed(describeRequested(request), 400)
    : `${/^[aeiou]/.test(describeRequest(request)) ? 'an' : 'a'} ${describeRequest(request)}`;

/** Returns the order to decline and the reason, or an error by block id. */
export function readDeclineForm(
  view: Pick<ViewOutput, 'private_metadata' | 'state'>,
): { orderId: OrderId; why: string; fromHome: boolean } | { errors: Record<string, string> } {
  const why = textIn(view.state, WHY);
  if (why === '') return { errors: { [WHY]: 'Say why, so that the requester knows what to change.' } };
  const [orderId = '', from] = view.private_metadata.split(' ');
  return { orderId, why, fromHome: from === FROM_HOME };
}
