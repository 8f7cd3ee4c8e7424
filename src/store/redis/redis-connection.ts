import { createClient } from '@keyv/redis';
import type { StoreAddress } from '../store-url.js';
import type { RedisAnswers } from './redis-answers.js';

type RedisAddress = Extract<StoreAddress, { kind: 'redis' }>;
/** A connection that reconnects by itself. */
export type Client = ReturnType<typeof connection>;

/** A server that is down has to be noticed while a person waits for the result. */
const CONNECT_WITHIN_MS = 2_000;
/** A server that doesn't answer pings for this long gets a new connection. */
const PING_EVERY_MS = 1_000;
const SILENT_FOR_MS = 4_000;
const RECONNECT_AFTER_MS = { first: 50, longest: 1_000 };

export function connection({ url, encryption }: RedisAddress) {
  const waiting = (retries: number) =>
    Math.min(RECONNECT_AFTER_MS.first * 2 ** retries, RECONNECT_AFTER_MS.longest);
  const common = {
    connectTimeout: CONNECT_WITHIN_MS,
    socketTimeout: SILENT_FOR_MS,
    reconnectStrategy: waiting,
  };
  return createClient({
    url,
    socket:
      encryption === 'none'
        ? common
        : { ...common, tls: true as const, rejectUnauthorized: encryption === 'verified' },
    pingInterval: PING_EVERY_MS,
    // Commands that can't be sent now fail now, instead of being queued and run when no one expects them.
    disableOfflineQueue: true,
    name: 'numbers-for-slack',
  });
}

/** Connects once: the client would retry forever, but the operator needs to know. */
export async function connectOnce(client: Client, { answered }: RedisAnswers): Promise<void> {
  const failed = new Promise<never>((_resolve, reject) => client.once('error', reject));
  await answered(Promise.race([client.connect(), failed]));
}
