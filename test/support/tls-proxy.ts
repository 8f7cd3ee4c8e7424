import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { createServer } from 'node:tls';

const folder = join('test', 'fixtures', 'tls');
const key = readFileSync(join(folder, 'key.pem'));
const cert = readFileSync(join(folder, 'certificate.pem'));

/** The value for NODE_EXTRA_CA_CERTS of a process that should trust {@link startTlsProxy}. */
export const CERTIFICATE = resolve(folder, 'certificate.pem');
export const identity = { key, cert };

/** Terminates TLS on 127.0.0.1 for servers without it. `portOf` says which one a name stands for. */
export async function startTlsProxy(portOf: (servername: string) => number) {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket, other: () => Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      other().destroy();
    });
  };
  const server = createServer(identity, (client) => {
    const { servername } = client as { servername?: string | false };
    const behind = connect(portOf(servername || '127.0.0.1'), '127.0.0.1');
    keep(client, () => behind);
    keep(behind, () => client);
    client.pipe(behind).pipe(client);
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
