import KeyvRedis from '@keyv/redis';
import type { Log } from '../../orders/ports/log.js';
import { StoreError } from '../../orders/ports/store-errors.js';
import { type Database, StoreNotReady } from '../database.js';
import type { ConditionalAdapter } from '../namespace.js';
import { NotWritten } from '../not-written.js';
import type { StoreAddress } from '../store-url.js';
import { makeRedisAnswers, type RedisAnswers } from './redis-answers.js';
import { type Client, connection, connectOnce } from './redis-connection.js';
import { rawEntriesIn } from './redis-raw.js';
import { sortedKeysIn } from './redis-sorted-keys.js';

type RedisAddress = Extract<StoreAddress, { kind: 'redis' }>;

/** A server that hangs has to be noticed while a person waits for the result. */
const COMMAND_TIMEOUT_MS = 2_500;
/** How many keys of the whole database one iteration step scans. */
const BATCH = 1_000;
/**
 * How often the whole database is scanned for entries missing from a listing, which a version without listings wrote.
 */
const LISTING_CHECKED_EVERY_MS = 60 * 60_000;

const REPLACE = `
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
  if ARGV[3] == '' then redis.call('SET', KEYS[1], ARGV[2])
  else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
  return 1`;
const REMOVE_IF_SAME = `
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
  if KEYS[2] then redis.call('SREM', KEYS[2], ARGV[2]) end
  return redis.call('DEL', KEYS[1])`;
const UNLIST_IF_GONE = `
  if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
  return redis.call('SREM', KEYS[2], ARGV[1])`;

/**
 * Opens a Redis database. A write is as durable as the server is configured to make it: without its append-only file,
 * orders are lost when it restarts, and a warning says so. Throws {@link StoreError} or {@link StoreNotReady}.
 */
export async function openRedis(address: RedisAddress, log: Log): Promise<Database> {
  const client = connection(address);
  const answers = makeRedisAnswers(COMMAND_TIMEOUT_MS);
  // Each namespace adds a listener through keyv's adapter, and Node would take that many for a leak.
  client.setMaxListeners(50);
  let reachable = true;
  // Without a listener, an error would end the process. While the server is down, each attempt to reconnect causes one.
  client.on('error', (err) => {
    log[reachable ? 'warn' : 'debug']({ err }, 'redis connection lost, reconnecting');
    reachable = false;
  });
  client.on('ready', () => {
    reachable = true;
  });
  try {
    await connectOnce(client, answers);
    await warnIfForgetful(client, answers, log);
  } catch (cause) {
    if (client.isOpen) client.destroy();
    throw cannotOpen(address, cause);
  }

  let closed = false;
  const checkOpen = () => {
    if (closed) throw new NotWritten('the connection to Redis has been closed');
  };
  const adapter: Database['adapter'] = (namespace, use) =>
    adapterOver(client, answers, `${address.prefix}:${namespace}`, use?.listedOften === true, checkOpen);
  return {
    shared: true,
    where: `${placeOf(address)}, prefix ${address.prefix}`,
    adapter,
    raw: (namespace, use) =>
      rawEntriesIn(
        client,
        answers,
        { place: `${address.prefix}:${namespace}`, listed: use?.listedOften === true },
        checkOpen,
      ),
    peek: async (namespace, key) =>
      (await answers.answered(client.get(`${address.prefix}:${namespace}:${key}`))) ?? undefined,
    sortedKeys: (name) => sortedKeysIn(client, answers, `${address.prefix}:${name}`, checkOpen),
    async close() {
      closed = true;
      if (client.isOpen) client.destroy();
    },
  };
}

async function warnIfForgetful(client: Client, { answered }: RedisAnswers, log: Log): Promise<void> {
  const said = await answered(client.info()).catch(() => '');
  if (/^aof_enabled:0/m.test(said)) {
    log.warn(
      {},
      'redis has no append-only file, orders may be lost when it restarts: set appendonly yes, and appendfsync always to lose nothing',
    );
  }
  const policy = /^maxmemory_policy:(\S+)/m.exec(said)?.[1];
  if (policy !== undefined && policy !== 'noeviction') {
    log.warn({ policy }, 'redis may evict orders when its memory is full: set maxmemory-policy noeviction');
  }
}

/**
 * Wraps keyv's adapter with our keys and without swallowing errors. Redis can list a namespace only by scanning the
 * whole server, so for a namespace that is listed often, the set `place` holds each key and always changes together
 * with the entry.
 */
function adapterOver(
  client: Client,
  { answered, answeredWrite }: RedisAnswers,
  place: string,
  listed: boolean,
  checkOpen: () => void,
): ConditionalAdapter {
  const home = `${place}:`;
  let checkListingAt = Number.NEGATIVE_INFINITY;
  /** The keys passed to a script for this entry. */
  const keysFor = (key: string) => (listed ? [home + key, place] : [home + key]);

  class InOurHome extends KeyvRedis<string> implements ConditionalAdapter {
    /** keyv's own would reconnect after closing. */
    override async getClient() {
      checkOpen();
      return client;
    }

    override createKeyPrefix(key: string): string {
      return home + key;
    }

    override get<Value = string>(key: string): Promise<Value | undefined> {
      return answered(super.get<Value>(key));
    }

    override async set(key: string, text: string, ttl?: number): Promise<void> {
      await this.write(key, text, ttl === undefined ? {} : { PX: ttl });
    }

    /** We remove nothing without a condition, and a listing notices by itself what is gone. */
    override delete(key: string): Promise<boolean> {
      return answered(super.delete(key));
    }

    override async clear(): Promise<void> {
      for await (const keys of this.walked()) await answered(client.unlink(keys));
      if (listed) await answered(client.unlink(place));
    }

    /** A scan may return a key twice, and an entry may be gone before it is read. */
    override async *iterator<Value>(): AsyncGenerator<[string, Value | undefined], void, unknown> {
      const seen = new Set<string>();
      for await (const batch of listed ? this.listing() : this.walked()) {
        const keys = batch.filter((key) => !seen.has(key));
        if (keys.length === 0) continue;
        const texts = await answered(client.mGet(keys));
        for (const [index, key] of keys.entries()) {
          seen.add(key);
          const text = texts[index];
          if (text !== null && text !== undefined) yield [key.slice(home.length), text as Value];
          else if (listed) await this.changes(UNLIST_IF_GONE, key.slice(home.length), []);
        }
      }
    }

    async insertIfAbsent(key: string, text: string, ttl?: number): Promise<boolean> {
      return (await this.write(key, text, { NX: true, ...(ttl === undefined ? {} : { PX: ttl }) })) !== null;
    }

    async replace(key: string, current: string, next: string, ttl?: number): Promise<boolean> {
      return this.changes(REPLACE, key, [current, next, ttl === undefined ? '' : String(ttl)]);
    }

    removeIfSame(key: string, current: string): Promise<boolean> {
      return this.changes(REMOVE_IF_SAME, key, [current]);
    }

    private async write(key: string, text: string, how: { NX?: true; PX?: number }): Promise<unknown> {
      checkOpen();
      if (!listed) return answeredWrite(client.set(home + key, text, how));
      const both = client
        .multi()
        .set(home + key, text, how)
        .sAdd(place, key);
      return (await answeredWrite(both.exec()))[0];
    }

    private async changes(script: string, key: string, values: string[]): Promise<boolean> {
      checkOpen();
      const given = { keys: keysFor(key), arguments: [...values, key] };
      return (await answeredWrite(client.eval(script, given))) === 1;
    }

    private async *listing(): AsyncGenerator<string[], void, unknown> {
      if (performance.now() >= checkListingAt) {
        for await (const keys of this.walked()) {
          await answered(
            client.sAdd(
              place,
              keys.map((key) => key.slice(home.length)),
            ),
          );
        }
        checkListingAt = performance.now() + LISTING_CHECKED_EVERY_MS;
      }
      let cursor = '0';
      do {
        checkOpen();
        const found = await answered(client.sScan(place, cursor, { COUNT: BATCH }));
        cursor = String(found.cursor);
        if (found.members.length > 0) yield found.members.map((key) => home + key);
      } while (cursor !== '0');
    }

    private async *walked(): AsyncGenerator<string[], void, unknown> {
      const match = `${home.replace(/[\\*?[\]]/g, '\\$&')}*`;
      let cursor = '0';
      do {
        checkOpen();
        const found = await answered(client.scan(cursor, { MATCH: match, COUNT: BATCH, TYPE: 'string' }));
        cursor = String(found.cursor);
        if (found.keys.length > 0) yield found.keys;
      } while (cursor !== '0');
    }
  }

  const adapter = new InOurHome(client, { throwOnErrors: true, throwOnConnectError: true });
  // It reports every error twice; the thrown one is enough.
  adapter.on('error', () => undefined);
  return adapter;
}

function cannotOpen(address: RedisAddress, cause: unknown): StoreError {
  const where = placeOf(address);
  const message = cause instanceof Error ? cause.message : '';
  if (/^(?:WRONGPASS|NOAUTH|NOPERM)\b/.test(message)) {
    return new StoreError(`cannot open ${where}: it does not accept the name or password.`, { cause });
  }
  return new StoreNotReady(`cannot reach ${where}: ${message || 'the reason is not known'}`, { cause });
}

function placeOf({ url }: RedisAddress): string {
  const { hostname, port } = new URL(url);
  return `Redis at ${hostname}${port === '' ? '' : `:${port}`}`;
}
