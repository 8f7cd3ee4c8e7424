import { type AnnouncementKind, askedQuantity, type Order, type OrderIn } from '../../orders/order.js';
import { codeSpan, cut } from '../escape.js';
import { deliveredQuantity, type FaultRoom, type Finished, faultLines, unexplained } from './outcome.js';
import { count, figure, listNumbers, mention, quoted, typed } from './vocabulary.js';
import { subject } from './wanted.js';

/** So many numbers fit beside Bandwidth's errors in one message. */
const NUMBERS_SHOWN = 80;
const faultRoom: FaultRoom = { kinds: 5, words: 200, numbers: 5 };

/**
 * What the thread of an order is told. Text alone: it is a sentence, not a picture.
 * Throws when the order never was in the state that `kind` tells of.
 */
export function announcement(order: Order, kind: AnnouncementKind): { text: string } {
  return { text: sentences(order, kind).join('\n') };
}

function sentences(order: Order, kind: AnnouncementKind): string[] {
  switch (kind) {
    case 'approved':
      if ('approval' in order) return [`Approved by ${mention(order.approval.by)}.`];
      break;
    case 'declined':
      if (order.status === 'declined') return declined(order);
      break;
    case 'cancelled':
      if (order.status === 'cancelled') {
        return [`Cancelled by ${mention(order.by)}. Nothing was ordered.`];
      }
      break;
    case 'refused':
      if (order.status === 'refused') return refused(order);
      break;
    case 'unknown':
      return [
        `${mention(order.requester)} Bandwidth did not answer, so I do not know yet whether it took the order.`,
        'I am looking the order up before doing anything else, so that nothing is bought twice.',
      ];
    case 'backordered':
      return [
        `${mention(order.requester)} Bandwidth has back-ordered ${asked(order)}: not everything is in stock.`,
        'It delivers when it can, which may take days. I keep watching and will say so here.',
        ...(order.status === 'placed' && order.carrierOrder.completed.length > 0
          ? [`Delivered so far: ${listNumbers(order.carrierOrder.completed, NUMBERS_SHOWN)}.`]
          : []),
      ];
    case 'outcome':
      switch (order.status) {
        case 'complete':
          return complete(order);
        case 'partial':
          return partial(order);
        case 'failed':
          return failed(order);
        default:
          break;
      }
  }
  throw new Error(`order ${order.id} is ${order.status}: there is nothing "${kind}" to tell of it`);
}

const asked = (order: Order): string => typed(subject(order.request.wanted), 300);

const declined = (order: OrderIn<'declined'>): string[] => [
  `${mention(order.requester)} ${mention(order.by)} declined your order of ${asked(order)}:`,
  quoted(order.why, 2800),
];

const refused = (order: OrderIn<'refused'>): string[] => [
  `${mention(order.requester)} Bandwidth refused your order of ${asked(order)}. Nothing was ordered.`,
  typed(order.advice, 800),
  ...faultLines(order.faults, faultRoom),
];

function complete(order: Finished): string[] {
  const quantity = deliveredQuantity(order);
  const { completed } = order.outcome;
  const short = quantity !== undefined && quantity !== askedQuantity(order.request);
  return [
    quantity === undefined
      ? `${mention(order.requester)} Bandwidth says your order of ${asked(order)} is complete, but not how many numbers it delivered.`
      : `${mention(order.requester)} ${active(quantity)}${completed.length > 0 ? `: ${listNumbers(completed, NUMBERS_SHOWN)}` : '.'}`,
    ...(short ? [`You asked for ${figure(askedQuantity(order.request))}.`] : []),
    ...notAllListed(order, quantity),
    ...faultLines(order.outcome.faults, faultRoom),
  ];
}

function active(quantity: number): string {
  return quantity === 1 ? 'your number is active' : `your ${count(quantity, 'number')} are active`;
}

/** A finished order need not list its numbers; which they are is never guessed. */
function notAllListed(order: Finished, quantity: number | undefined): string[] {
  const listed = order.outcome.completed.length;
  if (quantity !== undefined && listed >= quantity) return [];
  const where = `You find them in your Bandwidth account, under order ${codeSpan(cut(order.carrierOrderId, 100))}.`;
  return listed === 0
    ? [`Bandwidth did not list the numbers. ${where}`]
    : [`Bandwidth listed only ${figure(listed)} of them. ${where}`];
}

function partial(order: Finished): string[] {
  const { completed } = order.outcome;
  const quantity = deliveredQuantity(order);
  return [
    `${mention(order.requester)} your order came in part: ${askedAgainstCame(order, quantity)}`,
    ...(completed.length > 0 ? [`Active: ${listNumbers(completed, NUMBERS_SHOWN)}`] : []),
    ...notAllListed(order, quantity),
    ...whatFailed(order),
  ];
}

const failed = (order: Finished): string[] => [
  `${mention(order.requester)} your order of ${asked(order)} failed: ${askedAgainstCame(order, deliveredQuantity(order))}`,
  ...(order.outcome.completed.length > 0
    ? [`Bandwidth lists these as delivered all the same: ${listNumbers(order.outcome.completed, 10)}`]
    : []),
  ...whatFailed(order),
];

function askedAgainstCame({ request }: Finished, quantity: number | undefined): string {
  const wanted = figure(askedQuantity(request));
  if (quantity === undefined)
    return `of the ${wanted} you asked for, Bandwidth does not say how many it delivered.`;
  return quantity === 0
    ? `you asked for ${wanted}, and none was delivered.`
    : `you asked for ${wanted}, and ${figure(quantity)} came.`;
}

function whatFailed(order: Finished): string[] {
  const faults = faultLines(order.outcome.faults, faultRoom);
  const missing = unexplained(order);
  return [
    ...(faults.length > 0 ? ['Bandwidth says:', ...faults] : ['Bandwidth gave no reason.']),
    ...(missing.length > 0 ? [`Not delivered: ${listNumbers(missing, 20)}`] : []),
  ];
}
