import type { AccountBar, Standing } from '../domain/standing.js';
import type { Accounts, Claim } from '../ports.js';
import { allApprovers, askingBar } from './admission.js';
import type { Policy } from './policy.js';

export type Admission =
  | { readonly bar: AccountBar }
  /** They may use the app. `placed`: they belong to the installation; who doesn't, or may not, is here to decide alone. */
  | { readonly bar?: undefined; readonly placed: boolean };

/** Whether a person may use the app at all. */
export type Admit = (claim: Claim) => Promise<Admission>;

/**
 * The one check that stands before everything people can do: outsiders, bots and deactivated people get no further, and
 * guests only where the policy lets them ask. Approvers who may not ask get in to decide.
 */
export function makeAdmit(deps: { readonly accounts: Accounts; readonly policy: Policy }): Admit {
  const { accounts, policy } = deps;
  const approvers = allApprovers(policy);

  /** By id: a user group can hold people of other workspaces, and doesn't make them approvers. */
  const isListed = (userId: string) => approvers.users.includes(userId);

  return async (claim) => {
    const standing = await accounts.standingOf(claim, 'recent');
    const bar = askingBar(standing, policy);
    const placed = !belongsElsewhere(standing);
    return bar === undefined || (!placed && isListed(claim.userId)) ? { placed } : { bar };
  };
}

/** Or may, as far as anybody knows. */
const belongsElsewhere = (standing: Standing): boolean => standing === 'colleague' || standing === 'unplaced';
