import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { identity } from './tls-proxy.js';

/** What the proxy does with a request to connect. */
export type Treatment =
  | 'connect'
  /** Takes the connection and never answers. */
  | 'silent'
  /** Closes the connection without an answer. */
  | 'hang up'
  /** Answers something that isn't HTTP. */
  | 'garbage'
  /** Answers this instead of 200. */
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> };

export type ConnectProxy = Awaited<ReturnType<typeof startConnectProxy>>;

/**
 * A proxy on 127.0.0.1 that tunnels to the hosts it knows (HTTP CONNECT), and can fail on request.
 *
 * @param given.portOf the port on 127.0.0.1 that this host and port stand for.
 */
export async function startConnectProxy(given: {
  readonly portOf: (host: string, port: number) => number;
  /** `name:password`, without which it connects no one. */
  readonly credentials?: string;
  /** Speaks TLS itself. */
  readonly tls?: boolean;
  readonly port?: number;
}) {
  const { credentials } = given;
  const asked: string[] = [];
  const notConnect: string[] = [];
  const treatments = new Map<string, Treatment>();
  const tunnels = new Map<Socket, { readonly host: string; readonly far: Socket }>();
  const clients = new Set<Socket>();

  const wanted =
    credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`;

  function treatmentOf(host: string, request: IncomingMessage): Treatment {
    const planned = treatments.get(host) ?? treatments.get('*');
    if (planned !== undefined) return planned;
    const isWelcome = wanted === undefined || request.headers['proxy-authorization'] === wanted;
    return isWelcome ? 'connect' : { status: 407, headers: { 'Proxy-Authenticate': 'Basic realm="proxy"' } };
  }

  const server = given.tls === true ? createTlsServer(identity) : createServer();
  server.on('request', (request, response) => {
    notConnect.push(`${request.method} ${request.url}`);
    response.writeHead(405).end();
  });
  server.on('connection', (socket: Socket) => {
    clients.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => clients.delete(socket));
  });
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    client.on('error', () => {});
    asked.push(request.url ?? '');
    const [, host = '', port] = /^\[?(.*?)\]?:(\d+)$/.exec(request.url ?? '') ?? [];
    const treatment = treatmentOf(host, request);
    if (treatment === 'silent') return;
    if (treatment === 'hang up') return void client.destroy();
    if (treatment === 'garbage') return void client.end('SSH-2.0-OpenSSH_9.2\r\n');
    if (treatment !== 'connect') {
      const lines = Object.entries(treatment.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
      return void client.end(`HTTP/1.1 ${treatment.status} No\r\n${lines.join('')}Content-Length: 0\r\n\r\n`);
    }
    const far = connect(given.portOf(host, Number(port)), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(far).pipe(client);
    });
    far.on('error', () => client.destroy());
    far.on('close', () => client.destroy());
    client.on('close', () => {
      tunnels.delete(client);
      far.destroy();
    });
    tunnels.set(client, { host, far });
  });
  server.listen(given.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const scheme = given.tls === true ? 'https' : 'http';

  return {
    port,
    /** The value for HTTPS_PROXY, with this name and password if any. */
    url: (login?: string) => `${scheme}://${login === undefined ? '' : `${login}@`}127.0.0.1:${port}`,
    /** `host:port` of each CONNECT request, oldest first. */
    asked: asked as readonly string[],
    /** Requests of any other kind, which a proxy could read. */
    notConnect: notConnect as readonly string[],
    /** How CONNECT requests for this host are treated from now on; `*` is every host. */
    treat(host: string, treatment: Treatment): void {
      treatments.set(host, treatment);
    },
    /** The open tunnels to this host. */
    tunnelsTo: (host: string): number => [...tunnels.values()].filter((each) => each.host === host).length,
    /** Breaks every connection; the proxy takes new ones. */
    breakAll(): void {
      for (const client of clients) client.destroy();
    },
    /** Lets nothing more through the tunnels to this host, and breaks none. */
    stall(host: string): void {
      for (const [client, tunnel] of tunnels) {
        if (tunnel.host !== host) continue;
        client.unpipe(tunnel.far);
        tunnel.far.unpipe(client);
        // What the client sends is accepted and goes nowhere, until it drops the connection.
        client.resume().on('end', () => client.destroy());
      }
    },
    async close(): Promise<void> {
      for (const client of clients) client.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
