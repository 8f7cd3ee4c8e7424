import type { Hold, HoldIn } from '../../../orders/domain/hold.js';
import { holdsOf, isHold, numbersToHold } from '../../../orders/domain/holds.js';
import { NUMBERS_ON_A_CARD, type OrderIn } from '../../../orders/domain/order.js';
import type { PhoneNumber } from '../../../orders/domain/phone-number.js';
import { type PurchaseRequest, requestedQuantity } from '../../../orders/domain/request.js';
import { count, figure, listNumbers, moment, typed } from '../format.js';
import type { Line } from '../order/card-lines.js';

/**
 * Says until when the numbers of a waiting request are held, which aren't, and why. Approval doesn't depend on holds,
 * so every line says what happens next.
 *
 * @param advice how many characters of Bandwidth's words fit.
 */
export function holdLines(order: OrderIn<'awaiting-approval'>, advice: number): Line[] {
  const all = numbersToHold(order.request);
  if (all.length === 0 || order.request.kind !== 'purchase') return [];
  const holds = holdsOf(order);
  const asked = numbersOf(holds, 'asked');
  return [
    ...heldLines(holds.filter(isHold('held')), all.length),
    ...(asked.length === 0 ? [] : [`I'm asking Bandwidth to hold ${listed(asked)}.`]),
    ...goneLines(numbersOf(holds, 'gone'), order.request),
    ...lapsedLines(numbersOf(holds, 'lapsed')),
    ...unavailableLines(holds.filter(isHold('unavailable')), all.length, advice),
    ...beyondLimitLines(holds.filter(isHold('beyond-limit'))),
  ];
}

function heldLines(held: readonly HoldIn<'held'>[], of: number): Line[] {
  if (held.length === 0) return [];
  const until = moment(Math.min(...held.map((each) => each.until)));
  const share = held.length === of ? '' : `: ${figure(held.length)} of ${count(of, 'number')}`;
  return [{ label: 'Held until', value: `${until}${share}` }];
}

function goneLines(gone: readonly PhoneNumber[], request: PurchaseRequest): Line[] {
  if (gone.length === 0) return [];
  const are = gone.length === 1 ? 'is' : 'are';
  return [`⚠️ Bandwidth says that ${listed(gone)} ${are} no longer available. ${whatIsLeft(gone, request)}`];
}

function whatIsLeft(gone: readonly PhoneNumber[], request: PurchaseRequest): string {
  const picked = numbersToHold(request);
  const left = picked.filter((number) => !gone.includes(number));
  if (left.length === 0 && picked.length < requestedQuantity(request))
    return 'The order continues with the rest.';
  if (left.length === 0) return 'Nothing is left to order: edit the order or cancel it.';
  return request.partialAllowed
    ? `The order continues with ${listed(left)}.`
    : "It's for all numbers or none, so it will very likely deliver none.";
}

function lapsedLines(lapsed: readonly PhoneNumber[]): Line[] {
  if (lapsed.length === 0) return [];
  return [`⚠️ The hold on ${listed(lapsed)} expired. ${CHECKED}`];
}

function unavailableLines(holds: readonly HoldIn<'unavailable'>[], of: number, room: number): Line[] {
  const [first] = holds;
  if (first === undefined) return [];
  const why =
    first.advice === undefined ? "This Bandwidth account can't hold numbers." : typed(first.advice, room);
  const which = holds.length === of ? 'No number is held' : `Not held: ${listed(holds.map(numberOf))}`;
  return [`${which}. ${why} ${CHECKED}`];
}

function beyondLimitLines(holds: readonly HoldIn<'beyond-limit'>[]): Line[] {
  const [first] = holds;
  if (first === undefined) return [];
  const why = `At most ${count(first.most, 'number')} can be held per requester.`;
  return [`Not held: ${listed(holds.map(numberOf))}. ${why} ${CHECKED}`];
}

const CHECKED = 'Their availability is checked again at approval.';

const numberOf = ({ number }: Hold): PhoneNumber => number;
const numbersOf = (holds: readonly Hold[], state: Hold['state']): readonly PhoneNumber[] =>
  holds.filter(isHold(state)).map(numberOf);
const listed = (numbers: readonly PhoneNumber[]): string => listNumbers(numbers, NUMBERS_ON_A_CARD);
