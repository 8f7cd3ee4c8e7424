import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands on 127.0.0.1 between a client and a server, and can be the network on a bad day. */
export interface TcpProxy {
  readonly port: number;
  /** Breaks every connection and takes no new one. */
  cut(): void;
  /** Keeps every connection, takes new ones, and lets nothing through any more. */
  hang(): void;
  /** What the server says takes so long to arrive. */
  delay(ms: number): void;
  /** All is well again. What was swallowed stays so. */
  mend(): void;
  /** Called with what the client sends, before it is passed on. */
  onSent(look: (bytes: Buffer) => void): void;
  close(): Promise<void>;
}

export async function startTcpProxy(host: string, port: number): Promise<TcpProxy> {
  let state: 'well' | 'cut' | 'hanging' = 'well';
  let look: (bytes: Buffer) => void = () => {};
  let delayMs = 0;
  const sockets = new Set<Socket>();

  const keep = (socket: Socket, other: () => Socket | undefined) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      other()?.destroy();
    });
  };
  const server = createServer((client) => {
    if (state === 'cut') return void client.destroy();
    const upstream = connect(port, host);
    keep(client, () => upstream);
    keep(upstream, () => client);
    client.on('data', (bytes) => {
      look(bytes);
      if (state === 'well') upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      const arrive = () => void (state === 'well' && client.write(bytes));
      if (delayMs === 0) arrive();
      else setTimeout(arrive, delayMs);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      state = 'cut';
      breakAll();
    },
    hang() {
      state = 'hanging';
    },
    delay(ms) {
      delayMs = ms;
    },
    mend() {
      // A stream with a hole in it is of no use to anybody.
      if (state === 'hanging') breakAll();
      state = 'well';
    },
    onSent(heard) {
      look = heard;
    },
    async close() {
      breakAll();
      server.close();
      await once(server, 'close');
    },
  };
}
