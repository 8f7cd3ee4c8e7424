import {
  type Approval,
  authorityOf,
  type Decider,
  type LimitStanding,
  type RequiredApproval,
  validApprovals,
} from '../domain/approval.js';
import { destinationsOf } from '../domain/destinations.js';
import type { Order, OrderIn } from '../domain/order.js';
import { kindRules } from '../domain/order-kinds.js';
import type { LimitName } from '../domain/reason.js';
import {
  isInService,
  linesWanted,
  type OrderRequest,
  type Person,
  requestedQuantity,
  type Timestamp,
  takesProtected,
  type Wanted,
} from '../domain/request.js';
import type { AccountBar, Bar, Standing } from '../domain/standing.js';
import { nextDay, nextMonth, type Usage } from '../domain/tally.js';
import { approvingBar, requestBar } from './admission.js';
import {
  type ApplicableTerms,
  type Approvers,
  anyOf,
  type Policy,
  type PolicyInputs,
  type RuleInputs,
  type RuleKind,
  type Stage,
  termsFor,
} from './policy.js';

/** One limit, with what a person needs to know to order less, or later. */
export interface Limit {
  readonly limit: LimitName;
  readonly most: number;
  /** How many numbers are left under it. */
  readonly left: number;
  /** When it resets; absent for the limit of one order, which never does. */
  readonly freshAt?: Timestamp;
}

/**
 * The policy's answer to a request. Every place that accepts an order, or tells people whether it would be accepted,
 * uses it.
 */
export type Ruling = {
  /** How many must approve, who may, and every other term that applies. */
  readonly terms: ApplicableTerms;
  /** What each limit leaves, before this request. */
  readonly room: readonly Limit[];
  /** How many numbers the requester may still get today without approval. */
  readonly freeLeft: number;
} & (
  | { readonly verdict: 'refused'; readonly because: Limit }
  /** This person, or anyone in this channel, can't request it. */
  | { readonly verdict: 'barred'; readonly bar: Bar }
  /** No approval is needed; `rule` is recorded in place of a person. */
  | { readonly verdict: 'automatic'; readonly rule: string; readonly standing: LimitStanding }
  | { readonly verdict: 'needs-approval'; readonly standing: LimitStanding }
);

/** A ruling that lets the request be recorded. */
export type PassingRuling = Exclude<Ruling, { verdict: 'refused' | 'barred' }>;

/** @param usage what is already counted, without this request. */
export function judge(policy: Policy, asked: PolicyInputs, usage: Usage, now: Timestamp): Ruling {
  const spoken = termsFor(policy, asked);
  // Only full members get numbers without approval.
  const terms = asked.standing === 'member' ? spoken : { ...spoken, autoApproveUpTo: 0 };
  const room = asked.uncounted === true ? [] : roomIn(terms, usage, now);
  const freeLeft = Math.max(0, terms.autoApproveUpTo - usage.automaticToday);
  const known = { terms, room, freeLeft };
  const bar = requestBar(asked, policy);
  if (bar !== undefined) return { verdict: 'barred', bar, ...known };
  const because = tightest(room.filter(({ left }) => left < asked.quantity));
  if (because !== undefined) return { verdict: 'refused', because, ...known };
  const standing = asked.uncounted === true ? {} : standingAfter(terms, asked.quantity, usage);
  if (asked.quantity > freeLeft) return { verdict: 'needs-approval', standing, ...known };
  const rule = `${terms.autoApproveRule}: up to ${terms.autoApproveUpTo} a day`;
  return { verdict: 'automatic', rule, standing, ...known };
}

/** Bars a new request that needs the approval of others in a place that none of them can see. */
export function barUnseen(ruling: Ruling, asked: Pick<PolicyInputs, 'isDirect' | 'requester'>): Ruling {
  if (ruling.verdict !== 'needs-approval' || asked.isDirect !== true) return ruling;
  const { approvalsChannel, selfApproval, approvalsRequired, approvers } = ruling.terms;
  const isNamed = approvers.anyone || approvers.users.includes(asked.requester.userId);
  const decidesAlone = selfApproval && approvalsRequired === 1 && isNamed;
  if (approvalsChannel !== undefined || decidesAlone) return ruling;
  const { standing: _, ...known } = ruling;
  return { ...known, verdict: 'barred', bar: 'direct-message' };
}

/** Returns what each limit leaves. */
function roomIn(terms: ApplicableTerms, usage: Usage, now: Timestamp): readonly Limit[] {
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

/** Returns the limit that leaves least or, if several do, the one that lasts longest. */
function tightest(limits: readonly Limit[]): Limit | undefined {
  const lasting = ({ freshAt }: Limit) => freshAt ?? Number.POSITIVE_INFINITY;
  return [...limits].sort((one, other) => one.left - other.left || lasting(other) - lasting(one))[0];
}

function standingAfter(terms: ApplicableTerms, quantity: number, usage: Usage): LimitStanding {
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

/** Returns the parts of an order that the policy judges; the requester's groups as of the last check. */
export function ruleInputsOf(order: {
  readonly request: OrderRequest;
  readonly requester: Person;
  readonly channelId: string;
  readonly workspaceId?: string;
  readonly needs?: Pick<RequiredApproval, 'requesterGroups'>;
}): RuleInputs & Pick<PolicyInputs, 'siteUnknown' | 'uncounted'> {
  const { request, requester, channelId, workspaceId, needs } = order;
  return {
    ...kindAndQuantityOf(request),
    ...sitesOf(request),
    ...(kindRules[request.kind].uncounted === true ? { uncounted: true } : {}),
    requester,
    ...(needs?.requesterGroups === undefined ? {} : { requesterGroups: needs.requesterGroups }),
    channelId,
    ...(workspaceId === undefined ? {} : { workspaceId }),
  };
}

export function kindAndQuantityOf(request: OrderRequest): Pick<PolicyInputs, 'kind' | 'quantity'> {
  return { kind: ruleKindOf(request), quantity: requestedQuantity(request) };
}

/** Activating services on numbers takes the same approval as buying those numbers. */
function ruleKindOf(request: OrderRequest): RuleKind {
  if (request.kind === 'purchase') return kindOfPurchase(request.wanted);
  return request.kind === 'activation'
    ? kindOfPurchase({ by: 'numbers', numbers: request.numbers })
    : request.kind;
}

/** Returns the sub-accounts of a request. Bandwidth doesn't always say which one has a number. */
function sitesOf(request: OrderRequest): Pick<PolicyInputs, 'siteIds' | 'siteUnknown'> {
  if (!isInService(request)) {
    return { siteIds: [...new Set(destinationsOf(request).map(({ site }) => site.id))] };
  }
  const target = request.kind === 'move' ? [request.site.id] : [];
  const siteIds = [...new Set([...request.inService.flatMap(({ site }) => site?.id ?? []), ...target])];
  const isKnown = request.inService.every(({ site }) => site !== undefined);
  return { siteIds, ...(isKnown ? {} : { siteUnknown: true }) };
}

/** One toll-free number makes the whole order toll-free. */
export const kindOfPurchase = (wanted: Wanted): RuleKind =>
  linesWanted(wanted).every(takesProtected) ? 'purchase' : 'toll-free';

/** A person who presses a button, with what Slack says about them now. */
export interface Reviewer extends Person {
  /** Whether they are in an approver group of the order. */
  readonly inApproverGroup: boolean;
  /** The same for each stage; absent if there is only one. */
  readonly inGroupOfStage?: readonly boolean[];
  readonly standing: Standing;
}

export type ReviewRefusal =
  | 'not-an-approver'
  | 'own-request'
  /** They would be an approver if they are a full member, but that can't be checked. */
  | 'member-unverified'
  | AccountBar;

/**
 * Returns why this person may not approve or decline this order; undefined means they may.
 *
 * @param terms those of the order, given the requester's groups as they are now.
 */
export function reviewRefusal(
  order: Order,
  reviewer: Reviewer,
  policy: Policy,
  terms: ApplicableTerms = termsFor(policy, ruleInputsOf(order)),
): ReviewRefusal | undefined {
  const bar = approvingBar(reviewer.standing);
  if (bar !== undefined) return bar;
  if (isRequester(order, reviewer) && !terms.selfApproval) return 'own-request';
  if (stagesOf(reviewer, terms.stages).includes(true)) return undefined;
  // A member in the group may approve and a colleague in it may not, and we can't tell which this is.
  if (reviewer.standing === 'unplaced' && reviewer.inApproverGroup) return 'unplaced';
  const unverified = reviewer.standing === 'unverified' || reviewer.standing === 'unplaced';
  return terms.approvers.anyone && unverified ? 'member-unverified' : 'not-an-approver';
}

/** Returns for each stage whether this person's approval can count for it. */
export function stagesOf(reviewer: Reviewer, stages: readonly Stage[]): readonly boolean[] {
  return stages.map(({ approvers }, index) =>
    isApprover(
      { ...reviewer, inApproverGroup: reviewer.inGroupOfStage?.[index] ?? reviewer.inApproverGroup },
      approvers,
    ),
  );
}

/** Returns when an order approved now is placed. */
export function actAt(
  order: Order,
  { undoWindowMs }: Pick<ApplicableTerms, 'undoWindowMs'>,
  now: Timestamp,
): Timestamp {
  return kindRules[order.request.kind].undoWindow ? now + undoWindowMs : now;
}

/** Whether this person may cancel the request: its requester always, and anyone who could decline it. */
export function mayCancel(
  order: Order,
  reviewer: Reviewer,
  policy: Policy,
  { stages }: Pick<ApplicableTerms, 'stages'> = termsFor(policy, ruleInputsOf(order)),
): boolean {
  return isRequester(order, reviewer) || stagesOf(reviewer, stages).includes(true);
}

/**
 * Whether this person may read everything that was requested and decided in their workspace. Approvers for the whole
 * workspace may; approvers that a rule names for one place need not know about the others.
 */
export function mayReadAudit(reviewer: Reviewer, policy: Policy): boolean {
  return isApprover(reviewer, policy.approvers);
}

/** Returns who to ask to decide on this order, without anyone who has approved it or would be refused. */
export function approversOf(order: OrderIn<'awaiting-approval'>, policy: Policy): Approvers {
  const { approvers, selfApproval } = termsFor(policy, ruleInputsOf(order));
  const unfinished = order.needs.stages?.filter(({ count, given }) => given.length < count);
  const asked = unfinished === undefined ? approvers : anyOf(unfinished.map((stage) => stage.approvers));
  const heard = givers(order).flatMap((giver) => [giver.by.userId, authorityOf(giver).userId]);
  const notAsked = new Set(selfApproval ? heard : [...heard, order.requester.userId]);
  return { ...asked, users: asked.users.filter((userId) => !notAsked.has(userId)) };
}

const givers = ({ approvals }: OrderIn<'awaiting-approval'>): readonly Decider[] => decidersOf(approvals);

/** Returns who gave the approvals that count, without rules. */
export function decidersOf(approvals: readonly Approval[]): readonly Decider[] {
  return validApprovals(approvals).flatMap(({ by, for: away }) =>
    by === undefined ? [] : [{ by, ...(away === undefined ? {} : { for: away }) }],
  );
}

export function isApprover(reviewer: Reviewer, { anyone, users }: Approvers): boolean {
  const { userId, inApproverGroup, standing } = reviewer;
  if (approvingBar(standing) !== undefined) return false;
  if (users.includes(userId)) return true;
  // A user group may include people of other workspaces, who have to be named individually.
  if (standing === 'colleague' || standing === 'unplaced') return false;
  return inApproverGroup || (anyone && standing === 'member');
}

/**
 * Compares only user ids. In a shared channel Slack may report one person with different teams, and neither the guard
 * against self-approval nor the right to cancel may depend on that.
 */
export function isRequester(order: Pick<Order, 'requester'>, person: Person): boolean {
  return order.requester.userId === person.userId;
}
