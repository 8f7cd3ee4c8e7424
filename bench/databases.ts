import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@keyv/redis';
import { Client } from 'pg';
import type { Options } from './row.js';

/** A database to measure with, if it is available. */
export interface Database {
  readonly name: string;
  /** Creates an empty database and a function that deletes it; absent when the server isn't available. */
  readonly fresh?: () => { readonly url: string; readonly discard: () => Promise<void> };
  readonly missing: string;
}

const freshName = () => `numbers_bench_${randomUUID().slice(0, 8)}`;

export function databases({ postgresUrl, redisUrl }: Options): readonly Database[] {
  return [
    {
      name: 'SQLite',
      missing: '',
      fresh: () => {
        const folder = mkdtempSync(join(tmpdir(), 'numbers-bench-'));
        const discard = async () => rmSync(folder, { recursive: true, force: true });
        return { url: `sqlite:${join(folder, 'x.db')}`, discard };
      },
    },
    {
      name: 'PostgreSQL',
      missing: 'not measured: BENCH_POSTGRES_URL is not set',
      ...(postgresUrl === undefined ? {} : { fresh: () => freshSchema(postgresUrl) }),
    },
    {
      name: 'Redis',
      missing: 'not measured: BENCH_REDIS_URL is not set',
      ...(redisUrl === undefined ? {} : { fresh: () => freshPrefix(redisUrl) }),
    },
  ];
}

function freshSchema(server: string) {
  const [url, schema] = [new URL(server), freshName()];
  url.searchParams.set('schema', schema);
  const discard = async () => {
    const client = new Client({ connectionString: server });
    await client.connect();
    await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    await client.end();
  };
  return { url: url.href, discard };
}

function freshPrefix(server: string) {
  const [url, prefix] = [new URL(server), freshName()];
  url.searchParams.set('prefix', prefix);
  const discard = async () => {
    const client = createClient({ url: server });
    await client.connect();
    for await (const keys of client.scanIterator({ MATCH: `${prefix}:*`, COUNT: 1_000 })) {
      if (keys.length > 0) await client.unlink(keys);
    }
    await client.close();
  };
  return { url: url.href, discard };
}
