import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { WebSocket } from 'ws';
import type { TrafficEvent } from '../traffic.js';
import { appId } from './objects.js';
import { signatureHeaders } from './signature.js';

export type DeliveryKind = 'slash_commands' | 'interactive' | 'events_api';
export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled';

/** What the app answered, or the error the person sees. `payload` is undefined for a bare acknowledgement. */
export type Acknowledgement =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly error: 'operation_timeout' | 'dispatch_failed' };

/** An event that is delivered again, because the app didn't acknowledge it. */
export interface Retry {
  readonly attempt: number;
  readonly reason: string;
}

/** One way to deliver people's actions to the app. */
export interface Delivery {
  deliver(
    kind: DeliveryKind,
    payload: Readonly<Record<string, unknown>>,
    retry?: Retry,
  ): Promise<Acknowledgement>;
  close(): void;
}

/** Called for each delivery when it is sent and when it is acknowledged. */
type Observe = (kind: DeliveryKind, how: TrafficEvent['how']) => unknown;

const timedOut: Acknowledgement = { ok: false, error: 'operation_timeout' };
const undeliverable: Acknowledgement = { ok: false, error: 'dispatch_failed' };

/** How long Slack keeps a socket open after announcing that it will close it. */
const CLOSE_AFTER_MS = 10_000;
/** How long a lost connection stays silent. Bolt gives up a socket when a ping isn't answered for five seconds. */
const SILENT_MS = 12_000;
/** How long an app may take to close its end before the connection is dropped. */
const CLOSE_HANDSHAKE_MS = 300;

export interface SocketDelivery extends Delivery {
  accept(socket: WebSocket): void;
  disconnect(reason: DisconnectReason): void;
  lose(how: 'cut' | 'silent'): void;
  readonly connections: number;
  /** Closes every socket as Slack does, and waits until the app has closed its end. */
  closeSockets(): Promise<void>;
}

/** Socket Mode: each envelope goes to the next open socket and is answered with its envelope_id. */
export function makeSocketDelivery(deps: {
  readonly ackTimeoutMs: number;
  readonly observe: Observe;
}): SocketDelivery {
  const sockets: WebSocket[] = [];
  const draining = new Set<WebSocket>();
  const silent = new Set<WebSocket>();
  const waiting = new Map<string, (answer: Acknowledgement) => void>();
  const timers = new Set<NodeJS.Timeout>();
  let turn = 0;

  const after = (ms: number, act: () => void): NodeJS.Timeout => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms);
    timers.add(timer);
    return timer;
  };
  const forget = (timer: NodeJS.Timeout): void => {
    clearTimeout(timer);
    timers.delete(timer);
  };
  const open = () =>
    sockets.filter((socket) => socket.readyState === WebSocket.OPEN && !draining.has(socket));

  function receive(frame: string): void {
    const answer: unknown = JSON.parse(frame);
    if (typeof answer !== 'object' || answer === null || !('envelope_id' in answer)) return;
    const payload = 'payload' in answer && !isEmpty(answer.payload) ? answer.payload : undefined;
    waiting.get(String(answer.envelope_id))?.({ ok: true, payload });
  }

  return {
    accept(socket) {
      sockets.push(socket);
      socket.on('message', (frame) => receive(String(frame)));
      socket.on('error', () => socket.terminate());
      socket.on('close', () => {
        sockets.splice(sockets.indexOf(socket), 1);
        draining.delete(socket);
        silent.delete(socket);
      });
      socket.send(
        JSON.stringify({
          type: 'hello',
          num_connections: sockets.length,
          connection_info: { app_id: appId },
          debug_info: { host: '127.0.0.1', approximate_connection_time: 18_060 },
        }),
      );
    },

    deliver(kind, payload, retry) {
      const candidates = open();
      const socket = candidates[turn++ % Math.max(candidates.length, 1)];
      if (socket === undefined) return Promise.resolve(undeliverable);
      const envelopeId = randomUUID();
      return new Promise((resolve) => {
        const finish = (answer: Acknowledgement) => {
          forget(timer);
          waiting.delete(envelopeId);
          resolve(answer);
        };
        const timer = after(deps.ackTimeoutMs, () => finish(timedOut));
        waiting.set(envelopeId, (answer) => {
          if (answer.ok) deps.observe(kind, 'acknowledged');
          finish(answer);
        });
        if (silent.has(socket)) return;
        socket.send(
          JSON.stringify({
            envelope_id: envelopeId,
            type: kind,
            payload,
            accepts_response_payload: kind !== 'events_api',
            ...(kind === 'events_api'
              ? { retry_attempt: retry?.attempt ?? 0, retry_reason: retry?.reason ?? '' }
              : {}),
          }),
          () => deps.observe(kind, 'delivered'),
        );
      });
    },

    disconnect(reason) {
      for (const socket of open()) {
        socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: '127.0.0.1' } }));
        if (reason === 'link_disabled') socket.close();
        else after(CLOSE_AFTER_MS, () => socket.close());
        if (reason !== 'warning') draining.add(socket);
      }
    },

    lose(how) {
      for (const socket of [...sockets]) {
        if (how === 'cut') {
          socket.terminate();
          continue;
        }
        // Nothing that arrives is read, including pings, and nothing is sent.
        socket.pause();
        silent.add(socket);
        after(SILENT_MS, () => socket.resume());
      }
    },

    get connections() {
      return open().length;
    },

    close() {
      for (const timer of timers) clearTimeout(timer);
      for (const finish of [...waiting.values()]) finish(undeliverable);
    },

    async closeSockets() {
      await Promise.all(
        [...sockets].map(
          (socket) =>
            new Promise<void>((resolve) => {
              const cut = setTimeout(() => socket.terminate(), CLOSE_HANDSHAKE_MS);
              socket.once('close', () => {
                clearTimeout(cut);
                resolve();
              });
              socket.close(1000);
            }),
        ),
      );
    },
  };
}

/** HTTP mode: each payload is signed and posted to the Request URL; the answer is the acknowledgement. */
export function makeHttpDelivery(deps: {
  readonly requestUrl: () => string | undefined;
  readonly signingSecret: string;
  readonly ackTimeoutMs: number;
  readonly observe: Observe;
}): Delivery {
  const underWay = new Set<() => void>();
  return {
    deliver(kind, payload, retry) {
      const url = deps.requestUrl();
      if (url === undefined) return Promise.resolve(undeliverable);
      const [contentType, body] = encode(kind, payload);
      return new Promise((resolve) => {
        const headers = {
          ...signatureHeaders(deps.signingSecret, body, Date.now()),
          'content-type': contentType,
          'content-length': Buffer.byteLength(body),
          'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
          connection: 'close',
          ...(retry === undefined
            ? {}
            : { 'x-slack-retry-num': String(retry.attempt), 'x-slack-retry-reason': retry.reason }),
        };
        const outgoing = request(url, { method: 'POST', headers, agent: false }, (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', () => finish(undeliverable));
          incoming.on('end', () => {
            deps.observe(kind, 'acknowledged');
            const text = Buffer.concat(chunks).toString('utf8');
            finish(incoming.statusCode === 200 ? { ok: true, payload: decode(text) } : undeliverable);
          });
        });
        const stop = () => {
          finish(timedOut);
          outgoing.destroy();
        };
        const timer = setTimeout(stop, deps.ackTimeoutMs);
        const finish = (result: Acknowledgement) => {
          clearTimeout(timer);
          underWay.delete(stop);
          resolve(result);
        };
        underWay.add(stop);
        outgoing.on('error', () => finish(undeliverable));
        outgoing.end(body, () => deps.observe(kind, 'delivered'));
      });
    },
    close() {
      for (const stop of underWay) stop();
    },
  };
}

function encode(
  kind: DeliveryKind,
  payload: Readonly<Record<string, unknown>>,
): readonly [contentType: string, body: string] {
  if (kind === 'events_api') return ['application/json', JSON.stringify(payload)];
  const fields: Record<string, string> =
    kind === 'interactive'
      ? { payload: JSON.stringify(payload) }
      : Object.fromEntries(Object.entries(payload).map(([key, value]) => [key, String(value)]));
  return ['application/x-www-form-urlencoded', new URLSearchParams(fields).toString()];
}

function decode(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isEmpty(answer: unknown): boolean {
  return (
    answer === undefined ||
    answer === null ||
    answer === '' ||
    (typeof answer === 'object' && Object.keys(answer).length === 0)
  );
}
