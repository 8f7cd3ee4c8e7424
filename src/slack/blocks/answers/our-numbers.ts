import { NUMBERS_ON_A_CARD } from '../../../orders/domain/order.js';
import { showPhoneNumber } from '../../../orders/domain/phone-number.js';
import type { NumberInService } from '../../../orders/domain/request.js';
import type { CheckedPicks } from '../../../orders/use-cases/check-picks.js';
import { cut, escapeText } from '../../text/escape.js';
import { listNumbers } from '../format.js';
import { limits } from '../limits.js';

// What people see about numbers they want to order that are already in service on their account.

/** Above the details of numbers that someone wanted to order. */
export const alreadyOursLead = (quantity: number): string =>
  quantity === 1
    ? 'This number is already on your account. Nothing was ordered.'
    : 'These numbers are already on your account. Nothing was ordered.';

/**
 * Plain text for an error under a form field: nothing is left to order, because the account already has these numbers.
 */
export function allOursUnderField(ours: readonly NumberInService[]): string {
  for (let shown = ours.length; shown > 0; shown -= 1) {
    const sentence = `Already on your account: ${namedUpTo(shown, ours)}. Nothing was ordered.`;
    if (sentence.length <= limits.fieldError || shown === 1) return cut(sentence, limits.fieldError);
  }
  return 'These numbers are already on your account. Nothing was ordered.';
}

/** A private message for the requester after the order is on record. */
export function someOursSentence({ ours, others }: CheckedPicks, partialAllowed: boolean): string {
  const [are, them] = ours.length === 1 ? ['is', 'it'] : ['are', 'them'];
  const rest = partialAllowed
    ? `The order continues with ${listNumbers(others, NUMBERS_ON_A_CARD)}.`
    : `The order is for all numbers or none, so it will very likely deliver none: press *Edit…* on its card and remove ${them}.`;
  return `${escapeText(namedUpTo(NUMBERS_ON_A_CARD, ours))} ${are} already on your account. ${rest}`;
}

function namedUpTo(most: number, ours: readonly NumberInService[]): string {
  const named = ours.slice(0, most).map(withItsPlace).join(', ');
  const more = ours.length - most;
  return more > 0 ? `${named} and ${more} more` : named;
}

function withItsPlace({ number, site, location }: NumberInService): string {
  const places = [site, location].flatMap((place) =>
    place === undefined ? [] : [place.name.trim() === '' ? place.id : place.name],
  );
  const shown = showPhoneNumber(number);
  return places.length === 0 ? shown : `${shown} (${cut(places.join(', '), 60)})`;
}
