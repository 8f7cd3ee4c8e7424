import { randomBytes } from 'node:crypto';
import { createClient } from '@keyv/redis';
import { Client } from 'pg';
import { statusIn } from './read-database.js';

/** A database server that gives each run an empty database of its own. */
export interface StoreServer {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Returns a STORE_URL of a new database, through another port if given. */
  fresh(port?: number): string;
  /** Deletes everything that was written there. */
  discard(storeUrl: string): Promise<void>;
  /** Returns an order's status in the database, without the app. */
  statusOnRecord(storeUrl: string, orderId: string): Promise<string | undefined>;
}

function makeServer(given: {
  name: string;
  url: string;
  defaultPort: number;
  placeParameter: string;
  discard: (url: string, place: string) => Promise<void>;
  read: (url: string, place: string, orderId: string) => Promise<string | undefined>;
}): StoreServer {
  const address = new URL(given.url);
  const port = Number(address.port || given.defaultPort);
  const placeIn = (storeUrl: string) => new URL(storeUrl).searchParams.get(given.placeParameter) ?? '';
  return {
    name: given.name,
    host: address.hostname,
    port,
    fresh(through = port) {
      const url = new URL(given.url);
      url.port = String(through);
      url.searchParams.set(given.placeParameter, `numbers_test_${randomBytes(6).toString('hex')}`);
      return url.href;
    },
    discard: (storeUrl) => given.discard(given.url, placeIn(storeUrl)),
    async statusOnRecord(storeUrl, orderId) {
      const value = await given.read(given.url, placeIn(storeUrl), orderId);
      return value === undefined ? undefined : statusIn(value);
    },
  };
}

async function withPostgres<T>(url: string, act: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await act(client);
  } finally {
    await client.end();
  }
}

const redisClient = (url: string) => createClient({ url });

async function withRedis<T>(
  url: string,
  act: (client: ReturnType<typeof redisClient>) => Promise<T>,
): Promise<T> {
  const client = redisClient(url);
  await client.connect();
  try {
    return await act(client);
  } finally {
    client.destroy();
  }
}

export const postgres = makeServer({
  name: 'PostgreSQL',
  url: process.env.TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/test',
  defaultPort: 5432,
  placeParameter: 'schema',
  async discard(url, schema) {
    await withPostgres(url, (client) => client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`));
  },
  read: (url, schema, orderId) =>
    withPostgres(url, async (client) => {
      const { rows } = await client.query<{ value: string }>(
        `SELECT value FROM ${schema}.orders WHERE key = $1`,
        [orderId],
      );
      return rows[0]?.value;
    }),
});

export const redis = makeServer({
  name: 'Redis',
  url: process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379',
  defaultPort: 6379,
  placeParameter: 'prefix',
  async discard(url, prefix) {
    await withRedis(url, async (client) => {
      for await (const keys of client.scanIterator({ MATCH: `${prefix}:*`, COUNT: 1_000 })) {
        if (keys.length > 0) await client.unlink(keys);
      }
    });
  },
  read: (url, prefix, orderId) =>
    withRedis(url, async (client) => (await client.get(`${prefix}:orders:${orderId}`)) ?? undefined),
});
