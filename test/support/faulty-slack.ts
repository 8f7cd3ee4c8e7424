import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

type SocketTreatment = 'no hello' | 'too many';

export interface FaultySlack {
  /** Ends with a slash. */
  readonly apiUrl: string;
  /** The sockets that were greeted, oldest first. */
  readonly sockets: readonly WebSocket[];
  /** When each socket was requested, in milliseconds. */
  readonly asked: readonly number[];
  /** How the next sockets are treated: opened but not greeted, or refused like one too many. */
  next(...treatments: SocketTreatment[]): void;
  /** From now on nothing that this socket's other end sends is read, let alone answered. */
  fallSilent(socket: WebSocket): void;
  close(): Promise<void>;
}

/**
 * A Slack that misbehaves in ways that the local one doesn't: it does not always greet, and disconnects without
 * warning.
 */
export async function startFaultySlack(): Promise<FaultySlack> {
  const sockets: WebSocket[] = [];
  const asked: number[] = [];
  const treatments: SocketTreatment[] = [];
  const streams = new Map<WebSocket, Duplex>();
  const webSockets = new WebSocketServer({ noServer: true });
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    if (request.url?.endsWith('apps.connections.open')) asked.push(Date.now());
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ ok: true, user_id: 'U0BOT', bot_id: 'B0BOT', url: `ws://127.0.0.1:${port}/` }));
  });
  const raw = new Set<Duplex>();
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    raw.add(stream);
    stream.on('error', () => {});
    const treatment = treatments.shift();
    webSockets.handleUpgrade(request, stream, head, (socket) => {
      streams.set(socket, stream);
      socket.on('error', () => {});
      if (treatment === 'no hello') return;
      if (treatment === 'too many') {
        return socket.send(JSON.stringify({ type: 'disconnect', reason: 'too_many_websockets' }));
      }
      sockets.push(socket);
      socket.send(JSON.stringify({ type: 'hello' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    sockets,
    asked,
    next: (...given) => void treatments.push(...given),
    fallSilent: (socket) => void streams.get(socket)?.pause(),
    async close() {
      for (const stream of raw) stream.destroy();
      webSockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
