import { EventEmitter } from 'node:events';
import type { Block, ViewContent } from './block-kit.js';
import { notifiedBy } from './notifications.js';

interface Team {
  readonly id: string;
  readonly name: string;
}

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

interface UserGroup {
  readonly id: string;
  readonly handle: string;
  readonly members: readonly string[];
  readonly disabled?: boolean;
}

/** The tabs of the app's own place in Slack, as its manifest has them. */
export interface AppHome {
  readonly homeTab: boolean;
  readonly messagesTab: boolean;
  /** People can't write in the app's direct messages. */
  readonly readOnly: boolean;
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

export interface Version {
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** A message as it is now: the object stays the same while its content changes. */
/** A file that was shared in a message or put into a form. */
export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly user: string;
  readonly content: Buffer;
  /** Where it is, if it isn't in Slack but, for example, in Google Drive. */
  readonly externalUrl?: string;
  /** Put into a form of the app, which may then read it wherever it is. */
  readonly forApp: boolean;
}

/** A file as a person picks it on their computer. */
export interface PickedFile {
  readonly name: string;
  readonly content: Buffer | string;
  readonly externalUrl?: string;
}

export interface Message extends Version {
  readonly ts: string;
  readonly channel: string;
  readonly user: string;
  /** The ts of the message whose thread this one is in. */
  readonly threadTs?: string;
  readonly metadata?: unknown;
  /** Each with its content, read as UTF-8. */
  readonly files: readonly { readonly id: string; readonly name: string; readonly text: string }[];
  readonly replies: readonly Message[];
  /** All versions of its content, oldest first; the last one is current. */
  readonly versions: readonly Version[];
  readonly deleted: boolean;
  /** Set when replies are no longer possible. */
  readonly threadLocked?: boolean;
  /** Only this person sees it. */
  readonly onlyFor?: string;
  /** Written through a response_url; Slack never lets chat.update change such a message. */
  readonly viaResponseUrl: boolean;
  /** Names behind the ids in mentions. */
  readonly names: Readonly<Record<string, string>>;
}

export interface View extends ViewContent {
  readonly id: string;
  readonly hash: string;
  readonly userId: string;
  readonly rootId: string;
  readonly previousId?: string;
}

export interface Change {
  readonly what: 'message' | 'ephemeral' | 'view' | 'home' | 'channel' | 'person';
  readonly id: string;
}

export interface NewMessage extends Version {
  readonly channel: string;
  readonly user: string;
  readonly threadTs?: string;
  readonly metadata?: unknown;
  readonly files?: Message['files'];
  readonly onlyFor?: string;
  readonly viaResponseUrl?: boolean;
}

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

export interface Setup {
  readonly team: Team;
  /** The Enterprise Grid organization the workspace belongs to, and whether the app is installed in all of it. */
  readonly enterprise?: { readonly id: string; readonly name: string; readonly wide?: boolean };
  readonly botUserId: string;
  /** By default people see both tabs and can write. */
  readonly appHome?: Partial<AppHome>;
  readonly people: readonly NewUser[];
  readonly userGroups: readonly UserGroup[];
  readonly channels: readonly {
    readonly id: string;
    readonly name: string;
    readonly members: readonly string[];
    readonly botIsMember?: boolean;
    readonly archived?: boolean;
    readonly private?: boolean;
    readonly sharedWith?: SharedWith;
    readonly teamId?: string;
  }[];
  /** Returns the origin of the addresses of files. */
  readonly filesOrigin: () => string;
  /** The saved state of an earlier workspace with the same people. */
  readonly remembered?: Remembered;
}

/** The state that survives a restart, as plain JSON. Open forms don't. */
export interface Remembered {
  readonly channels: readonly Channel[];
  readonly messages: readonly Omit<Message, 'replies' | 'names'>[];
  readonly homes: readonly View[];
  /** Their content in base64. Absent in what older versions saved. */
  readonly files?: readonly (Omit<StoredFile, 'content'> & { readonly content: string })[];
}

/** The most modals a person can stack: one opened and two pushed. https://docs.slack.dev/surfaces/modals */
const MAX_MODALS = 3;

type Draft<T> = { -readonly [K in keyof T]: T[K] };

export type Workspace = ReturnType<typeof makeWorkspace>;

/**
 * The state of a Slack workspace, without any transport. Each change emits a `change` event, which is all a page needs
 * to redraw itself.
 */
export function makeWorkspace(setup: Setup) {
  const events = new EventEmitter<{ change: [Change] }>();
  events.setMaxListeners(0);
  const usual = { title: '', isBot: false, teamId: setup.team.id, deactivated: false, withoutTeamId: false };
  const bot: User = { ...usual, id: setup.botUserId, name: 'numbers', title: 'Numbers', isBot: true };
  const people = setup.people.map((each): User => ({ ...usual, ...each }));
  const users = new Map<string, User>([...people, bot].map((user) => [user.id, user]));
  const groups = new Map<string, UserGroup>(setup.userGroups.map((group) => [group.id, group]));
  const channels = new Map<string, Channel>(
    setup.channels.map((each) => [
      each.id,
      { botIsMember: true, archived: false, private: false, ...each, direct: false },
    ]),
  );
  for (const channel of setup.remembered?.channels ?? []) channels.set(channel.id, channel);
  const names: Record<string, string> = {};
  for (const user of users.values()) names[user.id] = user.name;
  for (const group of groups.values()) names[group.id] = group.handle;
  for (const channel of channels.values()) names[channel.id] = channel.name;

  const messages: Draft<Message>[] = (setup.remembered?.messages ?? []).map((each) => ({
    ...each,
    replies: [],
    names,
  }));
  const modals = new Map<string, Draft<View>[]>();
  const homes = new Map<string, View>((setup.remembered?.homes ?? []).map((view) => [view.userId, view]));
  const files = new Map<string, StoredFile>(
    (setup.remembered?.files ?? []).map((file) => [
      file.id,
      { ...file, content: Buffer.from(file.content, 'base64') },
    ]),
  );
  let fileCount = files.size;
  const openModals = () => [...modals.values()].flat();
  const notifications: { readonly userId: string; readonly message: Message }[] = [];
  let lastTs = 0;
  let appHome: AppHome = { homeTab: true, messagesTab: true, readOnly: false, ...setup.appHome };
  /** Never repeats an id, even after a restart. */
  let viewCount = Math.max(0, ...[...homes.values()].map(({ id }) => Number(id.slice(1))));

  const changed = (what: Change['what'], id: string): void => {
    events.emit('change', { what, id });
  };

  /** Returns increasing microseconds since 1970, one per message: a message's id within its channel. */
  function nextTs(): string {
    lastTs = Math.max(Date.now() * 1000, lastTs + 1);
    return `${Math.floor(lastTs / 1_000_000)}.${String(lastTs % 1_000_000).padStart(6, '0')}`;
  }

  function newView(userId: string, content: ViewContent, below: View | undefined): Draft<View> {
    viewCount += 1;
    const id = `V${viewCount.toString().padStart(4, '0')}`;
    return {
      ...content,
      id,
      hash: nextTs(),
      userId,
      rootId: below?.rootId ?? id,
      ...(below === undefined ? {} : { previousId: below.id }),
    };
  }

  for (const message of messages) hang(message);

  const workspace = {
    team: setup.team,
    enterprise: setup.enterprise,
    bot,
    users: users as ReadonlyMap<string, User>,
    groups: groups as ReadonlyMap<string, UserGroup>,
    channels: channels as ReadonlyMap<string, Channel>,
    names: names as Readonly<Record<string, string>>,
    events,

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
      if (setup.enterprise?.wide === true) return user.enterprise?.id === setup.enterprise.id;
      return user.teamId === setup.team.id || user.enterprise?.workspaces.includes(setup.team.id) === true;
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

    lockThread(message: Message): void {
      drafted(message).threadLocked = true;
    },

    /** Returns an id that no other file has. */
    nextFileId(): string {
      fileCount += 1;
      return `F${String(fileCount).padStart(4, '0')}`;
    },
    storeFile(file: StoredFile): StoredFile {
      files.set(file.id, file);
      return file;
    },
    file: (id: string): StoredFile | undefined => files.get(id),
    fileUrl: ({ id, name }: StoredFile): string =>
      `${setup.filesOrigin()}/files-pri/${setup.team.id}-${id}/download/${encodeURIComponent(name)}`,

    /** Whether the app may read a file: its own, one put into its form, or one shared where it is. */
    appMayRead(file: StoredFile): boolean {
      const isShared = messages.some(
        (message) =>
          !message.deleted &&
          message.files.some(({ id }) => id === file.id) &&
          channels.get(message.channel)?.botIsMember === true,
      );
      return file.user === bot.id || file.forApp || isShared;
    },

    appHome: (): AppHome => appHome,
    changeAppHome(change: Partial<AppHome>): void {
      appHome = { ...appHome, ...change };
    },

    post(given: NewMessage): Message {
      const version: Version = { text: given.text, blocks: given.blocks };
      const message: Draft<Message> = {
        files: [],
        viaResponseUrl: false,
        ...given,
        ts: nextTs(),
        replies: [],
        versions: [version],
        deleted: false,
        names,
      };
      messages.push(message);
      hang(message);
      for (const userId of notifiedBy(workspace, message)) notifications.push({ userId, message });
      changed(message.onlyFor === undefined ? 'message' : 'ephemeral', message.ts);
      return message;
    },

    rewrite(message: Message, next: Version & { readonly metadata?: unknown }): void {
      const draft = drafted(message);
      draft.text = next.text;
      draft.blocks = next.blocks;
      if (next.metadata !== undefined) draft.metadata = next.metadata;
      draft.versions = [...draft.versions, { text: next.text, blocks: next.blocks }];
      changed(message.onlyFor === undefined ? 'message' : 'ephemeral', message.ts);
    },

    remove(message: Message): void {
      drafted(message).deleted = true;
      changed(message.onlyFor === undefined ? 'message' : 'ephemeral', message.ts);
    },

    /** Every message ever, including replies, deleted and ephemeral ones, oldest first. */
    everything: (): readonly Message[] => messages,

    /** The messages that notified this person when they were posted, oldest first. */
    notificationsOf: (userId: string): readonly Message[] =>
      notifications.filter((each) => each.userId === userId).map(({ message }) => message),

    /** What everyone in a channel sees, without replies, oldest first. */
    messagesIn(channelId: string): readonly Message[] {
      return messages.filter(
        (each) =>
          each.channel === channelId &&
          each.threadTs === undefined &&
          each.onlyFor === undefined &&
          !each.deleted,
      );
    },

    ephemeralsFor(userId: string, channelId: string): readonly Message[] {
      return messages.filter(
        (each) => each.channel === channelId && each.onlyFor === userId && !each.deleted,
      );
    },

    /** Includes deleted and ephemeral ones. */
    message(channelId: string, ts: string): Message | undefined {
      return messages.find((each) => each.channel === channelId && each.ts === ts);
    },

    /** Opens the first modal and discards any that were open. */
    openModal(userId: string, content: ViewContent): View {
      const view = newView(userId, content, undefined);
      modals.set(userId, [view]);
      changed('view', view.id);
      return view;
    },

    /** Puts a modal on top of the open ones; `undefined` when the stack is full. */
    pushModal(userId: string, content: ViewContent): View | undefined {
      const stack = modals.get(userId) ?? [];
      if (stack.length >= MAX_MODALS) return undefined;
      const view = newView(userId, content, stack.at(-1));
      modals.set(userId, [...stack, view]);
      changed('view', view.id);
      return view;
    },

    updateModal(id: string, content: ViewContent): View | undefined {
      const view = openModals().find((each) => each.id === id);
      if (view === undefined) return undefined;
      const userStack = modals.get(view.userId) ?? [];
      const { rootId, previousId, userId } = view;
      const next: View = {
        ...content,
        id,
        userId,
        rootId,
        hash: nextTs(),
        ...(previousId === undefined ? {} : { previousId }),
      };
      modals.set(
        userId,
        userStack.map((each) => (each.id === id ? next : each)),
      );
      changed('view', id);
      return next;
    },

    /** Removes one modal and those above it. */
    closeModal(id: string): void {
      for (const [userId, stack] of modals) {
        const at = stack.findIndex((each) => each.id === id);
        if (at >= 0) modals.set(userId, stack.slice(0, at));
      }
      changed('view', id);
    },

    clearModals(userId: string): void {
      modals.set(userId, []);
      changed('view', userId);
    },

    /** The person's open modals, the front one last. */
    modalsOf(userId: string): readonly View[] {
      return modals.get(userId) ?? [];
    },

    modal(id: string): View | undefined {
      return openModals().find((each) => each.id === id);
    },

    modalByExternalId(externalId: string): View | undefined {
      return openModals().find((each) => each.external_id === externalId);
    },

    publishHome(userId: string, content: ViewContent): View {
      const previous = homes.get(userId);
      const view = newView(userId, content, undefined);
      const home = previous === undefined ? view : { ...view, id: previous.id, rootId: previous.id };
      homes.set(userId, home);
      changed('home', home.id);
      return home;
    },

    /** Another person's Home tab with this external_id. */
    homeByExternalId(externalId: string): View | undefined {
      return [...homes.values()].find((each) => each.external_id === externalId);
    },

    homeOf(userId: string): View | undefined {
      return homes.get(userId);
    },

    remember: (): Remembered => ({
      channels: [...channels.values()],
      messages: messages.map(({ replies: _, names: __, ...message }) => message),
      homes: [...homes.values()],
      files: [...files.values()].map((file) => ({ ...file, content: file.content.toString('base64') })),
    }),
  };

  /** Adds a reply to its thread. */
  function hang(message: Draft<Message>): void {
    const parent = message.onlyFor === undefined ? findParent(message) : undefined;
    if (parent !== undefined) parent.replies = [...parent.replies, message];
  }

  function findParent(message: Message): Draft<Message> | undefined {
    return messages.find((each) => each.channel === message.channel && each.ts === message.threadTs);
  }

  function drafted(message: Message): Draft<Message> {
    const draft = messages.find((each) => each === message);
    if (draft === undefined) throw new Error(`Message ${message.ts} is not of this workspace`);
    return draft;
  }

  return workspace;
}

function directId(userId: string): string {
  return `D${userId.slice(1)}`;
}
