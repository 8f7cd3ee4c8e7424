import type { AccountBar, Standing } from '../domain/standing.js';
import type { Accounts, Claim } from '../ports/people.js';
import { allApprovers, requestingBar } from './admission.js';
import type { Policy } from './policy.js';

export type Admission =
  | { readonly bar: AccountBar }
  /**
   * They may use the app. `placed`: they are known to belong to the installation; anyone else is let in only to decide.
   */
  | { readonly bar?: undefined; readonly placed: boolean };

/** Decides whether a person may use the app at all. */
export type Admit = (claim: Claim) => Promise<Admission>;

/**
 * The check before everything people can do: outsiders, bots and deactivated people are turned away, and guests may
 * order only if the policy allows it. Approvers who may not order are let in to decide.
 */
export function makeAdmit(deps: { readonly accounts: Accounts; readonly policy: Policy }): Admit {
  const { accounts, policy } = deps;
  const approvers = allApprovers(policy);

  /**
   * Counts only people named by id: a user group may include people of other workspaces, who don't become approvers
   * that way.
   */
  const isListed = (userId: string) => approvers.users.includes(userId);

  return async (claim) => {
    const standing = await accounts.standingOf(claim, 'recent');
    const bar = requestingBar(standing, policy);
    const placed = !belongsElsewhere(standing);
    return bar === undefined || (!placed && isListed(claim.userId)) ? { placed } : { bar };
  };
}

/** Or may belong elsewhere, as far as we can tell. */
const belongsElsewhere = (standing: Standing): boolean => standing === 'colleague' || standing === 'unplaced';
