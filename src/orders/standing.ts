import type { Approvers, Policy } from './policy.js';

/** Who a person is, seen from the installation: the workspace, or Enterprise Grid organization, the app belongs to. */
export type Standing =
  /** A full member of the installation. */
  | 'member'
  /** A full member of another workspace of the same Enterprise Grid. */
  | 'colleague'
  | 'guest'
  | 'single-channel-guest'
  /** Of the installation as far as Slack's payloads tell; whether a guest, it can't be asked. */
  | 'unverified'
  /** On an Enterprise Grid: Slack can't be asked, and the payload doesn't tell members, colleagues and outsiders apart. */
  | 'unplaced'
  /** A person of another company, in a shared channel. */
  | 'outsider'
  | 'bot'
  | 'deactivated'
  /** Slack was asked and didn't answer. */
  | 'unknown';

/** Whether people of another company can read a channel. */
export type Sharing = 'internal' | 'external' | 'unknown';

/** How old an answer of Slack's may be: what releases money is asked afresh. */
export type Age = 'recent' | 'fresh';

/** What is known of an account that keeps its owner from doing something. */
export type AccountBar =
  | 'outsider'
  | 'bot'
  | 'deactivated'
  | 'guest'
  | 'colleague'
  | 'unplaced'
  | 'account-unknown';

/** Why something can't be requested at all, by this person or in this channel. */
export type Bar = AccountBar | 'external-channel' | 'channel-unknown' | 'workspace-unknown';

/** The conditions of a request that Slack alone knows. */
export interface Circumstances {
  /** The requester's. */
  readonly standing: Standing;
  readonly sharing: Sharing;
  /** The workspace of the channel, where the app is installed in several. */
  readonly workspaceId?: string;
  /** The app is installed in several workspaces, and Slack doesn't say which one this is asked in. */
  readonly workspaceUnknown?: true;
}

/**
 * The circumstances of a request that was let in, for judging its size and its terms alone: whether its requester may
 * still ask is for the caller to find out.
 */
export const letIn: Circumstances = { standing: 'member', sharing: 'internal' };

type Admission = Pick<Policy, 'guestsMayAsk' | 'externalChannels'>;

/** Why a person of this standing can't request anything; undefined if they can. */
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
  // A stricter rule for this workspace would be passed over.
  const hasRulesOfWorkspaces = policy.rules.some(({ teams }) => teams !== undefined);
  return workspaceUnknown === true && hasRulesOfWorkspaces ? 'workspace-unknown' : undefined;
}

/** Why a person of this standing never approves, whatever list they are on; undefined if a list can name them. */
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

/** Everybody the policy names as an approver of anything. */
export function allApprovers({ approvers, rules }: Pick<Policy, 'approvers' | 'rules'>): Approvers {
  const all = [approvers, ...rules.flatMap(({ terms }) => terms.approvers ?? [])];
  return {
    anyone: all.some(({ anyone }) => anyone),
    users: [...new Set(all.flatMap(({ users }) => users))],
    groups: [...new Set(all.flatMap(({ groups }) => groups))],
  };
}
