import type { Destination, Location, Site } from '../domain/request.js';
import type { PartlyRead } from '../ports/carrier.js';
import type { ListPlaces } from './list-places.js';

/** A place as someone spelled it, by name or id. */
export interface SpelledPlace {
  readonly site: string;
  /** Empty for the sub-account's default location. */
  readonly location: string;
}

export type PlaceProblem =
  | 'no-such-site'
  | 'no-such-location'
  /** Several have this name. */
  | 'several-places'
  /** It may be among the entries of Bandwidth's list that can't be read. */
  | 'place-not-known';

/**
 * Returns the sub-account and location with exactly this name or id. A near match could be the wrong place, and people
 * can't check it in a long list. Throws CarrierError.
 */
export async function findPlace(
  places: ListPlaces,
  { site: siteSpelled, location: locationSpelled }: SpelledPlace,
): Promise<Destination | { readonly problem: PlaceProblem; readonly spelled: string }> {
  const site = find<Site>(await places.sites(), siteSpelled, 'no-such-site');
  if (typeof site === 'string') return { problem: site, spelled: siteSpelled };
  if (locationSpelled === '') return { site };
  const location = find<Location>(await places.locations(site.id), locationSpelled, 'no-such-location');
  return typeof location === 'string' ? { problem: location, spelled: locationSpelled } : { site, location };
}

function find<Named extends { readonly id: string; readonly name: string }>(
  list: PartlyRead<Named>,
  spelled: string,
  missing: PlaceProblem,
): Named | PlaceProblem {
  const byId = list.find(({ id }) => id === spelled);
  if (byId !== undefined) return byId;
  const sought = spelled.toLowerCase();
  const [only, ...others] = list.filter(({ name }) => name.trim().toLowerCase() === sought);
  if (others.length > 0) return 'several-places';
  return only ?? (list.unread === undefined ? missing : 'place-not-known');
}
