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
