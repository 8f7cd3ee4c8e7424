import { setTimeout as pause } from 'node:timers/promises';
import { type App, type Logger, SocketModeReceiver } from '@slack/bolt';
import { inTime, inTimeOr } from '../../orders/in-time.js';
import type { Log } from '../../orders/ports/log.js';
import type { Outbound } from '../../proxy/outbound.js';
import type { SlackReceiver } from './receiver.js';
import { type Retry, SlackRefused } from './retry.js';
import { type EndReason, endReasonOf, pauseAfter } from './socket-endings.js';

/** From opening a socket to Slack's hello. No events arrive before it. */
const GREETED_WITHIN_MS = 6_000;
/** How long the other side may take to close the connection. */
const CLOSED_WITHIN_MS = 500;
/** Sockets that end sooner than this are replaced with backoff. */
const YOUNG_MS = 10_000;

interface Socket {
  /** Resolves as soon as Slack announces that it will deliver nothing more here, or the connection is lost. */
  readonly ended: Promise<EndReason>;
}

/**
 * Keeps one socket to Slack open, replacing it as soon as it ends. Each has its own client with reconnecting turned
 * off: the client would wait for the old socket to close, and events would be lost for many seconds.
 */
export function makeSocketReceiver(deps: {
  appToken: string;
  clientOptions: { slackApiUrl: string; timeout: number; fetch: typeof fetch };
  webSocketDispatcher: Outbound['webSocketDispatcher'];
  logger: Logger;
  log: Log;
  retry: Retry;
  stopping: AbortSignal;
  /** Called for each new socket; rejects with a WebAPIPlatformError when the bot token is no longer valid. */
  checkBotToken: () => Promise<unknown>;
  onLost: (error: SlackRefused) => void;
  /** Whether other instances may be connected to the same Slack app. */
  hasOtherInstances: boolean;
}): SlackReceiver {
  const { appToken, clientOptions, logger, log, retry, stopping } = deps;
  const alive = new Set<SocketModeReceiver>();
  let bolt: App | undefined;
  /** Whether the newest socket is alive. */
  let heard = false;
  let greetings = 0;

  async function open(): Promise<Socket> {
    const through = deps.webSocketDispatcher();
    const receiver = new SocketModeReceiver({
      appToken,
      ...(through === undefined ? {} : { dispatcher: through.dispatcher }),
      autoReconnectEnabled: false,
      logger,
      // Bolt's socket client modifies its options, so it gets its own object.
      installerOptions: { clientOptions: { ...clientOptions, retryConfig: { retries: 0 } } },
    });
    if (bolt !== undefined) receiver.init(bolt);
    const { client } = receiver;
    let hello: Frame = {};
    const openedAt = Date.now();
    /** The ids of what Slack sent here and is waiting for us to acknowledge. */
    const unacknowledged = new Set<unknown>();
    client.on('outgoing_message', ({ envelope_id: id }: Frame) => unacknowledged.delete(id));
    /** Slack may refuse a socket instead of greeting it. */
    let refusal: EndReason | undefined;
    const ended = new Promise<EndReason>((resolve) => {
      client.on('ws_message', (frame: unknown) => {
        const said = readFrame(frame);
        if (said.type === 'disconnect') {
          refusal = endReasonOf(said.reason);
          resolve(refusal);
        } else if (said.type === 'hello') hello = said;
        if (said.envelope_id !== undefined) unacknowledged.add(said.envelope_id);
      });
      client.on('disconnected', () => {
        alive.delete(receiver);
        if (unacknowledged.size > 0) {
          log.warn(
            { unacknowledged: unacknowledged.size, livedMs: Date.now() - openedAt },
            'slack socket closed before everything was acknowledged',
          );
          unacknowledged.clear();
        }
        through?.cut();
        resolve('lost');
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
      if (refusal !== undefined) await wait(refusal, 1);
      throw through?.failure() ?? error;
    }
    if (stopping.aborted) {
      await hangUp(receiver);
      throw new Error('stopped while opening the socket');
    }
    noteConnections(hello);
    greetings += 1;
    const mine = greetings;
    void ended.then(() => {
      if (mine === greetings) heard = false;
    });
    heard = true;
    return { ended };
  }

  /**
   * Slack sends each command to any one connection of the app, even to one that belongs to a forgotten process, or a
   * dead one that Slack still counts.
   */
  function noteConnections({ num_connections: connections, debug_info: about }: Frame): void {
    const host = typeof about?.host === 'string' ? about.host : undefined;
    log.info({ connections, ours: alive.size, host }, 'connected to slack');
    if (deps.hasOtherInstances || typeof connections !== 'number' || connections <= alive.size) return;
    log.warn(
      { connections, ours: alive.size },
      'another process shares the slack app, or a dead connection is still counted; some commands go there: stop that process, or give it a slack app of its own',
    );
  }

  /** Logs why a socket ended, and waits as long as that reason calls for. */
  async function wait(reason: EndReason, inARow: number, livedMs = 0): Promise<void> {
    const pauseMs = pauseAfter(reason, inARow);
    const facts = { reason, livedMs, pauseMs };
    if (reason === 'too_many_websockets') {
      log.error(facts, 'slack refused the socket, the app has too many connections');
    } else if (reason === 'link_disabled') {
      log.error(facts, 'slack closed the socket, Socket Mode was turned off or the app was removed');
    } else if (reason === 'lost') log.info(facts, 'slack socket lost, opening another');
    else log.info(facts, 'slack is closing the socket, opening another');
    await pause(pauseMs, undefined, { signal: stopping, ref: false }).catch(() => {});
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
      const reason = await socket.ended;
      if (stopping.aborted) return;
      const livedMs = Date.now() - openedAt;
      young = livedMs < YOUNG_MS ? young + 1 : 0;
      await wait(reason, young, livedMs);
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
      // Running listeners answer through their socket, and events that arrive until they are done are handled as usual.
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

/**
 * `hello` says how many connections the app has; `disconnect` says why Slack is about to close this one. Frames that
 * need an acknowledgement have an `envelope_id`.
 */
interface Frame {
  readonly type?: unknown;
  readonly envelope_id?: unknown;
  readonly num_connections?: unknown;
  readonly debug_info?: { readonly host?: unknown } | null;
  readonly reason?: unknown;
}

function readFrame(frame: unknown): Frame {
  try {
    const said: unknown = typeof frame === 'string' ? JSON.parse(frame) : undefined;
    return typeof said === 'object' && said !== null ? said : {};
  } catch {
    return {};
  }
}
