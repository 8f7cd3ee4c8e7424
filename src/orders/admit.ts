import type { Policy } from './policy.js';
import type { Accounts, ApproverGroups, Claim } from './ports.js';
import { type AccountBar, allApprovers, askingBar, type Standing } from './standing.js';

/** Whether a person may use the app at all; undefined if they may. */
export type Admit = (claim: Claim) => Promise<AccountBar | undefined>;

/**
 * The one check that stands before everything people can do: outsiders, bots and deactivated people get no further, and
 * guests only where the policy lets them ask. Approvers who may not ask get in to decide.
 */
export function makeAdmit(needs: {
  readonly accounts: Accounts;
  readonly groups: ApproverGroups;
  readonly policy: Policy;
}): Admit {
  const { accounts, groups, policy } = needs;
  const approvers = allApprovers(policy);

  async function isListed(userId: string, standing: Standing): Promise<boolean> {
    if (standing !== 'colleague' && standing !== 'unplaced') return false;
    if (approvers.users.includes(userId)) return true;
    return standing === 'unplaced' && groups.includesAny(approvers.groups, userId);
  }

  return async (claim) => {
    const standing = await accounts.standingOf(claim, 'recent');
    const bar = askingBar(standing, policy);
    return bar === undefined || (await isListed(claim.userId, standing)) ? undefined : bar;
  };
}
