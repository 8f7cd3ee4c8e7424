import { randomUUID } from 'node:crypto';
import type {
  BlockAction,
  ButtonAction,
  Middleware,
  SlackActionMiddlewareArgs,
  SlackViewMiddlewareArgs,
  ViewSubmitAction,
} from '@slack/bolt';
import { purchaseOfLines } from '../../orders/domain/destinations.js';
import { picksOf } from '../../orders/domain/kept-search.js';
import type { Destination, Wanted } from '../../orders/domain/request.js';
import { checkSearch } from '../../orders/domain/search/check-search.js';
import type { SearchDraft } from '../../orders/domain/search/search.js';
import { isRefusal } from '../../orders/policy/refusal.js';
import type { BrowseSearch } from '../../orders/use-cases/browse-search.js';
import type { CheckPicks } from '../../orders/use-cases/check-picks.js';
import type { EditOrder } from '../../orders/use-cases/edit-order.js';
import { findDestinations } from '../../orders/use-cases/find-destinations.js';
import { namedPlace } from '../../orders/use-cases/list-places.js';
import type { RequestOrder } from '../../orders/use-cases/request-order.js';
import { personOf } from '../access/people.js';
import { allOursUnderField, someOursSentence } from '../blocks/answers/our-numbers.js';
import { OUTDATED_ELEMENT, wordsProblemAnswer } from '../blocks/answers/problems.js';
import { refusalSentence, refusalUnderField } from '../blocks/answers/refusals.js';
import { fieldOfWhat, orderForm, readOrderForm } from '../blocks/forms/order-form.js';
import { orderFields } from '../blocks/forms/order-form-fields.js';
import { destinationError, FIRST_LINES_FIELD } from '../blocks/forms/order-form-lines.js';
import { placeProblems } from '../blocks/forms/order-form-place.js';
import { readSearchForm } from '../blocks/forms/search-form.js';
import { SEARCH_FORM_KIND_BLOCK } from '../blocks/forms/search-form-fields.js';
import { readNumberPress } from '../blocks/number-press.js';
import type { WholeOrderWords } from '../commands/order-lines.js';
import { formClosed } from '../messages/error-middleware.js';
import { recipientOf } from '../messages/private-answers.js';
import type { ResultsCollapser } from '../messages/results-collapser.js';
import { browse, type PressOfSearch, redrawIfDue } from './browse-search.js';
import { type NumberAnswers, showIfOurs } from './look-up-number.js';
import type { Subcommands } from './numbers-command.js';
import {
  type NewOrder,
  notAllowed,
  nothingAllowed,
  type OrderFormDeps,
  offerPlace,
  openOrderForm,
} from './open-order-form.js';
import { type BasketDeps, markBasketRequested, takeOrdered } from './pick-numbers.js';
import { openSearchForm, outdatedSearchForm, readPlace } from './search-numbers.js';

interface Deps extends NumberAnswers, OrderFormDeps, BasketDeps {
  readonly requestOrder: RequestOrder;
  readonly editOrder: EditOrder;
  readonly checkPicks: CheckPicks;
  readonly collapser: ResultsCollapser;
  readonly browseSearch: BrowseSearch;
}

/** A draft that was typed or filled in for an order. If no quantity was given, it is one number. */
function wantedBySearch(draft: SearchDraft): Wanted {
  const search = checkSearch({ ...draft, quantity: draft.quantity ?? 1 });
  if (!('kind' in search)) throw new Error(`an unchecked search: ${JSON.stringify(search)}`);
  return { by: 'search', search };
}

function wantedIn(words: Exclude<WholeOrderWords, { readonly problem: unknown }>): Wanted {
  if ('numbers' in words) return { by: 'numbers', numbers: words.numbers };
  if ('draft' in words) return wantedBySearch(words.draft);
  const [only] = words.lines;
  return words.lines.length === 1 && only !== undefined ? only : { by: 'lines', lines: words.lines };
}

/** `/numbers order` alone: the search form first, to say what to order. */
export const onOrderWithoutWords =
  (deps: Pick<Deps, 'evaluatePolicy' | 'policy'>): Subcommands['order-form'] =>
  async (_, { ack, client, triggerId, channelId, person }) => {
    const refusal = await nothingAllowed(deps, { channelId, person });
    if (refusal !== undefined) return ack(refusal);
    await ack();
    return openSearchForm(client, triggerId, { mode: 'order', place: { channelId } });
  };

/** `/numbers order …` */
export const onOrder =
  (deps: Deps): Subcommands['order'] =>
  async ({ words }, typed) => {
    const { ack, client, triggerId, person, channelId } = typed;
    if ('problem' in words) return ack(wordsProblemAnswer(words.problem, 'order'));
    const wanted = wantedIn(words);
    const refusal = await notAllowed(deps, { wanted, channelId, person });
    if (refusal !== undefined) return ack(refusal);
    await ack();
    await openOrderForm(deps, client, triggerId, { wanted, channelId, person }, async (viewId) => {
      if (wanted.by === 'numbers') await showIfOurs(deps, wanted.numbers, viewId, typed);
    });
  };

/** **Order…** beside a number that was looked up. */
export const onOrderNumber =
  (deps: Deps): Middleware<SlackActionMiddlewareArgs<BlockAction<ButtonAction>>> =>
  async ({ ack, action, body, client, context }) => {
    await ack();
    const press = readNumberPress(action.value);
    const recipient = recipientOf(body);
    if (press === undefined) {
      if (recipient !== undefined) await deps.answers.send(recipient, { text: OUTDATED_ELEMENT });
      return;
    }
    const order: NewOrder = {
      wanted: { by: 'numbers', numbers: [press.number] },
      channelId: press.channelId,
      person: personOf(context),
    };
    const refusal = await notAllowed(deps, order);
    if (refusal === undefined) await openOrderForm(deps, client, body.trigger_id, order);
    else if (recipient !== undefined) await deps.answers.send(recipient, { text: refusal });
  };

/** **Order selected…** */
export const onOrderSelected =
  (deps: Deps): Middleware<PressOfSearch> =>
  async ({ ack, action, body, client, context }) => {
    await ack();
    const touched = await browse(deps, client, { body, context }, action.value);
    if (touched === undefined) return;
    const person = personOf(context);
    const wanted: Wanted = { by: 'numbers', numbers: picksOf(touched.search, person) };
    const { channelId, ts } = touched.place;
    const order: NewOrder = { wanted, channelId, person, results: { searchId: touched.search.id, ts } };
    const refusal =
      wanted.numbers.length === 0
        ? refusalSentence('nothing-picked', { policy: deps.policy })
        : await notAllowed(deps, order);
    const recipient = recipientOf(body);
    if (refusal === undefined) await openOrderForm(deps, client, body.trigger_id, order);
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
    const order: NewOrder = { channelId, wanted: wantedBySearch(read.draft), person: personOf(context) };
    const refusal = await notAllowed(deps, order);
    if (refusal !== undefined) {
      return ack({ response_action: 'errors', errors: { [SEARCH_FORM_KIND_BLOCK]: refusal } });
    }
    const given = { orderId: randomUUID(), ...order };
    await ack({ response_action: 'update', view: orderForm(given) });
    formClosed(context, channelId);
    await offerPlace(deps, client, { view_id: view.id }, given);
  };

function destinationIn(
  destinations: ReadonlyMap<string, Destination>,
  text: string | undefined,
): { readonly to?: Destination } {
  if (text === undefined) return {};
  const to = destinations.get(text);
  if (to === undefined) throw new Error(`a destination that wasn't looked up: ${text}`);
  return { to };
}

/** **Submit for approval**, or **Save** of an edit. The request is recorded before the form closes. */
export const onOrderForm =
  (deps: Deps): Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>> =>
  async ({ ack, view, context }) => {
    const { requestOrder, editOrder, listPlaces, checkPicks, policy } = deps;
    const read = readOrderForm(view);
    if ('errors' in read) return ack({ response_action: 'errors', errors: read.errors });
    const { orderId: id, channelId, edition, fields, lines, results, basket } = read;
    const person = personOf(context);
    // Slack gives a form three seconds, so all lookups run at once.
    const [place, picks, destinations, pickedFrom] = await Promise.all([
      namedPlace(listPlaces, read.place, deps.offered),
      checkPicks(id, read.request.wanted),
      findDestinations(listPlaces, lines?.flatMap(({ to }) => to ?? []) ?? [], deps.offered),
      markBasketRequested(deps, { person, channelId }, basket, id),
    ]);
    if ('problem' in place) {
      const at = place.problem === 'no-such-site' ? fields.site : fields.location;
      return ack({ response_action: 'errors', errors: { [at]: placeProblems[place.problem] } });
    }
    if ('problem' in destinations) {
      const error = destinationError(destinations);
      return ack({ response_action: 'errors', errors: { [FIRST_LINES_FIELD]: error } });
    }
    if (picks.ours.length > 0 && picks.others.length === 0) {
      return ack({
        response_action: 'errors',
        errors: { [orderFields.name]: allOursUnderField(picks.ours) },
      });
    }
    const whole = { ...read.request, ...place };
    const request =
      lines === undefined
        ? whole
        : purchaseOfLines(
            whole,
            lines.map(({ to, ...line }) => ({ ...line, ...destinationIn(destinations, to) })),
          );
    const from = results === undefined ? pickedFrom : [{ channelId, ...results }];
    if (from.length > 0) deps.collapser.ordering(id, from);
    const result =
      edition === undefined
        ? await requestOrder({ id, request, channelId, requester: person })
        : await editOrder(id, person, { edition, request });
    if (!isRefusal(result)) {
      await ack();
      await takeOrdered(deps, { person, channelId }, basket);
      if (picks.ours.length > 0) {
        await deps.answers.send(
          { userId: person.userId, channelId },
          { text: someOursSentence(picks, request.partialAllowed) },
          { orderId: id },
        );
      }
      return;
    }
    await ack({
      response_action: 'errors',
      errors: { [fieldOfWhat(view.state)]: refusalUnderField(result.refused, { ...result, policy }) },
    });
  };
