import type { Channel, User } from './directory.js';
import type { Message } from './messages.js';
import type { StoredFile } from './stored-files.js';
import type { View } from './views.js';
import type { Workspace } from './workspace.js';

export const appId = 'A0LOCAL';
export const botId = 'B0LOCAL';

export function messageJson(
  workspace: Workspace,
  message: Message,
  withMetadata = true,
): Record<string, unknown> {
  const fromBot = message.user === workspace.bot.id;
  return {
    type: 'message',
    user: message.user,
    ts: message.ts,
    text: message.text,
    team: workspace.team.id,
    ...(fromBot ? { bot_id: botId, app_id: appId } : {}),
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.files.length > 0
      ? { files: message.files.map(({ id, name }) => sharedFileJson(workspace, id) ?? { id, name }) }
      : {}),
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    ...(message.replies.length > 0 ? { thread_ts: message.ts, reply_count: message.replies.length } : {}),
    ...(withMetadata && message.metadata !== undefined ? { metadata: message.metadata } : {}),
    ...(message.versions.length > 1 ? { edited: { user: message.user, ts: message.ts } } : {}),
  };
}

/**
 * A file in a message. Of one that somebody of another company shared, apps are told only the id:
 * https://docs.slack.dev/apis/slack-connect/using-slack-connect
 */
function sharedFileJson(workspace: Workspace, id: string): Record<string, unknown> | undefined {
  const file = workspace.file(id);
  if (file === undefined) return undefined;
  const user = workspace.users.get(file.user);
  return user === undefined || workspace.isOurs(user) || user.isBot
    ? fileJson(workspace, file)
    : { id, mode: 'file_access', file_access: 'check_file_info' };
}

/** https://docs.slack.dev/reference/objects/file-object */
export function fileJson(workspace: Workspace, file: StoredFile): Record<string, unknown> {
  const filetype = fileType(file.name);
  const external = file.externalUrl !== undefined;
  const url = file.externalUrl ?? workspace.fileUrl(file);
  return {
    id: file.id,
    name: file.name,
    title: file.name,
    mimetype: filetype === 'csv' ? 'text/csv' : 'application/octet-stream',
    filetype,
    user: file.user,
    user_team: workspace.users.get(file.user)?.teamId ?? workspace.team.id,
    editable: false,
    size: file.content.length,
    mode: external ? 'external' : 'hosted',
    is_external: external,
    external_type: external ? 'gdrive' : '',
    url_private: url,
    ...(external ? {} : { url_private_download: url }),
    file_access: 'visible',
  };
}

/** The end of a file's name, as `filetypes` of a file_input name it. */
export const fileType = (name: string): string => /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? 'binary';

export function viewJson(workspace: Workspace, view: View): Record<string, unknown> {
  return {
    id: view.id,
    team_id: workspace.team.id,
    type: view.type,
    title: view.title ?? null,
    submit: view.submit ?? null,
    close: view.close ?? null,
    blocks: view.blocks,
    private_metadata: view.private_metadata ?? '',
    callback_id: view.callback_id ?? '',
    external_id: view.external_id ?? '',
    state: { values: {} },
    hash: view.hash,
    clear_on_close: view.clear_on_close ?? false,
    notify_on_close: view.notify_on_close ?? false,
    root_view_id: view.rootId,
    previous_view_id: view.previousId ?? null,
    app_id: appId,
    app_installed_team_id: workspace.team.id,
    bot_id: botId,
  };
}

export function channelJson(channel: Channel): Record<string, unknown> {
  return {
    id: channel.id,
    ...(channel.direct ? { user: channel.members[0] } : { name: channel.name }),
    is_channel: !channel.private,
    is_group: channel.private && !channel.direct,
    is_im: channel.direct,
    is_private: channel.private,
    is_archived: channel.archived,
    is_member: channel.botIsMember,
    ...sharingJson(channel),
  };
}

function sharingJson({ direct, sharedWith, teamId }: Channel): Record<string, unknown> {
  if (direct) return {};
  return {
    is_shared: sharedWith !== undefined,
    is_ext_shared: sharedWith === 'company',
    is_org_shared: sharedWith === 'organization',
    ...(teamId === undefined ? {} : { context_team_id: teamId }),
  };
}

export function userJson(user: User): Record<string, unknown> {
  const { enterprise } = user;
  return {
    id: user.id,
    ...(user.withoutTeamId ? {} : { team_id: user.teamId }),
    ...(enterprise === undefined
      ? {}
      : { enterprise_user: { id: user.id, enterprise_id: enterprise.id, teams: enterprise.workspaces } }),
    name: user.name,
    real_name: user.name,
    deleted: user.deactivated,
    is_bot: user.isBot,
    is_restricted: user.guest !== undefined,
    is_ultra_restricted: user.guest === 'single-channel',
    profile: { real_name: user.name, display_name: user.name, title: user.title },
  };
}
