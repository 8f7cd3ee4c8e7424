import pMap from 'p-map';
import type { Location, Site } from '../domain/request.js';
import type { ListPlaces } from './list-places.js';

/** A location, with the sub-account it is in. */
export interface Target {
  readonly site: Site;
  readonly location: Location;
}

/**
 * In an account with more sub-accounts than this, only the sub-accounts that the typed text matches are asked for their
 * locations.
 */
const SITES_READ = 25;
const CONCURRENCY = 4;

/**
 * Returns the locations that the typed text matches: by id, or by part of their name or of their sub-account's; all of
 * them for an empty text. Exact matches come first. Throws CarrierError.
 */
export async function findLocations(places: ListPlaces, typed: string): Promise<readonly Target[]> {
  const sought = typed.trim().toLowerCase();
  const sites = await places.sites();
  const named = sites.filter((site) => isNamed(site, sought));
  const read = sites.length <= SITES_READ ? sites : named.slice(0, SITES_READ);
  const all = await pMap(
    read,
    async (site) => (await places.locations(site.id)).map((location) => ({ site, location })),
    { concurrency: CONCURRENCY },
  );
  const rank = ({ site, location }: Target): number =>
    isExactly(location, sought) ? 0 : isNamed(location, sought) ? 1 : isNamed(site, sought) ? 2 : 3;
  return all
    .flat()
    .filter((each) => rank(each) < 3)
    .sort((one, other) => rank(one) - rank(other));
}

/** The location that the typed text means: the only one with exactly this name, or the only match. */
export function meantLocation(found: readonly Target[], typed: string): Target | undefined {
  const sought = typed.trim().toLowerCase();
  const exact = found.filter(({ location }) => isExactly(location, sought));
  const [only] = exact.length === 1 ? exact : found;
  return exact.length === 1 || (exact.length === 0 && found.length === 1) ? only : undefined;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

const isExactly = ({ id, name }: Named, sought: string): boolean =>
  id === sought || name.trim().toLowerCase() === sought;
const isNamed = ({ id, name }: Named, sought: string): boolean =>
  id === sought || name.toLowerCase().includes(sought);
