import type { Voided } from '../domain/approval.js';
import type { Order } from '../domain/order.js';
import type { Person } from '../domain/request.js';
import type { Age } from '../domain/standing.js';
import type { Accounts, ApproverGroups } from '../ports.js';
import { type Approvers, type Policy, termsFor } from './policy.js';
import { askedOf, type Reviewer, reviewRefusal } from './ruling.js';

/** Returns a person as a reviewer of this order. */
export const reviewerOf = (
  deps: MembershipSources & { readonly policy: Policy },
  order: Order,
  by: Person,
  age: Age = 'recent',
): Promise<Reviewer> => asReviewer(deps, termsFor(deps.policy, askedOf(order)).approvers, by, age);

/** Returns a person as a reviewer of anything these approvers may approve. */
export async function asReviewer(
  deps: MembershipSources,
  { users, groups }: Approvers,
  by: Person,
  age: Age = 'recent',
): Promise<Reviewer> {
  const [standing, inApproverGroup] = await Promise.all([
    deps.accounts.standingOf(by, age),
    // A person named by id need not wait for Slack's answer, and can decide even when Slack can't be asked.
    !users.includes(by.userId) && deps.groups.includesAny(groups, by.userId, age),
  ]);
  return { ...by, inApproverGroup, standing };
}

/** Sources for who is in the approver groups and who is a member. */
export interface MembershipSources {
  readonly groups: ApproverGroups;
  readonly accounts: Pick<Accounts, 'standingOf'>;
}

/**
 * Returns the approvers of this order whose approvals wouldn't be accepted now; `unknown` while Slack doesn't say who
 * one of them is.
 */
export async function noApproversAnyMore(
  deps: MembershipSources & { readonly policy: Policy },
  order: Order,
  people: readonly Person[],
  age: Age = 'fresh',
): Promise<readonly Voided[] | 'unknown'> {
  const voids: Voided[] = [];
  const problems = await Promise.all(
    people.map(async (person) =>
      reviewRefusal(order, await reviewerOf(deps, order, person, age), deps.policy),
    ),
  );
  for (const [index, person] of people.entries()) {
    const why = problems[index];
    if (why === undefined) continue;
    if (why === 'unplaced' || why === 'account-unknown') return 'unknown';
    voids.push({ ...person, why });
  }
  return voids;
}
