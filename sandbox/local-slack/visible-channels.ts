import { type Args, missing, type Refused, refuse, text } from './answer.js';
import type { Channel } from './directory.js';
import type { Message } from './messages.js';
import type { Workspace } from './workspace.js';

export type VisibleChannels = ReturnType<typeof makeVisibleChannels>;

/** What the app can reach in a workspace: its channels, and the messages in them. */
export function makeVisibleChannels(deps: {
  readonly workspace: Workspace;
  readonly scopes: ReadonlySet<string>;
}) {
  const { workspace } = deps;

  /** A person's id means the bot's direct messages with that person. */
  function findChannel(given: unknown): Channel | undefined {
    const id = text(given) ?? '';
    if (workspace.users.has(id) && id !== workspace.bot.id) return workspace.directChannel(id);
    return visibleChannel(id);
  }

  /** A private channel doesn't exist for anyone who isn't in it. */
  function visibleChannel(given: unknown): Channel | undefined {
    const channel = workspace.channels.get(text(given) ?? '');
    return channel === undefined || (channel.private && !channel.botIsMember) ? undefined : channel;
  }

  /** Returns why posting isn't possible here: https://docs.slack.dev/reference/methods/chat.postMessage#errors */
  function cannotWrite(channel: Channel, threadTs?: unknown): Refused | undefined {
    if (channel.archived) return refuse('is_archived');
    if (channel.direct && !workspace.appHome().messagesTab) return refuse('messages_tab_disabled');
    if (!channel.botIsMember && !deps.scopes.has('chat:write.public')) return refuse('not_in_channel');
    const inThread = text(threadTs) !== undefined;
    if (inThread && workspace.message(channel.id, text(threadTs) ?? '')?.threadLocked === true) {
      return refuse('restricted_action_thread_locked');
    }
    const { posting } = channel;
    if (posting === 'nobody') return refuse('restricted_action');
    const forbidden =
      posting === 'read_only_channel' ||
      (posting === 'thread_only_channel' && !inThread) ||
      (posting === 'non_threadable_channel' && inThread);
    return forbidden ? refuse(`restricted_action_${posting}`) : undefined;
  }

  function readable(args: Args): Channel | Refused {
    const channel = visibleChannel(args.channel);
    if (channel === undefined) return refuse('channel_not_found');
    return channel.botIsMember ? channel : refuse('not_in_channel');
  }

  function ownMessage(args: Args, notMine: string): { readonly message: Message } | Refused {
    const channel = visibleChannel(args.channel);
    if (channel === undefined) return refuse('channel_not_found');
    if (text(args.ts) === undefined) return missing('ts');
    const message = workspace.message(channel.id, text(args.ts) ?? '');
    if (message === undefined || message.deleted || message.onlyFor !== undefined) {
      return refuse('message_not_found');
    }
    if (channel.archived) return refuse('is_archived');
    return message.user === workspace.bot.id ? { message } : refuse(notMine);
  }

  /** A reply to a reply is in the same thread. */
  function findParent(channel: Channel, threadTs: unknown): Message | Refused | undefined {
    const ts = text(threadTs);
    if (ts === undefined) return undefined;
    const message = workspace.message(channel.id, ts);
    if (message === undefined || message.onlyFor !== undefined) return refuse('thread_not_found');
    if (message.deleted && message.replies.length === 0) return refuse('thread_not_found');
    return message.threadTs === undefined ? message : workspace.message(channel.id, message.threadTs);
  }

  return { findChannel, visibleChannel, cannotWrite, readable, ownMessage, findParent };
}
