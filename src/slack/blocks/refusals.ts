import { lostNumbers } from '../../orders/holds.js';
import { NUMBERS_ON_A_CARD, type Order, type OrderIn } from '../../orders/order.js';
import type { Policy, ReviewRefusal } from '../../orders/policy.js';
import { kindWords } from './kind-words.js';
import { undoableUntil } from './order-buttons.js';
import { isUndone } from './order-card.js';
import { exactMoment, figure, listNumbers, mention, mentionGroup, moment } from './vocabulary.js';

/** Why something a person pressed or submitted was not done. */
export type Refusal =
  | ReviewRefusal
  | 'already-decided'
  | 'changed-since'
  | 'not-yours'
  | 'no-such-order'
  | 'sent-before'
  | 'too-many'
  | 'nothing-picked';

interface About {
  /** The order as it stands, where there is one. */
  readonly order?: Order | undefined;
  readonly policy: Policy;
}

/** What the person who pressed is told, alone: who can, what is left to do, or what happened instead. */
export const refusalSentence = (refusal: Refusal, about: About): string => sentences[refusal](about);

const sentences: Readonly<Record<Refusal, (about: About) => string>> = {
  'not-an-approver': ({ policy }) =>
    policy.approvers.anyone
      ? "Only people of the requester's own workspace can decide about this order."
      : `Only approvers can decide: ${approvers(policy)}.`,
  'own-request': ({ policy }) =>
    `You asked for this yourself, so somebody else has to decide: ${approvers(policy)}. You can cancel it.`,
  'already-decided': ({ order }) => (order === undefined ? noSuchOrder : whatHappened(order)),
  'changed-since': ({ order }) =>
    `${goneSince(order)}The order is not what that card showed. I have drawn the card again: please read it and decide anew.`,
  'not-yours': ({ order, policy }) =>
    order === undefined
      ? `Only whoever asked for an order can cancel it, and the approvers: ${approvers(policy)}.`
      : `Only ${mention(order.requester)} can ${whatTheyWished(order)} this ${nameOf(order)}, and the approvers: ${approvers(policy)}.`,
  'no-such-order': () => noSuchOrder,
  'sent-before': () =>
    'This form was sent before with something else in it, and its card is posted. For this, close the form and start a new one.',
  'too-many': ({ policy }) =>
    `One order may have at most ${figure(policy.maxNumbersPerOrder)} numbers. Ask for fewer, or make several orders.`,
  'nothing-picked': () => 'Tick at least one number first, then press *Order selected…* again.',
};

const noSuchOrder =
  'I do not know this order any more, so nothing was done. Please ask for the numbers again.';

/** A person reads a sentence, not a list of everybody. */
const APPROVERS_NAMED = 10;

function approvers({ approvers: { anyone, users, groups } }: Policy): string {
  if (anyone) return 'anybody here but the requester';
  const names = [...groups.map(mentionGroup), ...users.map((userId) => mention({ userId }))];
  const more = names.length - APPROVERS_NAMED;
  const named = names.slice(0, APPROVERS_NAMED).join(', ');
  return more > 0 ? `${named} and ${figure(more)} more` : named;
}

function goneSince(order: Order | undefined): string {
  const gone = order === undefined ? [] : lostNumbers(order, 'gone');
  return gone.length === 0
    ? ''
    : `Bandwidth says that ${listNumbers(gone, NUMBERS_ON_A_CARD)} cannot be had any more. `;
}

function whatTheyWished(order: Order): string {
  if (order.status === 'placed') return 'close the back-order of';
  return undoableUntil(order) === undefined ? 'cancel' : 'undo';
}

const nameOf = ({ request }: Order): string => kindWords[request.kind].title.toLowerCase();

function whatComes(order: OrderIn<'approved'>): string {
  const until = undoableUntil(order);
  if (until !== undefined)
    return `it goes to Bandwidth at ${exactMoment(until)}, and *Undo* stops it until then`;
  return order.request.kind === 'purchase' ? 'it is about to be ordered' : 'it is about to be disconnected';
}

function whatHappened(order: Order): string {
  const { nothingDone } = kindWords[order.request.kind];
  switch (order.status) {
    case 'awaiting-approval':
      return 'Somebody else was a moment faster, and the order waits for a decision again. Please look at the card.';
    case 'declined':
      return `Already declined by ${mention(order.by)}, ${moment(order.at)}. ${nothingDone}`;
    case 'cancelled':
      return `Already ${isUndone(order) ? 'undone' : 'cancelled'} by ${mention(order.by)}, ${moment(order.at)}. ${nothingDone}`;
    case 'approved':
      return `${approved(order)}; ${whatComes(order)}.`;
    case 'placed': {
      const { closing } = order;
      if (closing !== undefined) {
        return `${mention(closing.by)} is closing the back-order already, ${moment(closing.at)}.`;
      }
      return `${approved(order)}, and on its way to Bandwidth: it cannot be stopped any more.`;
    }
    case 'placing':
      return `${approved(order)}, and on its way to Bandwidth: it cannot be stopped any more.`;
    case 'refused':
      return `${approved(order)}, but Bandwidth refused it. ${nothingDone}`;
    case 'complete':
    case 'partial':
    case 'failed':
      return `${approved(order)}, and finished, ${moment(order.at)}.`;
  }
}

const approved = ({ approval }: Extract<Order, { approval: unknown }>): string =>
  `Already approved by ${mention(approval.by)}, ${moment(approval.at)}`;
