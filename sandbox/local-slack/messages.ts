import type { Block } from './block-kit.js';
import type { Changed } from './changes.js';
import type { makeDirectory } from './directory.js';
import { notifiedBy } from './notifications.js';

export interface Version {
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** A message as it is now: the object stays the same while its content changes. */
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

export interface NewMessage extends Version {
  readonly channel: string;
  readonly user: string;
  readonly threadTs?: string;
  readonly metadata?: unknown;
  readonly files?: Message['files'];
  readonly onlyFor?: string;
  readonly viaResponseUrl?: boolean;
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** The messages of a workspace, with their threads and whom they notified. */
export function makeMessages(given: {
  readonly directory: Pick<ReturnType<typeof makeDirectory>, 'users' | 'groups' | 'channels' | 'names'>;
  readonly remembered: readonly Omit<Message, 'replies' | 'names'>[];
  readonly nextTs: () => string;
  readonly changed: Changed;
}) {
  const { directory, nextTs, changed } = given;
  const { names } = directory;
  const messages: Draft<Message>[] = given.remembered.map((each) => ({ ...each, replies: [], names }));
  const notifications: { readonly userId: string; readonly message: Message }[] = [];
  for (const message of messages) addToThread(message);

  /** Adds a reply to its thread. */
  function addToThread(message: Draft<Message>): void {
    const parent = message.onlyFor === undefined ? findParent(message) : undefined;
    if (parent !== undefined) parent.replies = [...parent.replies, message];
  }

  function findParent(message: Message): Draft<Message> | undefined {
    return messages.find((each) => each.channel === message.channel && each.ts === message.threadTs);
  }

  function writable(message: Message): Draft<Message> {
    const draft = messages.find((each) => each === message);
    if (draft === undefined) throw new Error(`Message ${message.ts} is not in this workspace`);
    return draft;
  }

  return {
    lockThread(message: Message): void {
      writable(message).threadLocked = true;
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
      addToThread(message);
      for (const userId of notifiedBy(directory, message)) notifications.push({ userId, message });
      changed(message.onlyFor === undefined ? 'message' : 'ephemeral', message.ts);
      return message;
    },

    rewrite(message: Message, next: Version & { readonly metadata?: unknown }): void {
      const draft = writable(message);
      draft.text = next.text;
      draft.blocks = next.blocks;
      if (next.metadata !== undefined) draft.metadata = next.metadata;
      draft.versions = [...draft.versions, { text: next.text, blocks: next.blocks }];
      changed(message.onlyFor === undefined ? 'message' : 'ephemeral', message.ts);
    },

    remove(message: Message): void {
      writable(message).deleted = true;
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
  };
}
