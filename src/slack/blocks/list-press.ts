import type { InventoryFilter } from '../../orders/domain/inventory-filter.js';

/** What a button below the list remembers. */
export interface ListPress {
  readonly filter: InventoryFilter;
  readonly page: number;
}

export const writeListPress = (press: ListPress): string => JSON.stringify(press);

/** Undefined for anything that {@link writeListPress} didn't write. */
export function readListPress(value: string | undefined): ListPress | undefined {
  try {
    const { filter, page } = JSON.parse(value ?? '') as Partial<ListPress>;
    return isFilter(filter) && typeof page === 'number' && Number.isInteger(page) && page >= 0
      ? { filter, page }
      : undefined;
  } catch {
    return undefined;
  }
}

function isFilter(filter: Partial<Record<string, unknown>> | undefined): filter is InventoryFilter {
  switch (filter?.by) {
    case 'all':
    case 'unexplained':
      return true;
    case 'prefix':
      return typeof filter.digits === 'string' && /^\d{1,10}$/.test(filter.digits);
    case 'place':
      return typeof filter.state === 'string' && ['string', 'undefined'].includes(typeof filter.city);
    case 'name':
      return typeof filter.name === 'string';
    case 'requester':
      return typeof filter.userId === 'string';
    default:
      return false;
  }
}
