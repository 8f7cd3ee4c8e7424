import type { Standing } from '../domain/standing.js';
import type { Policy } from '../policy/policy.js';
import { asReviewer } from '../policy/reviewers.js';
import { type Ruling, stagesOf } from '../policy/ruling.js';
import type { Accounts, ApproverGroups } from '../ports/people.js';
import type { EvaluatePolicy, Question } from './evaluate-policy.js';

/** The policy's ruling, and the reasons for it. */
export interface PolicyExplanation {
  readonly asked: Question;
  readonly ruling: Ruling;
  /** Whether the requester is among the people who may approve it. */
  readonly requesterApproves: boolean;
  /** The same for each stage. */
  readonly requesterStages: readonly boolean[];
  readonly standing: Standing;
  /** The policy has rules for sub-accounts, and none was asked about. */
  readonly sitesLeftOut: boolean;
  /** False if the app lacks the permission to ask Slack who is a full member. */
  readonly canAskAccounts: boolean;
}

/** Returns the ruling that the engine would apply, with the counts as they are now. */
export type ExplainPolicy = (asked: Question) => Promise<PolicyExplanation>;

export function makeExplainPolicy(deps: {
  evaluatePolicy: EvaluatePolicy;
  groups: ApproverGroups;
  accounts: Accounts;
  policy: Policy;
}): ExplainPolicy {
  const { evaluatePolicy, groups, accounts, policy } = deps;
  return async (asked) => {
    const ruling = await evaluatePolicy(asked);
    const { stages } = ruling.terms;
    const reviewer = await asReviewer({ groups, accounts }, stages, asked.requester);
    const requesterStages = stagesOf(reviewer, stages);
    return {
      asked,
      ruling,
      requesterApproves: requesterStages.includes(true),
      requesterStages,
      standing: reviewer.standing,
      sitesLeftOut: asked.siteIds === undefined && policy.rules.some(({ sites }) => sites !== undefined),
      canAskAccounts: await accounts.canAsk(),
    };
  };
}
