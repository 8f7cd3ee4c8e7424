import { awaitedQuantity, closeRequestOf } from '../../../orders/domain/back-order.js';
import { deliveredSoFar } from '../../../orders/domain/carrier-report.js';
import type { Order } from '../../../orders/domain/order.js';
import { figure, listNumbers, mention, typed } from '../format.js';
import { kindWords } from '../kind-words.js';
import { requestedInText } from '../order/describe-request.js';
import { faultLines } from '../order/outcome.js';
import { messageRoom } from './message-room.js';

// What the thread says about numbers that Bandwidth delivers later, and about closing such a back-order.

export function backOrderedText(order: Order): string[] {
  const words = kindWords[order.request.kind];
  return [
    `${mention(order.requester)} Bandwidth has back-ordered ${whatIsAwaited(order)}.`,
    `${words.toBeContinued} I'll keep watching and post any news here.`,
    ...(order.status === 'placed' && order.carrierOrder.completed.length > 0
      ? [`${words.doneSoFar}: ${listNumbers(order.carrierOrder.completed, messageRoom.numbers)}.`]
      : []),
  ];
}

/** "5 numbers in 910", or the rest of them. */
function whatIsAwaited(order: Order): string {
  const all = requestedInText(order.request);
  const came = order.status === 'placed' ? deliveredSoFar(order.carrierOrder) : 0;
  const awaited = order.status === 'placed' ? awaitedQuantity(order) : 0;
  if (came === 0 || awaited === 0) return all;
  const done = kindWords[order.request.kind].done.toLowerCase();
  return `the rest of ${all}: ${figure(came)} ${done}, ${figure(awaited)} pending`;
}

/** Undefined if no one is closing the back-order. */
export function closingText(order: Order): string[] | undefined {
  const request = closeRequestOf(order);
  return (
    request && [
      `${mention(request.by)} is closing the back-order: I'm asking Bandwidth to stop looking for the rest. Delivered numbers are kept.`,
    ]
  );
}

/** Says that Bandwidth refused to close it. Undefined if it didn't. */
export function notClosedText(order: Order): string[] | undefined {
  if (order.status !== 'placed' || order.notClosed === undefined) return undefined;
  const { wanted, advice, faults } = order.notClosed;
  return [
    `${mention(wanted.by)} the back-order isn't closed, and Bandwidth keeps looking. ${typed(advice, messageRoom.advice)}`,
    ...faultLines(faults, messageRoom.faults),
  ];
}
