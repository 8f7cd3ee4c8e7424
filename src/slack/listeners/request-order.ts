import { randomUUID } from 'node:crypto';
import type {
  BlockAction,
  ExternalSelectAction,
  Middleware,
  SlackActionMiddlewareArgs,
  SlackOptionsMiddlewareArgs,
  SlackViewMiddlewareArgs,
  ViewSubmitAction,
} from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { picksOf } from '../../orders/domain/kept-search.js';
import type { Person, Wanted } from '../../orders/domain/request.js';
import { checkSearch, type SearchDraft } from '../../orders/domain/search.js';
import type { Policy } from '../../orders/policy/policy.js';
import { isRefusal } from '../../orders/policy/refusal.js';
import { kindOfPurchase } from '../../orders/policy/ruling.js';
import type { AskPolicy } from '../../orders/use-cases/ask-policy.js';
import type { BrowseSearch } from '../../orders/use-cases/browse-search.js';
import type { CheckPicks } from '../../orders/use-cases/check-picks.js';
import type { EditOrder } from '../../orders/use-cases/edit-order.js';
import { type ListPlaces, namedPlace, offeredPlace } from '../../orders/use-cases/list-places.js';
import type { RequestOrder } from '../../orders/use-cases/request-order.js';
import { personOf } from '../access/people.js';
import { allOursUnderField, someOursSentence } from '../blocks/answers/our-numbers.js';
import { wordsProblemAnswer } from '../blocks/answers/problems.js';
import { refusalSentence, refusalUnderField, rulingSentence } from '../blocks/answers/refusals.js';
import {
  orderForm,
  orderFormForSite,
  placeNotice,
  placeProblems,
  readOrderForm,
  TOO_MANY_FOR_A_FORM,
} from '../blocks/forms/order-form.js';
import { orderFields, siteOfLocationField } from '../blocks/forms/order-form-fields.js';
import { fitsOrderForm } from '../blocks/forms/order-form-memory.js';
import { locationOptions, siteOptions } from '../blocks/forms/place-options.js';
import { readSearchForm, SEARCH_FORM_KIND_BLOCK } from '../blocks/forms/search-form.js';
import { formClosed } from '../messages/error-middleware.js';
import { openForm, redrawForm } from '../messages/open-form.js';
import { type PrivateAnswers, recipientOf } from '../messages/private-answers.js';
import { browse, type PressOfSearch, redrawIfDue } from './browse-search.js';
import type { Subcommands } from './numbers-command.js';
import { openSearchForm, outdatedSearchForm, readPlace } from './search-numbers.js';

interface Deps {
  readonly requestOrder: RequestOrder;
  readonly editOrder: EditOrder;
  readonly checkPicks: CheckPicks;
  readonly browseSearch: BrowseSearch;
  readonly listPlaces: ListPlaces;
  readonly policy: Policy;
  readonly askPolicy: AskPolicy;
  readonly answers: PrivateAnswers;
  /** The sub-account and location to suggest first. */
  readonly offered: { readonly siteId?: string; readonly peerId?: string };
}

/** A new order before its form opens. */
interface NewOrder {
  readonly wanted: Wanted;
  readonly channelId: string;
}

/** A draft typed or filled in for an order; where nothing else was said, one number. */
function wantedBySearch(draft: SearchDraft): Wanted {
  const search = checkSearch({ ...draft, quantity: draft.quantity ?? 1 });
  if (!('kind' in search)) throw new Error(`an unchecked search: ${JSON.stringify(search)}`);
  return { by: 'search', search };
}

/** `/numbers order` alone: the search form first, to say what to order. */
export const onOrderWithoutWords: Subcommands['order-form'] = async (
  _,
  { ack, client, triggerId, channelId },
) => {
  await ack();
  await openSearchForm(client, triggerId, { mode: 'order', place: { channelId } });
};

/** `/numbers order …` */
export const onOrder =
  (deps: Deps): Subcommands['order'] =>
  async ({ words }, { ack, client, triggerId, person, channelId }) => {
    if ('problem' in words) return ack(wordsProblemAnswer(words.problem, 'order'));
    const wanted: Wanted =
      'numbers' in words ? { by: 'numbers', numbers: words.numbers } : wantedBySearch(words.draft);
    const refusal = await tooMuch(deps, { wanted, channelId }, person);
    if (refusal !== undefined) return ack(refusal);
    await ack();
    return openOrderForm(deps, client, triggerId, { wanted, channelId });
  };

/** Why this cannot be asked for at all, before anybody fills in a form. */
async function tooMuch(
  { askPolicy, policy }: Pick<Deps, 'askPolicy' | 'policy'>,
  { wanted, channelId }: NewOrder,
  requester: Person,
): Promise<string | undefined> {
  const quantity = wanted.by === 'numbers' ? wanted.numbers.length : 1;
  const ruling = await askPolicy({ kind: kindOfPurchase(wanted), quantity, requester, channelId });
  // The quantity of a search-and-order can still be changed in the form.
  if (wanted.by !== 'numbers' && ruling.verdict !== 'barred') return undefined;
  const refusal = rulingSentence(ruling, policy);
  if (refusal !== undefined) return refusal;
  return fitsOrderForm(wanted) ? undefined : TOO_MANY_FOR_A_FORM;
}

/** Opens the order form at once, because a trigger id dies after three seconds, and fills in the place when known. */
async function openOrderForm(
  deps: Deps,
  client: WebClient,
  triggerId: string,
  order: NewOrder,
): Promise<void> {
  const given = { orderId: randomUUID(), ...order };
  const view = await openForm(client, triggerId, orderForm(given));
  if (view?.id === undefined) return;
  await offerPlace(
    deps,
    client,
    { view_id: view.id, ...(view.hash === undefined ? {} : { hash: view.hash }) },
    given,
  );
}

async function offerPlace(
  { listPlaces, offered }: Deps,
  client: WebClient,
  form: { readonly view_id: string; readonly hash?: string },
  given: Parameters<typeof orderForm>[0],
): Promise<void> {
  const place = await offeredPlace(listPlaces, offered);
  const filled = 'problem' in place || 'advice' in place ? { notice: placeNotice(place) } : place;
  if (Object.keys(filled).length === 0) return;
  await redrawForm(client, form, orderForm({ ...given, ...filled }));
}

/** **Order selected…** */
export const onOrderSelected =
  (deps: Deps): Middleware<PressOfSearch> =>
  async ({ ack, action, body, client, context }) => {
    await ack();
    const touched = await browse(deps, client, { body, context }, action.value);
    if (touched === undefined) return;
    const wanted: Wanted = { by: 'numbers', numbers: picksOf(touched.search, personOf(context)) };
    const refusal =
      wanted.numbers.length === 0
        ? refusalSentence('nothing-picked', { policy: deps.policy })
        : await tooMuch(deps, { wanted, channelId: touched.place.channelId }, personOf(context));
    const recipient = recipientOf(body);
    if (refusal === undefined)
      await openOrderForm(deps, client, body.trigger_id, { wanted, channelId: touched.place.channelId });
    else if (recipient !== undefined) await deps.answers.send(recipient, { text: refusal });
    await redrawIfDue(client, touched);
  };

/** **Next** in the form that describes what to order: opens the order form in its place. */
export const onSearchFormToOrder =
  (deps: Deps): Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>> =>
  async ({ ack, view, client, context }) => {
    const read = readSearchForm(view);
    if ('errors' in read) return ack({ response_action: 'errors', errors: read.errors });
    const place = readPlace(view.private_metadata);
    if (place === undefined) return ack(outdatedSearchForm);
    const { channelId } = place;
    const given = { orderId: randomUUID(), channelId, wanted: wantedBySearch(read.draft) };
    const refusal = await tooMuch(deps, given, personOf(context));
    if (refusal !== undefined) {
      return ack({ response_action: 'errors', errors: { [SEARCH_FORM_KIND_BLOCK]: refusal } });
    }
    await ack({ response_action: 'update', view: orderForm(given) });
    formClosed(context, channelId);
    await offerPlace(deps, client, { view_id: view.id }, given);
  };

/** Shows the locations of the sub-account just chosen. */
export const onChooseSite: Middleware<SlackActionMiddlewareArgs<BlockAction<ExternalSelectAction>>> = async ({
  ack,
  body,
  client,
}) => {
  await ack();
  const view = body.view && orderFormForSite(body.view);
  if (body.view === undefined || view === undefined) return;
  await redrawForm(client, { view_id: body.view.id, hash: body.view.hash }, view);
};

export const onSiteOptions =
  ({ listPlaces }: Deps): Middleware<SlackOptionsMiddlewareArgs<'block_suggestion'>> =>
  async ({ ack, options }) => {
    await ack(siteOptions(await listPlaces.sites(), options.value));
  };

export const onLocationOptions =
  ({ listPlaces }: Deps): Middleware<SlackOptionsMiddlewareArgs<'block_suggestion'>> =>
  async ({ ack, options }) => {
    const siteId = siteOfLocationField(options.block_id);
    const locations = siteId === undefined ? [] : await listPlaces.locations(siteId);
    await ack(locationOptions(locations, options.value));
  };

/** **Submit for approval**, or **Save** of an edit. The request is recorded before the form closes. */
export const onOrderForm =
  (deps: Deps): Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>> =>
  async ({ ack, view, context }) => {
    const { requestOrder, editOrder, listPlaces, checkPicks, policy } = deps;
    const read = readOrderForm(view);
    if ('errors' in read) return ack({ response_action: 'errors', errors: read.errors });
    const { orderId: id, channelId, edition, fields } = read;
    // Slack gives a form three seconds, so both lookups run at once.
    const [place, picks] = await Promise.all([
      namedPlace(listPlaces, read.place),
      checkPicks(id, read.request.wanted),
    ]);
    if ('problem' in place) {
      const at = place.problem === 'no-such-site' ? fields.site : fields.location;
      return ack({ response_action: 'errors', errors: { [at]: placeProblems[place.problem] } });
    }
    if (picks.ours.length > 0 && picks.others.length === 0) {
      return ack({
        response_action: 'errors',
        errors: { [orderFields.name]: allOursUnderField(picks.ours) },
      });
    }
    const request = { ...read.request, ...place };
    const person = personOf(context);
    const result =
      edition === undefined
        ? await requestOrder({ id, request, channelId, requester: person })
        : await editOrder(id, person, { edition, request });
    if (!isRefusal(result)) {
      await ack();
      if (picks.ours.length > 0) {
        await deps.answers.send(
          { userId: person.userId, channelId },
          { text: someOursSentence(picks, request.partialAllowed) },
          { orderId: id },
        );
      }
      return;
    }
    const field = request.wanted.by === 'search' ? orderFields.quantity : orderFields.name;
    await ack({
      response_action: 'errors',
      errors: { [field]: refusalUnderField(result.refused, { ...result, policy }) },
    });
  };
