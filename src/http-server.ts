import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type OccasionalWarning, warnOccasionally } from './occasional-warnings.js';
import { inTime } from './orders/in-time.js';
import type { Log } from './orders/ports.js';
import { makeRequestBodies, type ReadBody } from './request-bodies.js';

/** The port cannot be listened on. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen';
  readonly advice: string;

  constructor(advice: string, cause: unknown) {
    super('the port cannot be listened on', { cause });
    this.advice = advice;
  }
}

/** What a handler may do with a request besides answering it. */
export interface Incoming {
  readonly readBody: ReadBody;
  readonly warn: OccasionalWarning;
}

export type Handler = (request: IncomingMessage, response: ServerResponse, incoming: Incoming) => void;

/** The one place where others reach us by HTTP: Slack in HTTP mode, Bandwidth's callbacks. */
export interface HttpServer {
  /** From now on, requests to exactly this path are answered here. Any other path is not there (404). */
  serve(path: string, handler: Handler): void;
  /** Throws {@link CannotListen}. */
  start(): Promise<void>;
  /** Takes no new connection, lets the last answers go out, and cuts what is left. */
  stop(): Promise<void>;
}

/** An answer on its way out is a matter of milliseconds; who sent nothing until now is not waited for. */
const LAST_ANSWERS_MS = 300;

/** What strangers can make this process hold. Slack and Bandwidth send a few kilobytes at once, from data centers. */
export interface HttpServerLimits {
  /** Beyond this, the oldest connection that hasn't sent a whole request is closed for each new one. */
  readonly connections: number;
  /** Bytes of all bodies being read or handled. Beyond this, the body that has been arriving longest is dropped. */
  readonly bodyBytes: number;
  /** From the opening of a connection to the end of a request's headers. */
  readonly headersMs: number;
  /** From the beginning of a request to the end of its body. */
  readonly requestMs: number;
  /** Between two requests on one connection. */
  readonly idleMs: number;
  /** Each kind of warning about any of this is logged once in so long. */
  readonly warnEveryMs: number;
}

const usualLimits: HttpServerLimits = {
  connections: 1_000,
  bodyBytes: 16 * 1024 * 1024,
  headersMs: 5_000,
  requestMs: 15_000,
  idleMs: 5_000,
  warnEveryMs: 60_000,
};

export function makeHttpServer(deps: {
  host: string;
  port: number;
  log: Log;
  limits?: Partial<HttpServerLimits>;
}): HttpServer {
  const { host, port, log } = deps;
  const limits = { ...usualLimits, ...deps.limits };
  const warn = warnOccasionally(log, limits.warnEveryMs);
  const bodies = makeRequestBodies({ bytesInSum: limits.bodyBytes, warn });
  const routes = new Map<string, Handler>();
  /** Each open connection with its request, if one is under way; the oldest first. */
  const connections = new Map<Socket, IncomingMessage | undefined>();

  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.idleMs,
      connectionsCheckingInterval: Math.min(1_000, limits.headersMs),
    },
    (request, response) => {
      connections.set(request.socket, request);
      response.once('close', () => {
        if (connections.has(request.socket)) connections.set(request.socket, undefined);
      });
      // Nobody is going to read the rest of a body that was answered before it arrived.
      response.once('finish', () => {
        if (!request.complete) request.socket.destroySoon();
      });
      const [path = ''] = (request.url ?? '').split('?', 1);
      const handler = routes.get(path);
      if (handler === undefined) response.writeHead(404).end();
      else handler(request, response, { readBody: (most) => bodies.read(request, response, most), warn });
    },
  );

  server.on('connection', (socket) => {
    if (connections.size >= limits.connections) {
      warn({ connections: connections.size }, 'too many connections, closing the oldest unfinished one');
      const oldest = [...connections].find(([, request]) => request?.complete !== true)?.[0];
      (oldest ?? socket).destroy();
      if (oldest === undefined) return;
      connections.delete(oldest);
    }
    connections.set(socket, undefined);
    socket.once('close', () => connections.delete(socket));
  });

  return {
    serve: (path, handler) => void routes.set(path, handler),
    async start() {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host, port }, () => {
          server.off('error', reject);
          resolve();
        });
      }).catch((error: unknown) => {
        throw new CannotListen(whyNot(error, host, port), error);
      });
      log.info({ host, port, paths: [...routes.keys()] }, 'listening');
    },
    async stop() {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      await inTime(LAST_ANSWERS_MS, closed);
      server.closeAllConnections();
      await closed;
    },
  };
}

function whyNot(error: unknown, host: string, port: number): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is taken by another program. End that one, or set PORT to another number.`;
    case 'EACCES':
      return `This user may not listen on port ${port}. Set PORT to a number above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `HOST is ${host}, which is no address of this machine.`;
    default:
      return `Port ${port} on ${host} cannot be listened on (${String(code)}).`;
  }
}
