import type { Decider, Voided, VoidReason } from '../domain/approval.js';
import type { Order } from '../domain/order.js';
import type { Person } from '../domain/request.js';
import type { Age, Standing } from '../domain/standing.js';
import type { Accounts, ApproverGroups } from '../ports/people.js';
import { approvingBar } from './admission.js';
import { requesterGroupsOf } from './circumstances.js';
import { type ApplicableTerms, type Approvers, type Policy, type Stage, termsFor } from './policy.js';
import {
  isRequester,
  mayCancel,
  type Reviewer,
  type ReviewRefusal,
  reviewRefusal,
  ruleInputsOf,
  stagesOf,
} from './ruling.js';

/** Sources for who is in the groups that the policy names and who is a member. */
export interface MembershipSources {
  readonly groups: ApproverGroups;
  readonly accounts: Pick<Accounts, 'standingOf'>;
}

type Sources = MembershipSources & { readonly policy: Policy };

/** Returns the terms of this order, given the groups that its requester is in now. */
export async function termsOf(deps: Sources, order: Order, age: Age = 'recent'): Promise<ApplicableTerms> {
  const requesterGroups = await requesterGroupsOf(deps, order.requester, age);
  return termsFor(deps.policy, {
    ...ruleInputsOf(order),
    ...(requesterGroups === undefined ? {} : { requesterGroups }),
  });
}

/** Returns a person as a reviewer of what these approvers may approve, in one stage or several. */
export async function asReviewer(
  deps: MembershipSources,
  stages: readonly Pick<Stage, 'approvers'>[],
  by: Person,
  age: Age = 'recent',
): Promise<Reviewer> {
  const inGroupOf = async ({ users, groups }: Approvers) =>
    // A person named by id need not wait for Slack's answer, and can decide even when Slack can't be asked.
    !users.includes(by.userId) && deps.groups.includesAny(groups, by.userId, age);
  const [standing, inGroupOfStage] = await Promise.all([
    deps.accounts.standingOf(by, age),
    Promise.all(stages.map(({ approvers }) => inGroupOf(approvers))),
  ]);
  return {
    ...by,
    inApproverGroup: inGroupOfStage.includes(true),
    ...(stages.length === 1 ? {} : { inGroupOfStage }),
    standing,
  };
}

/** An approval as of now: for each stage whether it can count for that one, or why it counts for none. */
export type Assessed<Why> =
  | { readonly able: readonly boolean[]; readonly why?: undefined }
  | { readonly why: Why };

/** Judges a decision that a person makes about an order in their own name. */
export async function assessOwn(
  deps: Sources,
  order: Order,
  terms: ApplicableTerms,
  by: Person,
  age: Age,
): Promise<Assessed<ReviewRefusal>> {
  const reviewer = await asReviewer(deps, terms.stages, by, age);
  const why = reviewRefusal(order, reviewer, deps.policy, terms);
  return why === undefined ? { able: stagesOf(reviewer, terms.stages) } : { why };
}

/** Judges a decision about an order that someone makes in their own name or for someone who is away. */
export async function assess(
  deps: Sources,
  order: Order,
  terms: ApplicableTerms,
  { by, for: away }: Decider,
  age: Age,
): Promise<Assessed<ReviewRefusal | VoidReason>> {
  if (away === undefined) return assessOwn(deps, order, terms, by, age);
  const [standing, theirs] = await Promise.all([
    deps.accounts.standingOf(by, age),
    assessOwn(deps, order, terms, away, age),
  ]);
  if (standing !== 'member') return { why: delegateBar(standing) };
  // No delegation lets anyone decide on a request of their own, even where self-approval is allowed.
  if ([by, away].some((person) => isRequester(order, person))) return { why: 'own-request' };
  return theirs.why === undefined || isUnknown(theirs.why) ? theirs : { why: 'away-not-approver' };
}

/** Returns why a person of this standing can't decide for someone who is away. Only full members can. */
function delegateBar(standing: Standing): ReviewRefusal | VoidReason {
  if (standing === 'unverified') return 'member-unverified';
  const bar = approvingBar(standing);
  return isUnknown(bar) ? bar : 'delegate-not-member';
}

/** Whether this person may cancel the order as its requester, or as an approver in any of its stages. */
export async function mayCancelInOwnName(deps: Sources, order: Order, by: Person): Promise<boolean> {
  const { approvers } = await termsOf(deps, order);
  const stages = [{ approvers, count: 1 }];
  return mayCancel(order, await asReviewer(deps, stages, by), deps.policy, { stages });
}

/** An approval that counts, and for each stage whether it can count for that one. */
export interface CountingApproval {
  readonly decider: Decider;
  readonly able: readonly boolean[];
}

/** Earlier approvals of an order as of now. */
export interface Recheck {
  readonly counting: readonly CountingApproval[];
  readonly voids: readonly Voided[];
}

/**
 * Checks which of these approvals would be accepted now; `unknown` while Slack doesn't say who one of the people is.
 */
export async function recheck(
  deps: Sources,
  order: Order,
  terms: ApplicableTerms,
  deciders: readonly Decider[],
  age: Age = 'fresh',
): Promise<Recheck | 'unknown'> {
  const assessed = await Promise.all(
    deciders.map(async (decider) => ({ decider, is: await assess(deps, order, terms, decider, age) })),
  );
  const counting: CountingApproval[] = [];
  const voids: Voided[] = [];
  for (const { decider, is } of assessed) {
    if (is.why === undefined) counting.push({ decider, able: is.able });
    else if (isUnknown(is.why)) return 'unknown';
    else voids.push({ ...decider.by, ...forWhom(decider), why: is.why });
  }
  return { counting, voids };
}

const forWhom = ({ for: away }: Decider) => (away === undefined ? {} : { for: away });

const isUnknown = (why: ReviewRefusal | VoidReason | undefined): why is 'unplaced' | 'account-unknown' =>
  why === 'unplaced' || why === 'account-unknown';
