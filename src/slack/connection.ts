import { App, HTTPReceiver, type Logger, SocketModeReceiver } from '@slack/bolt';
import { WebAPIPlatformError, WebClient } from '@slack/web-api';
import type { Log } from '../orders/ports.js';

export interface SlackSettings {
  readonly botToken: string;
  /** Ends with a slash. */
  readonly apiUrl: string;
  /** Exactly one of the two ways Slack can reach us. */
  readonly connection:
    | { readonly mode: 'socket'; readonly appToken: string }
    | { readonly mode: 'http'; readonly signingSecret: string; readonly host: string; readonly port: number };
}

export interface Connection {
  /** Listeners are registered here, before {@link Connection.start}. */
  readonly bolt: App;
  /** For redraws nobody waits for: a 429 stops a whole client, and people must not stand in that queue. */
  readonly background: WebClient;
  /**
   * Resolves once Slack can reach us, however long Slack is out. Rejects with {@link SlackRefused} when Slack will not
   * have us, or with the error of the port when it cannot be listened on.
   */
  start(): Promise<void>;
  /** Takes nothing new, waits up to ten seconds for the listeners that run, and disconnects. */
  stop(): Promise<void>;
}

/** Slack does not accept our tokens. Trying again would not help; a person must look at the settings. */
export class SlackRefused extends Error {
  override readonly name = 'SlackRefused';
  /** Slack's error code, e.g. `invalid_auth`. */
  readonly code: string;
  readonly advice: string;

  constructor(code: string, setting: string) {
    super(`Slack refused ${setting}: ${code}`);
    this.code = code;
    this.advice = `Slack does not accept ${setting} (${code}). Copy it again from the app's settings page at api.slack.com/apps.`;
  }
}

/** https://docs.slack.dev/reference/methods/apps.connections.open and auth.test: errors no retry can mend. */
const FATAL = new Set([
  'not_authed',
  'invalid_auth',
  'account_inactive',
  'user_removed_from_team',
  'team_disabled',
  'team_access_not_granted',
  'token_revoked',
  'token_expired',
  'no_permission',
  'missing_scope',
  'not_allowed_token_type',
  'forbidden_team',
]);

const CALL_TIMEOUT_MS = 10_000;
const DRAIN_MS = 10_000;
/** Slack ends each socket now and then on purpose; it is reopened at once. */
const REFRESH_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Wires Bolt so that neither a wrong token nor an outage can kill or deafen the process: nothing is checked in a
 * constructor, each client gets its own options object (Bolt's socket client rewrites the one it is given), and
 * reconnecting is ours.
 *
 * @param onLost called when Slack stops accepting us for good after start.
 */
export function connectSlack(
  settings: SlackSettings,
  needs: { log: Log; boltLogger: Logger; onLost: (error: SlackRefused) => void },
): Connection {
  const { botToken, apiUrl, connection } = settings;
  const { log, boltLogger: logger } = needs;
  const receiver = makeReceiver(settings, logger);
  const bolt = new App({
    token: botToken,
    receiver,
    logger,
    deferInitialization: true,
    convoStore: false,
    clientOptions: {
      slackApiUrl: apiUrl,
      timeout: CALL_TIMEOUT_MS,
      // People wait for these calls, and a trigger id dies after three seconds: one quick second try, no more.
      retryConfig: { retries: 1, minTimeout: 200, maxTimeout: 500 },
    },
  });
  const background = new WebClient(botToken, {
    slackApiUrl: apiUrl,
    logger,
    timeout: CALL_TIMEOUT_MS,
    retryConfig: { retries: 2, factor: 2, minTimeout: 500, maxTimeout: 5_000, randomize: true },
  });

  const working = new Set<Promise<void>>();
  bolt.use(async ({ next }) => {
    const work = next();
    const counted = work.then(
      () => {},
      () => {},
    );
    working.add(counted);
    await work.finally(() => working.delete(counted));
  });

  const stopping = new AbortController();

  /** Tries until it works; a refusal ends it. */
  async function insist<T>(setting: string, attempt: () => Promise<T>): Promise<T> {
    for (let failures = 1; ; failures += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (error instanceof WebAPIPlatformError && FATAL.has(error.data.error)) {
          throw new SlackRefused(error.data.error, setting);
        }
        if (stopping.signal.aborted) throw error;
        log.warn({ err: error, failures }, 'Slack cannot be reached; trying again');
        await pause(backoff(failures), stopping.signal);
      }
    }
  }

  /** Opens the socket, and hands back a promise of its closing (in an object, or awaiting would unwrap it). */
  async function openSocket({ client }: SocketModeReceiver): Promise<{ closed: Promise<void> }> {
    await insist('SLACK_APP_TOKEN', () => client.start());
    log.info({}, 'connected to Slack');
    return { closed: new Promise((resolve) => client.once('disconnected', resolve)) };
  }

  async function reopenForever(socket: SocketModeReceiver, closed: Promise<void>): Promise<void> {
    await closed;
    while (!stopping.signal.aborted) {
      log.info({}, 'Slack closed the socket; opening another');
      await pause(REFRESH_PAUSE_MS, stopping.signal);
      const next = await openSocket(socket);
      await next.closed;
    }
  }

  return {
    bolt,
    background,
    async start() {
      await insist('SLACK_BOT_TOKEN', () => bolt.init());
      if (receiver instanceof SocketModeReceiver) {
        const { closed } = await openSocket(receiver);
        reopenForever(receiver, closed).catch((error: unknown) => {
          if (error instanceof SlackRefused) needs.onLost(error);
          else if (!stopping.signal.aborted) throw error;
        });
      } else if (connection.mode === 'http') {
        const { host, port } = connection;
        await receiver.start({ host, port });
        log.info({ host, port }, 'listening for Slack at /slack/events');
      }
    },
    async stop() {
      stopping.abort();
      const drained = Promise.all(working).then(() => {});
      // In Socket Mode a running listener answers through the socket, so the socket goes last.
      await Promise.race([drained, pause(DRAIN_MS)]);
      await receiver
        .stop()
        .catch((error: unknown) => log.debug({ err: error }, 'the receiver was not running'));
    },
  };
}

function makeReceiver(
  { connection, apiUrl }: SlackSettings,
  logger: Logger,
): SocketModeReceiver | HTTPReceiver {
  if (connection.mode === 'http') {
    return new HTTPReceiver({
      signingSecret: connection.signingSecret,
      endpoints: ['/slack/events'],
      logger,
    });
  }
  return new SocketModeReceiver({
    appToken: connection.appToken,
    autoReconnectEnabled: false,
    logger,
    installerOptions: {
      clientOptions: { slackApiUrl: apiUrl, timeout: CALL_TIMEOUT_MS, retryConfig: { retries: 0 } },
    },
  });
}

function backoff(failures: number): number {
  const full = Math.min(500 * 2 ** failures, LONGEST_PAUSE_MS);
  return full / 2 + Math.random() * (full / 2);
}

/** Resolves after the time, or at once when called off. */
function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    timer.unref();
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
