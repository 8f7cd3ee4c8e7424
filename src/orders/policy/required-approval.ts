import type { Decider, LimitStanding, RequiredApproval } from '../domain/approval.js';
import type { Person } from '../domain/request.js';
import type { ApplicableTerms } from './policy.js';
import { quorumOf } from './quorum.js';
import type { PassingRuling } from './ruling.js';

/**
 * Returns how many of the required approvals could be given if they are too few; undefined if they suffice or their
 * number isn't known, because anyone or a user group can approve.
 */
export function tooFewApprovers(
  { stages, selfApproval }: Pick<ApplicableTerms, 'stages' | 'selfApproval'>,
  requester: Pick<Person, 'userId'>,
): number | undefined {
  // Only stages with a known number of people can be judged; the others can always be given by someone else.
  const known = stages.filter(({ approvers }) => !approvers.anyone && approvers.groups.length === 0);
  const people = [...new Set(known.flatMap(({ approvers }) => approvers.users))].filter(
    (userId) => selfApproval || userId !== requester.userId,
  );
  const able = people.map((userId) => known.map(({ approvers }) => approvers.users.includes(userId)));
  const { total, isComplete } = quorumOf(known, able);
  return isComplete ? undefined : total;
}

/** Returns what a request needs, to be recorded with it. */
export function needsOf(
  { terms, standing }: PassingRuling,
  requesterGroups: readonly string[] | undefined,
  given: readonly StageApproval[] = [],
): RequiredApproval {
  return requiredApproval(terms, standing, requesterGroups, given);
}

/** An approval, with the stage it counts for. */
export interface StageApproval {
  readonly decider: Decider;
  readonly stage: number | undefined;
}

export function requiredApproval(
  { stages, approvalsRequired, approvers, selfApproval, notify, approvalsChannel }: ApplicableTerms,
  standing: LimitStanding,
  requesterGroups: readonly string[] | undefined,
  given: readonly StageApproval[],
): RequiredApproval {
  const deciders = (index: number) =>
    given.filter(({ stage }) => stage === index).map(({ decider }) => decider);
  return {
    required: approvalsRequired,
    standing,
    ...(stages.length === 1
      ? {}
      : { stages: stages.map((stage, index) => ({ ...stage, given: deciders(index) })) }),
    ...(requesterGroups === undefined ? {} : { requesterGroups }),
    approvers,
    ...(selfApproval ? { selfApproval } : {}),
    notify,
    ...(approvalsChannel === undefined ? {} : { approvalsChannel }),
  };
}
