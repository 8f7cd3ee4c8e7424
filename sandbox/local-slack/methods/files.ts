import { type Answer, type Args, missing, refuse, text } from '../answer.js';
import { fileJson } from '../objects.js';
import type { StoredFile } from '../stored-files.js';
import type { VisibleChannels } from '../visible-channels.js';
import type { Workspace } from '../workspace.js';
import { forBot, type Methods } from './method.js';

export type Download =
  | { readonly name: string; readonly content: Buffer }
  | 'redirected to login'
  | 'login page'
  | 'not found';

/** https://docs.slack.dev/reference/methods?family=files, with the uploads and downloads that go around the Web API. */
export function fileMethods(deps: {
  readonly workspace: Workspace;
  readonly channels: VisibleChannels;
  readonly botToken: string;
  readonly scopes: ReadonlySet<string>;
  /** Returns the URL to upload a file to. */
  readonly uploadUrl: (fileId: string) => string;
}) {
  const { workspace } = deps;
  const { findChannel, cannotWrite, findParent } = deps.channels;
  const files = new Map<string, { readonly name: string; content: Buffer | undefined }>();

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

  const methods: Methods = {
    'files.info': forBot(['files:read'], fileInfo),
    'files.getUploadURLExternal': forBot(['files:write'], getUploadUrl),
    'files.completeUploadExternal': forBot(['files:write'], completeUpload),
  };
  return {
    methods,
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
