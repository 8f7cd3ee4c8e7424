import type { Destination, Location, Site } from '../domain/request.js';
import { type Carrier, CarrierError, type PartlyRead } from '../ports/carrier.js';
import type { Clock } from '../ports/clock.js';
import { makeMemory, within } from './ask-carrier.js';

/** Lists the sub-accounts and locations that an order can go to. Both throw CarrierError. */
export interface ListPlaces {
  sites(): Promise<PartlyRead<Site>>;
  locations(siteId: string): Promise<PartlyRead<Location>>;
}

/** A type-ahead menu asks with each keystroke, and Bandwidth shouldn't have to answer each one. */
const FRESH_MS = 60_000;

export function makeListPlaces(deps: {
  carrier: Pick<Carrier, 'sites' | 'locations'>;
  clock: Pick<Clock, 'now'>;
}): ListPlaces {
  const remember = makeMemory(deps.clock, FRESH_MS);
  const sites = remember(() => deps.carrier.sites());
  const locations = remember((siteId: string) => deps.carrier.locations(siteId));
  return { sites: () => sites(''), locations };
}

/** As long as Slack waits for the answer to a form. */
const NAMED_WITHIN_MS = 1_500;

/**
 * Looks up the chosen sub-account and location by id: the name in a Slack form could be anything the client sent. If
 * Bandwidth can't be asked in time, the id serves as the name, and Bandwidth rejects the order later if the id is
 * wrong.
 */
export async function namedPlace(
  places: ListPlaces,
  chosen: { readonly siteId: string; readonly peerId?: string | undefined },
  configured: PlaceIds = {},
  withinMs = NAMED_WITHIN_MS,
): Promise<Destination | { readonly problem: 'no-such-site' | 'no-such-location' }> {
  const { siteId, peerId } = chosen;
  const listInTime = within(withinMs);
  const [site, location] = await Promise.all([
    listInTime(() => places.sites()).then((sites) => nameIn(sites, siteId, configured.siteId)),
    peerId === undefined
      ? undefined
      : listInTime(() => places.locations(siteId)).then((locations) =>
          nameIn(locations, peerId, siteId === configured.siteId ? configured.peerId : undefined),
        ),
  ]);
  if (site === 'missing') return { problem: 'no-such-site' };
  if (location === 'missing') return { problem: 'no-such-location' };
  return { site, ...(location === undefined ? {} : { location }) };
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/**
 * `undefined` stands for an unknown list. Bandwidth's ids are digits, so anything else isn't shown as an id. The id in
 * the settings counts if the list is empty.
 */
function nameIn(list: readonly Named[] | undefined, id: string, configured?: string): Named | 'missing' {
  const found = list?.find((each) => each.id === id);
  if (found !== undefined) return { id: found.id, name: found.name };
  if (list?.length === 0 && id === configured) return { id, name: id };
  return list === undefined && /^\d+$/.test(id) ? { id, name: id } : 'missing';
}

/** The defaults of an order form, or why there are none. */
export type OfferedPlace =
  | { readonly site?: Site; readonly location?: Location }
  | { readonly problem: 'no-sites' | 'no-such-site' | 'no-such-location' | 'unreadable' }
  | { readonly advice: string };

/** An unreadable entry of Bandwidth's list may be the configured one. */
const UNREADABLE = { problem: 'unreadable' } as const;

/** Places known only by their ids. */
export interface PlaceIds {
  readonly siteId?: string;
  readonly peerId?: string;
}

/**
 * Returns the sub-account and location that this person chose last, or else the configured ones, if the account has
 * them; or else its only sub-account. If the account lists no sub-accounts, the configured ids are offered as they are.
 */
export async function offeredPlace(
  places: ListPlaces,
  configured: PlaceIds,
  last?: PlaceIds,
): Promise<OfferedPlace> {
  try {
    const sites = await places.sites();
    if (sites.length === 0) return sites.unread === undefined ? unlistedPlace(configured) : {};
    const chosen = last === undefined ? undefined : await placeIn(places, sites, last);
    // If a place has been removed since, that isn't worth a warning.
    if (chosen !== undefined && 'site' in chosen) return chosen;
    if (configured.siteId !== undefined) return await placeIn(places, sites, configured);
    const [only] = sites;
    if (only === undefined || sites.length > 1 || sites.unread !== undefined) return {};
    return await placeIn(places, sites, { ...configured, siteId: only.id });
  } catch (error) {
    if (error instanceof CarrierError) return { advice: error.advice };
    throw error;
  }
}

async function placeIn(
  places: ListPlaces,
  sites: PartlyRead<Site>,
  { siteId, peerId }: PlaceIds,
): Promise<OfferedPlace> {
  const site = sites.find(({ id }) => id === siteId);
  if (site === undefined) {
    return sites.unread === undefined ? { problem: 'no-such-site' } : UNREADABLE;
  }
  if (peerId === undefined) return { site };
  const locations = await places.locations(site.id);
  const location = locations.find(({ id }) => id === peerId);
  if (location !== undefined) return { site, location };
  return locations.unread === undefined ? { problem: 'no-such-location' } : UNREADABLE;
}

/** What the settings say for an account that lists no sub-accounts. Bandwidth checks the ids when it gets an order. */
function unlistedPlace({ siteId, peerId }: PlaceIds): OfferedPlace {
  if (siteId === undefined) return { problem: 'no-sites' };
  const site = { id: siteId, name: siteId };
  return peerId === undefined ? { site } : { site, location: { id: peerId, name: peerId } };
}
