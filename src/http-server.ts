import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { inTime } from './orders/in-time.js';
import type { Log } from './orders/ports/log.js';
import { makeRequestBodies, type ReadBody } from './request-bodies.js';
import { type ThrottledWarning, throttleWarnings } from './throttled-warnings.js';

/** The port can't be listened on. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen';
  readonly advice: string;

  constructor(advice: string, cause: unknown) {
    super('the port cannot be listened on', { cause });
    this.advice = advice;
  }
}

/** HOST belongs to PORT. */
type AddressSetting = 'PORT' | 'OPERATIONS_ADDRESS';

/** What a handler may do with a request besides answering it. */
export interface Incoming {
  readonly readBody: ReadBody;
  readonly warn: ThrottledWarning;
}

export type Handler = (request: IncomingMessage, response: ServerResponse, incoming: Incoming) => void;

/** Where others reach us by HTTP: Slack in HTTP mode, Bandwidth's callbacks, health checks and metrics. */
export interface HttpServer {
  /** Answers requests to exactly this path from now on. Any other path gets 404. */
  serve(path: string, handler: Handler): void;
  /** Throws {@link CannotListen}. */
  start(): Promise<void>;
  /** Accepts no new connections, lets the last answers finish, and cuts the rest. */
  stop(): Promise<void>;
}

/** An answer in progress takes milliseconds; a client that has sent no request isn't waited for. */
const LAST_ANSWERS_MS = 300;

/**
 * Limits on how much strangers can make this process hold. Slack and Bandwidth send a few kilobytes at once, from data
 * centers.
 */
export interface HttpServerLimits {
  /** At this limit, each new connection closes the oldest one that hasn't sent a whole request. */
  readonly connections: number;
  /** Bytes of all bodies being read or handled. At this limit, the body that has been arriving longest is dropped. */
  readonly bodyBytes: number;
  /** From the opening of a connection to the end of a request's headers. */
  readonly headersMs: number;
  /** From the beginning of a request to the end of its body. */
  readonly requestMs: number;
  /** Between two requests on one connection. */
  readonly idleMs: number;
  /** Each kind of warning about these is logged at most once in this time. */
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
  /** The setting that names the port. */
  setting?: AddressSetting;
  log: Log;
  limits?: Partial<HttpServerLimits>;
}): HttpServer {
  const { host, port, setting = 'PORT', log } = deps;
  const limits = { ...usualLimits, ...deps.limits };
  const warn = throttleWarnings(log, limits.warnEveryMs);
  const bodies = makeRequestBodies({ maxTotalBytes: limits.bodyBytes, warn });
  const routes = new Map<string, Handler>();
  /** Each open connection with its request, if one is in progress; oldest first. */
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
      // No one will read the rest of a body that was answered before it arrived.
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
        throw new CannotListen(whyNot(error, host, port, setting), error);
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

function whyNot(error: unknown, host: string, port: number, setting: AddressSetting): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is taken by another program. End that one, or set ${setting} to another ${setting === 'PORT' ? 'number' : 'address'}.`;
    case 'EACCES':
      return setting === 'PORT'
        ? `This user has no permission to listen on port ${port}. Set PORT to a number above 1023.`
        : `This user has no permission to listen on port ${port}. Choose one above 1023 in ${setting}.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${setting === 'PORT' ? 'HOST is' : `${setting} names`} ${host}, which isn't an address of this machine.`;
    default:
      return `Port ${port} on ${host} cannot be listened on (${String(code)}).`;
  }
}
