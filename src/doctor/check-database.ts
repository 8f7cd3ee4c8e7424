import { StoreError } from '../orders/ports/store-errors.js';
import { StoreNotReady } from '../store/database.js';
import type { FileSystem, StoreFacts } from '../store/inspect-store.js';
import type { Unwritable } from '../store/sqlite/writable-file.js';
import { type Finding, ok, undetermined, wrong } from './finding.js';

const REACHED = 'Database';
const DURABLE = 'Durability';
const SCHEMA = 'Schema version';
const WRITERS = 'Writers';

/** Checks that the database can be reached and read by this version, keeps what is written, and has one writer if it's a file. */
export async function checkDatabase(inspect: () => Promise<StoreFacts>): Promise<readonly Finding[]> {
  try {
    const facts = await inspect();
    if (facts.state === 'missing') {
      return [
        facts.unwritable === undefined
          ? ok(
              REACHED,
              `${sentence(facts.where)} doesn't exist yet; the app creates it when it first starts.`,
            )
          : notWritable(`${sentence(facts.where)} doesn't exist yet, and can't be created`, facts.unwritable),
        durability([], facts.fileSystem),
      ];
    }
    return [
      facts.unwritable === undefined
        ? ok(REACHED, `${sentence(facts.where)} can be read.`)
        : notWritable(`${sentence(facts.where)} can be read, but not written`, facts.unwritable),
      durability(facts.dangers, facts.fileSystem),
      schema(facts.schema),
      writers(facts),
    ];
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const fix =
      error instanceof StoreNotReady
        ? 'Check that the database runs and STORE_URL is right.'
        : 'Correct STORE_URL, or fix what the message says.';
    return [
      wrong(REACHED, `${sentence(error.message).replace(/\.$/, '')}.`, fix),
      ...[DURABLE, SCHEMA, WRITERS].map((check) => undetermined(check, "The database couldn't be read.")),
    ];
  }
}

const unwritable: Readonly<Record<Unwritable, readonly [why: string, fix: string]>> = {
  forbidden: [
    'this user may not write there',
    'Change the owner of the file and its folder, or name another file in STORE_URL.',
  ],
  'read-only': ['its disk is read-only', 'Name a file on another disk in STORE_URL.'],
  full: ['its disk is full', 'Free some space there.'],
  'no folder': ['its parent folder is a file', 'Name another file in STORE_URL.'],
};

function notWritable(what: string, reason: Unwritable): Finding {
  const [why, fix] = unwritable[reason];
  return wrong(REACHED, `${what}: ${why}.`, fix);
}

function durability(dangers: readonly string[], fileSystem: FileSystem | undefined): Finding {
  const [danger] = dangers;
  if (danger !== undefined) {
    return wrong(DURABLE, `${dangers.map(sentence).join('. ')}.`, 'See docs/storage.md.');
  }
  switch (fileSystem) {
    case 'memory':
      return wrong(
        DURABLE,
        'The database file is in memory (tmpfs): every order is lost when the machine restarts.',
        'Name a file on a disk in STORE_URL.',
      );
    case 'network':
      return wrong(
        DURABLE,
        "The database file is on a network drive, where SQLite's locks aren't reliable.",
        'Name a file on a local disk in STORE_URL, or use PostgreSQL.',
      );
    case 'container':
      return undetermined(
        DURABLE,
        "The database file is in a container's own file system: unless that is kept, orders are lost with the container.",
      );
    case 'unknown':
      return undetermined(DURABLE, "This system doesn't say what kind of disk the file is on.");
    default:
      return ok(DURABLE, 'What is written survives a crash.');
  }
}

function schema(found: Extract<StoreFacts, { state: 'there' }>['schema']): Finding {
  switch (found) {
    case 'current':
      return ok(SCHEMA, 'Written by this version.');
    case 'none':
      return ok(
        SCHEMA,
        'Nothing is stored yet, or an early version wrote it; the app takes care of that when it starts.',
      );
    case 'older':
      return ok(SCHEMA, 'Written by an older version; the app upgrades it when it starts.');
    case 'newer':
      return wrong(
        SCHEMA,
        "A newer version of the app wrote it, and this one can't read it.",
        'Start that version, or restore a backup from before the upgrade.',
      );
    case 'unfinished':
      return wrong(
        SCHEMA,
        "npm run store:copy hasn't finished copying into it, so the app doesn't start on it.",
        'Run npm run store:copy again, or set STORE_URL to the database it copied from.',
      );
    case 'unreadable':
      return wrong(SCHEMA, "It doesn't say which version of the app wrote it.", 'Restore a backup.');
  }
}

function writers({ shared, isOpen }: Extract<StoreFacts, { state: 'there' }>): Finding {
  if (shared) return ok(WRITERS, 'Several instances may share it.');
  return ok(
    WRITERS,
    isOpen === true
      ? 'One running app has the file open, as it should be.'
      : 'No running app has the file open.',
  );
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
