import { randomUUID } from 'node:crypto';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { linesWanted, type Person, type Wanted } from '../../orders/domain/request.js';
import type { Policy } from '../../orders/policy/policy.js';
import { kindOfPurchase } from '../../orders/policy/ruling.js';
import type { Log } from '../../orders/ports/log.js';
import type { CheckStock } from '../../orders/use-cases/check-stock.js';
import type { EvaluatePolicy } from '../../orders/use-cases/evaluate-policy.js';
import type { LastPlace } from '../../orders/use-cases/last-place.js';
import { type ListPlaces, offeredPlace } from '../../orders/use-cases/list-places.js';
import { rulingSentence } from '../blocks/answers/refusals.js';
import { type OrderFormGiven, orderForm } from '../blocks/forms/order-form.js';
import { linesShownIn, stockSentence, withStock } from '../blocks/forms/order-form-lines.js';
import { fitsOrderForm, TOO_MANY_FOR_A_FORM } from '../blocks/forms/order-form-memory.js';
import { placeNotice } from '../blocks/forms/order-form-place.js';
import { asOpened, type OpenForm, openForm, redrawForm, updateForm } from '../messages/open-form.js';

export interface OrderFormDeps {
  readonly listPlaces: ListPlaces;
  readonly lastPlace: LastPlace;
  readonly policy: Policy;
  readonly evaluatePolicy: EvaluatePolicy;
  readonly checkStock: CheckStock;
  /** The sub-account and location to suggest to people who haven't chosen another in the channel. */
  readonly offered: { readonly siteId?: string; readonly peerId?: string };
  readonly log: Pick<Log, 'warn'>;
}

/** A new order before its form opens. */
export interface NewOrder {
  readonly wanted: Wanted;
  readonly channelId: string;
  /** The person who orders. */
  readonly person: Person;
  readonly results?: OrderFormGiven['results'];
}

/** Why this person can't order anything in this channel. */
export async function nothingAllowed(
  { evaluatePolicy, policy }: Pick<OrderFormDeps, 'evaluatePolicy' | 'policy'>,
  { channelId, person: requester }: Pick<NewOrder, 'channelId' | 'person'>,
): Promise<string | undefined> {
  const rulings = await Promise.all(
    (['purchase', 'toll-free'] as const).map((kind) =>
      evaluatePolicy({ kind, quantity: 1, requester, channelId }),
    ),
  );
  const refusals = rulings.map((ruling) => rulingSentence(ruling, policy));
  return refusals.every((refusal) => refusal !== undefined) ? refusals[0] : undefined;
}

/** Why this can't be requested at all, before anyone fills in a form. */
export async function notAllowed(
  { evaluatePolicy, policy }: Pick<OrderFormDeps, 'evaluatePolicy' | 'policy'>,
  { wanted, channelId, person: requester }: NewOrder,
): Promise<string | undefined> {
  // The quantity of a search-and-order can still be changed in the form.
  const quantity = linesWanted(wanted).reduce(
    (sum, line) => sum + (line.by === 'numbers' ? line.numbers.length : 1),
    0,
  );
  const ruling = await evaluatePolicy({ kind: kindOfPurchase(wanted), quantity, requester, channelId });
  const refusal = rulingSentence(ruling, policy);
  if (refusal !== undefined) return refusal;
  return fitsOrderForm(wanted) ? undefined : TOO_MANY_FOR_A_FORM;
}

/**
 * Opens the order form at once, because a trigger id expires after three seconds, and fills in the place when it is
 * known.
 *
 * @param whenOpen does whatever else takes time, with the form's view id.
 */
export async function openOrderForm(
  deps: OrderFormDeps,
  client: WebClient,
  triggerId: string,
  order: NewOrder,
  whenOpen?: (viewId: string) => Promise<void>,
): Promise<void> {
  const given = { orderId: randomUUID(), ...order };
  const form = asOpened(await openForm(client, triggerId, orderForm(given)));
  if (form === undefined) return;
  await Promise.all([
    offerPlace(deps, client, form, given).then((shown) => showStock(deps, client, shown.form, shown.view)),
    whenOpen?.(form.view_id),
  ]);
}

/** An open form, as it was last shown. */
export interface ShownForm {
  readonly form: OpenForm;
  readonly view: ModalView;
}

/** Says in an open form which of several lines Bandwidth has no numbers for now. Does nothing in any other form. */
export async function showStock(
  { checkStock }: Pick<OrderFormDeps, 'checkStock'>,
  client: WebClient,
  form: OpenForm,
  view: ModalView,
): Promise<void> {
  const lines = linesShownIn(view);
  if (lines.length === 0) return;
  await redrawForm(client, form, withStock(view, stockSentence(lines, await checkStock(lines))));
}

export async function offerPlace(
  { listPlaces, offered, lastPlace, log }: OrderFormDeps,
  client: WebClient,
  form: OpenForm,
  given: OrderFormGiven & Pick<NewOrder, 'person'>,
): Promise<ShownForm> {
  const last = await lastPlace(given.person, given.channelId).catch((err: unknown) => {
    log.warn({ err }, 'last destination of a person could not be read, suggesting the configured one');
    return undefined;
  });
  const place = await offeredPlace(listPlaces, offered, last);
  const filled = 'problem' in place || 'advice' in place ? { notice: placeNotice(place) } : place;
  const view = orderForm({ ...given, ...filled });
  if (Object.keys(filled).length === 0) return { form, view };
  return { form: (await updateForm(client, form, view)) ?? form, view };
}
