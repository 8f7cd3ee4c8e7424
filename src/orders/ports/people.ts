import type { Person } from '../domain/request.js';
import type { Age, Circumstances, Standing } from '../domain/standing.js';

/** Membership in the approver groups. */
export interface ApproverGroups {
  /** Throws when Slack has to be asked and doesn't answer. `recent` accepts an answer that is some minutes old. */
  includesAny(groupIds: readonly string[], userId: string, age?: Age): Promise<boolean>;
  /** Returns the user ids of everyone in these groups, from an answer that may be some minutes old. Throws likewise. */
  membersOf(groupIds: readonly string[]): Promise<readonly string[]>;
}

/** A person, with what Slack's payload says about where they belong. */
export interface Claim {
  readonly userId: string;
  /** Their home workspace, or the installation once they were let in. */
  readonly teamId?: string;
  /** `teamId` doesn't tell where they belong; see {@link Person.unplaced}. */
  readonly unplaced?: true;
  /** They typed a command in the installation, which outsiders can't. */
  readonly typedHere?: boolean;
}

/** Who people are, according to Slack. */
export interface Accounts {
  /** Never rejects. `recent` accepts an answer up to an hour old. */
  standingOf(claim: Claim, age: Age): Promise<Standing>;
  /** False if the app lacks the permission to ask; then no one is known to be a full member. */
  canAsk(): Promise<boolean>;
}

/** What Slack knows about channels. */
export interface Channels {
  /**
   * Never rejects.
   *
   * @param sharing whether the answer must say who can read the channel.
   */
  about(
    channelId: string,
    sharing: boolean,
  ): Promise<Pick<Circumstances, 'sharing' | 'isDirect' | 'workspaceId' | 'workspaceUnknown'>>;
}
