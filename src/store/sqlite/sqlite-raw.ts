import type Database from 'libsql';
import { type RawEntries, toExpire } from '../raw-entries.js';
import type { GroupCommit } from './group-commit.js';
import { bytes, live, textFromBytes } from './sqlite-connections.js';

const BATCH = 500;

interface Row {
  readonly key: ArrayBuffer;
  readonly value: ArrayBuffer;
  readonly expires: number | null;
}

interface Statement {
  run(...values: unknown[]): unknown;
}

export function rawEntriesIn(
  connections: {
    readonly reader: Database.Database;
    readonly set: Statement;
    readonly clear: Statement;
    readonly commit: GroupCommit['commit'];
    readonly refuseIfClosed: () => void;
  },
  namespace: string,
): RawEntries {
  const { reader, set, clear, commit, refuseIfClosed } = connections;
  const after = reader.prepare(
    `SELECT ${bytes('key')}, ${bytes('value')}, expires FROM entry
     WHERE namespace = ? AND key > CAST(? AS TEXT) AND ${live} ORDER BY entry.key LIMIT ${BATCH}`,
  );
  return {
    async *batches() {
      for (let last = Buffer.of(); ; ) {
        refuseIfClosed();
        const now = Date.now();
        const rows = after.all(namespace, last, now) as readonly Row[];
        yield rows.map(({ key, value, expires }) =>
          toExpire(textFromBytes(key), textFromBytes(value), expires === null ? undefined : expires - now),
        );
        const end = rows.at(-1);
        if (end === undefined || rows.length < BATCH) return;
        last = Buffer.from(end.key);
      }
    },
    async write(entries) {
      refuseIfClosed();
      const now = Date.now();
      await commit(() => {
        for (const { key, text, expiresInMs } of entries) {
          set.run(namespace, key, text, expiresInMs === undefined ? null : now + Math.round(expiresInMs));
        }
      });
    },
    async clear() {
      refuseIfClosed();
      await commit(() => clear.run(namespace));
    },
  };
}
