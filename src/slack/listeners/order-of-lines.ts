import { randomUUID } from 'node:crypto';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Person, Wanted } from '../../orders/domain/request.js';
import type { NamedPlace } from '../../orders/use-cases/list-places.js';
import { severalSites } from '../blocks/answers/import-words.js';
import { type OrderFormGiven, orderForm } from '../blocks/forms/order-form.js';
import { nameOfPurchase } from '../blocks/subject.js';
import type { OrderOfLines } from '../import/order-lines.js';
import { notAllowed, type OrderFormDeps, offerPlace, showStock } from './open-order-form.js';

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

/** The form for an order of one or more lines. All of them are for one sub-account, which the form shows. */
export async function formOfLines(deps: OrderFormDeps, order: NewOrderOfLines): Promise<FormOrRefusal> {
  const { lines, name, reason, channelId, person, notice } = order;
  const places = placesOf(lines);
  if (places.length > 1) return { refused: severalSites(places.map(({ site }) => site.name)) };
  const wanted = wantedIn(lines);
  const refusal = await notAllowed(deps, { wanted, channelId, person });
  if (refusal !== undefined) return { refused: refusal };
  const [place] = places;
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
      await showStock(deps, client, shown, wanted);
    },
  };
}

function wantedIn(lines: OrderOfLines['lines']): Wanted {
  const [line, ...others] = lines.map(({ wanted }) => wanted);
  if (line === undefined) throw new Error('an order without lines');
  return others.length === 0 ? line : { by: 'lines', lines: [line, ...others] };
}

/** The sub-accounts and locations that lines name, each once. Lines that name none are for the same one as the others. */
function placesOf(lines: OrderOfLines['lines']): readonly NamedPlace[] {
  const places = lines.flatMap(({ place }) => place ?? []);
  return [...new Map(places.map((each) => [`${each.site.id} ${each.location?.id}`, each])).values()];
}
