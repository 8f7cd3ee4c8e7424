import { MAX_EDITS } from '../../../orders/domain/editions.js';
import { lostNumbers } from '../../../orders/domain/holds.js';
import { NUMBERS_ON_A_CARD, type Order, type OrderIn } from '../../../orders/domain/order.js';
import type { Bar } from '../../../orders/domain/standing.js';
import { type Approvers, type Policy, termsFor } from '../../../orders/policy/policy.js';
import type { RefusalCode } from '../../../orders/policy/refusal.js';
import { approversOf, type Limit, type Ruling, ruleInputsOf } from '../../../orders/policy/ruling.js';
import { approvalsSoFar, nameApproval, nameApprovers, nameDecider, stillNeeded } from '../approver-names.js';
import { barSentence, theirBarWords } from '../bar-words.js';
import { undoableUntil } from '../card/order-buttons.js';
import { isOnHold, isUndone } from '../card/order-headline.js';
import { count, exactMoment, figure, listNumbers, mention, moment } from '../format.js';
import { kindNoun, kindWords } from '../kind-words.js';
import { overLimitSentence } from '../limit-words.js';
import { NO_LONGER_KEPT } from './unknown-order.js';

/** Why a click or a submitted form had no effect. */
export type RefusalReason = RefusalCode | 'nothing-picked';

interface About {
  /** The order in its current state, if there is one. */
  readonly order?: Order | undefined;
  readonly policy: Policy;
  /** The order that is in the way, if any. */
  readonly other?: Order | undefined;
  /** The limit that was reached, if any. */
  readonly over?: Limit | undefined;
  /** How many approvals are required and how many there are, when there are too few. */
  readonly approvals?: { readonly required: number; readonly given: number } | undefined;
  /** What keeps the requester from ordering, if anything. */
  readonly bar?: Bar | undefined;
}

/**
 * Returns the private answer to the person who pressed: who can do it, what is left to do, or what happened instead.
 */
export const refusalSentence = (refusal: RefusalReason, about: About): string => sentences[refusal](about);

const sentences: Readonly<Record<RefusalReason, (about: About) => string>> = {
  'not-an-approver': (about) =>
    approversFor(about).anyone
      ? 'Only full members of this workspace can approve or decline this order.'
      : `Only approvers can decide: ${nameApprovers(approversFor(about))}.`,
  'member-unverified': () =>
    "Full members of this workspace can approve this, but I can't tell if you are one, because I'm missing a permission (`users:read`). Nothing was ordered or changed. An admin can reinstall the app to add it.",
  outsider: () => barSentence('outsider'),
  bot: () => barSentence('bot'),
  deactivated: () => barSentence('deactivated'),
  guest: () => "Guests can't approve or decline orders. Nothing was ordered or changed.",
  colleague: () => barSentence('colleague'),
  unplaced: () => barSentence('unplaced'),
  'account-unknown': () => barSentence('account-unknown'),
  barred: ({ bar }) => barSentence(bar ?? 'account-unknown'),
  'requester-barred': ({ bar, order }) =>
    `${order === undefined ? 'The requester' : mention(order.requester)} can't order or disconnect numbers now: ${theirBarWords[bar ?? 'account-unknown']}. Nothing was ordered or changed.`,
  'own-request': (about) => {
    const others = nameApprovers(stillAsked(about));
    return others === ''
      ? 'This is your own request, and no one else can decide on it. You can cancel it.'
      : `This is your own request, so someone else has to decide: ${others}. You can cancel it.`;
  },
  'approved-before': (about) =>
    `You've already approved this${about.order?.status === 'awaiting-approval' ? `: ${approvalsSoFar(about.order)}` : ''}. Someone else has to approve it too: ${whoElse(about)}.`,
  'approved-for-you': (about) =>
    `Your delegate has already approved this for you${about.order?.status === 'awaiting-approval' ? `: ${approvalsSoFar(about.order)}` : ''}. Someone else has to approve it too: ${whoElse(about)}.`,
  'stage-complete': ({ order }) =>
    `Every stage you can approve has enough approvals already${order?.status === 'awaiting-approval' ? `. ${approvalsSoFar(order)} so far${missing(order)}` : ''}.`,
  'already-decided': ({ order }) => (order === undefined ? noSuchOrder : whatHappened(order)),
  'changed-since': ({ order }) =>
    `${goneSince(order)}The order has changed since that card was drawn. Read the updated card, then decide.`,
  'not-yours': (about) => {
    const { order } = about;
    const named = nameApprovers(approversFor(about));
    return order === undefined
      ? `Only the requester and the approvers (${named}) can cancel an order.`
      : `Only ${mention(order.requester)} and the approvers (${named}) can ${actionWanted(order)} this ${kindNoun(order.request)}.`;
  },
  'not-the-requester': ({ order }) =>
    `Only ${order === undefined ? 'the requester' : mention(order.requester)} can edit this${order === undefined ? '' : ` ${kindNoun(order.request)}`}. Approvers can decline it and say what to change.`,
  'edited-too-often': () =>
    `A request can be edited ${MAX_EDITS} times, and this one was. Nothing was changed. Cancel it and submit a new one.`,
  'no-such-order': () => noSuchOrder,
  'no-longer-kept': () => NO_LONGER_KEPT,
  'perhaps-sent': ({ order }) =>
    `I can't tell yet whether Bandwidth has this ${order === undefined ? 'order' : kindNoun(order.request)} already, so I didn't cancel it. I won't send it until I know. Try again in a minute.`,
  'sent-before': () =>
    'This form was already submitted with different content, and its card is posted. To request this, close the form and start a new one.',
  'nothing-left': ({ order }) =>
    `${goneSince(order)}Nothing was ordered. The requester can edit the order or cancel it; approvers can decline it.`,
  'activation-under-way': ({ other }) =>
    `${other === undefined ? 'Someone' : mention(other.requester)} has already requested to activate these numbers${other === undefined ? '' : `, ${moment(other.requestedAt)}`}. Nothing more was requested.`,
  'disconnected-since': () =>
    'These numbers were disconnected after they were delivered. Nothing was requested.',
  'nothing-to-activate': () =>
    'None of these numbers is ready for everything you chose. Nothing was requested. Choose fewer services.',
  'too-many': ({ over, order }) =>
    over === undefined
      ? 'That is more than the policy allows. Request fewer.'
      : overLimitSentence(over, order?.requester),
  'too-few-approvals': ({ approvals }) =>
    `This order needs ${approvals === undefined ? 'more approvals now than it has' : `${count(approvals.required, 'approval')} now, and has ${figure(approvals.given)} with yours`}. Nothing was resubmitted. Give it up, and submit a new request.`,
  'approval-unknown': () =>
    "I can't check with Slack whether the people who requested and approved this still can. Nothing was resubmitted. Try again in a minute.",
  'nothing-picked': () => 'Tick at least one number first, then press *Order selected…* again.',
};

/**
 * Explains why the policy doesn't allow anyone to request this, or not here, or not this many; undefined when it can be
 * requested.
 */
export function rulingSentence(ruling: Ruling, policy: Policy): string | undefined {
  if (ruling.verdict === 'barred') return barSentence(ruling.bar);
  // The form says which sub-account it is, and a rule for that one may allow more.
  if (policy.rules.some(({ sites }) => sites !== undefined)) return undefined;
  return ruling.verdict === 'refused'
    ? refusalSentence('too-many', { policy, over: ruling.because })
    : undefined;
}

/** Returns the same under a field of the edit form, where Slack renders neither mentions nor times. */
export function refusalUnderField(refusal: RefusalReason, about: About): string {
  switch (refusal) {
    case 'already-decided':
      return `This ${about.order === undefined ? 'order' : kindNoun(about.order.request)} ${whatBecame(about.order)} in the meantime, so nothing was changed.`;
    case 'changed-since':
      return 'This was edited in another form. Close this one and press Edit… again.';
    case 'too-many':
      return about.over === undefined ? refusalSentence(refusal, about) : overLimitSentence(about.over);
    case 'activation-under-way':
      return 'Someone has already requested to activate these numbers. Nothing more was requested.';
    case 'not-the-requester':
      return 'Only the requester can edit it.';
    default:
      return refusalSentence(refusal, about);
  }
}

function whatBecame(order: Order | undefined): string {
  switch (order?.status) {
    case 'declined':
      return 'was declined';
    case 'cancelled':
      return 'was canceled';
    case 'expired':
      return 'expired';
    default:
      return 'was approved';
  }
}

const noSuchOrder =
  'I have no record of this order, so nothing was done. An admin can check whether my database was replaced or restored from a backup.';

/** The approvers of the order in question, or the default ones when there is none. */
function approversFor({ order, policy }: About): Approvers {
  return order === undefined ? policy.approvers : termsFor(policy, ruleInputsOf(order)).approvers;
}

/** The same without those who have already approved, and without a requester who can't. */
function stillAsked(about: About): Approvers {
  const { order, policy } = about;
  return order?.status === 'awaiting-approval' ? approversOf(order, policy) : approversFor(about);
}

function whoElse(about: About): string {
  const { order } = about;
  const needed = order?.status === 'awaiting-approval' ? stillNeeded(order) : '';
  return needed === '' ? nameApprovers(stillAsked(about)) : needed;
}

function missing(order: OrderIn<'awaiting-approval'>): string {
  const needed = stillNeeded(order);
  return needed === '' ? '' : `; still needed: ${needed}`;
}

function goneSince(order: Order | undefined): string {
  const gone = order === undefined ? [] : lostNumbers(order, 'gone');
  return gone.length === 0
    ? ''
    : `Bandwidth says that ${listNumbers(gone, NUMBERS_ON_A_CARD)} ${gone.length === 1 ? 'is' : 'are'} no longer available. `;
}

function actionWanted(order: Order): string {
  if (order.status === 'placed') return 'close the back-order of';
  if (order.status === 'placing') return 'give up';
  return undoableUntil(order) === undefined ? 'cancel' : 'undo';
}

function whatComes(order: OrderIn<'approved'>): string {
  const until = undoableUntil(order);
  if (until !== undefined && isOnHold(order)) return 'it is on hold, and *Undo* cancels it';
  if (until !== undefined)
    return `it goes to Bandwidth at ${exactMoment(until)}, and *Undo* stops it until then`;
  return `it is about to be ${kindWords[order.request.kind].verbed}`;
}

function whatHappened(order: Order): string {
  const { nothingDone, notSent } = kindWords[order.request.kind];
  switch (order.status) {
    case 'awaiting-approval':
      return 'Someone else was faster, and the order is waiting for a decision again. Check the card.';
    case 'declined':
      return `Already declined by ${nameDecider(order)}, ${moment(order.at)}. ${nothingDone}`;
    case 'expired':
      return `It wasn't approved in time and expired ${moment(order.at)}. ${nothingDone} *Ask again…* on the card opens the same form.`;
    case 'cancelled':
      return `Already ${isUndone(order) ? 'undone' : 'canceled'} by ${mention(order.by)}, ${moment(order.at)}. ${notSent}`;
    case 'approved':
      return `${approved(order)}; ${whatComes(order)}.`;
    case 'placed': {
      const { closing } = order;
      if (closing !== undefined) {
        return `${mention(closing.by)} is closing the back-order already, ${moment(closing.at)}.`;
      }
      return `${approved(order)}, and on its way to Bandwidth: it can't be stopped now.`;
    }
    case 'given-up':
      return `${mention(order.by)} gave up on this already, ${moment(order.at)}.`;
    case 'placing':
    case 'ordering':
      return `${approved(order)}, and on its way to Bandwidth: it can't be stopped now.`;
    case 'refused':
      return `${approved(order)}, but Bandwidth refused it. ${nothingDone}`;
    case 'complete':
    case 'partial':
    case 'failed':
      return `${approved(order)}, and finished, ${moment(order.at)}.`;
  }
}

const approved = ({ approval }: Extract<Order, { approval: unknown }>): string =>
  `Already approved by ${nameApproval(approval)}, ${moment(approval.at)}`;
