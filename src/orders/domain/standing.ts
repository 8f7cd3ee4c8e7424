/**
 * Who a person is, relative to the installation: the workspace, or Enterprise Grid organization, the app belongs to.
 */
export type Standing =
  /** A full member of the installation. */
  | 'member'
  /** A full member of another workspace of the same Enterprise Grid. */
  | 'colleague'
  | 'guest'
  | 'single-channel-guest'
  /** Of the installation according to Slack's payload, but whether they are a guest can't be checked. */
  | 'unverified'
  /**
   * On Enterprise Grid: Slack can't be asked, and the payload doesn't distinguish members, colleagues and outsiders.
   */
  | 'unplaced'
  /** A person of another company, in a shared channel. */
  | 'outsider'
  | 'bot'
  | 'deactivated'
  /** Slack was asked and didn't answer. */
  | 'unknown';

/** Whether people of another company can read a channel. */
export type Sharing = 'internal' | 'external' | 'unknown';

/** How old Slack's answer may be. Anything that spends money needs a fresh one. */
export type Age = 'recent' | 'fresh';

/** What about an account keeps its owner from doing something. */
export type AccountBar =
  | 'outsider'
  | 'bot'
  | 'deactivated'
  | 'guest'
  | 'colleague'
  | 'unplaced'
  | 'account-unknown';

/** Why nothing can be requested by this person, in this channel or of these sub-accounts. */
export type Bar =
  | AccountBar
  | 'external-channel'
  | 'channel-unknown'
  /** No approver would see an order in a direct message with the app. */
  | 'direct-message'
  | 'workspace-unknown'
  /** The policy names who may request, and they aren't named. */
  | 'not-a-requester'
  /** Rules apply to some of the numbers' sub-accounts and not to the others. */
  | 'sites-mixed'
  /** The policy has rules for sub-accounts, and Bandwidth didn't say which one has the numbers. */
  | 'site-unknown';

/** The facts about a request that only Slack knows. */
export interface Circumstances {
  /** The requester's standing. */
  readonly standing: Standing;
  readonly sharing: Sharing;
  /** The channel is a direct message between the requester and the app. */
  readonly isDirect?: true;
  /** The workspace of the channel, if the app is installed in several. */
  readonly workspaceId?: string;
  /** The app is installed in several workspaces, and Slack doesn't say which one this is. */
  readonly workspaceUnknown?: true;
  /** The user groups that the policy names as requesters and the requester is in; absent if it names none. */
  readonly requesterGroups?: readonly string[];
  /** Slack didn't say which of these groups the requester is in. */
  readonly requesterGroupsUnknown?: true;
}

/**
 * Circumstances for judging only the size and terms of an accepted request. The caller has to check whether its
 * requester may still order.
 */
export const usualCircumstances: Circumstances = { standing: 'member', sharing: 'internal' };
