import { setTimeout as pause } from 'node:timers/promises';
import { App, type Logger } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import type { Log } from '../../orders/ports.js';
import { makeHttpReceiver, type Serve } from './http-mode.js';
import { makeRetry, type SlackRefused } from './retry.js';
import { makeSocketReceiver } from './socket-mode.js';

export interface SlackSettings {
  readonly botToken: string;
  /** Ends with a slash. */
  readonly apiUrl: string;
  /** Exactly one of the two ways Slack can reach us. */
  readonly connection:
    | { readonly mode: 'socket'; readonly appToken: string }
    | { readonly mode: 'http'; readonly signingSecret: string };
}

export interface Connection {
  /** Listeners are registered here, before {@link Connection.start}. */
  readonly bolt: App;
  /** For redraws nobody waits for: a 429 stops a whole client, and people must not stand in that queue. */
  readonly background: WebClient;
  /** For questions that a press depends on: quick, and never waiting out a rate limit. */
  readonly lookups: WebClient;
  /**
   * Resolves once Slack can reach us, however long Slack is out. Rejects with SlackRefused when Slack will not have us.
   */
  start(): Promise<void>;
  /** Whether Slack and we can reach each other just now. */
  reached(): Promise<boolean>;
  /**
   * Takes nothing new as far as that can be prevented, waits up to five seconds for the listeners that run, and
   * disconnects.
   */
  stop(): Promise<void>;
}

const CALL_TIMEOUT_MS = 10_000;
/** Several may have to be answered before a press is acknowledged. */
const LOOKUP_TIMEOUT_MS = 2_000;
/** So long Slack waits for an answer. In Socket Mode nothing else would tell us that one came too late. */
const ACK_WITHIN_MS = 3_000;
/** However often somebody wants to know how we are. */
const PROBE_EVERY_MS = 5_000;
/** Supervisors give a process ten seconds to stop, and people are not all there is to finish. */
const DRAIN_MS = 5_000;

/**
 * Wires Bolt so that neither a wrong token nor an outage can kill or deafen the process: nothing is checked in a
 * constructor, each client gets its own options object, and reconnecting is ours.
 *
 * @param deps.onLost called when Slack stops accepting us for good after start.
 * @param deps.serve where Slack's requests are answered in HTTP mode.
 */
export function connectSlack(
  settings: SlackSettings,
  deps: {
    log: Log;
    boltLogger: Logger;
    onLost: (error: SlackRefused) => void;
    serve: Serve;
    /** Done once the token works and before anything is let in; tried until it works, or Slack refuses the token. */
    beforeOpening?: () => Promise<unknown>;
  },
): Connection {
  const { botToken, apiUrl, connection } = settings;
  const { log, boltLogger: logger, onLost, serve } = deps;
  const stopping = new AbortController();
  const insist = makeRetry({ log, stopping: stopping.signal });
  const clientOptions = () => ({ slackApiUrl: apiUrl, timeout: CALL_TIMEOUT_MS });
  const background = new WebClient(botToken, {
    ...clientOptions(),
    logger,
    retryConfig: { retries: 2, factor: 2, minTimeout: 500, maxTimeout: 5_000, randomize: true },
  });
  const lookups = new WebClient(botToken, {
    ...clientOptions(),
    timeout: LOOKUP_TIMEOUT_MS,
    logger,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 1, minTimeout: 100, maxTimeout: 300 },
  });
  const door =
    connection.mode === 'http'
      ? makeHttpReceiver({ signingSecret: connection.signingSecret, logger, serve })
      : makeSocketReceiver({
          appToken: connection.appToken,
          clientOptions: clientOptions(),
          logger,
          log,
          insist,
          stopping: stopping.signal,
          checkBotToken: () => background.auth.test(),
          onLost,
        });
  const bolt = new App({
    token: botToken,
    receiver: door,
    logger,
    deferInitialization: true,
    convoStore: false,
    clientOptions: {
      ...clientOptions(),
      // People wait for these calls, and a trigger id dies after three seconds: one quick second try, no more.
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
        if (tookMs > ACK_WITHIN_MS)
          log.warn({ tookMs }, 'Slack was answered too late, and told the person so');
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
    await door.stop(async () => {
      while (working.size > 0 && !late) await Promise.race([Promise.all(working), deadline]);
    });
  }
  let stopped: Promise<void> | undefined;

  /** An open socket says it all; where Slack comes to us, we have to ask. */
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
    reached: async () => door.isOpen() && (connection.mode === 'socket' || (await answers())),
    async start() {
      await insist('SLACK_BOT_TOKEN', () => bolt.init());
      await insist('SLACK_BOT_TOKEN', async () => deps.beforeOpening?.());
      if (stopping.signal.aborted) throw new Error('stopped before Slack could reach us');
      await door.start();
      log.info({}, 'Slack can reach us');
    },
    stop: () => (stopped ??= stop()),
  };
}
