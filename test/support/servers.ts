import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { describe, test } from '@jest/globals';
import { createClient } from '@keyv/redis';
import { Client } from 'pg';

/** A database server that tests use, each run in a place of its own. */
export interface TestServer {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Why it cannot be used here, in a sentence. */
  readonly missing: string | undefined;
  /** A STORE_URL of an empty place that no other run knows; through another port if asked. */
  fresh(port?: number): string;
  /** Takes away everything that was written there. */
  discard(storeUrl: string): Promise<void>;
}

function makeServer(given: {
  name: string;
  variable: string;
  url: string;
  defaultPort: number;
  placeParameter: string;
  clean: (url: string, place: string) => Promise<void>;
}): TestServer {
  const address = new URL(given.url);
  const host = address.hostname;
  const port = Number(address.port || given.defaultPort);
  return {
    name: given.name,
    host,
    port,
    missing: answers(host, port)
      ? undefined
      : `nothing answers at ${host}:${port}; start ${given.name} there, or name another one in ${given.variable}`,
    fresh(through = port) {
      const url = new URL(given.url);
      url.port = String(through);
      url.searchParams.set(given.placeParameter, `numbers_test_${randomBytes(6).toString('hex')}`);
      return url.href;
    },
    discard: (storeUrl) =>
      given.clean(given.url, new URL(storeUrl).searchParams.get(given.placeParameter) ?? ''),
  };
}

/** Asked in another process, because tests are named before anything may be awaited. */
function answers(host: string, port: number): boolean {
  const program = `require('net').connect({ host: ${JSON.stringify(host)}, port: ${port}, timeout: 2000 })
    .on('connect', () => process.exit(0)).on('timeout', () => process.exit(1)).on('error', () => process.exit(1))`;
  try {
    execFileSync(process.execPath, ['-e', program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export const postgres = makeServer({
  name: 'PostgreSQL',
  variable: 'TEST_POSTGRES_URL',
  url: process.env.TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/test',
  defaultPort: 5432,
  placeParameter: 'schema',
  async clean(url, schema) {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(`DROP SCHEMA IF EXISTS ${client.escapeIdentifier(schema)} CASCADE`);
    await client.end();
  },
});

export const redis = makeServer({
  name: 'Redis',
  variable: 'TEST_REDIS_URL',
  url: process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379',
  defaultPort: 6379,
  placeParameter: 'prefix',
  async clean(url, prefix) {
    const client = createClient({ url });
    await client.connect();
    for await (const keys of client.scanIterator({ MATCH: `${prefix}:*`, COUNT: 1_000 })) {
      if (keys.length > 0) await client.unlink(keys);
    }
    await client.close();
  },
});

/** Tests that need these servers. Without one they are skipped on a laptop, saying why, and fail in CI. */
export function describeWith(servers: readonly TestServer[], title: string, tests: () => void): void {
  const missing = servers.flatMap((server) => server.missing ?? []);
  if (missing.length === 0) {
    describe(title, tests);
  } else if (process.env.CI === 'true') {
    test(title, () => {
      throw new Error(missing.join('; '));
    });
  } else {
    test.skip(`${title}: not tested, because ${missing.join('; ')}`, tests);
  }
}
