import { randomUUID } from 'node:crypto';
import type { BlockAction, ButtonAction, Middleware, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import {
  type Basket,
  type BasketMark,
  type BasketOwner,
  linesOfBasket,
  markOf,
  numbersInBasket,
} from '../../orders/domain/basket.js';
import { picksOf } from '../../orders/domain/kept-search.js';
import type { OrderId, Wanted } from '../../orders/domain/request.js';
import { kindOfPurchase } from '../../orders/policy/ruling.js';
import type { Log } from '../../orders/ports/log.js';
import { StoreError } from '../../orders/ports/store-errors.js';
import type { BrowseSearch } from '../../orders/use-cases/browse-search.js';
import type { CheckOffered } from '../../orders/use-cases/check-offered.js';
import { type BasketNow, isBasket, type KeepBasket } from '../../orders/use-cases/keep-basket.js';
import { personOf } from '../access/people.js';
import {
  addedAnswer,
  changedSince,
  fullAnswer,
  nothingPickedSentence,
  pickedAnswer,
  startedOver,
  TICK_TO_ADD,
} from '../blocks/answers/picked-numbers.js';
import { OUTDATED_ELEMENT } from '../blocks/answers/problems.js';
import { rulingSentence } from '../blocks/answers/refusals.js';
import { readBasketPress } from '../blocks/basket-press.js';
import { type OrderFormGiven, orderForm } from '../blocks/forms/order-form.js';
import { withStock } from '../blocks/forms/order-form-lines.js';
import { fitsOrderForm, TOO_MANY_FOR_A_FORM } from '../blocks/forms/order-form-memory.js';
import { CHECKING_PICKED, pickedAvailability } from '../blocks/forms/picked-availability.js';
import { nameOfPurchase } from '../blocks/order/describe-request.js';
import { asOpened, openForm, redrawForm } from '../messages/open-form.js';
import { type PrivateAnswers, recipientOf } from '../messages/private-answers.js';
import type { ResultsCollapser, ResultsMessage } from '../messages/results-collapser.js';
import { browse, isPrivate, type PressOfSearch, redrawIfDue } from './browse-search.js';
import type { Subcommands } from './numbers-command.js';
import { nothingAllowed, type OrderFormDeps, offerPlace } from './open-order-form.js';

export interface BasketDeps {
  readonly keepBasket: KeepBasket;
  readonly log: Pick<Log, 'warn'>;
}

interface Deps extends BasketDeps, OrderFormDeps {
  readonly checkOffered: CheckOffered;
  readonly browseSearch: BrowseSearch;
  readonly answers: PrivateAnswers;
  readonly collapser: ResultsCollapser;
}

type Press = SlackActionMiddlewareArgs<BlockAction<ButtonAction>>;

/**
 * **Add to order** keeps what this person ticked, together with what they picked from other searches in this channel.
 */
export const onAddToOrder =
  (deps: Deps): Middleware<PressOfSearch> =>
  async ({ ack, action, body, client, context }) => {
    await ack();
    const touched = await browse(deps, client, { body, context }, action.value);
    const recipient = recipientOf(body);
    if (touched === undefined || recipient === undefined) return;
    const owner: BasketOwner = { person: personOf(context), channelId: touched.place.channelId };
    const numbers = picksOf(touched.search, owner.person);
    const refusal = numbers.length === 0 ? TICK_TO_ADD : await nothingAllowed(deps, owner);
    if (refusal !== undefined) await deps.answers.send(recipient, { text: refusal });
    else {
      const { id: searchId, search } = touched.search;
      const { ts } = touched.place;
      const added = await deps.keepBasket.add(owner, {
        place: search.criteria,
        numbers,
        ...(isPrivate(touched.place) ? {} : { results: { searchId, ts } }),
      });
      const answer =
        'full' in added ? fullAnswer(added.full, added.basket) : addedAnswer(added, numbers.length);
      await deps.answers.send(recipient, answer);
    }
    await redrawIfDue(client, touched);
  };

/** `/numbers picked` and `/numbers order picked` */
export const onPicked =
  (deps: Deps): Subcommands['picked'] =>
  async ({ to }, { ack, client, triggerId, person, channelId }) => {
    const now = await deps.keepBasket.now({ person, channelId });
    if (to === 'see') return ack(pickedAnswer(now));
    const form = await formOf(deps, now);
    if ('refused' in form) return ack(form.refused);
    await ack();
    await openPicked(deps, client, triggerId, form);
  };

/** **Order 7 picked…** opens the form with everything that is picked now, also in a message that shows less. */
export const onOrderPicked =
  (deps: Deps): Middleware<Press> =>
  async ({ ack, action, body, client, context }) => {
    await ack();
    const recipient = recipientOf(body);
    const press = readBasketPress(action.value);
    const form =
      press === undefined
        ? { refused: OUTDATED_ELEMENT }
        : await formOf(
            deps,
            await deps.keepBasket.now({ person: personOf(context), channelId: press.channelId }),
          );
    if (!('refused' in form)) await openPicked(deps, client, body.trigger_id, form);
    else if (recipient !== undefined) await deps.answers.send(recipient, { text: form.refused });
  };

/** **Start over** removes what its message shows. What was picked since is never lost. */
export const onStartOver =
  (deps: Pick<Deps, 'keepBasket' | 'answers'>): Middleware<Press> =>
  async ({ ack, action, body, context }) => {
    await ack();
    const recipient = recipientOf(body);
    const press = readBasketPress(action.value);
    if (recipient === undefined) return;
    if (press === undefined) return deps.answers.send(recipient, { text: OUTDATED_ELEMENT });
    const owner = { person: personOf(context), channelId: press.channelId };
    const found = await deps.keepBasket.startOver(owner, press.shown);
    const answer =
      found !== undefined && 'removed' in found ? startedOver(found.removed) : changedSince(found);
    await deps.answers.replace(recipient, answer);
  };

interface PickedForm {
  readonly basket: Basket;
  readonly wanted: Extract<Wanted, { by: 'lines' }>;
  /** Why not all of it can be ordered at once, if that is so. */
  readonly notice: string | undefined;
}

/** The form to show, or why it can't be opened. More than the policy allows can be removed in the form. */
async function formOf(
  { evaluatePolicy, policy }: Pick<Deps, 'evaluatePolicy' | 'policy'>,
  now: BasketNow,
): Promise<PickedForm | { readonly refused: string }> {
  if (!isBasket(now)) return { refused: nothingPickedSentence(now) };
  const wanted = { by: 'lines' as const, lines: linesOfBasket(now) };
  const asked = { kind: kindOfPurchase(wanted), requester: now.person, channelId: now.channelId };
  const refused = rulingSentence(await evaluatePolicy({ ...asked, quantity: 1 }), policy);
  if (refused !== undefined) return { refused };
  if (!fitsOrderForm(wanted)) return { refused: TOO_MANY_FOR_A_FORM };
  const quantity = numbersInBasket(now).length;
  return {
    basket: now,
    wanted,
    notice: rulingSentence(await evaluatePolicy({ ...asked, quantity }), policy),
  };
}

async function openPicked(
  deps: Deps,
  client: WebClient,
  triggerId: string,
  { basket, wanted, notice }: PickedForm,
): Promise<void> {
  const [first, ...others] = wanted.lines;
  const given: OrderFormGiven & { readonly person: BasketOwner['person'] } = {
    orderId: randomUUID(),
    channelId: basket.channelId,
    person: basket.person,
    wanted,
    suggestedName: nameOfPurchase(first !== undefined && others.length === 0 ? first : wanted),
    stock: CHECKING_PICKED,
    basket: markOf(basket),
    notice,
  };
  const form = asOpened(await openForm(client, triggerId, orderForm(given)));
  if (form === undefined) return;
  const [shown, offered] = await Promise.all([
    offerPlace(deps, client, form, given),
    deps.checkOffered(wanted.lines),
  ]);
  const stock = pickedAvailability(offered, numbersInBasket(basket).length);
  await redrawForm(client, shown.form, withStock(shown.view, stock));
}

/**
 * Call before an order is requested. Returns the search results that its numbers were picked from; none if that can't
 * be read, which doesn't keep anyone from ordering.
 */
export async function markBasketRequested(
  { keepBasket, log }: BasketDeps,
  owner: BasketOwner,
  shown: BasketMark | undefined,
  orderId: OrderId,
): Promise<readonly ResultsMessage[]> {
  if (shown === undefined) return [];
  try {
    const basket = await keepBasket.markRequested(owner, shown, orderId);
    const results = basket?.picked.flatMap((each) => each.results ?? []) ?? [];
    const byMessage = new Map(results.map((each) => [each.ts, { channelId: owner.channelId, ...each }]));
    return [...byMessage.values()];
  } catch (err) {
    if (!(err instanceof StoreError)) throw err;
    log.warn({ err, orderId }, 'basket of an order could not be read, requesting it anyway');
    return [];
  }
}

/** Call once the order is on record. If this fails, the numbers are taken out when the basket is next read. */
export async function takeOrdered(
  { keepBasket, log }: BasketDeps,
  owner: BasketOwner,
  shown: BasketMark | undefined,
): Promise<void> {
  if (shown === undefined) return;
  await keepBasket.ordered(owner, shown).catch((err: unknown) => {
    log.warn({ err }, 'ordered numbers could not be taken out of the basket');
  });
}
