import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A proxy on 127.0.0.1 between a client and a server that can simulate network problems. */
export interface TcpProxy {
  readonly port: number;
  /** Breaks every connection and accepts no new one. */
  cut(): void;
  /** Keeps every connection, accepts new ones, and lets nothing through anymore. */
  hang(): void;
  /** Delays what the server sends by this long. */
  delay(ms: number): void;
  /**
   * Breaks the connection that next carries such a request once the server has answered it, so that the answer is lost.
   */
  loseAnswerTo(isIt: (sent: string) => boolean, then?: 'cut'): void;
  /** How often that has happened. */
  lost(): number;
  /** Ends all problems. What was lost stays lost. */
  restore(): void;
  /** Called with what the client sends, before it is passed on. */
  onSent(look: (bytes: Buffer) => void): void;
  close(): Promise<void>;
}

export async function startTcpProxy(host: string, port: number): Promise<TcpProxy> {
  let state: 'well' | 'cut' | 'hanging' = 'well';
  let look: (bytes: Buffer) => void = () => {};
  let delayMs = 0;
  let timesLost = 0;
  let losing: { isIt: (sent: string) => boolean; then: 'cut' | undefined } | undefined;
  const sockets = new Set<Socket>();

  const keep = (socket: Socket, other: () => Socket | undefined) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      other()?.destroy();
    });
  };
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  const cut = () => {
    state = 'cut';
    breakAll();
  };
  const server = createServer((client) => {
    if (state === 'cut') return void client.destroy();
    const upstream = connect(port, host);
    let lost: typeof losing;
    keep(client, () => upstream);
    keep(upstream, () => client);
    client.on('data', (bytes) => {
      look(bytes);
      if (losing?.isIt(bytes.toString('latin1')) === true) [lost, losing] = [losing, undefined];
      if (state === 'well') upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (lost !== undefined) {
        client.destroy();
        timesLost += 1;
        if (lost.then === 'cut') cut();
        return;
      }
      const arrive = () => void (state === 'well' && client.write(bytes));
      if (delayMs === 0) arrive();
      else setTimeout(arrive, delayMs);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    cut,
    hang() {
      state = 'hanging';
    },
    delay(ms) {
      delayMs = ms;
    },
    restore() {
      // A stream with a gap in it is no use to anyone.
      if (state === 'hanging') breakAll();
      state = 'well';
    },
    loseAnswerTo(isIt, then) {
      losing = { isIt, then };
    },
    lost: () => timesLost,
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
