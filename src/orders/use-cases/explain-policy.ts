import type { Standing } from '../domain/standing.js';
import { asReviewer } from '../policy/reviewers.js';
import { isApprover, type Ruling } from '../policy/ruling.js';
import type { Accounts, ApproverGroups } from '../ports.js';
import type { AskPolicy, Question } from './ask-policy.js';

/** The policy's ruling, and the reasons for it. */
export interface Explanation {
  readonly asked: Question;
  readonly ruling: Ruling;
  /** Whether the requester is among the people who may approve it. */
  readonly requesterApproves: boolean;
  readonly standing: Standing;
  /** False if the app lacks the permission to ask Slack who is a full member. */
  readonly canAskAccounts: boolean;
}

/** Returns the ruling that the engine would apply, with the counts as they are now. */
export type ExplainPolicy = (asked: Question) => Promise<Explanation>;

export function makeExplainPolicy(deps: {
  askPolicy: AskPolicy;
  groups: ApproverGroups;
  accounts: Accounts;
}): ExplainPolicy {
  const { askPolicy, groups, accounts } = deps;
  return async (asked) => {
    const ruling = await askPolicy(asked);
    const { approvers } = ruling.terms;
    const reviewer = await asReviewer({ groups, accounts }, approvers, asked.requester);
    return {
      asked,
      ruling,
      requesterApproves: isApprover(reviewer, approvers),
      standing: reviewer.standing,
      canAskAccounts: await accounts.canAsk(),
    };
  };
}
