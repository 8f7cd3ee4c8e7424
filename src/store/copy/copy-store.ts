import { randomUUID } from 'node:crypto';
import type { Log } from '../../orders/ports/log.js';
import { StoreError } from '../../orders/ports/store-errors.js';
import type { Database } from '../database.js';
import { makeNamespace } from '../namespace.js';
import { adapterOf, type PartName } from '../namespaces.js';
import { recordsIn, type StoredRecords } from '../open-store.js';
import { beginCopy, endCopy, peekSchema } from '../schema-version.js';
import { SCHEMA_VERSION } from '../upgrades.js';
import { isSame, sizeOf } from './compare-part.js';
import { copiedParts } from './copied-parts.js';

/** How far a copy is, for the person who waits for it. */
export type CopyStage =
  | { readonly stage: 'starting over' | 'comparing' | 'verifying' }
  | { readonly stage: 'copying' | 'copied'; readonly part: PartName; readonly done: number };

export type Side = 'source' | 'target';

/** A part that isn't the same on both sides, and how many entries each has. */
export type Difference = { readonly part: PartName } & Readonly<Record<Side, number>>;

export type CopyOutcome =
  | { readonly outcome: 'copied'; readonly sizes: ReadonlyMap<PartName, number> }
  /** Nothing was written. */
  | { readonly outcome: 'target not empty'; readonly has: PartName }
  /** These leave a target on which no app starts. */
  | { readonly outcome: 'different'; readonly differences: readonly Difference[] }
  | { readonly outcome: 'not verified'; readonly why: readonly string[] }
  | { readonly outcome: 'in use'; readonly side: Side }
  | { readonly outcome: 'interrupted'; readonly error: StoreError }
  | { readonly outcome: 'another copy' };

interface CopyDeps {
  readonly source: Database;
  readonly target: Database;
  /** Returns what is wrong with the copied records, and not with the source's. */
  readonly verify: (target: StoredRecords) => Promise<readonly string[]>;
  /** Returns a side that an app has begun to use. */
  readonly usedBy: () => Promise<Side | undefined>;
  /** Throws if another process may have claimed a side. */
  readonly check: () => void;
  readonly tell: (stage: CopyStage) => void;
  readonly log: Log;
}

/**
 * Copies a whole store, each entry as it is stored, and compares the two sides. Until then the target is marked as
 * unfinished, and no app starts on it; so a copy that was interrupted is simply started again. Both sides must be
 * claimed, and the source must have the current layout. Throws {@link StoreError}, but not in the middle.
 */
export async function copyStore(deps: CopyDeps): Promise<CopyOutcome> {
  const { target, tell } = deps;
  const found = await peekSchema(target);
  const isLeftOver = found === 'unfinished';
  if (isLeftOver) tell({ stage: 'starting over' });
  else {
    const has = await firstUsed(target, found);
    if (has !== undefined) return { outcome: 'target not empty', has };
  }

  const about = makeNamespace('about', await adapterOf(target, 'about'));
  const copy = randomUUID();
  await beginCopy(about, copy);
  const copied = await copyAndCompare(deps, isLeftOver).catch((error: unknown): CopyOutcome => {
    if (error instanceof StoreError) return { outcome: 'interrupted', error };
    throw error;
  });
  if (copied.outcome !== 'copied') return copied;
  return (await endCopy(about, copy, SCHEMA_VERSION)) ? copied : { outcome: 'another copy' };
}

/** Does everything after the target is marked as unfinished, and before the mark is removed. */
async function copyAndCompare(deps: CopyDeps, isLeftOver: boolean): Promise<CopyOutcome> {
  const { source, target, check, tell, log } = deps;
  const used = await deps.usedBy();
  if (used !== undefined) return { outcome: 'in use', side: used };
  if (isLeftOver) for (const { clear } of copiedParts(target)) await clear();

  for (const { name: part, copyTo } of copiedParts(source)) {
    let done = 0;
    const wrote = (count: number) => {
      done += count;
      tell({ stage: 'copying', part, done });
    };
    await copyTo(target, { check, wrote });
    tell({ stage: 'copied', part, done });
  }

  tell({ stage: 'comparing' });
  const { sizes, differences } = await compare(source, target);
  if (differences.length > 0) return { outcome: 'different', differences };
  tell({ stage: 'verifying' });
  const why = await deps.verify(await recordsIn(target, log));
  if (why.length > 0) return { outcome: 'not verified', why };
  const usedSince = await deps.usedBy();
  if (usedSince !== undefined) return { outcome: 'in use', side: usedSince };
  check();
  return { outcome: 'copied', sizes };
}

/** Returns a part of the target that has entries. The version that an app leaves in an empty store doesn't count. */
async function firstUsed(
  target: Database,
  found: Awaited<ReturnType<typeof peekSchema>>,
): Promise<PartName | undefined> {
  if (found !== 'none' && found !== SCHEMA_VERSION) return 'about';
  for (const { name, isEmpty } of copiedParts(target)) if (!(await isEmpty())) return name;
  return undefined;
}

async function compare(source: Database, target: Database) {
  const sizes = new Map<PartName, number>();
  const differences: Difference[] = [];
  const copies = new Map(copiedParts(target).map((part) => [part.name, part]));
  for (const { name: part, contents } of copiedParts(source)) {
    const here = await contents();
    const there = await copies.get(part)?.contents();
    sizes.set(part, sizeOf(here));
    if (there !== undefined && isSame(here, there)) continue;
    differences.push({ part, source: sizeOf(here), target: there === undefined ? 0 : sizeOf(there) });
  }
  return { sizes, differences };
}
