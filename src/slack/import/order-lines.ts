import pMap from 'p-map';
import type { Destination, WantedLine } from '../../orders/domain/request.js';
import { findPlace } from '../../orders/use-cases/find-place.js';
import type { ListPlaces } from '../../orders/use-cases/list-places.js';
import type { ImportedRow, WrongRow } from './order-rows.js';

/** What a file orders in one place. */
export interface OrderLine {
  readonly wanted: WantedLine;
  /** Absent when the file names no sub-account. */
  readonly place?: Destination;
}

/** A whole file: its lines, and what it says about all of them together. */
export interface OrderOfLines {
  readonly lines: readonly OrderLine[];
  readonly name?: string;
  readonly reason?: string;
}

interface PlacedRow extends OrderLine {
  readonly row: ImportedRow;
}

/** How many of Bandwidth's lists to read at once. */
const CONCURRENCY = 4;

/** Looks up the sub-accounts and locations that rows name. Throws CarrierError. */
export async function placeRows(
  places: ListPlaces,
  rows: readonly ImportedRow[],
): Promise<{ readonly placed: readonly PlacedRow[]; readonly wrong: readonly WrongRow[] }> {
  const spelled = new Map(
    rows
      .filter(({ site }) => site !== '')
      .map(({ site, location }) => [keyOf({ site, location }), { site, location }]),
  );
  const found = new Map(
    await pMap([...spelled], async ([key, place]) => [key, await findPlace(places, place)] as const, {
      concurrency: CONCURRENCY,
    }),
  );
  const placed: PlacedRow[] = [];
  const wrong: WrongRow[] = [];
  for (const row of rows) {
    const place = found.get(keyOf(row));
    if (place === undefined) placed.push({ row, wanted: row.wanted });
    else if ('problem' in place) {
      wrong.push({ row: row.row, why: { code: place.problem, cell: place.spelled } });
    } else placed.push({ row, wanted: row.wanted, place });
  }
  return { placed, wrong };
}

const keyOf = ({ site, location }: Pick<ImportedRow, 'site' | 'location'>): string =>
  JSON.stringify([site, location]);

/**
 * Makes one line of rows that differ only in quantity or numbers. The name counts if all rows that have one agree; no
 * reason is lost.
 */
export function orderOfRows(placed: readonly PlacedRow[]): OrderOfLines {
  const lines = new Map<string, OrderLine>();
  for (const { wanted, place } of placed) {
    const line: OrderLine = { wanted, ...(place === undefined ? {} : { place }) };
    const key = JSON.stringify([wanted.by, withoutQuantity(line)]);
    const alike = lines.get(key);
    lines.set(key, alike === undefined ? line : { ...alike, wanted: together(alike.wanted, wanted) });
  }
  const names = distinct(placed.map(({ row }) => row.name));
  const reasons = distinct(placed.map(({ row }) => row.reason));
  const [name] = names;
  return {
    lines: [...lines.values()],
    ...(name === undefined || names.length > 1 ? {} : { name }),
    ...(reasons.length === 0 ? {} : { reason: reasons.join('\n') }),
  };
}

const distinct = (texts: readonly string[]): readonly string[] => [
  ...new Set(texts.filter((text) => text !== '')),
];

function withoutQuantity({ wanted, place }: OrderLine) {
  const ids = { site: place?.site.id, location: place?.location?.id };
  return wanted.by === 'numbers' ? ids : { ...ids, search: { ...wanted.search, quantity: 0 } };
}

function together(one: WantedLine, other: WantedLine): WantedLine {
  if (one.by === 'numbers' && other.by === 'numbers') {
    return { by: 'numbers', numbers: [...one.numbers, ...other.numbers] };
  }
  if (one.by === 'search' && other.by === 'search') {
    const quantity = one.search.quantity + other.search.quantity;
    return { by: 'search', search: { ...one.search, quantity } };
  }
  throw new Error('rows of different kinds are no one line');
}
