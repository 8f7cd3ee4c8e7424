import type { Order } from '../../../orders/domain/order.js';
import { requestedQuantity } from '../../../orders/domain/request.js';
import { codeSpan, cut } from '../../text/escape.js';
import { lineGroups, refusalsInWords } from '../card/lines-so-far.js';
import { count, figure, listNumbers, mention, typed } from '../format.js';
import { kindWords } from '../kind-words.js';
import { kindDrawings } from '../kinds/table.js';
import { requestInText } from '../order/describe-request.js';
import { perhapsSomebodyElses } from '../order/lost-words.js';
import {
  contradictions,
  duplicateLines,
  type Finished,
  faultLines,
  quantityDelivered,
  unexplained,
} from '../order/outcome.js';
import { areActive, orderServiceLines } from '../order/service-words.js';
import { messageRoom } from './message-room.js';

// What the thread says about how an order ended at Bandwidth. Each is undefined for an order that didn't end there.

export const refusedText = (order: Order): string[] | undefined =>
  order.status === 'refused'
    ? [
        `${mention(order.requester)} Bandwidth refused your ${requestInText(order.request)}. ${kindWords[order.request.kind].nothingDone}`,
        typed(order.advice, messageRoom.advice),
        ...faultLines(order.faults, messageRoom.faults),
      ]
    : undefined;

export function outcomeText(order: Order): string[] | undefined {
  switch (order.status) {
    case 'complete':
      return [...complete(order), ...notes(order)];
    case 'partial':
      return [...partial(order), ...linesInText(order), ...notes(order)];
    case 'failed':
      return [...failed(order), ...linesInText(order), ...notes(order)];
    default:
      return undefined;
  }
}

/** What became known about the numbers only after the outcome was posted. */
export function servicesText(order: Order): string[] | undefined {
  if (order.status !== 'complete' && order.status !== 'partial' && order.status !== 'failed') {
    return undefined;
  }
  const { completed } = order.outcome;
  const news = areActive(order)
    ? `${nowIs(order, completed.length)}: ${listNumbers(completed, messageRoom.numbers)}`
    : `this is what Bandwidth says about the numbers of your ${requestInText(order.request)}:`;
  return [`${mention(order.requester)} ${news}`, ...orderServiceLines(order)];
}

function complete(order: Finished): string[] {
  const quantity = quantityDelivered(order);
  const asked = requestedQuantity(order.request);
  return [
    `${mention(order.requester)} ${deliveredAll(order, quantity)}`,
    ...(quantity === undefined || quantity === asked ? [] : [`You requested ${figure(asked)}.`]),
    ...orderServiceLines(order),
    ...notAllListed(order, quantity),
    ...faultLines(order.outcome.faults, messageRoom.faults),
  ];
}

function deliveredAll(order: Finished, quantity: number | undefined): string {
  const { completed } = order.outcome;
  if (quantity === undefined) {
    return `Bandwidth says your ${requestInText(order.request)} is complete, but not how many numbers it ${doneOf(order)}.`;
  }
  const listed = completed.length > 0 ? `: ${listNumbers(completed, messageRoom.numbers)}` : '.';
  return `${nowIs(order, quantity)}${listed}`;
}

function partial(order: Finished): string[] {
  const { completed } = order.outcome;
  const { partlyDone } = kindWords[order.request.kind];
  const done = areActive(order) ? 'Active' : partlyDone;
  return [
    `${mention(order.requester)} ${partlyInWords(order, quantityDelivered(order))}`,
    ...(completed.length > 0 ? [`${done}: ${listNumbers(completed, messageRoom.numbers)}`] : []),
    ...orderServiceLines(order),
    ...notAllListed(order, quantityDelivered(order)),
    ...whatFailed(order),
  ];
}

function failed(order: Finished): string[] {
  const { completed } = order.outcome;
  return [
    `${mention(order.requester)} your ${requestInText(order.request)} failed${howFar(order, quantityDelivered(order))}`,
    ...(completed.length > 0
      ? [
          `Bandwidth still lists these as ${doneOf(order)}: ${listNumbers(completed, 10)}`,
          ...orderServiceLines(order),
        ]
      : []),
    ...contradictions(order),
    ...whatFailed(order),
  ];
}

/** Numbers are called active only if Bandwidth says that calls work on all of them. */
function nowIs(order: Finished, quantity: number): string {
  const isActive = areActive(order) && order.outcome.completed.length >= quantity;
  const state = isActive ? 'active' : kindWords[order.request.kind].state;
  return quantity === 1 ? `your number is ${state}` : `your ${count(quantity, 'number')} are ${state}`;
}

/** "2 of the 5 numbers you ordered were delivered." */
function partlyInWords(order: Finished, quantity: number | undefined): string {
  const { partly, requested } = kindWords[order.request.kind];
  const asked = `the ${count(requestedQuantity(order.request), 'number')}`;
  return quantity === undefined
    ? `${partly}, but Bandwidth doesn't say how many of ${asked} it ${doneOf(order)}.`
    : `${wasOrWere(quantity, `${asked} ${requested}`)} ${doneOf(order)}.`;
}

/** How much of a failed order was done all the same; follows "failed". */
function howFar(order: Finished, quantity: number | undefined): string {
  const asked = figure(requestedQuantity(order.request));
  if (quantity === undefined) return `, and Bandwidth doesn't say how many numbers it ${doneOf(order)}.`;
  return quantity === 0
    ? `: no number was ${doneOf(order)}.`
    : `: ${wasOrWere(quantity, asked)} ${doneOf(order)}.`;
}

const wasOrWere = (quantity: number, of: string): string =>
  `${quantity === 0 ? 'none' : figure(quantity)} of ${of} ${quantity > 1 ? 'were' : 'was'}`;

const doneOf = ({ request }: Finished): string => kindWords[request.kind].done.toLowerCase();

/** A finished order may not list its numbers. They are never guessed. */
function notAllListed(order: Finished, quantity: number | undefined): string[] {
  const { completed, unread } = order.outcome;
  const odd = contradictions(order);
  const listed = completed.length;
  if (quantity !== undefined && listed >= quantity) return odd;
  const where =
    order.lines === undefined
      ? `Find them in your Bandwidth account, under order ${codeSpan(cut(order.carrierOrderId, 100))}.`
      : 'Find them in your Bandwidth account: the file below names the order of each line.';
  if (unread !== undefined) return [...odd, where];
  return listed === 0
    ? [...odd, `Bandwidth didn't list the numbers. ${where}`]
    : [`Bandwidth listed only ${figure(listed)} of them. ${where}`];
}

function whatFailed(order: Finished): string[] {
  const faults = faultLines(order.outcome.faults, messageRoom.faults);
  const refusals = refusalsInWords(order, 900);
  const missing = unexplained(order);
  return [
    ...refusals,
    ...(faults.length > 0 ? ['Bandwidth says:', ...faults] : []),
    ...(faults.length === 0 && refusals.length === 0 && !isRestCanceled(order)
      ? ['Bandwidth gave no reason.']
      : []),
    ...(missing.length > 0 ? [`${kindWords[order.request.kind].notDone}: ${listNumbers(missing, 20)}`] : []),
  ];
}

/** Whether the missing lines were canceled before they were sent, so that Bandwidth has no reason to give. */
const isRestCanceled = ({ lines }: Finished): boolean =>
  lines?.every(({ status }) => status === 'complete' || status === 'cancelled') === true;

/** Which lines were delivered and which weren't. */
const linesInText = (order: Order): string[] =>
  lineGroups(order, { quoted: 1_500 }).map((line) =>
    typeof line === 'string' ? line : `${line.label}: ${line.value}`,
  );

/** What is worth knowing about the numbers, whatever the outcome. */
const notes = (order: Finished): string[] => [
  ...perhapsSomebodyElses(order),
  ...kindDrawings[order.request.kind].outcomeNotes(order),
  ...duplicateLines(order),
];
