import { KeyvPostgres } from '@keyv/postgres';
import { type ClientBase, DatabaseError, Pool } from 'pg';
import type { Log } from '../../orders/ports/log.js';
import { StoreError } from '../../orders/ports/store-errors.js';
import { inAwakeTime } from '../awake-time.js';
import { type Database, StoreNotReady } from '../database.js';
import type { ConditionalAdapter } from '../namespace.js';
import { NotWritten } from '../not-written.js';
import { makeSemaphore } from '../semaphore.js';
import type { Encryption, StoreAddress } from '../store-url.js';
import { type Query, rawEntriesIn } from './postgres-raw.js';
import { sortedKeysIn } from './postgres-sorted-keys.js';

type PostgresAddress = Extract<StoreAddress, { kind: 'postgres' }>;

/** A server that is down or hangs has to be noticed while a person waits for the result. */
const CONNECT_WITHIN_MS = 2_000;
const QUERY_TIMEOUT_MS = 2_500;
const CONNECTIONS = 10;
/** However busy the database is, no one waits longer than this. */
const WAIT_AT_MOST_MS = 10_000;
const SWEEP_EVERY_MS = 10 * 60_000;
/** How many entries an iteration reads at a time. */
const BATCH = 1_000;

const encryptions: Readonly<Record<Encryption, false | { rejectUnauthorized: boolean }>> = {
  none: false,
  unverified: { rejectUnauthorized: false },
  verified: { rejectUnauthorized: true },
};

/** Errors that waiting doesn't fix: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const forGood: Readonly<Record<string, string>> = {
  '28P01': 'it does not accept the password.',
  '28000': 'it does not let this user in, or not without encryption (sslmode in STORE_URL).',
  '3D000': 'there is no such database.',
  '42501': 'this user may not create tables there.',
};

/**
 * Opens a PostgreSQL database and creates its schema and tables if they don't exist. A write is on the server's disk
 * when its promise resolves. Throws {@link StoreError} or {@link StoreNotReady} saying what is wrong.
 */
export async function openPostgres(address: PostgresAddress, log: Log): Promise<Database> {
  const { schema } = address;
  const pool = new Pool({
    connectionString: address.url,
    ssl: encryptions[address.encryption],
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    keepAlive: true,
    application_name: 'numbers-for-slack',
    onConnect: (client) => answered(prepare(client)),
  });
  // An idle connection that breaks is reported here; without a listener, the process would end.
  pool.on('error', (err) => log.debug({ err }, 'idle database connection lost'));

  // The pool's own queue can't tell a busy connection from an unreachable server.
  const semaphore = makeSemaphore({
    permits: CONNECTIONS,
    stuckAfterMs: CONNECT_WITHIN_MS,
    longestMs: WAIT_AT_MOST_MS,
  });
  const query: Query = (sql, values) => semaphore(() => askOver(pool, sql, values));

  try {
    await warnIfForgetful(query, log);
  } catch (cause) {
    await pool.end();
    throw cannotOpen(address, cause);
  }

  /** Returns the table of a namespace, which it creates if it doesn't exist. */
  const tableOf = async (namespace: string): Promise<string> => {
    const table = nameOfTable(namespace);
    try {
      await makeTable(
        query,
        schema,
        table,
        '(key VARCHAR(255) PRIMARY KEY, value TEXT, expires TIMESTAMPTZ)',
        `CREATE INDEX ON ${schema}.${table} (expires) WHERE expires IS NOT NULL;`,
      );
    } catch (cause) {
      throw cannotOpen(address, cause);
    }
    return table;
  };

  return {
    shared: true,
    where: `${placeOf(address)}, schema ${schema}`,
    adapter: async (namespace) => adapterOver(query, schema, await tableOf(namespace), log),
    raw: async (namespace) => rawEntriesIn(query, `${schema}.${await tableOf(namespace)}`),
    async peek(namespace, key) {
      const table = `${schema}.${nameOfTable(namespace)}`;
      const [found] = await query('SELECT to_regclass($1)::text AS name', [table]);
      if (!found?.name) return undefined;
      return (await query(`SELECT value FROM ${table} WHERE key = $1`, [key]))[0]?.value;
    },
    async sortedKeys(name) {
      const table = nameOfTable(name);
      try {
        await makeTable(query, schema, table, `(key TEXT COLLATE "C" PRIMARY KEY)`);
      } catch (cause) {
        throw cannotOpen(address, cause);
      }
      return sortedKeysIn(query, `${schema}.${table}`);
    },
    close: () => (pool.ended || pool.ending ? Promise.resolve() : pool.end()),
  };
}

const nameOfTable = (namespace: string): string => namespace.replaceAll('-', '_');

/** Like `pool.query`, but a failure tells whether anything can have been written. */
async function askOver(pool: Pool, sql: string, values?: unknown[]): Promise<Record<string, string>[]> {
  const client = await pool.connect().catch((cause: unknown) => {
    throw new NotWritten(cause);
  });
  // A broken connection is also reported here, and would end the process without a listener; the query fails by itself.
  const heard = () => {};
  client.on('error', heard);
  try {
    const { rows } = await answered(client.query<Record<string, string>>(sql, values));
    client.release();
    return rows;
  } catch (error) {
    client.release(error instanceof Error ? error : true);
    throw refusedIt(error) ? new NotWritten(error) : error;
  } finally {
    client.off('error', heard);
  }
}

const answered = <T>(answer: Promise<T>): Promise<T> =>
  inAwakeTime(
    QUERY_TIMEOUT_MS,
    answer,
    () => new Error(`PostgreSQL did not answer within ${QUERY_TIMEOUT_MS} ms`),
  );

/**
 * Whether the server says that it undid the statement. It may have been committed when the server ends the connection
 * (57P, e.g. while it waited for a replica), when its disk or the server itself failed (58, XX), and when it doesn't
 * know (08, 40003).
 */
function refusedIt(error: unknown): boolean {
  return error instanceof DatabaseError && !/^(?:$|08|57P|58|XX|40003)/.test(error.code ?? '');
}

/**
 * Sets the session's options here, because a connection pooler such as PgBouncer rejects them as connection parameters.
 * What timed out for us must not happen long afterwards, and what was written must be on disk.
 */
async function prepare(client: ClientBase): Promise<void> {
  await client.query(`
    SET statement_timeout = ${QUERY_TIMEOUT_MS};
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`);
}

async function warnIfForgetful(query: Query, log: Log): Promise<void> {
  const [row] = await query(`SELECT current_setting('fsync') AS fsync`);
  if (row?.fsync === 'off') {
    log.warn({}, 'postgres runs with fsync=off, orders may be lost if its machine fails');
  }
}

/**
 * Creates our own table: keyv's adapter would hide a failure to create one, and has no expiry. Several instances may
 * start at once, and CREATE … IF NOT EXISTS isn't safe for that.
 */
async function makeTable(
  query: Query,
  schema: string,
  table: string,
  columns: string,
  index = '',
): Promise<void> {
  await query(`
    SELECT pg_advisory_xact_lock(hashtext('numbers-for-slack ${schema}'));
    DO $$ BEGIN
      IF to_regnamespace('${schema}') IS NULL THEN CREATE SCHEMA ${schema}; END IF;
      IF to_regclass('${schema}.${table}') IS NULL THEN
        CREATE TABLE ${schema}.${table} ${columns};
        ${index}
      END IF;
    END $$`);
}

/**
 * Wraps keyv's adapter around our pool: its own is shared by the whole process, and a broken connection there ends it.
 */
function adapterOver(query: Query, schema: string, table: string, log: Log): ConditionalAdapter {
  const entry = `${schema}.${table}`;
  const live = '(expires IS NULL OR expires > now())';
  /** $n milliseconds from now by the database's clock, or never. */
  const after = (parameter: string) => `now() + ${parameter}::float8 * interval '1 millisecond'`;
  let sweepAt = 0;

  class OverOurPool extends KeyvPostgres implements ConditionalAdapter {
    override async connect() {
      return query;
    }

    override async get(key: string) {
      const [row] = await this.query(`SELECT value FROM ${entry} WHERE key = $1 AND ${live}`, [key]);
      return row?.value;
    }

    override async set(key: string, text: string, ttl?: number): Promise<void> {
      await this.sweepNowAndThen();
      await this.query(
        `INSERT INTO ${entry} AS old (key, value, expires) VALUES ($1, $2, ${after('$3')})
         ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires`,
        [key, text, ttl ?? null],
      );
    }

    override async clear(): Promise<void> {
      await this.query(`DELETE FROM ${entry}`);
    }

    /** Continues from the last key and throws errors; keyv's own iterator would end as if there were no more. */
    override async *iterator(): AsyncGenerator<string[], void, unknown> {
      for (let last = ''; ; ) {
        const rows = await this.query(
          `SELECT key, value FROM ${entry} WHERE key > $1 AND ${live} ORDER BY key LIMIT ${BATCH}`,
          [last],
        );
        for (const { key, value } of rows) {
          last = key;
          yield [key, value];
        }
        if (rows.length < BATCH) return;
      }
    }

    insertIfAbsent(key: string, text: string, ttl?: number): Promise<boolean> {
      return this.changes(
        `INSERT INTO ${entry} AS old (key, value, expires) VALUES ($1, $2, ${after('$3')})
         ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires WHERE old.expires <= now()`,
        [key, text, ttl ?? null],
      );
    }

    replace(key: string, current: string, next: string, ttl?: number): Promise<boolean> {
      return this.changes(
        `UPDATE ${entry} SET value = $3, expires = ${after('$4')} WHERE key = $1 AND value = $2 AND ${live}`,
        [key, current, next, ttl ?? null],
      );
    }

    removeIfSame(key: string, current: string): Promise<boolean> {
      return this.changes(`DELETE FROM ${entry} WHERE key = $1 AND value = $2`, [key, current]);
    }

    private async changes(statement: string, values: readonly unknown[]): Promise<boolean> {
      const rows = await this.query(`${statement} RETURNING 1`, values);
      return rows.length > 0;
    }

    private async sweepNowAndThen(): Promise<void> {
      if (Date.now() < sweepAt) return;
      sweepAt = Date.now() + SWEEP_EVERY_MS;
      await this.query(`DELETE FROM ${entry} WHERE expires <= now()`);
    }
  }

  const adapter = new OverOurPool({ schema, table });
  // It tries to create the table, which already exists, and reports an error if it isn't allowed to.
  adapter.on('error', (err) => log.debug({ err }, 'database adapter reported an error'));
  return adapter;
}

function cannotOpen(address: PostgresAddress, failure: unknown): StoreError {
  const cause = failure instanceof NotWritten ? failure.cause : failure;
  const { code, message } = cause as { code?: string; message?: string };
  const where = placeOf(address);
  const lasting = code === undefined ? undefined : forGood[code];
  if (lasting !== undefined) return new StoreError(`cannot open ${where}: ${lasting}`, { cause });
  return new StoreNotReady(`cannot reach ${where}: ${message || code || 'the reason is not known'}`, {
    cause,
  });
}

function placeOf({ url }: PostgresAddress): string {
  const { hostname, port, pathname } = new URL(url);
  return `the database ${hostname}${port === '' ? '' : `:${port}`}${pathname}`;
}
