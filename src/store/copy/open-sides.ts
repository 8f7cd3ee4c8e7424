import { existsSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Log } from '../../orders/ports/log.js';
import { StoreError } from '../../orders/ports/store-errors.js';
import type { Database } from '../database.js';
import { inspectStore, type StoreFacts } from '../inspect-store.js';
import { openDatabase } from '../open-database.js';
import { isLockTaken } from '../sqlite/file-lock.js';
import { readStoreUrl } from '../store-url.js';
import { claimStore, type StoreClaim } from './claim-store.js';
import type { Side } from './copy-store.js';

type Schema = Extract<StoreFacts, { state: 'there' }>['schema'];

/** Two stores that no app uses, and nothing else may change. */
export interface OpenSides {
  readonly source: Database;
  readonly target: Database;
  /** Throws a StoreError if another process may have claimed one. */
  check(): void;
  /** Returns a side that an app has begun to use. */
  usedBy(): Promise<Side | undefined>;
  close(): Promise<void>;
}

/** Why they can't be opened. */
export type SidesRefused =
  | { readonly refused: 'no source'; readonly where: string }
  | { readonly refused: 'source layout'; readonly where: string; readonly schema: Exclude<Schema, 'current'> }
  | { readonly refused: 'same' }
  | { readonly refused: 'in use'; readonly side: Side; readonly where: string };

/** Opens and claims both. Changes nothing in the source, and creates the target if it isn't there. Throws StoreError. */
export async function openSides(
  urls: Readonly<Record<Side, string>>,
  deps: {
    readonly log: Log;
    readonly onWait: (side: Side) => void;
    /** How long to wait for an app that was killed; longer than its leases live. */
    readonly waitMs?: number;
  },
): Promise<OpenSides | SidesRefused> {
  const facts = await inspectStore(urls.source);
  const { where } = facts;
  if (facts.state === 'missing') return { refused: 'no source', where };
  if (facts.schema !== 'current') return { refused: 'source layout', where, schema: facts.schema };
  if (isSameFile(urls)) return { refused: 'same' };
  const source = await claimed('source', urls.source, deps);
  if ('refused' in source) return source;
  try {
    const target = await claimed('target', urls.target, deps, source.database.where);
    if (!('refused' in target)) return sidesOf(source, target);
    await source.close();
    return target;
  } catch (error) {
    await source.close();
    throw error;
  }
}

interface ClaimedStore {
  readonly database: Database;
  readonly claim: StoreClaim;
  close(): Promise<void>;
}

async function claimed(
  side: Side,
  url: string,
  { onWait, ...deps }: Parameters<typeof openSides>[1],
  other?: string,
): Promise<ClaimedStore | SidesRefused> {
  const file = fileOf(url);
  if (file !== undefined && existsSync(file) && isLockTaken(`${realpathSync(file)}.lock`)) {
    return { refused: 'in use', side, where: `the database ${file}` };
  }
  const database = await openDatabase(url, deps.log, 'sole writer');
  const close = async (claim?: StoreClaim) => {
    await claim?.release();
    await database.close();
  };
  try {
    const { where } = database;
    if (where === other) {
      await close();
      return { refused: 'same' };
    }
    const claim = await claimStore(database, { ...deps, onWait: () => onWait(side) });
    if (claim !== undefined) return { database, claim, close: () => close(claim) };
    await close();
    return { refused: 'in use', side, where };
  } catch (error) {
    await close();
    throw error;
  }
}

function sidesOf(source: ClaimedStore, target: ClaimedStore): OpenSides {
  return {
    source: source.database,
    target: target.database,
    check() {
      const lost = [source, target].find(({ claim }) => claim.isLost);
      if (lost === undefined) return;
      throw new StoreError(`lost the claim on ${lost.database.where}: another process may be using it`);
    },
    async usedBy() {
      if (await source.claim.isShared()) return 'source';
      return (await target.claim.isShared()) ? 'target' : undefined;
    },
    async close() {
      await target.close();
      await source.close();
    },
  };
}

function isSameFile(urls: Readonly<Record<Side, string>>): boolean {
  const [source, target] = [fileOf(urls.source), fileOf(urls.target)];
  if (source === undefined || target === undefined || !existsSync(target)) return false;
  const [one, other] = [statSync(source), statSync(target)];
  return one.dev === other.dev && one.ino === other.ino;
}

function fileOf(url: string): string | undefined {
  const address = readStoreUrl(url);
  return 'path' in address ? resolve(address.path) : undefined;
}
