import { randomBytes } from 'node:crypto';
import type { Args } from './answer.js';
import { messageContent } from './message-content.js';
import type { Message } from './messages.js';
import type { Workspace } from './workspace.js';

/** https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
const MAX_USES = 5;
const LIFETIME_MS = 30 * 60_000;

interface Origin {
  readonly userId: string;
  readonly channelId: string;
  /** The message whose button was pressed; absent for a command. */
  readonly message?: Message;
}

interface Responded {
  readonly status: number;
  readonly body: { readonly ok: boolean; readonly error?: string };
}

export interface ResponseUrls {
  /** Returns the path of a new response_url. */
  issue(origin: Origin): string;
  respond(path: string, args: Args): Responded;
}

export function makeResponseUrls(workspace: Workspace, now: () => number = Date.now): ResponseUrls {
  const issued = new Map<string, Origin & { readonly until: number; uses: number }>();

  function write(origin: Origin, args: Args): Responded {
    const { message, userId, channelId } = origin;
    if (args.delete_original === true && message !== undefined) {
      workspace.remove(message);
      return done;
    }
    const content = messageContent(args, undefined);
    if ('error' in content) return failed(400, content.error);
    if (args.replace_original === true && message !== undefined) {
      workspace.rewrite(message, content);
      return done;
    }
    const threadTs = typeof args.thread_ts === 'string' ? args.thread_ts : message?.threadTs;
    workspace.post({
      ...content,
      channel: channelId,
      user: workspace.bot.id,
      viaResponseUrl: true,
      ...(threadTs === undefined ? {} : { threadTs }),
      ...(args.response_type === 'in_channel' ? {} : { onlyFor: userId }),
    });
    return done;
  }

  return {
    issue(origin) {
      const path = `/actions/${workspace.team.id}/${issued.size + 1}/${randomBytes(9).toString('hex')}`;
      issued.set(path, { ...origin, until: now() + LIFETIME_MS, uses: 0 });
      return path;
    },
    respond(path, args) {
      const origin = issued.get(path);
      if (origin === undefined) return failed(404, 'invalid_url');
      if (now() > origin.until) return failed(404, 'expired_url');
      if (origin.uses >= MAX_USES) return failed(404, 'used_url');
      origin.uses += 1;
      return write(origin, args);
    },
  };
}

const done: Responded = { status: 200, body: { ok: true } };

function failed(status: number, error: string): Responded {
  return { status, body: { ok: false, error } };
}
