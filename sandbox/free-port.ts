import { createServer } from 'node:net';

/**
 * Below the ports from which systems serve `listen(0)` and outgoing connections: one of those could take the port
 * between this answer and its use. Each process starts in a block of its own, so that two don't choose the same one.
 */
const FIRST = 10_000;
const BLOCKS = 200;
const BLOCK = 100;

let chosen = 0;

/** Returns a port on 127.0.0.1 on which nothing is listening right now, a different one each time. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + (((process.pid % BLOCKS) * BLOCK + chosen) % (BLOCKS * BLOCK));
    chosen += 1;
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listens = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (listens) await new Promise<void>((resolve) => server.close(() => resolve()));
  return listens;
}
