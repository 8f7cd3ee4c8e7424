import type { Acknowledgement, Retry } from './deliver.js';
import type { Message } from './messages.js';
import { appId, viewJson } from './objects.js';
import type { Workspace } from './workspace.js';

/** When an event that wasn't acknowledged is delivered again: https://docs.slack.dev/apis/events-api/#retries */
export const redeliveryDelaysMs: readonly number[] = [0, 60_000, 300_000];

/** The events this Slack knows, each with the scopes one of which it needs. */
const known: Readonly<Record<string, readonly string[]>> = {
  app_home_opened: [],
  app_mention: ['app_mentions:read'],
};
export const knownEvents: readonly string[] = Object.keys(known);

export interface AppEvents {
  /** Somebody opens a tab of the app. Resolves once the first delivery is answered. */
  opened(userId: string, tab: 'home' | 'messages'): Promise<Acknowledgement | undefined>;
  /** Somebody wrote a message that Slack may have to tell the app about. */
  written(message: Message): void;
  close(): void;
}

/**
 * Events an app subscribes to. Unlike commands and presses, they are delivered again, with the same event_id, until the
 * app acknowledges them.
 */
export function makeAppEvents(deps: {
  readonly workspace: Workspace;
  readonly subscribed: ReadonlySet<string>;
  readonly scopes: ReadonlySet<string>;
  readonly delaysMs: readonly number[];
  readonly deliver: (payload: Readonly<Record<string, unknown>>, retry?: Retry) => Promise<Acknowledgement>;
}): AppEvents {
  const { workspace } = deps;
  const timers = new Set<NodeJS.Timeout>();
  let count = 0;
  let closed = false;

  async function send(event: Readonly<Record<string, unknown>> & { readonly type: string }) {
    const scopes = known[event.type] ?? [];
    if (!deps.subscribed.has(event.type)) return undefined;
    if (scopes.length > 0 && !scopes.some((scope) => deps.scopes.has(scope))) return undefined;
    count += 1;
    const { team, enterprise, bot } = workspace;
    const wide = enterprise?.wide === true;
    const payload = {
      type: 'event_callback',
      token: 'unused',
      team_id: team.id,
      api_app_id: appId,
      event: { ...event, event_ts: (Date.now() / 1000).toFixed(6) },
      event_id: `Ev${Date.now()}${count}`,
      event_time: Math.floor(Date.now() / 1000),
      authorizations: [
        {
          enterprise_id: enterprise?.id ?? null,
          team_id: wide ? null : team.id,
          user_id: bot.id,
          is_bot: true,
          is_enterprise_install: wide,
        },
      ],
    };
    const answer = await deps.deliver(payload);
    if (!answer.ok) again(payload, answer.error, 0);
    return answer;
  }

  function again(payload: Readonly<Record<string, unknown>>, failure: string, at: number): void {
    const delay = deps.delaysMs[at];
    if (delay === undefined || closed) return;
    const reason = failure === 'operation_timeout' ? 'http_timeout' : 'http_error';
    const timer = setTimeout(async () => {
      timers.delete(timer);
      const answer = await deps.deliver(payload, { attempt: at + 1, reason });
      if (!answer.ok) again(payload, answer.error, at + 1);
    }, delay);
    timers.add(timer);
  }

  return {
    opened(userId, tab) {
      const channel = workspace.directChannel(userId).id;
      const home = workspace.homeOf(userId);
      return send({
        type: 'app_home_opened',
        user: userId,
        channel,
        tab,
        // Without a view, the app has never published one for this person.
        ...(tab === 'home' && home !== undefined ? { view: viewJson(workspace, home) } : {}),
      });
    },
    written(message) {
      const channel = workspace.channels.get(message.channel);
      const mentioned = message.text.includes(`<@${workspace.bot.id}>`);
      // Outside of its channels, Slack offers to invite an app that is mentioned.
      if (!mentioned || channel?.direct !== false || !channel.botIsMember) return;
      const { teamId } = workspace.users.get(message.user) ?? workspace.bot;
      void send({
        type: 'app_mention',
        user: message.user,
        team: teamId,
        user_team: teamId,
        text: message.text,
        ts: message.ts,
        channel: message.channel,
        ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
      });
    },
    close() {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
