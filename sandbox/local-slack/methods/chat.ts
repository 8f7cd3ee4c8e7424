import { type Answer, type Args, missing, type Refused, refuse, text } from '../answer.js';
import { messageContent } from '../message-content.js';
import { messageJson } from '../objects.js';
import type { VisibleChannels } from '../visible-channels.js';
import type { Workspace } from '../workspace.js';
import { forBot, type Methods } from './method.js';

/** https://docs.slack.dev/reference/methods/chat.update: longer text is refused, not cut. */
const MAX_UPDATE_TEXT = 4000;
/** https://docs.slack.dev/reference/methods/chat.postMessage: longer text is cut. */
const MAX_POST_TEXT = 40_000;

/** https://docs.slack.dev/reference/methods?family=chat */
export function chatMethods(workspace: Workspace, channels: VisibleChannels): Methods {
  const { findChannel, visibleChannel, cannotWrite, ownMessage, findParent } = channels;

  function postMessage(args: Args): Answer {
    const channel = findChannel(args.channel);
    if (channel === undefined) return refuse('channel_not_found');
    const closed = cannotWrite(channel, args.thread_ts);
    if (closed !== undefined) return closed;
    const content = messageContent(args, undefined);
    if ('error' in content) return content;
    const parent = findParent(channel, args.thread_ts);
    if (parent !== undefined && 'error' in parent) return parent;
    const metadata = readMetadata(args.metadata);
    if (metadata !== undefined && 'error' in metadata) return metadata;
    const message = workspace.post({
      channel: channel.id,
      user: workspace.bot.id,
      text: [...content.text].slice(0, MAX_POST_TEXT).join(''),
      blocks: content.blocks,
      ...(parent === undefined ? {} : { threadTs: parent.ts }),
      ...(metadata === undefined ? {} : { metadata: metadata.value }),
    });
    return { ok: true, channel: channel.id, ts: message.ts, message: messageJson(workspace, message) };
  }

  function postEphemeral(args: Args): Answer {
    const channel = findChannel(args.channel);
    if (channel === undefined) return refuse('channel_not_found');
    const closed = cannotWrite(channel, args.thread_ts);
    if (closed !== undefined) return closed;
    const user = text(args.user);
    if (user === undefined) return missing('user');
    if (!channel.members.includes(user)) return refuse('user_not_in_channel');
    const content = messageContent(args, undefined);
    if ('error' in content) return content;
    const parent = findParent(channel, args.thread_ts);
    if (parent !== undefined && 'error' in parent) return parent;
    const message = workspace.post({
      channel: channel.id,
      user: workspace.bot.id,
      onlyFor: user,
      ...content,
      ...(parent === undefined ? {} : { threadTs: parent.ts }),
    });
    return { ok: true, message_ts: message.ts };
  }

  function update(args: Args): Answer {
    const found = ownMessage(args, 'cant_update_message');
    if ('error' in found) return found;
    const { message } = found;
    if (message.viaResponseUrl) return refuse('cant_update_message');
    const content = messageContent(args, message);
    if ('error' in content) return content;
    if ([...content.text].length > MAX_UPDATE_TEXT && text(args.text) !== undefined) {
      return refuse('msg_too_long');
    }
    const metadata = readMetadata(args.metadata);
    if (metadata !== undefined && 'error' in metadata) return metadata;
    workspace.rewrite(message, {
      ...content,
      ...(metadata === undefined ? {} : { metadata: metadata.value }),
    });
    return {
      ok: true,
      channel: message.channel,
      ts: message.ts,
      text: message.text,
      message: messageJson(workspace, message),
    };
  }

  function remove(args: Args): Answer {
    const found = ownMessage(args, 'cant_delete_message');
    if ('error' in found) return found;
    workspace.remove(found.message);
    return { ok: true, channel: found.message.channel, ts: found.message.ts };
  }

  function permalink(args: Args): Answer {
    const channel = visibleChannel(args.channel);
    if (channel === undefined) return refuse('channel_not_found');
    const ts = text(args.message_ts);
    if (ts === undefined) return refuse('invalid_arguments');
    const message = workspace.message(channel.id, ts);
    // Slack keeps nothing of an ephemeral message.
    if (message === undefined || message.deleted || message.onlyFor !== undefined) {
      return refuse('message_not_found');
    }
    const link = `https://${workspace.team.name}.slack.com/archives/${channel.id}/p${ts.replace('.', '')}`;
    const inThread = message.threadTs === undefined ? '' : `?thread_ts=${message.threadTs}&cid=${channel.id}`;
    return { ok: true, channel: channel.id, permalink: link + inThread };
  }

  const writing = ['chat:write'];
  return {
    'chat.postMessage': forBot(writing, postMessage),
    'chat.postEphemeral': forBot(writing, postEphemeral),
    'chat.update': forBot(writing, update),
    'chat.delete': forBot(writing, remove),
    'chat.getPermalink': forBot([], permalink),
  };
}

/** https://docs.slack.dev/messaging/message-metadata */
function readMetadata(metadata: unknown): { readonly value: unknown } | Refused | undefined {
  if (metadata === undefined) return undefined;
  const valid =
    typeof metadata === 'object' &&
    metadata !== null &&
    'event_type' in metadata &&
    typeof metadata.event_type === 'string' &&
    'event_payload' in metadata &&
    typeof metadata.event_payload === 'object' &&
    metadata.event_payload !== null;
  return valid ? { value: metadata } : refuse('invalid_metadata_format');
}
