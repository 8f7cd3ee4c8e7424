import type { Standing } from '../domain/standing.js';
import { asReviewer } from '../policy/reviewers.js';
import { isApprover, type Ruling } from '../policy/ruling.js';
import type { Accounts, ApproverGroups } from '../ports.js';
import type { AskPolicy, Question } from './ask-policy.js';

/** What the policy would say, and why. */
export interface Explanation {
  readonly asked: Question;
  readonly ruling: Ruling;
  /** Whether the requester is among those who may approve it. */
  readonly requesterApproves: boolean;
  readonly standing: Standing;
  /** False where the app may not ask Slack who is a full member. */
  readonly canAskAccounts: boolean;
}

/** Answers with the ruling that the engine itself would go by, of things as they are counted now. */
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
