import type { UnclearResponse } from '../../../orders/domain/carrier-report.js';
import type { Order } from '../../../orders/domain/order.js';
import type { OrderEvent } from '../../../orders/domain/order-event.js';
import { matchedByNumbers, refusalOfSecond } from '../../../orders/domain/unanswered.js';
import { codeSpan, cut } from '../../text/escape.js';
import { typed } from '../format.js';
import { kindNoun } from '../kind-words.js';
import { type FaultRoom, faultLines } from './outcome.js';

/* What people read about an order whose outcome at Bandwidth isn't known. */

/** The private answer to **Check again**. */
export const CHECKING_AGAIN =
  "I'm checking again. If the order turns up, the card shows it within seconds. If not, the card doesn't change.";

/** Describes the answer to the request, as far as it is known; without a period. */
export function unclearAnswer(order: Order): string {
  const { request, events } = order;
  const lastSent = events.findLast(({ what }) => sendings.includes(what))?.what;
  if (lastSent === 'sent-before') return 'My database went back in time and lost what became of it';
  const { heard } = lastHeard(order);
  if (heard === undefined) return "I was interrupted before I had Bandwidth's answer";
  if (heard === 'nothing') return "Bandwidth didn't answer";
  return heard >= 400
    ? `Bandwidth answered with error ${heard}`
    : `Bandwidth answered, but didn't say whether it accepted the ${kindNoun(request)}`;
}

/** Returns the errors in that answer, in Bandwidth's own codes and words. */
export function unclearComplaints(order: Order, room: FaultRoom): string[] {
  const { faults = [] } = lastHeard(order);
  return faults.length === 0 ? [] : ['Bandwidth says:', ...faultLines(faults, room)];
}

/** Why Bandwidth refused the second request, while the outcome of the first isn't known. */
export function refusalWords(order: Order, room: FaultRoom & { readonly advice: number }): string[] {
  const refusal = refusalOfSecond(order);
  return refusal === undefined
    ? []
    : [typed(refusal.advice, room.advice), ...faultLines(refusal.faults, room)];
}

/** Warns that the carrier order we follow may not be ours. */
export function perhapsSomebodyElses(order: Order): string[] {
  const id = matchedByNumbers(order);
  if (id === undefined) return [];
  const known = `⚠️ Bandwidth has a ${kindNoun(order.request)} of these numbers, ${codeSpan(cut(id, 100))}, without this order's ID; it may be someone else's.`;
  return [
    order.status === 'failed' || order.status === 'partial'
      ? `${known} If it is, I don't know what became of this request. Check the numbers in Bandwidth.`
      : known,
  ];
}

/** What came back for the last request. */
function lastHeard({ events }: Order): UnclearResponse {
  const sentAt = events.findLastIndex(({ what }) => sendings.includes(what));
  const answer = events.slice(sentAt + 1).findLast(({ what }) => what === 'answer-unknown');
  return answer?.what === 'answer-unknown' ? answer : {};
}

const sendings: readonly OrderEvent['what'][] = ['placing', 'placing-again', 'sent-before'];

export const noRecord = ({ request }: Order): string =>
  `Bandwidth has no record of this ${kindNoun(request)}.`;

export const canNotBeAsked = ({ request }: Order): string =>
  `I can't check this ${kindNoun(request)} with Bandwidth right now, so I don't know whether it arrived.`;
