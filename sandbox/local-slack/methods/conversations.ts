import { type Answer, type Args, missing, refuse, text } from '../answer.js';
import type { Channel } from '../directory.js';
import type { Message } from '../messages.js';
import { channelJson, messageJson } from '../objects.js';
import type { VisibleChannels } from '../visible-channels.js';
import type { Workspace } from '../workspace.js';
import { forBot, isTrue, type Methods, paged } from './method.js';

/** https://docs.slack.dev/reference/methods?family=conversations */
export function conversationMethods(
  workspace: Workspace,
  channels: VisibleChannels,
  scopes: ReadonlySet<string>,
): Methods {
  const { visibleChannel, readable } = channels;

  function openDirect(args: Args): Answer {
    const user = text(args.users);
    if (user === undefined) return missing('users');
    if (!workspace.users.has(user)) return refuse('user_not_found');
    const channel = workspace.directChannel(user);
    return { ok: true, channel: args.return_im ? channelJson(channel) : { id: channel.id } };
  }

  function info(args: Args): Answer {
    const channel = visibleChannel(args.channel);
    if (channel === undefined) return refuse('channel_not_found');
    const needed = readingScope(channel);
    if (!scopes.has(needed)) {
      return refuse('missing_scope', { needed, provided: [...scopes].join(',') });
    }
    return { ok: true, channel: channelJson(channel) };
  }

  function members(args: Args): Answer {
    const channel = visibleChannel(args.channel);
    if (channel === undefined) return refuse('channel_not_found');
    const everyone = [...channel.members, ...(channel.botIsMember ? [workspace.bot.id] : [])];
    return paged('members', everyone, args);
  }

  function listChannels(args: Args): Answer {
    const types = (text(args.types) ?? 'public_channel').split(',').map((type) => type.trim());
    const listed = [...workspace.channels.values()].filter(
      (channel) =>
        types.includes(channelType(channel)) &&
        visibleChannel(channel.id) !== undefined &&
        !(isTrue(args.exclude_archived) && channel.archived),
    );
    return paged('channels', listed.map(channelJson), args);
  }

  function readHistory(args: Args): Answer {
    const channel = readable(args);
    if ('error' in channel) return channel;
    const newestFirst = [...workspace.messagesIn(channel.id)].reverse();
    return paged(
      'messages',
      within(newestFirst, args).map((message) =>
        messageJson(workspace, message, isTrue(args.include_all_metadata)),
      ),
      args,
    );
  }

  function readReplies(args: Args): Answer {
    const channel = readable(args);
    if ('error' in channel) return channel;
    const parent = workspace.message(channel.id, text(args.ts) ?? '');
    if (parent === undefined || parent.onlyFor !== undefined || parent.deleted) {
      return refuse('thread_not_found');
    }
    const thread = [parent, ...within(parent.replies, args)].filter((each) => !each.deleted);
    return paged(
      'messages',
      thread.map((message) => messageJson(workspace, message, isTrue(args.include_all_metadata))),
      args,
    );
  }

  const history = ['channels:history', 'groups:history', 'im:history', 'mpim:history'];
  const reading = ['channels:read', 'groups:read', 'im:read', 'mpim:read'];
  return {
    'conversations.open': forBot(['im:write', 'mpim:write', 'channels:manage', 'groups:write'], openDirect),
    'conversations.info': forBot([], info),
    'conversations.members': forBot(reading, members),
    'conversations.list': forBot(reading, listChannels),
    'conversations.history': forBot(history, readHistory),
    'conversations.replies': forBot(history, readReplies),
  };
}

function channelType(channel: Channel): string {
  if (channel.direct) return 'im';
  return channel.private ? 'private_channel' : 'public_channel';
}

/** Without the scope for its kind, Slack reveals nothing about a channel. */
function readingScope(channel: Channel): string {
  if (channel.direct) return 'im:read';
  return channel.private ? 'groups:read' : 'channels:read';
}

function within(messages: readonly Message[], args: Args): readonly Message[] {
  const oldest = Number(text(args.oldest) ?? 0);
  const latest = Number(text(args.latest) ?? Number.POSITIVE_INFINITY);
  const inclusive = isTrue(args.inclusive);
  return messages.filter(({ ts }) => {
    const at = Number(ts);
    return inclusive ? at >= oldest && at <= latest : at > oldest && at < latest;
  });
}
