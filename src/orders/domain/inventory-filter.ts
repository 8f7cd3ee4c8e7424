import type { InventoryNumber } from './number-record.js';
import { nationalDigits } from './phone-number.js';
import { isTollFreePrefix } from './search/criteria.js';

/** Which of the account's numbers somebody wants to see. */
export type InventoryFilter =
  | { readonly by: 'all' }
  /** The first digits of a national number. */
  | { readonly by: 'prefix'; readonly digits: string }
  | { readonly by: 'place'; readonly state: string; readonly city?: string }
  /** The name or id of a sub-account or a location, or a city. */
  | { readonly by: 'name'; readonly name: string }
  | { readonly by: 'requester'; readonly userId: string }
  /** Numbers that no order of the app bought. */
  | { readonly by: 'unexplained' };

/** Returns the digits that a filter's numbers begin with; empty if they may begin with any. */
export const prefixOf = (filter: InventoryFilter): string => (filter.by === 'prefix' ? filter.digits : '');

/** Whether the prefix alone tells which numbers match. */
export const isPrefixOnly = (filter: InventoryFilter): boolean =>
  filter.by === 'all' || filter.by === 'prefix';

/** `not-known`: it depends on something that isn't known about this number, such as its place or who ordered it. */
export type MatchAnswer = 'yes' | 'no' | 'not-known';

/** Returns a test for numbers that begin with {@link prefixOf}. */
export function matcherOf(filter: InventoryFilter): (number: InventoryNumber) => MatchAnswer {
  const answer = (matches: boolean): MatchAnswer => (matches ? 'yes' : 'no');
  switch (filter.by) {
    case 'all':
    case 'prefix':
      return () => 'yes';
    case 'place': {
      const city = filter.city === undefined ? undefined : plainName(filter.city);
      return (number) => {
        if (hasNoPlace(number)) return 'no';
        if (number.state === undefined) return 'not-known';
        if (number.state !== filter.state || city === undefined) return answer(number.state === filter.state);
        return number.city === undefined ? 'not-known' : answer(plainName(number.city) === city);
      };
    }
    case 'name': {
      const name = plainName(filter.name);
      const isNamed = (thing: { readonly id: string; readonly name: string } | undefined) =>
        thing !== undefined && (thing.id === filter.name || plainName(thing.name).includes(name));
      return (number) => {
        const { site, location, city } = number;
        if (isNamed(site) || isNamed(location) || (city !== undefined && plainName(city) === name))
          return 'yes';
        const knowsPlace = city !== undefined || hasNoPlace(number);
        return site !== undefined && location !== undefined && knowsPlace ? 'no' : 'not-known';
      };
    }
    case 'requester':
      return ({ bought }) =>
        bought === undefined ? 'not-known' : answer(bought !== 'unexplained' && bought.by === filter.userId);
    case 'unexplained':
      return ({ bought }) => (bought === undefined ? 'not-known' : answer(bought === 'unexplained'));
  }
}

/** Toll-free numbers are in no city. */
const hasNoPlace = ({ number, state }: InventoryNumber): boolean =>
  state === undefined && isTollFreePrefix(nationalDigits(number).slice(0, 3));

/** Names that differ only in capitalization or punctuation are the same. */
const plainName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
