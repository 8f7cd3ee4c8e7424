import { type Answer, type Args, invalid, missing, type Refused, refuse, text } from './answer.js';
import type { ViewContent } from './block-kit.js';
import { checkMessageBlocks, checkView, limits } from './block-rules.js';
import { messageContent } from './message-content.js';
import { botId, channelJson, fileJson, messageJson, userJson, viewJson } from './objects.js';
import type { TriggerIds } from './trigger-ids.js';
import type { Channel, Message, StoredFile, Workspace } from './workspace.js';

/** https://docs.slack.dev/reference/methods/chat.update: longer text is refused, not cut. */
const MAX_UPDATE_TEXT = 4000;
/** https://docs.slack.dev/reference/methods/chat.postMessage: longer text is cut. */
const MAX_POST_TEXT = 40_000;

export type Download =
  | { readonly name: string; readonly content: Buffer }
  | 'redirected to login'
  | 'login page'
  | 'not found';

interface Method {
  readonly token: 'bot' | 'app' | 'none';
  /** Any one of these is enough. */
  readonly scopes: readonly string[];
  readonly run: (args: Args) => Answer;
}

export interface WebApiDeps {
  readonly workspace: Workspace;
  readonly triggers: TriggerIds;
  readonly botToken: string;
  readonly appToken: string;
  readonly scopes: ReadonlySet<string>;
  /** Returns the URL a socket connects to, with a new ticket each time. */
  readonly socketUrl: () => string;
  /** Returns the URL to upload a file to. */
  readonly uploadUrl: (fileId: string) => string;
}

export const allScopes = [
  'app_mentions:read',
  'channels:history',
  'channels:read',
  'chat:write',
  'commands',
  'files:read',
  'files:write',
  'groups:history',
  'groups:read',
  'im:history',
  'im:read',
  'im:write',
  'usergroups:read',
  'users:read',
] as const;

/** Slack's Web API for a workspace: takes a method's name, arguments and token, and returns Slack's answer. */
export function makeWebApi(deps: WebApiDeps) {
  const { workspace } = deps;
  const files = new Map<string, { readonly name: string; content: Buffer | undefined }>();

  const history = ['channels:history', 'groups:history', 'im:history', 'mpim:history'];
  const reading = ['channels:read', 'groups:read', 'im:read', 'mpim:read'];
  const bot = (scopes: readonly string[], run: Method['run']): Method => ({ token: 'bot', scopes, run });

  const methods: Readonly<Record<string, Method>> = {
    'api.test': { token: 'none', scopes: [], run: (args) => ({ ok: true, args }) },
    'blocks.validate': { token: 'none', scopes: [], run: validate },
    'auth.test': bot([], authTest),
    'apps.connections.open': {
      token: 'app',
      scopes: [],
      run: () => ({ ok: true, url: deps.socketUrl() }),
    },
    'chat.postMessage': bot(['chat:write'], postMessage),
    'chat.postEphemeral': bot(['chat:write'], postEphemeral),
    'chat.update': bot(['chat:write'], update),
    'chat.delete': bot(['chat:write'], remove),
    'chat.getPermalink': bot([], permalink),
    'views.open': bot([], openView),
    'views.push': bot([], pushView),
    'views.update': bot([], updateView),
    'views.publish': bot([], publishView),
    'conversations.open': bot(['im:write', 'mpim:write', 'channels:manage', 'groups:write'], openDirect),
    'conversations.info': bot([], info),
    'conversations.members': bot(reading, members),
    'conversations.list': bot(reading, listChannels),
    'conversations.history': bot(history, readHistory),
    'conversations.replies': bot(history, readReplies),
    'users.info': bot(['users:read'], userInfo),
    'users.list': bot(['users:read'], listUsers),
    'usergroups.list': bot(['usergroups:read'], listGroups),
    'usergroups.users.list': bot(['usergroups:read'], listGroupUsers),
    'files.info': bot(['files:read'], fileInfo),
    'files.getUploadURLExternal': bot(['files:write'], getUploadUrl),
    'files.completeUploadExternal': bot(['files:write'], completeUpload),
  };

  /** Never throws for invalid input: it becomes an answer with Slack's error code. */
  function call(name: string, args: Args, token: string | undefined): Answer {
    const method = methods[name];
    if (method === undefined) return refuse('unknown_method', { req_method: name });
    return checkToken(method, token) ?? method.run(args);
  }

  function checkToken(method: Method, token: string | undefined): Refused | undefined {
    if (method.token === 'none') return undefined;
    if (token === undefined || token === '') return refuse('not_authed');
    if (token !== deps.botToken && token !== deps.appToken) return refuse('invalid_auth');
    if (token !== (method.token === 'bot' ? deps.botToken : deps.appToken)) {
      return refuse('not_allowed_token_type');
    }
    if (method.scopes.length > 0 && !method.scopes.some((scope) => deps.scopes.has(scope))) {
      return refuse('missing_scope', {
        needed: method.scopes.join(','),
        provided: [...deps.scopes].join(','),
      });
    }
    return undefined;
  }

  function authTest(): Answer {
    return {
      ok: true,
      url: `https://${workspace.team.name}.slack.com/`,
      team: workspace.team.name,
      team_id: workspace.enterprise?.wide === true ? workspace.enterprise.id : workspace.team.id,
      ...(workspace.enterprise === undefined ? {} : { enterprise_id: workspace.enterprise.id }),
      user: workspace.bot.name,
      user_id: workspace.bot.id,
      bot_id: botId,
      is_enterprise_install: workspace.enterprise?.wide === true,
    };
  }

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

  function openView(args: Args): Answer {
    const content = viewContent(args, 'modal');
    if ('error' in content) return content;
    const trigger = redeem(args);
    if ('error' in trigger) return trigger;
    return { ok: true, view: viewJson(workspace, workspace.openModal(trigger.userId, content)) };
  }

  function pushView(args: Args): Answer {
    const content = viewContent(args, 'modal');
    if ('error' in content) return content;
    const trigger = redeem(args);
    if ('error' in trigger) return trigger;
    const view = workspace.pushModal(trigger.userId, content);
    return view === undefined ? refuse('push_limit_reached') : { ok: true, view: viewJson(workspace, view) };
  }

  function updateView(args: Args): Answer {
    const id = text(args.view_id);
    const externalId = text(args.external_id);
    if ((id === undefined) === (externalId === undefined)) return refuse('invalid_arguments');
    const view = id === undefined ? workspace.modalByExternalId(externalId ?? '') : workspace.modal(id);
    if (view === undefined) return refuse('not_found');
    const hash = text(args.hash);
    if (hash !== undefined && hash !== view.hash) return refuse('hash_conflict');
    const content = viewContent(args, 'modal', view.id);
    if ('error' in content) return content;
    const next = workspace.updateModal(view.id, content);
    return next === undefined ? refuse('not_found') : { ok: true, view: viewJson(workspace, next) };
  }

  function publishView(args: Args): Answer {
    const user = text(args.user_id);
    if (user === undefined || !workspace.users.has(user)) {
      return refuse('invalid_arguments', {
        response_metadata: { messages: ['[ERROR] invalid user_id [json-pointer:/user_id]'] },
      });
    }
    if (!workspace.appHome().homeTab) return refuse('not_enabled');
    const content = viewContent(args, 'home', workspace.homeOf(user)?.id);
    if ('error' in content) return content;
    const hash = text(args.hash);
    if (hash !== undefined && hash !== workspace.homeOf(user)?.hash) return refuse('hash_conflict');
    return { ok: true, view: viewJson(workspace, workspace.publishHome(user, content)) };
  }

  function validate(args: Args): Answer {
    const checked = args.view === undefined ? checkMessageBlocks(args.blocks) : checkView(args.view);
    return checked.ok
      ? { ok: true, errors: [] }
      : { ok: true, errors: checked.complaints.map((message) => ({ message })) };
  }

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
    if (!deps.scopes.has(needed)) {
      return refuse('missing_scope', { needed, provided: [...deps.scopes].join(',') });
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

  function userInfo(args: Args): Answer {
    const user = workspace.users.get(text(args.user) ?? '');
    return user === undefined ? refuse('user_not_found') : { ok: true, user: userJson(user) };
  }

  function listUsers(args: Args): Answer {
    return paged(
      'members',
      [...workspace.users.values()].map((user) => userJson(user)),
      args,
    );
  }

  function listGroups(args: Args): Answer {
    const listed = [...workspace.groups.values()].filter(
      ({ disabled }) => disabled !== true || isTrue(args.include_disabled),
    );
    const usergroups = listed.map((group) => ({
      id: group.id,
      team_id: workspace.team.id,
      is_usergroup: true,
      name: group.handle,
      handle: group.handle,
      date_delete: group.disabled === true ? 1_700_000_000 : 0,
      user_count: group.members.length,
      ...(isTrue(args.include_users) ? { users: group.members } : {}),
    }));
    return { ok: true, usergroups };
  }

  function listGroupUsers(args: Args): Answer {
    const group = workspace.groups.get(text(args.usergroup) ?? '');
    const hidden = group?.disabled === true && !isTrue(args.include_disabled);
    return group === undefined || hidden ? refuse('no_such_subteam') : { ok: true, users: group.members };
  }

  function fileInfo(args: Args): Answer {
    const id = text(args.file);
    if (id === undefined) return missing('file');
    const file = workspace.file(id);
    return file === undefined || !workspace.appMayRead(file)
      ? refuse('file_not_found')
      : { ok: true, file: fileJson(workspace, file) };
  }

  function getUploadUrl(args: Args): Answer {
    const name = text(args.filename);
    if (name === undefined) return missing('filename');
    if (!(Number(args.length) > 0)) return missing('length');
    const id = workspace.nextFileId();
    files.set(id, { name, content: undefined });
    return { ok: true, upload_url: deps.uploadUrl(id), file_id: id };
  }

  function completeUpload(args: Args): Answer {
    const given = args.files;
    if (!Array.isArray(given) || given.length === 0) return missing('files');
    const uploaded: { id: string; name: string; title: string }[] = [];
    const posted: { id: string; name: string; text: string }[] = [];
    const stored: StoredFile[] = [];
    for (const each of given as { id?: string; title?: string }[]) {
      const file = files.get(each.id ?? '');
      if (each.id === undefined || file?.content === undefined) return refuse('file_not_found');
      uploaded.push({ id: each.id, name: file.name, title: each.title ?? file.name });
      posted.push({ id: each.id, name: file.name, text: file.content.toString('utf8') });
      const { name, content } = file;
      stored.push({ id: each.id, name, content, user: workspace.bot.id, forApp: true });
    }
    if (args.channel_id !== undefined) {
      const channel = findChannel(args.channel_id);
      if (channel === undefined) return refuse('channel_not_found');
      const closed = cannotWrite(channel, args.thread_ts);
      if (closed !== undefined) return closed;
      const parent = findParent(channel, args.thread_ts);
      if (parent !== undefined && 'error' in parent) return parent;
      for (const file of stored) workspace.storeFile(file);
      workspace.post({
        channel: channel.id,
        user: workspace.bot.id,
        text: text(args.initial_comment) ?? '',
        blocks: [],
        files: posted,
        ...(parent === undefined ? {} : { threadTs: parent.ts }),
      });
    }
    return { ok: true, files: uploaded };
  }

  function redeem(args: Args): { readonly userId: string } | Refused {
    const id = text(args.trigger_id);
    if (id === undefined) return missing('trigger_id');
    const result = deps.triggers.redeem(id);
    return 'error' in result ? refuse(result.error) : result;
  }

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

  function viewContent(args: Args, type: ViewContent['type'], updates?: string): ViewContent | Refused {
    if (args.view === undefined) return missing('view');
    const given = args.view;
    if (Buffer.byteLength(JSON.stringify(given) ?? '') > limits.viewBytes) return refuse('view_too_large');
    const checked = checkView(given);
    if (!checked.ok) return invalid('invalid_arguments', checked.complaints);
    if (checked.value.type !== type) {
      return invalid('invalid_arguments', ['[ERROR] unsupported type of view [json-pointer:/view/type]']);
    }
    const externalId = checked.value.external_id;
    const holder = externalId
      ? (workspace.modalByExternalId(externalId) ?? workspace.homeByExternalId(externalId))
      : undefined;
    if (holder !== undefined && holder.id !== updates) return refuse('duplicate_external_id');
    return checked.value;
  }

  return {
    call,
    /** Returns a file to a request with this token: what it contains, Slack's login page, or that there is none. */
    download(fileId: string, token: string | undefined): Download {
      if (token !== deps.botToken) return 'redirected to login';
      const file = workspace.file(fileId);
      // Slack doesn't say so to an app without the scope: bolt-js#2585.
      if (!deps.scopes.has('files:read')) return 'login page';
      if (file === undefined || file.externalUrl !== undefined) return 'not found';
      return workspace.appMayRead(file) ? { name: file.name, content: file.content } : 'redirected to login';
    },
    /** Takes one uploaded file; false when this upload wasn't requested. */
    uploaded(fileId: string, content: Buffer): boolean {
      const file = files.get(fileId);
      if (file === undefined) return false;
      file.content = content;
      return true;
    },
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

function isTrue(given: unknown): boolean {
  return given === true || given === 'true' || given === '1';
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

/** The cursor is the position in the list, in base64 like Slack's. */
function paged(name: string, items: readonly unknown[], args: Args): Answer {
  const start = Number(Buffer.from(text(args.cursor) ?? '', 'base64').toString('utf8')) || 0;
  const end = start + (Number(args.limit) || 100);
  const more = end < items.length;
  return {
    ok: true,
    [name]: items.slice(start, end),
    has_more: more,
    response_metadata: { next_cursor: more ? Buffer.from(String(end)).toString('base64') : '' },
  };
}
