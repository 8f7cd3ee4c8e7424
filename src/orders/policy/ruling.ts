import { type LimitStanding, type RequiredApproval, validApprovals } from '../domain/approval.js';
import type { Order, OrderIn } from '../domain/order.js';
import {
  askedQuantity,
  type OrderRequest,
  type Person,
  type Timestamp,
  takesProtected,
  type Wanted,
} from '../domain/request.js';
import type { AccountBar, Bar, Standing } from '../domain/standing.js';
import { nextDay, nextMonth, type Usage } from '../domain/tally.js';
import { approvingBar, requestBar } from './admission.js';
import {
  type Approvers,
  type Asked,
  type AskedThere,
  type Policy,
  type RuleKind,
  type Terms,
  type TermsThatHold,
  termsFor,
} from './policy.js';

/** One limit, with what a person needs to know to ask for less, or later. */
export interface Limit {
  readonly limit: 'order' | 'day' | 'month';
  readonly most: number;
  /** How many could still be asked for now. */
  readonly left: number;
  /** When it begins anew; absent for the limit of one order, which never does. */
  readonly freshAt?: Timestamp;
}

/**
 * What the policy says to somebody who asks for something. Every place that lets an order pass, or tells people whether
 * it would, takes it from here.
 */
export type Ruling = {
  /** How many must approve, who may, and whatever else holds. */
  readonly terms: TermsThatHold;
  /** What each limit leaves, before this. */
  readonly room: readonly Limit[];
  /** How many numbers the requester may still have today without anybody's approval. */
  readonly freeLeft: number;
} & (
  | { readonly verdict: 'refused'; readonly because: Limit }
  /** This person, or anybody in this channel, can't request it. */
  | { readonly verdict: 'barred'; readonly bar: Bar }
  /** No person is needed; `rule` says why, and goes on record in a person's place. */
  | { readonly verdict: 'automatic'; readonly rule: string; readonly standing: LimitStanding }
  | { readonly verdict: 'needs-approval'; readonly standing: LimitStanding }
);

/** One that lets the request be put on record. */
export type PassingRuling = Exclude<Ruling, { verdict: 'refused' | 'barred' }>;

/** @param usage what is counted already, without this. */
export function judge(policy: Policy, asked: Asked, usage: Usage, now: Timestamp): Ruling {
  const spoken = termsFor(policy, asked);
  // Only a full member gets numbers that no person approves.
  const terms = asked.standing === 'member' ? spoken : { ...spoken, autoApproveUpTo: 0 };
  const room = roomIn(terms, usage, now);
  const freeLeft = Math.max(0, terms.autoApproveUpTo - usage.automaticToday);
  const known = { terms, room, freeLeft };
  const bar = requestBar(asked, policy);
  if (bar !== undefined) return { verdict: 'barred', bar, ...known };
  const because = tightest(room.filter(({ left }) => left < asked.quantity));
  if (because !== undefined) return { verdict: 'refused', because, ...known };
  const standing = standingAfter(terms, asked.quantity, usage);
  if (asked.quantity > freeLeft) return { verdict: 'needs-approval', standing, ...known };
  const rule = `${terms.autoApproveRule}: up to ${terms.autoApproveUpTo} a day`;
  return { verdict: 'automatic', rule, standing, ...known };
}

/** What each limit leaves. */
function roomIn(terms: TermsThatHold, usage: Usage, now: Timestamp): readonly Limit[] {
  const { maxNumbersPerOrder, maxNumbersPerDay, maxNumbersPerMonth } = terms;
  const left = (most: number, used: number) => ({ most, left: Math.max(0, most - used) });
  return [
    { limit: 'order', most: maxNumbersPerOrder, left: maxNumbersPerOrder },
    ...(maxNumbersPerDay === undefined
      ? []
      : [{ limit: 'day' as const, ...left(maxNumbersPerDay, usage.today), freshAt: nextDay(now) }]),
    ...(maxNumbersPerMonth === undefined
      ? []
      : [{ limit: 'month' as const, ...left(maxNumbersPerMonth, usage.thisMonth), freshAt: nextMonth(now) }]),
  ];
}

/** The one that leaves least; of two, the one that lasts longest. */
function tightest(limits: readonly Limit[]): Limit | undefined {
  const lasting = ({ freshAt }: Limit) => freshAt ?? Number.POSITIVE_INFINITY;
  return [...limits].sort((one, other) => one.left - other.left || lasting(other) - lasting(one))[0];
}

function standingAfter(terms: TermsThatHold, quantity: number, usage: Usage): LimitStanding {
  const { maxNumbersPerDay, maxNumbersPerMonth } = terms;
  return {
    ...(maxNumbersPerDay === undefined
      ? {}
      : { day: { after: usage.today + quantity, most: maxNumbersPerDay } }),
    ...(maxNumbersPerMonth === undefined
      ? {}
      : { month: { after: usage.thisMonth + quantity, most: maxNumbersPerMonth } }),
  };
}

/**
 * How many people there are who could approve this, where they are too few for it; undefined where they suffice, or
 * where nobody knows how many they are.
 */
export function tooFewApprovers(terms: Terms, requester: Person): number | undefined {
  const { approvers, approvalsRequired, selfApproval } = terms;
  if (approvers.anyone || approvers.groups.length > 0) return undefined;
  const able = approvers.users.filter((userId) => selfApproval || userId !== requester.userId).length;
  return able < approvalsRequired ? able : undefined;
}

/** What a request waits for, to be put on its record. */
export function needsOf({ terms, standing }: PassingRuling): RequiredApproval {
  return { required: terms.approvalsRequired, standing };
}

/** What an order asks of the policy. */
export function askedOf(order: {
  readonly request: OrderRequest;
  readonly requester: Person;
  readonly card: { readonly channelId: string };
  readonly workspaceId?: string;
}): AskedThere & Pick<Asked, 'quantity'> {
  const { request, requester, card, workspaceId } = order;
  return {
    ...whatIsAsked(request),
    requester,
    channelId: card.channelId,
    ...(workspaceId === undefined ? {} : { workspaceId }),
  };
}

export function whatIsAsked(request: OrderRequest): Pick<Asked, 'kind' | 'quantity'> {
  const kind = request.kind === 'disconnect' ? 'disconnect' : kindOfPurchase(request.wanted);
  return { kind, quantity: askedQuantity(request) };
}

/** One toll-free number makes the whole order one. */
export const kindOfPurchase = (wanted: Wanted): RuleKind =>
  takesProtected(wanted) ? 'purchase' : 'toll-free';

/** Somebody who presses a button, with what Slack says of them now. */
export interface Reviewer extends Person {
  /** Whether they are in an approver group of the order in question. */
  readonly inApproverGroup: boolean;
  readonly standing: Standing;
}

export type ReviewRefusal =
  | 'not-an-approver'
  | 'own-request'
  /** They would be an approver as a full member, and whether they are one can't be asked. */
  | 'member-unverified'
  | AccountBar;

/** May this person approve or decline this order? Undefined means yes. */
export function reviewRefusal(order: Order, reviewer: Reviewer, policy: Policy): ReviewRefusal | undefined {
  const terms = termsFor(policy, askedOf(order));
  const bar = approvingBar(reviewer.standing);
  if (bar !== undefined) return bar;
  if (isRequester(order, reviewer) && !terms.selfApproval) return 'own-request';
  if (isApprover(reviewer, terms.approvers)) return undefined;
  // A member of the group may approve, a colleague in it may not, and which of the two this is nobody knows.
  if (reviewer.standing === 'unplaced' && reviewer.inApproverGroup) return 'unplaced';
  const unverified = reviewer.standing === 'unverified' || reviewer.standing === 'unplaced';
  return terms.approvers.anyone && unverified ? 'member-unverified' : 'not-an-approver';
}

/** When an order approved now is placed. */
export function actAt(order: Order, policy: Policy, now: Timestamp): Timestamp {
  return order.request.kind === 'disconnect' ? now + termsFor(policy, askedOf(order)).undoWindowMs : now;
}

/** The requester may always take the request back; so may whoever could decline it. */
export function mayCancel(order: Order, reviewer: Reviewer, policy: Policy): boolean {
  const { approvers } = termsFor(policy, askedOf(order));
  return isRequester(order, reviewer) || isApprover(reviewer, approvers);
}

/**
 * May this person read what everybody in their workspace asked for and decided? Whoever may approve there; those that a
 * rule lets approve in one place only need not know of the others.
 */
export function mayReadAudit(reviewer: Reviewer, policy: Policy): boolean {
  return isApprover(reviewer, policy.approvers);
}

/** Who is to be asked to decide about this order: nobody is called who has approved it, or would be refused. */
export function approversOf(order: OrderIn<'awaiting-approval'>, policy: Policy): Approvers {
  const { approvers, selfApproval } = termsFor(policy, askedOf(order));
  const heard = givers(order).map(({ userId }) => userId);
  const notAsked = new Set(selfApproval ? heard : [...heard, order.requester.userId]);
  return { ...approvers, users: approvers.users.filter((userId) => !notAsked.has(userId)) };
}

/** Whose approvals count beside this person's, unless they may not approve any more. */
export function approvalsOfOthers(order: OrderIn<'awaiting-approval'>, person: Person): readonly Person[] {
  return givers(order).filter(({ userId }) => userId !== person.userId);
}

/** Nobody's word counts twice. */
export function hasApproved(order: OrderIn<'awaiting-approval'>, person: Person): boolean {
  return givers(order).some(({ userId }) => userId === person.userId);
}

const givers = ({ approvals }: OrderIn<'awaiting-approval'>): readonly Person[] =>
  validApprovals(approvals).flatMap(({ by }) => by ?? []);

export function isApprover(reviewer: Reviewer, { anyone, users }: Approvers): boolean {
  const { userId, inApproverGroup, standing } = reviewer;
  if (approvingBar(standing) !== undefined) return false;
  if (users.includes(userId)) return true;
  // A user group can hold people of other workspaces; those have to be named.
  if (standing === 'colleague' || standing === 'unplaced') return false;
  return inApproverGroup || (anyone && standing === 'member');
}

/**
 * By user id alone: Slack may report one person with different teams in a shared channel, and neither the guard against
 * approving one's own request nor the right to take it back must hang on that.
 */
export function isRequester(order: Pick<Order, 'requester'>, person: Person): boolean {
  return order.requester.userId === person.userId;
}
