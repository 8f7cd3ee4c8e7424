import type { Limits } from './limits.js';
import type { Asked } from './policy.js';
import type { ApproverGroups } from './ports.js';
import { asReviewer } from './review-order.js';
import { isApprover, type Ruling } from './ruling.js';

/** What the policy would say, and why. */
export interface Explanation {
  readonly asked: Asked;
  readonly ruling: Ruling;
  /** Whether the requester is among those who may approve it. */
  readonly requesterApproves: boolean;
}

/** Answers with the ruling that the engine itself would go by, of things as they are counted now. */
export type ExplainPolicy = (asked: Asked) => Promise<Explanation>;

export function makeExplainPolicy(needs: {
  limits: Pick<Limits, 'ask'>;
  groups: ApproverGroups;
}): ExplainPolicy {
  return async (asked) => {
    const ruling = await needs.limits.ask(asked);
    const { approvers } = ruling.terms;
    const reviewer = await asReviewer(needs.groups, approvers, asked.requester);
    return { asked, ruling, requesterApproves: isApprover(asked.requester, reviewer, approvers) };
  };
}
