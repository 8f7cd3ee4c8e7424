import { type Logger, WebAPIPlatformError, WebAPIRateLimitedError, WebClient } from '@slack/web-api';
import type { Sharing, Standing } from '../../orders/domain/standing.js';
import { proxyFailureIn } from '../../proxy/proxy-failed.js';
import { CERTIFICATE_ADVICE, unknownIssuerIn } from '../../proxy/untrusted-certificate.js';
import { standingIn } from './accounts.js';
import { type ChannelFacts, sharingOf } from './channels.js';
import { type Installation, installationOf } from './installation.js';

/** Slack's answer to one question: what it said, its error code, or why there was no answer. */
export type FactAnswer<T> =
  | { readonly value: T }
  /** `needed` names the scope that is missing. */
  | { readonly refused: string; readonly needed?: string }
  /** `fix` is what to do about it, if that is known. */
  | { readonly silent: string; readonly fix?: string };

export interface SignedIn {
  readonly team: string;
  readonly bot: string;
  /** False for the token of a person. */
  readonly isBot: boolean;
  readonly installation: Installation;
}

export interface ChannelAnswer {
  readonly name: string;
  readonly isArchived: boolean;
  readonly isMember: boolean;
  readonly sharing: Sharing;
}

export interface GroupAnswer {
  readonly id: string;
  readonly handle: string;
  readonly isDisabled: boolean;
}

/** What Slack says about this app's setup. Nothing here changes anything, and no method rejects. */
export interface SlackFacts {
  signIn(): Promise<FactAnswer<SignedIn>>;
  /** Asks for the address of a socket without opening it: an open one would be sent people's commands. */
  acceptsAppToken(): Promise<FactAnswer<true>>;
  channel(channelId: string): Promise<FactAnswer<ChannelAnswer>>;
  /** The channels that the app is in, as far as it may list them; at most a thousand. */
  ownChannels(): Promise<FactAnswer<readonly { readonly id: string; readonly name: string }[]>>;
  groups(): Promise<FactAnswer<readonly GroupAnswer[]>>;
  members(groupId: string): Promise<FactAnswer<readonly string[]>>;
  standing(userId: string, installation: Installation): Promise<FactAnswer<Standing>>;
  /** How far our clock is ahead of Slack's in milliseconds; undefined until an answer has shown its time. */
  aheadMs(): number | undefined;
}

const REQUEST_TIMEOUT_MS = 5_000;

export function makeSlackFacts(given: {
  readonly botToken: string;
  /** Absent in HTTP mode. */
  readonly appToken?: string;
  readonly apiUrl: string;
  readonly logger: Logger;
  readonly now: () => number;
  readonly fetch: typeof fetch;
}): SlackFacts {
  let ahead: number | undefined;
  const client = new WebClient(given.botToken, {
    slackApiUrl: given.apiUrl,
    timeout: REQUEST_TIMEOUT_MS,
    logger: given.logger,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 1, minTimeout: 200, maxTimeout: 500 },
    // Only here can the headers of an answer be read.
    fetch: async (url, init) => {
      const answer = await given.fetch(url, init);
      const theirs = Date.parse(answer.headers.get('date') ?? '');
      if (!Number.isNaN(theirs)) ahead = given.now() - theirs;
      return answer;
    },
  });

  return {
    signIn: () =>
      attempt(async () => {
        const answer = await client.auth.test();
        return {
          team: answer.team ?? 'a workspace without a name',
          bot: answer.user ?? 'this app',
          isBot: answer.bot_id !== undefined,
          installation: installationOf(answer),
        };
      }),
    acceptsAppToken: () =>
      attempt(async () => {
        await client.apiCall('apps.connections.open', { token: given.appToken });
        return true as const;
      }),
    channel: (channelId) =>
      attempt(async () => {
        const { channel = {} } = await client.conversations.info({ channel: channelId });
        const facts: ChannelFacts & { name?: string; is_archived?: boolean; is_member?: boolean } = channel;
        return {
          name: facts.name ?? channelId,
          isArchived: facts.is_archived === true,
          isMember: facts.is_member !== false,
          sharing: sharingOf(facts),
        };
      }),
    ownChannels: () =>
      attempt(async () => {
        const { channels = [] } = await client.conversations.list({
          types: 'public_channel,private_channel',
          exclude_archived: true,
          limit: 1_000,
        });
        return channels.flatMap(({ id, name, is_member }) =>
          id === undefined || is_member !== true ? [] : [{ id, name: name ?? id }],
        );
      }),
    groups: () =>
      attempt(async () => {
        const { usergroups = [] } = await client.usergroups.list({ include_disabled: true });
        return usergroups.flatMap(({ id, handle, date_delete }) =>
          id === undefined ? [] : [{ id, handle: handle ?? id, isDisabled: (date_delete ?? 0) !== 0 }],
        );
      }),
    members: (groupId) =>
      attempt(async () => (await client.usergroups.users.list({ usergroup: groupId })).users ?? []),
    async standing(userId, installation) {
      const answer = await attempt(async () => (await client.users.info({ user: userId })).user ?? {});
      // Slack returns this only for people of other companies.
      if ('refused' in answer && answer.refused === 'user_not_visible') return { value: 'outsider' };
      return 'value' in answer ? { value: standingIn(installation, answer.value) } : answer;
    },
    aheadMs: () => ahead,
  };
}

async function attempt<T>(ask: () => Promise<T>): Promise<FactAnswer<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    if (error instanceof WebAPIRateLimitedError) return { refused: 'ratelimited' };
    if (error instanceof WebAPIPlatformError) {
      const { error: code, needed } = error.data as { error: string; needed?: unknown };
      // For example the login page of a proxy or a Wi-Fi network, which says nothing about a token.
      if (!/^\w+$/.test(code)) return { silent: "an answer that isn't Slack's" };
      return { refused: code, ...(typeof needed === 'string' ? { needed } : {}) };
    }
    const proxy = proxyFailureIn(error);
    if (proxy !== undefined) return { silent: proxy.message, fix: proxy.advice };
    const code = unknownIssuerIn(error);
    return code === undefined
      ? { silent: reasonOf(error) }
      : { silent: `its certificate has an unknown issuer: ${code}`, fix: CERTIFICATE_ADVICE };
  }
}

/** Returns the code of the failed connection: a message may quote the request. */
function reasonOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause ?? property(cause, 'original')) {
    const code = property(cause, 'code');
    if (typeof code === 'string' && /^E[A-Z0-9_]+$/.test(code)) return code;
    if (cause.name === 'TimeoutError') return `no answer within ${REQUEST_TIMEOUT_MS / 1000} seconds`;
    const status = property(cause, 'statusCode');
    if (typeof status === 'number') return `HTTP ${status}`;
  }
  return 'no answer';
}

const property = (value: object, name: string): unknown => (value as Record<string, unknown>)[name];
