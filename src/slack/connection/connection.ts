import { setTimeout as pause } from 'node:timers/promises';
import { App, type Logger } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import type { Log } from '../../orders/ports/log.js';
import type { Measurements } from '../../orders/ports/measurements.js';
import type { Outbound } from '../../proxy/outbound.js';
import { makeHttpReceiver, type Serve } from './http-mode.js';
import { RateLimitedClient, waitingBriefly } from './rate-limited-client.js';
import { makeRetry, type SlackRefused } from './retry.js';
import { makeSocketReceiver } from './socket-mode.js';

export interface SlackSettings {
  readonly botToken: string;
  /** Ends with a slash. */
  readonly apiUrl: string;
  /** How Slack reaches us: Socket Mode or HTTP. */
  readonly connection:
    | { readonly mode: 'socket'; readonly appToken: string }
    | { readonly mode: 'http'; readonly signingSecret: string };
}

export interface Connection {
  /** Register listeners here before {@link Connection.start}. */
  readonly bolt: App;
  /** For background updates: a 429 holds up only calls of the same method in the same channel. */
  readonly background: WebClient;
  /** For lookups that a click depends on: fast, and never waits out a rate limit. */
  readonly lookups: WebClient;
  /** For Home tabs: rejects calls that are rate-limited, and delays nothing else. */
  readonly homes: WebClient;
  /**
   * Resolves once the connection to Slack is ready, even after a long outage. Rejects with SlackRefused when Slack
   * rejects our tokens.
   */
  start(): Promise<void>;
  /** Whether Slack and this process can currently reach each other. */
  reached(): Promise<boolean>;
  /** Stops accepting events where possible, waits up to five seconds for running listeners, and disconnects. */
  stop(): Promise<void>;
}

const CALL_TIMEOUT_MS = 10_000;
/** Several lookups may have to finish before a click is acknowledged. */
const LOOKUP_TIMEOUT_MS = 2_000;
/** How long Slack waits for an acknowledgement. In Socket Mode nothing else reveals a late one. */
const ACK_WITHIN_MS = 3_000;
/** Limits how often the health check calls Slack. */
const PROBE_EVERY_MS = 5_000;
/** Supervisors give a process ten seconds to stop, and listeners aren't all there is to finish. */
const DRAIN_MS = 5_000;

/**
 * Sets up Bolt so that neither a wrong token nor an outage can crash or disconnect the process for good: constructors
 * check nothing, each client gets its own options object, and we handle reconnecting.
 *
 * @param deps.onLost called when Slack stops accepting our tokens after start.
 * @param deps.serve registers the handler of Slack's requests in HTTP mode.
 */
export function connectSlack(
  settings: SlackSettings,
  deps: {
    log: Log;
    boltLogger: Logger;
    onLost: (error: SlackRefused) => void;
    serve: Serve;
    outbound: Outbound;
    measure?: Pick<Measurements, 'acknowledged' | 'rateLimited'>;
    /**
     * Runs once the token works and before any event is accepted. Retried until it succeeds or Slack refuses the token.
     */
    beforeOpening?: () => Promise<unknown>;
    /** Whether other instances of the app may be connected too. */
    hasOtherInstances?: boolean;
  },
): Connection {
  const { botToken, apiUrl, connection } = settings;
  const { log, boltLogger: logger, onLost, serve, outbound, measure } = deps;
  const stopping = new AbortController();
  const retry = makeRetry({ log, stopping: stopping.signal });
  const clientOptions = () => ({
    slackApiUrl: apiUrl,
    timeout: CALL_TIMEOUT_MS,
    // Without this one, the socket's client would use a fetch that garbles uploads.
    fetch: notingRateLimits(outbound.fetch, () => measure?.rateLimited('slack')),
  });
  const background = new RateLimitedClient(
    botToken,
    {
      ...clientOptions(),
      logger,
      retryConfig: { retries: 2, factor: 2, minTimeout: 500, maxTimeout: 5_000, randomize: true },
    },
    stopping.signal,
  );
  const lookups = new WebClient(botToken, {
    ...clientOptions(),
    timeout: LOOKUP_TIMEOUT_MS,
    logger,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 1, minTimeout: 100, maxTimeout: 300 },
  });
  const homes = new WebClient(botToken, {
    ...clientOptions(),
    logger,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 1, minTimeout: 200, maxTimeout: 500 },
  });
  const receiver =
    connection.mode === 'http'
      ? makeHttpReceiver({ signingSecret: connection.signingSecret, logger, serve })
      : makeSocketReceiver({
          appToken: connection.appToken,
          clientOptions: clientOptions(),
          webSocketDispatcher: outbound.webSocketDispatcher,
          logger,
          log,
          retry,
          stopping: stopping.signal,
          checkBotToken: () => background.auth.test(),
          onLost,
          hasOtherInstances: deps.hasOtherInstances === true,
        });
  const bolt = new App({
    token: botToken,
    receiver,
    logger,
    deferInitialization: true,
    convoStore: false,
    clientOptions: {
      ...clientOptions(),
      fetch: waitingBriefly(clientOptions().fetch),
      // Otherwise a 429 to one person's call would hold up everyone's.
      rejectRateLimitedCalls: true,
      // People wait for these calls, and a trigger id expires after three seconds, so there is only one quick retry.
      retryConfig: { retries: 1, minTimeout: 200, maxTimeout: 500 },
    },
  });

  const processEvent = bolt.processEvent.bind(bolt);
  bolt.processEvent = (event) => {
    const began = performance.now();
    return processEvent({
      ...event,
      ack: async (answer) => {
        await event.ack(answer);
        const tookMs = Math.round(performance.now() - began);
        measure?.acknowledged(tookMs);
        if (tookMs > ACK_WITHIN_MS) log.warn({ tookMs }, 'acknowledged too late, slack showed an error');
      },
    });
  };

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

  async function stop(): Promise<void> {
    stopping.abort();
    let late = false;
    const deadline = pause(DRAIN_MS, undefined, { ref: false }).then(() => {
      late = true;
    });
    await receiver.stop(async () => {
      while (working.size > 0 && !late) await Promise.race([Promise.all(working), deadline]);
    });
  }
  let stopped: Promise<void> | undefined;

  /** An open socket is proof enough. In HTTP mode, Slack has to be called. */
  const prober = new WebClient(botToken, { ...clientOptions(), logger, retryConfig: { retries: 0 } });
  let probed = { at: Number.NEGATIVE_INFINITY, found: Promise.resolve(false) };
  const answers = (): Promise<boolean> => {
    const now = performance.now();
    if (now - probed.at > PROBE_EVERY_MS) {
      const found = prober.auth.test().then(
        () => true,
        () => false,
      );
      probed = { at: now, found };
    }
    return probed.found;
  };

  return {
    bolt,
    background,
    lookups,
    homes,
    reached: async () => receiver.isOpen() && (connection.mode === 'socket' || (await answers())),
    async start() {
      await retry('SLACK_BOT_TOKEN', () => bolt.init());
      await retry('SLACK_BOT_TOKEN', async () => deps.beforeOpening?.());
      if (stopping.signal.aborted) throw new Error('stopped before slack connected');
      await receiver.start();
      log.info({}, 'slack connection ready');
    },
    stop: () => (stopped ??= stop()),
  };
}

/** Returns a fetch that reports each answer with 429, whichever client the call is from. */
function notingRateLimits(send: typeof fetch, noted: () => void): typeof fetch {
  return async (input, init) => {
    const answer = await send(input, init);
    if (answer.status === 429) noted();
    return answer;
  };
}
