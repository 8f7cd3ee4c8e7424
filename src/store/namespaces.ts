import type { Database } from './database.js';
import type { ConditionalAdapter } from './namespace.js';
import type { RawEntries } from './raw-entries.js';
import type { SortedKeys } from './sorted-keys.js';

/** One part of the store. */
interface Part {
  /** `sorted keys`: a set of {@link SortedKeys} instead of entries. */
  readonly holds: 'entries' | 'sorted keys';
  /** Moves with the store. What doesn't is only true of the running instances, or is written last. */
  readonly isCopied: boolean;
  /** Listed so often that writing may cost a little more. */
  readonly listedOften: boolean;
}

const entries = { holds: 'entries', isCopied: true, listedOften: false } as const;
const listedEntries = { ...entries, listedOften: true } as const;

/**
 * Everything that the app writes. Nothing can be opened that isn't named here, so nothing can be left behind when a
 * store is copied. A new name is a new layout: see `upgrades.ts`.
 */
export const parts = {
  about: { ...entries, isCopied: false },
  orders: entries,
  'open-orders': listedEntries,
  'order-index': { ...entries, holds: 'sorted keys' },
  journal: entries,
  'journal-claims': entries,
  ledger: entries,
  delegations: listedEntries,
  searches: entries,
  baskets: entries,
  explanations: entries,
  'drift-reports': entries,
  inventory: entries,
  'inventory-chunks': entries,
  'inventory-chunk-ids': listedEntries,
  'opened-homes': listedEntries,
  leases: { ...entries, isCopied: false },
  lookups: { ...listedEntries, isCopied: false },
} as const satisfies Readonly<Record<string, Part>>;

export type PartName = keyof typeof parts;
type NamesOf<Holds extends Part['holds']> = {
  [Name in PartName]: (typeof parts)[Name]['holds'] extends Holds ? Name : never;
}[PartName];
export type NamespaceName = NamesOf<'entries'>;
export type SortedKeysName = NamesOf<'sorted keys'>;

const isCopied = (name: PartName): boolean => parts[name].isCopied;
const isNamespace = (name: PartName): name is NamespaceName => parts[name].holds === 'entries';
const allCopied = (Object.keys(parts) as PartName[]).filter(isCopied);

export const copiedNamespaces: readonly NamespaceName[] = allCopied.filter(isNamespace);
export const copiedSortedKeys: readonly SortedKeysName[] = allCopied.filter(
  (name): name is SortedKeysName => !isNamespace(name),
);

export async function adapterOf(
  database: Pick<Database, 'adapter'>,
  name: NamespaceName,
): Promise<ConditionalAdapter> {
  const { listedOften } = parts[name];
  return database.adapter(name, { listedOften });
}

export const sortedKeysOf = async (
  database: Pick<Database, 'sortedKeys'>,
  name: SortedKeysName,
): Promise<SortedKeys> => database.sortedKeys(name);

export async function rawOf(database: Pick<Database, 'raw'>, name: NamespaceName): Promise<RawEntries> {
  const { listedOften } = parts[name];
  return database.raw(name, { listedOften });
}
