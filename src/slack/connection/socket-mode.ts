import { setTimeout as pause } from 'node:timers/promises';
import { type App, type Logger, SocketModeReceiver } from '@slack/bolt';
import { inTime, inTimeOr } from '../../orders/in-time.js';
import type { Log } from '../../orders/ports.js';
import type { SlackReceiver } from './receiver.js';
import { type Retry, SlackRefused } from './retry.js';

/** From asking for a socket to Slack's greeting in it. A socket without a greeting is deaf. */
const GREETED_WITHIN_MS = 6_000;
/** How long the other end may take to close its side. */
const CLOSED_WITHIN_MS = 500;
/** Slack ends each socket now and then on purpose; it is replaced at once. */
const REFRESH_PAUSE_MS = 50;
/** Sockets that end younger than this are replaced more and more slowly. */
const YOUNG_MS = 10_000;
const LONGEST_REFRESH_PAUSE_MS = 30_000;

interface Socket {
  /** Resolves as soon as Slack announces that it will deliver nothing more here, or the connection is gone. */
  readonly ended: Promise<void>;
}

/**
 * One socket to Slack, and another as soon as that one ends. Each has a client of its own, which is never told to
 * reconnect: it would wait for the old socket to be closed, which can take Slack many seconds in which nobody is heard.
 */
export function makeSocketReceiver(deps: {
  appToken: string;
  clientOptions: { slackApiUrl: string; timeout: number };
  logger: Logger;
  log: Log;
  insist: Retry;
  stopping: AbortSignal;
  /** Asked for each new socket; rejects with a WebAPIPlatformError when the bot token is not good any more. */
  checkBotToken: () => Promise<unknown>;
  onLost: (error: SlackRefused) => void;
}): SlackReceiver {
  const { appToken, clientOptions, logger, log, insist, stopping } = deps;
  const alive = new Set<SocketModeReceiver>();
  let bolt: App | undefined;
  /** Whether the newest socket is alive. */
  let heard = false;
  let greetings = 0;

  async function open(): Promise<Socket> {
    const receiver = new SocketModeReceiver({
      appToken,
      autoReconnectEnabled: false,
      logger,
      // Bolt's socket client writes into the options it is given, so it gets an object of its own.
      installerOptions: { clientOptions: { ...clientOptions, retryConfig: { retries: 0 } } },
    });
    if (bolt !== undefined) receiver.init(bolt);
    const { client } = receiver;
    const ended = new Promise<void>((resolve) => {
      client.on('ws_message', (frame: unknown) => {
        if (isFarewell(frame)) resolve();
      });
      client.on('disconnected', () => {
        alive.delete(receiver);
        resolve();
      });
    });
    alive.add(receiver);
    const started = client.start();
    try {
      await greeted(started);
    } catch (error) {
      // It may come to life after all, and nobody would look after it.
      started.then(
        () => hangUp(receiver),
        () => {},
      );
      await hangUp(receiver);
      throw error;
    }
    if (stopping.aborted) {
      await hangUp(receiver);
      throw new Error('stopped while the socket was opened');
    }
    log.info({}, 'connected to Slack');
    greetings += 1;
    const mine = greetings;
    void ended.then(() => {
      if (mine === greetings) heard = false;
    });
    heard = true;
    return { ended };
  }

  async function hangUp(receiver: SocketModeReceiver): Promise<void> {
    const { client } = receiver;
    await inTime(CLOSED_WITHIN_MS, client.disconnect());
    // The first time it only asks the other end to close; the second time it cuts the connection.
    if (alive.delete(receiver)) void client.disconnect();
  }

  async function keepOpen(first: Socket): Promise<void> {
    let socket = first;
    for (let young = 0; ; ) {
      const openedAt = Date.now();
      await socket.ended;
      if (stopping.aborted) return;
      young = Date.now() - openedAt < YOUNG_MS ? young + 1 : 0;
      log.info({}, 'Slack ends the socket; opening another');
      const pauseMs = Math.min(REFRESH_PAUSE_MS * 2 ** Math.max(0, young - 1), LONGEST_REFRESH_PAUSE_MS);
      await pause(pauseMs, undefined, { signal: stopping, ref: false }).catch(() => {});
      if (stopping.aborted) return;
      socket = await insist('SLACK_APP_TOKEN', open);
      await insist('SLACK_BOT_TOKEN', deps.checkBotToken);
    }
  }

  return {
    init(app: App) {
      bolt = app;
    },
    isOpen: () => heard,
    async start() {
      const first = await insist('SLACK_APP_TOKEN', open);
      keepOpen(first).catch((error: unknown) => {
        if (error instanceof SlackRefused) deps.onLost(error);
        else if (!stopping.aborted) throw error;
      });
    },
    async stop(quiet) {
      // A running listener answers through its socket, and what Slack delivers meanwhile is served like the rest.
      await quiet();
      await Promise.all([...alive].map(hangUp));
      await quiet();
    },
  };
}

/** Resolves with the greeting; rejects when it does not come, or not in time. */
async function greeted(started: Promise<unknown>): Promise<void> {
  const late = () => {
    throw new Error('Slack opened a socket but did not greet us in it');
  };
  try {
    await inTimeOr(late, GREETED_WITHIN_MS, started);
  } catch (error) {
    // The client rejects with nothing when the connection breaks before the greeting.
    throw error ?? new Error('the socket broke before Slack greeted us in it');
  }
}

/** `{"type": "disconnect"}`: Slack is about to close this socket. */
function isFarewell(frame: unknown): boolean {
  try {
    const said: unknown = typeof frame === 'string' ? JSON.parse(frame) : undefined;
    return typeof said === 'object' && said !== null && 'type' in said && said.type === 'disconnect';
  } catch {
    return false;
  }
}
