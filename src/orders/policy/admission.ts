import type { AccountBar, Bar, Standing } from '../domain/standing.js';
import { type Approvers, anyOf, isAmong, type Policy, type PolicyInputs } from './policy.js';

type AdmissionPolicy = Pick<Policy, 'guestsMayRequest' | 'externalChannels'>;

/** Returns why a person of this standing can't request anything, or undefined if they can. */
export function requestingBar(
  standing: Standing,
  { guestsMayRequest }: AdmissionPolicy,
): AccountBar | undefined {
  switch (standing) {
    case 'member':
    case 'unverified':
      return undefined;
    case 'guest':
    case 'colleague':
      return guestsMayRequest ? undefined : standing;
    case 'single-channel-guest':
      return 'guest';
    case 'unknown':
      return 'account-unknown';
    default:
      return standing;
  }
}

/** Returns why this can't be requested by this person, in this channel or of these sub-accounts. */
export function requestBar(
  asked: PolicyInputs,
  policy: AdmissionPolicy & Pick<Policy, 'rules' | 'requesters'>,
): Bar | undefined {
  const { standing, sharing, workspaceUnknown } = asked;
  const bar = requestingBar(standing, policy);
  if (bar !== undefined) return bar;
  if (sharing !== 'internal' && policy.externalChannels === 'refuse') {
    return sharing === 'external' ? 'external-channel' : 'channel-unknown';
  }
  // In each of these cases a stricter rule could be missed.
  const hasRulesOfWorkspaces = policy.rules.some(({ teams }) => teams !== undefined);
  if (workspaceUnknown === true && hasRulesOfWorkspaces) return 'workspace-unknown';
  if (asked.requesterGroupsUnknown === true) return 'account-unknown';
  if (policy.requesters !== undefined && !isAmong(policy.requesters, asked)) return 'not-a-requester';
  return siteBar(asked, policy);
}

/** A rule of one sub-account must neither cover the numbers of another nor be evaded by adding some. */
function siteBar(
  { siteIds = [], siteUnknown }: Pick<PolicyInputs, 'siteIds' | 'siteUnknown'>,
  { rules }: Pick<Policy, 'rules'>,
): Bar | undefined {
  const named = rules.flatMap(({ sites }) => (sites === undefined ? [] : [sites]));
  if (named.length > 0 && siteUnknown === true) return 'site-unknown';
  const applies = (sites: readonly string[]) => siteIds.filter((siteId) => sites.includes(siteId)).length;
  return named.some((sites) => applies(sites) > 0 && applies(sites) < siteIds.length)
    ? 'sites-mixed'
    : undefined;
}

/**
 * Returns why a person of this standing can never approve, whatever list they are on, or undefined if a list can name
 * them.
 */
export function approvingBar(standing: Standing): AccountBar | undefined {
  switch (standing) {
    case 'member':
    case 'unverified':
    case 'unplaced':
    case 'colleague':
      return undefined;
    case 'guest':
    case 'single-channel-guest':
      return 'guest';
    case 'unknown':
      return 'account-unknown';
    default:
      return standing;
  }
}

/** Returns everyone the policy names as an approver of anything. */
export function allApprovers({ approvers, rules }: Pick<Policy, 'approvers' | 'rules'>): Approvers {
  const stages = rules.flatMap(({ terms }) => terms.stages ?? []);
  return anyOf([
    approvers,
    ...rules.flatMap(({ terms }) => terms.approvers ?? []),
    ...stages.map((stage) => stage.approvers),
  ]);
}
