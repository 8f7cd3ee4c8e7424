import { type Answer, type Args, type Refused, refuse } from './answer.js';
import { checkMessageBlocks, checkView } from './check-blocks.js';
import { chatMethods } from './methods/chat.js';
import { conversationMethods } from './methods/conversations.js';
import { fileMethods } from './methods/files.js';
import { forBot, type Method, type Methods } from './methods/method.js';
import { userMethods } from './methods/users.js';
import { viewMethods } from './methods/views.js';
import { botId } from './objects.js';
import type { TriggerIds } from './trigger-ids.js';
import { makeVisibleChannels } from './visible-channels.js';
import type { Workspace } from './workspace.js';

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
  const { workspace, scopes } = deps;
  const channels = makeVisibleChannels(deps);
  const files = fileMethods({ ...deps, channels });

  const methods: Methods = {
    'api.test': { token: 'none', scopes: [], run: (args) => ({ ok: true, args }) },
    'blocks.validate': { token: 'none', scopes: [], run: validate },
    'auth.test': forBot([], authTest),
    'apps.connections.open': {
      token: 'app',
      scopes: [],
      run: () => ({ ok: true, url: deps.socketUrl() }),
    },
    ...chatMethods(workspace, channels),
    ...viewMethods(workspace, deps.triggers),
    ...conversationMethods(workspace, channels, scopes),
    ...userMethods(workspace),
    ...files.methods,
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

  return { call, download: files.download, uploaded: files.uploaded };
}

function validate(args: Args): Answer {
  const checked = args.view === undefined ? checkMessageBlocks(args.blocks) : checkView(args.view);
  return checked.ok
    ? { ok: true, errors: [] }
    : { ok: true, errors: checked.validationErrors.map((message) => ({ message })) };
}
