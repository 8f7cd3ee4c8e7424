import type { Order } from '../../../orders/domain/order.js';
import { givingUp } from '../../../orders/domain/unanswered.js';
import { nameResubmitter } from '../approver-names.js';
import { mention, moment, typed } from '../format.js';
import { kindNoun, kindWords } from '../kind-words.js';
import {
  canNotBeAsked,
  noRecord,
  refusalWords,
  unclearAnswer,
  unclearComplaints,
} from '../order/lost-words.js';
import { reasonWords } from '../reason-words.js';
import { messageRoom } from './message-room.js';

// What the thread says while it isn't known whether Bandwidth has an order, and how that ended.

/** Says that the request was sent and its answer is inconclusive. */
export function outcomeUnknownText(order: Order): string[] {
  const words = kindWords[order.request.kind];
  return [
    `${mention(order.requester)} ${unclearAnswer(order)}, so I don't know yet whether it has the ${words.title.toLowerCase()}.`,
    ...unclearComplaints(order, messageRoom.faults),
    words.neverTwice,
  ];
}

/** Says that Bandwidth has no record of the order, and asks people to decide. */
export function untracedText(order: Order): string[] {
  const words = kindWords[order.request.kind];
  return [
    whyPeopleDecide(order),
    ...refusalWords(order, { ...messageRoom.faults, advice: messageRoom.advice }),
    `*Check again* on the card looks it up now; *${words.again}* lets an approver resubmit it. ${words.riskOfAgain} *Give up* ends it.`,
  ];
}

function whyPeopleDecide(order: Order): string {
  const whom = mention(order.requester);
  if (order.status === 'placing' && order.notSentAgain !== undefined) {
    return `${whom} ${noRecord(order)} ${typed(reasonWords(order.notSentAgain.advice), messageRoom.advice)}`;
  }
  const isSentTwice = order.status === 'placing' && order.approval.again !== undefined;
  const why = isSentTwice
    ? "I've sent it twice already, so I'm asking before I do anything more"
    : "I won't resubmit it on my own";
  return `${whom} I looked several times, and Bandwidth has no record of this ${kindNoun(order.request)}. Very likely the request never arrived, but ${why}.`;
}

/** Says that Bandwidth couldn't be asked about the order. */
export const notKnownText = (order: Order): string[] => [
  `${mention(order.requester)} ${canNotBeAsked(order)} Nothing is resubmitted, and I'll keep trying.`,
  `*Check again* on the card looks it up now; *${kindWords[order.request.kind].again}* lets an approver resubmit it once Bandwidth says it has no record of it. *Give up* ends it.`,
];

/** Undefined if no one gave up on the order. */
export function givenUpText(order: Order): string[] | undefined {
  const event = givingUp(order);
  if (event === undefined) return undefined;
  const known = event.noTrace
    ? noRecord(order)
    : `I don't know whether Bandwidth received this ${kindNoun(order.request)}.`;
  return [
    `${known} ${mention(event.by)} gave up on it. ${kindWords[order.request.kind].notResubmitted}`,
    `I'll keep looking for it until ${moment(event.soughtUntil)}, and post here if it turns up.`,
  ];
}

/** Says that an order which someone gave up on is at Bandwidth after all. Undefined if no one did. */
export function turnedUpText(order: Order): string[] | undefined {
  const by = givingUp(order)?.by;
  if (by === undefined) return undefined;
  const own = by.userId === order.requester.userId;
  return [
    `${(own ? [by] : [order.requester, by]).map(mention).join(' ')} Bandwidth has this ${kindNoun(order.request)} after all, though ${own ? 'you' : mention(by)} gave up on it. I'm following it and will post the result here.`,
  ];
}

/** Says who had the order sent a second time. Undefined if it wasn't. */
export function resubmittedText(order: Order): string[] | undefined {
  if (!('approval' in order) || order.approval?.again === undefined) return undefined;
  const { again } = order.approval;
  return [
    again.by === undefined
      ? `I looked several times, and Bandwidth has no record of this ${kindNoun(order.request)}, so I resubmitted it. ${kindWords[order.request.kind].onceOnly}`
      : `${nameResubmitter(again)} resubmitted the ${kindNoun(order.request)}.`,
  ];
}
