import { setTimeout as pause } from 'node:timers/promises';
import { type App, type Logger, SocketModeReceiver } from '@slack/bolt';
import { inTime, inTimeOr } from '../../orders/in-time.js';
import type { Log } from '../../orders/ports.js';
import type { SlackReceiver } from './receiver.js';
import { type Retry, SlackRefused } from './retry.js';

/** From opening a socket to Slack's hello. No events arrive before it. */
const GREETED_WITHIN_MS = 6_000;
/** How long the other side may take to close the connection. */
const CLOSED_WITHIN_MS = 500;
/** Slack closes each socket now and then on purpose; it is replaced at once. */
const REFRESH_PAUSE_MS = 50;
/** Sockets that end sooner than this are replaced with backoff. */
const YOUNG_MS = 10_000;
const LONGEST_REFRESH_PAUSE_MS = 30_000;

interface Socket {
  /** Resolves as soon as Slack announces that it will deliver nothing more here, or the connection is lost. */
  readonly ended: Promise<void>;
}

/**
 * Keeps one socket to Slack open, replacing it as soon as it ends. Each has its own client with reconnecting turned
 * off: the client would wait for the old socket to close, and events would be lost for many seconds.
 */
export function makeSocketReceiver(deps: {
  appToken: string;
  clientOptions: { slackApiUrl: string; timeout: number };
  logger: Logger;
  log: Log;
  retry: Retry;
  stopping: AbortSignal;
  /** Called for each new socket; rejects with a WebAPIPlatformError when the bot token is no longer valid. */
  checkBotToken: () => Promise<unknown>;
  onLost: (error: SlackRefused) => void;
}): SlackReceiver {
  const { appToken, clientOptions, logger, log, retry, stopping } = deps;
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
      // Bolt's socket client modifies its options, so it gets its own object.
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
      // It may still connect later, and then nothing would close it.
      started.then(
        () => hangUp(receiver),
        () => {},
      );
      await hangUp(receiver);
      throw error;
    }
    if (stopping.aborted) {
      await hangUp(receiver);
      throw new Error('stopped while opening the socket');
    }
    log.info({}, 'connected to slack');
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
    // The first call asks the other side to close; the second one drops the connection.
    if (alive.delete(receiver)) void client.disconnect();
  }

  async function keepOpen(first: Socket): Promise<void> {
    let socket = first;
    for (let young = 0; ; ) {
      const openedAt = Date.now();
      await socket.ended;
      if (stopping.aborted) return;
      young = Date.now() - openedAt < YOUNG_MS ? young + 1 : 0;
      log.info({}, 'slack is closing the socket, opening another');
      const pauseMs = Math.min(REFRESH_PAUSE_MS * 2 ** Math.max(0, young - 1), LONGEST_REFRESH_PAUSE_MS);
      await pause(pauseMs, undefined, { signal: stopping, ref: false }).catch(() => {});
      if (stopping.aborted) return;
      socket = await retry('SLACK_APP_TOKEN', open);
      await retry('SLACK_BOT_TOKEN', deps.checkBotToken);
    }
  }

  return {
    init(app: App) {
      bolt = app;
    },
    isOpen: () => heard,
    async start() {
      const first = await retry('SLACK_APP_TOKEN', open);
      keepOpen(first).catch((error: unknown) => {
        if (error instanceof SlackRefused) deps.onLost(error);
        else if (!stopping.aborted) throw error;
      });
    },
    async stop(quiet) {
      // Running listeners answer through their socket, and events that arrive until then are handled as usual.
      await quiet();
      await Promise.all([...alive].map(hangUp));
      await quiet();
    },
  };
}

/** Resolves with Slack's hello; rejects when it doesn't arrive in time. */
async function greeted(started: Promise<unknown>): Promise<void> {
  const late = () => {
    throw new Error('Slack opened a socket but sent no hello');
  };
  try {
    await inTimeOr(late, GREETED_WITHIN_MS, started);
  } catch (error) {
    // The client rejects without an error when the connection breaks before the hello.
    throw error ?? new Error('the socket closed before Slack sent hello');
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
