import type { ViewOutput } from '@slack/bolt';
import type { ModalView, PlainTextOption } from '@slack/types';
import { type Activatable, activatable, type OrderId } from '../../../orders/domain/request.js';
import { numbersToActivate } from '../../../orders/domain/service-check.js';
import type { PossibleActivation } from '../../../orders/use-cases/request-activation.js';
import { plainText } from '../../text/escape.js';
import { forms } from '../action-ids.js';
import { OUTDATED_FORM } from '../answers/problems.js';
import { section } from '../elements.js';
import { count } from '../format.js';
import { requestInText } from '../order/describe-request.js';
import { keptIn } from './form-memory.js';
import { textIn, textInput } from './text-input.js';

/** The fields by their block ids. */
export const activateFields = { services: 'services', reason: 'reason' } as const;

/** What a submitted form asks for. */
export interface RequestedActivation {
  readonly id: OrderId;
  readonly purchaseId: OrderId;
  readonly services: readonly Activatable[];
  readonly reason: string;
}

const options: Readonly<Record<Activatable, PlainTextOption>> = {
  voice: {
    value: 'voice',
    text: plainText('Voice'),
    description: plainText('Incoming calls, and outgoing calls within the country'),
  },
  messaging: {
    value: 'messaging',
    text: plainText('Messaging'),
    description: plainText('Incoming and outgoing text messages'),
  },
};

/** The form of **Activate…** on a finished order. */
export function activateForm({ purchase, id, services }: PossibleActivation): ModalView {
  const quantities = services.map(
    (service) => `${service} on ${count(numbersToActivate(purchase, [service]).length, 'number')}`,
  );
  const offered = services.map((service) => options[service]);
  return {
    type: 'modal',
    callback_id: forms.activate,
    private_metadata: JSON.stringify({ id, purchaseId: purchase.id }),
    title: plainText('Activate numbers'),
    submit: plainText('Submit for approval'),
    close: plainText('Cancel'),
    blocks: [
      section(
        `Bandwidth can activate ${quantities.join(' and ')} of the ${requestInText(purchase.request)}. It needs the same approval as that order.`,
      ),
      {
        type: 'input',
        block_id: activateFields.services,
        label: plainText('Services'),
        element: {
          type: 'checkboxes',
          action_id: activateFields.services,
          options: offered,
          initial_options: offered,
        },
      },
      textInput({
        id: activateFields.reason,
        label: 'Reason',
        hint: 'Approvers read this.',
        multiline: true,
      }),
    ],
  };
}

/** Reads the submitted form, or returns an error by field. */
export function readActivateForm(
  view: Pick<ViewOutput, 'private_metadata' | 'state'>,
): RequestedActivation | { readonly errors: Record<string, string> } {
  const memory = readMemory(view.private_metadata);
  if (memory === undefined) return { errors: { [activateFields.reason]: OUTDATED_FORM } };
  const { values } = view.state;
  const ticked = (values[activateFields.services]?.[activateFields.services]?.selected_options ?? []).map(
    ({ value }) => value,
  );
  const services = activatable.filter((service) => ticked.includes(service));
  const reason = textIn(view.state, activateFields.reason);
  const errors = {
    ...(services.length === 0 ? { [activateFields.services]: 'Choose at least one service.' } : {}),
    ...(reason === '' ? { [activateFields.reason]: 'Say why. Approvers read this.' } : {}),
  };
  return Object.keys(errors).length > 0 ? { errors } : { ...memory, services, reason };
}

function readMemory(metadata: string): Pick<RequestedActivation, 'id' | 'purchaseId'> | undefined {
  const { id, purchaseId } = keptIn<RequestedActivation>(metadata);
  return typeof id === 'string' && typeof purchaseId === 'string' ? { id, purchaseId } : undefined;
}
