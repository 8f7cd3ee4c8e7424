import type { AccountBar, Bar, Circumstances, Standing } from '../domain/standing.js';
import type { Approvers, Policy } from './policy.js';

type Admission = Pick<Policy, 'guestsMayAsk' | 'externalChannels'>;

/** Returns why a person of this standing can't request anything, or undefined if they can. */
export function askingBar(standing: Standing, { guestsMayAsk }: Admission): AccountBar | undefined {
  switch (standing) {
    case 'member':
    case 'unverified':
      return undefined;
    case 'guest':
    case 'colleague':
      return guestsMayAsk ? undefined : standing;
    case 'single-channel-guest':
      return 'guest';
    case 'unknown':
      return 'account-unknown';
    default:
      return standing;
  }
}

export function requestBar(
  { standing, sharing, workspaceUnknown }: Circumstances,
  policy: Admission & Pick<Policy, 'rules'>,
): Bar | undefined {
  const bar = askingBar(standing, policy);
  if (bar !== undefined) return bar;
  if (sharing !== 'internal' && policy.externalChannels === 'refuse') {
    return sharing === 'external' ? 'external-channel' : 'channel-unknown';
  }
  // A stricter rule for this workspace would be missed.
  const hasRulesOfWorkspaces = policy.rules.some(({ teams }) => teams !== undefined);
  return workspaceUnknown === true && hasRulesOfWorkspaces ? 'workspace-unknown' : undefined;
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
  const all = [approvers, ...rules.flatMap(({ terms }) => terms.approvers ?? [])];
  return {
    anyone: all.some(({ anyone }) => anyone),
    users: [...new Set(all.flatMap(({ users }) => users))],
    groups: [...new Set(all.flatMap(({ groups }) => groups))],
  };
}
