import type { KnownBlock } from '@slack/types';
import {
  type Basket,
  type BasketFull,
  numbersInBasket,
  type Picked,
  placesIn,
} from '../../../orders/domain/basket.js';
import { MAX_LINES } from '../../../orders/domain/request.js';
import { MAX_QUANTITY } from '../../../orders/domain/search/search.js';
import { type AddedToBasket, type BasketNow, isBasket } from '../../../orders/use-cases/keep-basket.js';
import { COMMAND } from '../../commands/command.js';
import { codeSpan } from '../../text/escape.js';
import { actions } from '../action-ids.js';
import { writeBasketPress } from '../basket-press.js';
import { button, row, section } from '../elements.js';
import { count, figure, listNumbers, typed } from '../format.js';
import { searchPlace } from '../order/describe-search.js';
import { listLines } from '../order/line-list.js';

// What people are told, privately, about the numbers they pick from several searches.

interface Answer {
  readonly text: string;
  readonly blocks?: KnownBlock[];
}

export const TICK_TO_ADD = 'Tick at least one number first, then press *Add to order* again.';

/** @param asked how many numbers were ticked. */
export function addedAnswer({ basket, added, dropped }: AddedToBasket, asked: number): Answer {
  const known = asked - added;
  const sentences = [
    ...(dropped === 0 ? [] : [tooOldSentence(dropped)]),
    ...(added === 0 ? [] : [`Added ${count(added, 'number')}.`]),
    ...(known === 0 ? [] : [`${were(known)} picked already.`]),
  ];
  return withButtons(basket, [[...sentences, soFar(basket)].join(' ')]);
}

const fullSentences: Readonly<Record<BasketFull, string>> = {
  'too-many-numbers': `Nothing was added: an order has at most ${figure(MAX_QUANTITY)} numbers.`,
  'too-many-places': `Nothing was added: an order has at most ${MAX_LINES} lines.`,
};

export function fullAnswer(full: BasketFull, basket: Basket | undefined): Answer {
  const sentence = fullSentences[full];
  return basket === undefined ? { text: sentence } : withButtons(basket, [`${sentence} ${soFar(basket)}`]);
}

/** Everything that a person picked here. */
export function pickedAnswer(now: BasketNow): Answer {
  if (!isBasket(now)) return { text: nothingPickedSentence(now) };
  const places = placesIn(now);
  const more = places.length - PLACES_SHOWN;
  return withButtons(now, [
    `${pickedSoFar(now)}.`,
    ...places.slice(0, PLACES_SHOWN).map(placeInFull),
    ...(more > 0 ? [`and ${count(more, 'more place')}`] : []),
  ]);
}

/** The answer to a button on a message that no longer shows what is picked. */
export const changedSince = (now: BasketNow): Answer =>
  isBasket(now)
    ? withButtons(now, [`What you picked has changed since that message. ${soFar(now)}`])
    : { text: nothingPickedSentence(now) };

export const startedOver = (removed: number): Answer => ({
  text: `Removed the ${removed === 1 ? 'number' : count(removed, 'number')} you had picked. Nothing was ordered.`,
});

export const nothingPickedSentence = (now: Exclude<BasketNow, Basket>): string =>
  now === undefined
    ? `You haven't picked any numbers in this channel, or they were ordered already. Tick some in the results of ${SEARCH} and press *Add to order*.`
    : `${tooOldSentence(now.tooOld)} Search again: ${SEARCH}`;

const SEARCH = codeSpan(`${COMMAND} search`);

const tooOldSentence = (quantity: number): string =>
  `Picked numbers are kept for a day, so the ${quantity === 1 ? 'one' : figure(quantity)} you picked before ${quantity === 1 ? 'was' : 'were'} dropped.`;

const were = (quantity: number): string => `${figure(quantity)} ${quantity === 1 ? 'was' : 'were'}`;

const pickedSoFar = (basket: Basket): string => `${figure(numbersInBasket(basket).length)} picked so far`;

/** "7 picked so far: 4 in area code 910 · 3 in Raleigh, NC" */
function soFar(basket: Basket): string {
  const places = placesIn(basket);
  const [only] = places;
  const lead = pickedSoFar(basket);
  return only !== undefined && places.length === 1
    ? `${lead} ${placeOf(only)}.`
    : `${lead}: ${listLines(places.map(placeInWords), ROOM)}`;
}

const ROOM = 1_500;
/** So many fit in one section. */
const PLACES_SHOWN = 10;
const NUMBERS_SHOWN = 10;
const MAX_PLACE_LENGTH = 100;

type Place = Omit<Picked, 'results'>;

const placeOf = ({ place }: Place): string => typed(searchPlace({ criteria: place }), MAX_PLACE_LENGTH);

const placeInWords = (place: Place): string => `${figure(place.numbers.length)} ${placeOf(place)}`;

const placeInFull = (place: Place): string =>
  `• ${placeInWords(place)}: ${listNumbers(place.numbers, NUMBERS_SHOWN)}`;

function withButtons(basket: Basket, lines: readonly string[]): Answer {
  const value = writeBasketPress(basket);
  const quantity = figure(numbersInBasket(basket).length);
  const text = lines.join('\n');
  return {
    text,
    blocks: [
      section(text),
      row([
        button({
          label: `Order ${quantity} picked…`,
          spoken: `Order ${quantity} picked numbers`,
          action: actions.orderPicked,
          value,
          style: 'primary',
        }),
        button({
          label: 'Start over',
          spoken: 'Start over: remove the numbers picked so far',
          action: actions.startOver,
          value,
        }),
      ]),
    ],
  };
}
