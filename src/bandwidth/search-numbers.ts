import type { FoundNumber } from '../orders/domain/kept-search.js';
import type { Search } from '../orders/domain/search/search.js';
import { CarrierError, type PartlyRead } from '../orders/ports/carrier.js';
import type { ApiVersion } from './api-version.js';
import { encodeQuery, encodeSearch } from './encode.js';

/**
 * Searches with the parameters this version wants besides the criteria. If Bandwidth refuses the search, it is sent once
 * more without them, because documents and clients disagree on whether they belong there. Throws CarrierError.
 */
export async function searchNumbers(
  wanted: Search,
  { besideCriteria }: ApiVersion,
  search: (query: string) => Promise<PartlyRead<FoundNumber>>,
): Promise<PartlyRead<FoundNumber>> {
  const plain = encodeSearch(wanted);
  const extra = encodeQuery(besideCriteria(wanted.criteria));
  if (extra === '') return search(plain);
  try {
    return await search(`${plain}&${extra}`);
  } catch (error) {
    if (error instanceof CarrierError && error.trouble === 'refused') return search(plain);
    throw error;
  }
}
