import { randomUUID } from 'node:crypto';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { distinct } from '../../orders/domain/destinations.js';
import type { LineOfSeveral, Person, Wanted } from '../../orders/domain/request.js';
import { type OrderFormGiven, orderForm } from '../blocks/forms/order-form.js';
import { nameOfPurchase } from '../blocks/order/describe-request.js';
import type { OrderOfLines } from '../import/order-lines.js';
import { notAllowed, type OrderFormDeps, offerPlace, showStock } from './open-order-form.js';

/** A form to show, or why there is none. */
export type FormOrRefusal =
  | { readonly refused: string }
  | {
      readonly view: ModalView;
      /** Fills in what takes time, once the person sees the form. */
      readonly fill?: (client: WebClient, viewId: string) => Promise<void>;
    };

/** An order of lines before its form opens. */
export interface NewOrderOfLines extends OrderOfLines {
  readonly channelId: string;
  readonly person: Person;
  /** A sentence above the fields. */
  readonly notice?: string | undefined;
}

/**
 * The form for an order of one or more lines. If they are for several sub-accounts or locations, each row says which.
 */
export async function formOfLines(deps: OrderFormDeps, order: NewOrderOfLines): Promise<FormOrRefusal> {
  const { lines, name, reason, channelId, person, notice } = order;
  const places = distinct(lines.flatMap(({ place }) => place ?? []));
  const wanted = wantedIn(lines, places.length > 1);
  const refusal = await notAllowed(deps, { wanted, channelId, person });
  if (refusal !== undefined) return { refused: refusal };
  const isAnyOpen = places.length > 1 && lines.some((line) => line.place === undefined);
  const [place] = isAnyOpen ? [] : places;
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
  return {
    view,
    async fill(client, viewId) {
      const form = { view_id: viewId };
      const shown = place === undefined ? await offerPlace(deps, client, form, given) : { form, view };
      await showStock(deps, client, shown.form, shown.view);
    },
  };
}

/** If the lines name several destinations, each row says its own. Lines that name none go where the form says. */
function wantedIn(lines: OrderOfLines['lines'], hasSeveral: boolean): Wanted {
  const [line, ...others] = lines.map(
    ({ wanted, place }): LineOfSeveral =>
      hasSeveral && place !== undefined ? { ...wanted, to: place } : wanted,
  );
  if (line === undefined) throw new Error('an order without lines');
  return others.length === 0 ? line : { by: 'lines', lines: [line, ...others] };
}
