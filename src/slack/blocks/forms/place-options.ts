import type { PlainTextOption } from '@slack/types';
import type { Location, Site } from '../../../orders/domain/request.js';
import { plainText } from '../../text/escape.js';
import { limits } from '../limits.js';

/** Returns the sub-accounts that match the typed text. */
export const siteOptions = (sites: readonly Site[], query: string): { options: PlainTextOption[] } =>
  options(sites, query, 'Sub-account');

/** Returns the locations that match the typed text. */
export const locationOptions = (
  locations: readonly Location[],
  query: string,
): { options: PlainTextOption[] } => options(locations, query, 'Location');

export const siteOption = (site: Site): PlainTextOption => option(site, 'Sub-account');
export const locationOption = (location: Location): PlainTextOption => option(location, 'Location');

interface Named {
  readonly id: string;
  readonly name: string;
}

function options(all: readonly Named[], query: string, what: string): { options: PlainTextOption[] } {
  const sought = query.trim().toLowerCase();
  const rank = ({ id, name }: Named): number =>
    name.toLowerCase().startsWith(sought) || id === sought ? 0 : 1;
  const fitting = all
    .filter(({ id, name }) => id.includes(sought) || name.toLowerCase().includes(sought))
    .sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name));
  return { options: fitting.slice(0, limits.optionsPerSelect).map((each) => option(each, what)) };
}

/** The text is only the name, because the choice returns it. The description tells two places with one name apart. */
const option = ({ id, name }: Named, what: string): PlainTextOption => ({
  value: id,
  text: plainText(name.trim() === '' ? id : name, limits.optionText),
  description: plainText(`${what} ${id}`, limits.optionText),
});
