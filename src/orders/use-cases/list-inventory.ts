import { indexExplanations } from '../domain/drift/drift-explanations.js';
import { unexplainedDrift } from '../domain/drift/number-drift.js';
import {
  type InventoryFilter,
  isPrefixOnly,
  type MatchAnswer,
  matcherOf,
  prefixOf,
} from '../domain/inventory-filter.js';
import type { InventoryNumber, NumberRecord } from '../domain/number-record.js';
import type { OrderId } from '../domain/request.js';
import { inTime } from '../in-time.js';
import type { Origins } from '../inventory/origins.js';
import type { ExplanationStore } from '../ports/drift.js';
import type { Inventory, InventoryState } from '../ports/inventory.js';
import type { LinksOf } from './links-of.js';

export const NUMBERS_A_PAGE = 10;

/** One page of the account's numbers. */
export interface InventoryPage {
  readonly filter: InventoryFilter;
  /** Counts from 0. It's the last one if there are fewer pages than asked for. */
  readonly page: number;
  readonly records: readonly NumberRecord[];
  /** How many numbers match, as far as is known. */
  readonly total: number;
  /** How many more may match: what the filter asks for isn't known about them. */
  readonly undecided: number;
  readonly state: InventoryState;
  /** The links to the cards of their orders, as far as Slack tells them in time. */
  readonly links: ReadonlyMap<OrderId, string>;
}

/** Throws StoreError. */
export type ListInventory = (filter: InventoryFilter, page: number) => Promise<InventoryPage>;

export interface InventoryExport {
  readonly state: InventoryState;
  /** How many numbers are looked at; at most this many match. */
  readonly total: number;
  /** In ascending order: how many numbers were looked at since the last ones, which match, and how many may match. */
  readonly records: AsyncIterable<{
    readonly lookedAt: number;
    readonly records: readonly NumberRecord[];
    readonly undecided: number;
  }>;
}

/** Returns all numbers that match. Throws StoreError, also while they are read. */
export type ExportInventory = (filter: InventoryFilter) => Promise<InventoryExport>;

interface Deps {
  readonly inventory: Inventory;
  readonly origins: Pick<Origins, 'join'>;
  readonly explanations: Pick<ExplanationStore, 'all'>;
  /** Resolves when the inventory contains what orders delivered so far, as far as this process knows. */
  readonly upToDate: () => Promise<void>;
  /** Call this when someone is waiting and the account has never been read to the end. */
  readonly readNow: () => void;
}

/** A slow database must not keep anyone waiting for the last few numbers. */
const UP_TO_DATE_WITHIN_MS = 1_000;

export function makeListInventory(deps: Deps & { readonly linksOf: LinksOf }): ListInventory {
  const { inventory, origins, explanations, upToDate, readNow, linksOf } = deps;
  return async (filter, page) => {
    await inTime(UP_TO_DATE_WITHIN_MS, upToDate());
    const state = await inventory.state();
    if (state.asOf === undefined) readNow();
    const found = await (isPrefixOnly(filter)
      ? sliceOf(inventory, filter, page)
      : scanned(inventory, await matcherWithout(explanations, filter), page));
    const { numbers, ...counted } = found;
    const records = await origins.join(numbers);
    const orderIds = records.flatMap(({ origin }) => (typeof origin === 'string' ? [] : [origin.orderId]));
    return { filter, state, ...counted, records, links: await linksOf(orderIds) };
  };
}

interface Found {
  readonly numbers: readonly InventoryNumber[];
  readonly page: number;
  readonly total: number;
  readonly undecided: number;
}

async function sliceOf(inventory: Inventory, filter: InventoryFilter, page: number): Promise<Found> {
  const prefix = prefixOf(filter);
  const { numbers, total } = await inventory.slice(prefix, page * NUMBERS_A_PAGE, NUMBERS_A_PAGE);
  const last = lastPage(total);
  return page > last ? sliceOf(inventory, filter, last) : { numbers, total, page, undecided: 0 };
}

/** Looks at every number, because only their sequence is indexed. */
async function scanned(
  inventory: Inventory,
  matches: (number: InventoryNumber) => MatchAnswer,
  wanted: number,
): Promise<Found> {
  let total = 0;
  let undecided = 0;
  /** The requested page, and the last one that has any numbers. */
  let page: InventoryNumber[] = [];
  let last: InventoryNumber[] = [];
  for await (const numbers of inventory.list()) {
    for (const number of numbers) {
      const match = matches(number);
      if (match === 'not-known') undecided += 1;
      if (match !== 'yes') continue;
      if (total % NUMBERS_A_PAGE === 0) last = [];
      if (total === wanted * NUMBERS_A_PAGE) page = last;
      last.push(number);
      total += 1;
    }
  }
  const at = Math.min(wanted, lastPage(total));
  return { numbers: at === wanted ? page : last, page: at, total, undecided };
}

/** Numbers that a person explained (see drift) aren't unexplained. */
async function matcherWithout(
  explanations: Pick<ExplanationStore, 'all'>,
  filter: InventoryFilter,
): Promise<(number: InventoryNumber) => MatchAnswer> {
  const matches = matcherOf(filter);
  if (filter.by !== 'unexplained') return matches;
  const explained = indexExplanations(await explanations.all());
  return (each) => (explained.of(unexplainedDrift(each)) === undefined ? matches(each) : 'no');
}

const lastPage = (total: number): number => Math.max(0, Math.ceil(total / NUMBERS_A_PAGE) - 1);

export function makeExportInventory(deps: Deps): ExportInventory {
  const { inventory, origins, explanations, upToDate, readNow } = deps;
  async function* matching(filter: InventoryFilter): InventoryExport['records'] {
    const matches = await matcherWithout(explanations, filter);
    for await (const numbers of inventory.list(prefixOf(filter))) {
      const found: InventoryNumber[] = [];
      let undecided = 0;
      for (const number of numbers) {
        const match = matches(number);
        if (match === 'yes') found.push(number);
        if (match === 'not-known') undecided += 1;
      }
      const records = found.length === 0 ? [] : await origins.join(found);
      yield { lookedAt: numbers.length, records, undecided };
    }
  }
  return async (filter) => {
    await inTime(UP_TO_DATE_WITHIN_MS, upToDate());
    const state = await inventory.state();
    if (state.asOf === undefined) readNow();
    const { total } = await inventory.slice(prefixOf(filter), 0, 0);
    return { state, total, records: matching(filter) };
  };
}
