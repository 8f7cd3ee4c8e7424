import type { Changed } from './changes.js';

// Who and what there is in a workspace: people, user groups and channels.

export interface User {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly isBot: boolean;
  /** The person's home workspace. */
  readonly teamId: string;
  /** The Enterprise Grid organization of that workspace. */
  readonly enterprise?: { readonly id: string; readonly workspaces: readonly string[] };
  readonly guest?: 'multi-channel' | 'single-channel' | undefined;
  readonly deactivated: boolean;
  /** `users.info` omits `team_id`, as it may in an organization. */
  readonly withoutTeamId: boolean;
}

export interface UserGroup {
  readonly id: string;
  readonly handle: string;
  readonly members: readonly string[];
  readonly disabled?: boolean;
}

/** Who else a channel is shared with: another company, or another workspace of the same organization. */
export type SharedWith = 'company' | 'organization';

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly members: readonly string[];
  readonly botIsMember: boolean;
  readonly archived: boolean;
  readonly private: boolean;
  /** A direct message between the bot and one person. */
  readonly direct: boolean;
  readonly sharedWith?: SharedWith | undefined;
  /** The workspace it belongs to when the app is installed in several. */
  readonly teamId?: string;
  /** The posting permissions that restrict the app in this channel; none by default. */
  readonly posting?: PostingRule;
}

/** Each is also the end of Slack's error code, `restricted_action_…`; `no one` has no ending. */
export type PostingRule = 'nobody' | 'read_only_channel' | 'thread_only_channel' | 'non_threadable_channel';

export type ChannelChange = Partial<
  Pick<Channel, 'members' | 'botIsMember' | 'archived' | 'private' | 'sharedWith' | 'posting'>
>;

export interface NewUser {
  readonly id: string;
  readonly name: string;
  readonly title?: string;
  readonly teamId?: string;
  readonly enterprise?: NonNullable<User['enterprise']>;
  readonly guest?: User['guest'];
  readonly deactivated?: boolean;
  readonly isBot?: boolean;
  readonly withoutTeamId?: boolean;
}

export interface NewChannel {
  readonly id: string;
  readonly name: string;
  readonly members: readonly string[];
  readonly botIsMember?: boolean;
  readonly archived?: boolean;
  readonly private?: boolean;
  readonly sharedWith?: SharedWith;
  readonly teamId?: string;
}

export function makeDirectory(given: {
  readonly teamId: string;
  /** The organization the app is installed in all of, if it is. */
  readonly wideIn: string | undefined;
  readonly botUserId: string;
  readonly people: readonly NewUser[];
  readonly userGroups: readonly UserGroup[];
  readonly channels: readonly NewChannel[];
  /** The channels of an earlier workspace with the same people. */
  readonly remembered: readonly Channel[];
  readonly changed: Changed;
}) {
  const { teamId, wideIn, changed } = given;
  const usual = { title: '', isBot: false, teamId, deactivated: false, withoutTeamId: false };
  const bot: User = { ...usual, id: given.botUserId, name: 'numbers', title: 'Numbers', isBot: true };
  const people = given.people.map((each): User => ({ ...usual, ...each }));
  const users = new Map<string, User>([...people, bot].map((user) => [user.id, user]));
  const groups = new Map<string, UserGroup>(given.userGroups.map((group) => [group.id, group]));
  const channels = new Map<string, Channel>(
    given.channels.map((each) => [
      each.id,
      { botIsMember: true, archived: false, private: false, ...each, direct: false },
    ]),
  );
  for (const channel of given.remembered) channels.set(channel.id, channel);
  const names: Record<string, string> = {};
  for (const user of users.values()) names[user.id] = user.name;
  for (const group of groups.values()) names[group.id] = group.handle;
  for (const channel of channels.values()) names[channel.id] = channel.name;

  return {
    bot,
    users: users as ReadonlyMap<string, User>,
    groups: groups as ReadonlyMap<string, UserGroup>,
    channels: channels as ReadonlyMap<string, Channel>,
    names: names as Readonly<Record<string, string>>,

    changeChannel(id: string, change: ChannelChange): void {
      const channel = channels.get(id);
      if (channel === undefined) throw new Error(`There is no channel ${id}`);
      channels.set(id, { ...channel, ...change });
      changed('channel', id);
    },

    changePerson(id: string, change: Omit<NewUser, 'id' | 'name'>): void {
      const user = users.get(id);
      if (user === undefined) throw new Error(`Unknown person: ${id}`);
      users.set(id, { ...user, ...change });
      changed('person', id);
    },

    changeGroup(id: string, change: Partial<Pick<UserGroup, 'members' | 'disabled'>>): void {
      const group = groups.get(id);
      if (group === undefined) throw new Error(`There is no user group ${id}`);
      groups.set(id, { ...group, ...change });
    },

    /** Whether a person belongs to the installation: a workspace, or the whole organization. */
    isOurs(user: User): boolean {
      if (wideIn !== undefined) return user.enterprise?.id === wideIn;
      return user.teamId === teamId || user.enterprise?.workspaces.includes(teamId) === true;
    },

    /** Returns the bot's direct messages with a person, created on first use. */
    directChannel(userId: string): Channel {
      const id = directId(userId);
      const known = channels.get(id);
      if (known !== undefined) return known;
      const channel: Channel = {
        id,
        name: 'directmessage',
        members: [userId],
        botIsMember: true,
        archived: false,
        private: true,
        direct: true,
      };
      channels.set(id, channel);
      return channel;
    },

    directId,
  };
}

function directId(userId: string): string {
  return `D${userId.slice(1)}`;
}
