import { createServer, type RequestListener } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from './orders/ports.js';

/** The port cannot be listened on. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen';
  readonly advice: string;

  constructor(advice: string, cause: unknown) {
    super('the port cannot be listened on', { cause });
    this.advice = advice;
  }
}

/** The one place where others reach us by HTTP: Slack in HTTP mode, Bandwidth's callbacks. */
export interface Listener {
  /** From now on, requests to exactly this path are answered here. Any other path is not there (404). */
  serve(path: string, handler: RequestListener): void;
  /** Throws {@link CannotListen}. */
  start(): Promise<void>;
  /** Takes no new connection, lets the last answers go out, and cuts what is left. */
  stop(): Promise<void>;
}

/** An answer on its way out is a matter of milliseconds; who sent nothing until now is not waited for. */
const LAST_ANSWERS_MS = 300;
/** Slack and Bandwidth send a few kilobytes from data centres; whoever takes longer than this is neither. */
const SLOWEST_HEAD_MS = 10_000;
const SLOWEST_REQUEST_MS = 30_000;

export function makeListener(needs: { host: string; port: number; log: Log }): Listener {
  const { host, port, log } = needs;
  const routes = new Map<string, RequestListener>();
  const server = createServer(
    {
      headersTimeout: SLOWEST_HEAD_MS,
      requestTimeout: SLOWEST_REQUEST_MS,
      connectionsCheckingInterval: SLOWEST_HEAD_MS,
    },
    (request, response) => {
      const [path = ''] = (request.url ?? '').split('?', 1);
      const handler = routes.get(path);
      if (handler === undefined) response.writeHead(404).end();
      else handler(request, response);
    },
  );
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
      await Promise.race([closed, pause(LAST_ANSWERS_MS)]);
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
