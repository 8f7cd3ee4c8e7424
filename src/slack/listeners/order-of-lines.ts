import { randomUUID } from 'node:crypto';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Person } from '../../orders/domain/request.js';
import { severalLines } from '../blocks/answers/import-words.js';
import { type OrderFormGiven, orderForm } from '../blocks/forms/order-form.js';
import { nameOfPurchase } from '../blocks/subject.js';
import type { OrderOfLines } from '../import/order-lines.js';
import { notAllowed, type OrderFormDeps, offerPlace } from './open-order-form.js';

/** A form to show, or why there is none. */
export type FormOrRefusal =
  | { readonly refused: string }
  | {
      readonly view: ModalView;
      /** Fills in what takes time, once the form is in front of the person. */
      readonly fill?: (client: WebClient, viewId: string) => Promise<void>;
    };

/** An order of lines before its form opens. */
export interface NewOrderOfLines extends OrderOfLines {
  readonly channelId: string;
  readonly person: Person;
  /** A sentence above the fields. */
  readonly notice?: string | undefined;
}

/** The form for an order of one or more lines. There is only a form for one so far. */
export async function formOfLines(deps: OrderFormDeps, order: NewOrderOfLines): Promise<FormOrRefusal> {
  const { lines, name, reason, channelId, person, notice } = order;
  const [line, ...others] = lines;
  if (line === undefined) throw new Error('an order without lines');
  if (others.length > 0) return { refused: severalLines(lines.length) };
  const { wanted, place } = line;
  const refusal = await notAllowed(deps, { wanted, channelId, person });
  if (refusal !== undefined) return { refused: refusal };
  const given: OrderFormGiven & { readonly person: Person } = {
    orderId: randomUUID(),
    channelId,
    person,
    wanted,
    notice,
    ...place,
    filled: { name: name ?? nameOfPurchase(wanted), ...(reason === undefined ? {} : { reason }) },
  };
  const view = orderForm(given);
  return place === undefined
    ? { view, fill: (client, viewId) => offerPlace(deps, client, { view_id: viewId }, given) }
    : { view };
}
