import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import {
  brokenProxy,
  type ProxyFailed,
  refusingProxy,
  silentProxy,
  unreachableProxy,
} from './proxy-failed.js';
import { hostAndPort, type ProxySettings } from './proxy-settings.js';

/** Shorter than every other time limit for an answer, so that it is known to have been the proxy. */
export const CONNECTED_WITHIN_MS = 4_500;

/**
 * Has the proxy connect us to a host (HTTP CONNECT) and returns the connection, on which nothing has been sent yet.
 * Rejects with {@link ProxyFailed}.
 *
 * The usual library passes a proxy's refusal on as if the host had answered. A 403 from a proxy would then end an order
 * that Bandwidth never received.
 */
export function openTunnel(
  proxy: ProxySettings,
  target: { readonly host: string; readonly port: number },
  withinMs = CONNECTED_WITHIN_MS,
): Promise<Socket> {
  const { protocol, host, port, credentials } = proxy;
  const there = hostAndPort(target.host, target.port);
  return new Promise((resolve, reject) => {
    const request = (protocol === 'https:' ? httpsRequest : httpRequest)({
      method: 'CONNECT',
      host,
      port,
      path: there,
      agent: false,
      headers: {
        host: there,
        ...(credentials === undefined
          ? {}
          : { 'proxy-authorization': `Basic ${Buffer.from(credentials, 'utf8').toString('base64')}` }),
      },
    });
    let isConnected = false;
    const fail = (failure: ProxyFailed) => {
      clearTimeout(timer);
      request.destroy();
      reject(failure);
    };
    const timer = setTimeout(() => fail(silentProxy(proxy, withinMs / 1000)), withinMs);
    request.once('socket', (socket) =>
      socket.once('connect', () => {
        isConnected = true;
      }),
    );
    request.once('error', (error) =>
      fail(isConnected ? brokenProxy(proxy, codeOf(error)) : unreachableProxy(proxy, codeOf(error))),
    );
    request.once('connect', (answer: IncomingMessage, socket: Socket, head: Buffer) => {
      const status = answer.statusCode ?? 0;
      if (status < 200 || status > 299) {
        socket.destroy();
        return fail(refusingProxy(proxy, target, status, schemesIn(answer)));
      }
      clearTimeout(timer);
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.end();
  });
}

/** Names only: the rest of the header is the proxy's own text. */
const schemesIn = ({ headers }: IncomingMessage): readonly string[] =>
  [headers['proxy-authenticate'] ?? []]
    .flat()
    .flatMap((value) => value.split(','))
    .flatMap((value) => /^\s*([A-Za-z][A-Za-z0-9-]{1,30})(?:\s|$)/.exec(value)?.[1] ?? []);

function codeOf(error: Error): string {
  const code: unknown = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{2,64}$/.test(code) ? code : 'no code';
}
