import { join } from 'node:path';
import { EXIT_CONFIG, EXIT_FAILED, endWith, loadOrExit } from '../config/load-or-exit.js';
import { makeMask } from '../mask.js';
import { StoreError } from '../orders/ports/store-errors.js';
import { backUpSqlite } from '../store/sqlite/back-up-sqlite.js';
import { readStoreUrl, type StoreAddress } from '../store/store-url.js';

/*
 * The program behind `npm run backup`. Exits with 0 when there is a backup, with 1 when there is none, also because a
 * database on a server has tools of its own, with 64 on wrong usage, and with 78 when the settings are wrong.
 */
const EXIT_USAGE = 64;

const USAGE = 'Usage: npm run backup [-- FILE]';

const [into, ...more] = process.argv.slice(2);
if (into === '--help') {
  process.stdout.write(
    `${USAGE}\nCopies an SQLite database, also while the app runs, to data/backups or to FILE.\n`,
  );
  process.exit(0);
}
if (more.length > 0 || into === '' || into?.startsWith('-')) endWith(USAGE, EXIT_USAGE);
const { storeUrl, secrets } = loadOrExit();
const mask = makeMask(secrets);
const address = readStoreUrl(storeUrl);
if ('problem' in address) endWith(mask(`STORE_URL ${address.problem}`), EXIT_CONFIG);
await backUp(address);

/** Ends the program unless there is a backup. */
async function backUp(from: StoreAddress): Promise<void> {
  switch (from.kind) {
    case 'sqlite':
      return backUpFile(from.path, into ?? join('data', 'backups', `numbers-${stamp()}.db`));
    case 'postgres':
      return endWith(
        `Nothing was backed up: PostgreSQL has its own tool. Run, with the address in STORE_URL but without its own parameters:\n  pg_dump --format=custom --schema=${from.schema} --file=numbers-${stamp()}.dump "$ADDRESS"\nRestore it into an empty database with pg_restore, while no app uses it.`,
        EXIT_FAILED,
      );
    case 'redis':
      return endWith(
        'Nothing was backed up: Redis has its own tool. Run redis-cli --rdb FILE against the server in STORE_URL, or copy its append-only folder while it is stopped.',
        EXIT_FAILED,
      );
    default:
      from satisfies never;
      return endWith('Nothing was backed up: the app has no backup for this kind of database.', EXIT_FAILED);
  }
}

async function backUpFile(from: string, to: string): Promise<void> {
  try {
    const bytes = await backUpSqlite(from, to);
    process.stdout.write(
      `Backed up to ${to} (${Math.ceil(bytes / 1024)} KB). To check it: STORE_URL=sqlite:${to} npm run audit:verify\n`,
    );
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    endWith(mask(error.message), EXIT_FAILED);
  }
}

/** The time without characters that file names can't have. */
function stamp(): string {
  return new Date().toISOString().slice(0, 19).replaceAll(':', '-');
}
