import type { InventoryFilter } from '../../../orders/domain/inventory-filter.js';
import { cut, escapeText } from '../../text/escape.js';
import { dashed } from '../../text/typed-digits.js';
import { cityName } from '../city-name.js';
import { mention } from '../format.js';

// What a list of the account's numbers is called.

/** Above the list; escaped, in at most `most` characters apart from a mention. */
export const headlineOf = (filter: InventoryFilter, most: number): string =>
  filter.by === 'requester'
    ? `Numbers requested by ${mention(filter)}`
    : escapeText(cut(plainHeadline(filter), most));

/** Spells a city as people do, if it was typed in one case only. */
const typedCity = (city: string): string => cityName(city === city.toLowerCase() ? city.toUpperCase() : city);

/** The same in plain text, without the person's name. */
export function plainHeadline(filter: InventoryFilter): string {
  switch (filter.by) {
    case 'all':
      return 'Numbers on the account';
    case 'prefix':
      return `Numbers in ${dashed(filter.digits)}`;
    case 'place':
      return `Numbers in ${filter.city === undefined ? '' : `${typedCity(filter.city)}, `}${filter.state}`;
    case 'name':
      return `Numbers in “${filter.name}”`;
    case 'requester':
      return 'Numbers requested by one person';
    case 'unexplained':
      return 'Numbers that nobody ordered here';
  }
}

/** Names a list in a file's title or a sentence about it. */
export const listName = (filter: InventoryFilter): string =>
  filter.by === 'all'
    ? 'all numbers'
    : filter.by === 'requester'
      ? 'the numbers of one person'
      : plainHeadline(filter).replace(/^N/, 'n');
