import { makeChanges } from './changes.js';
import { type Channel, makeDirectory, type NewChannel, type NewUser, type UserGroup } from './directory.js';
import { type Message, makeMessages } from './messages.js';
import { makeStoredFiles, type StoredFile } from './stored-files.js';
import { makeTimestamps } from './timestamps.js';
import { makeViews, type View } from './views.js';

interface Team {
  readonly id: string;
  readonly name: string;
}

/** The tabs of the app's own place in Slack, as its manifest has them. */
export interface AppHome {
  readonly homeTab: boolean;
  readonly messagesTab: boolean;
  /** People can't write in the app's direct messages. */
  readonly readOnly: boolean;
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
  readonly channels: readonly NewChannel[];
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

export type Workspace = ReturnType<typeof makeWorkspace>;

/** The state of a Slack workspace, without any transport. */
export function makeWorkspace(setup: Setup) {
  const { team, enterprise, remembered } = setup;
  const { events, changed } = makeChanges();
  const nextTs = makeTimestamps();
  const directory = makeDirectory({
    teamId: team.id,
    wideIn: enterprise?.wide === true ? enterprise.id : undefined,
    botUserId: setup.botUserId,
    people: setup.people,
    userGroups: setup.userGroups,
    channels: setup.channels,
    remembered: remembered?.channels ?? [],
    changed,
  });
  const messages = makeMessages({ directory, remembered: remembered?.messages ?? [], nextTs, changed });
  const views = makeViews({ remembered: remembered?.homes ?? [], nextTs, changed });
  const files = makeStoredFiles({
    teamId: team.id,
    origin: setup.filesOrigin,
    remembered: (remembered?.files ?? []).map((file) => ({
      ...file,
      content: Buffer.from(file.content, 'base64'),
    })),
  });
  let appHome: AppHome = { homeTab: true, messagesTab: true, readOnly: false, ...setup.appHome };

  return {
    team,
    enterprise,
    events,
    ...directory,
    ...messages,
    ...views,
    ...files,

    /** Whether the app may read a file: its own, one put into its form, or one shared where it is. */
    appMayRead(file: StoredFile): boolean {
      const isShared = messages
        .everything()
        .some(
          (message) =>
            !message.deleted &&
            message.files.some(({ id }) => id === file.id) &&
            directory.channels.get(message.channel)?.botIsMember === true,
        );
      return file.user === directory.bot.id || file.forApp || isShared;
    },

    appHome: (): AppHome => appHome,
    changeAppHome(change: Partial<AppHome>): void {
      appHome = { ...appHome, ...change };
    },

    remember: (): Remembered => ({
      channels: [...directory.channels.values()],
      messages: messages.everything().map(({ replies: _, names: __, ...message }) => message),
      homes: views.allHomes(),
      files: files.allFiles().map((file) => ({ ...file, content: file.content.toString('base64') })),
    }),
  };
}
