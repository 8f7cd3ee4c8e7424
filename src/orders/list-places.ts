import type { Location, Site, Timestamp } from './order.js';
import { type Carrier, CarrierError, type Clock, type PartlyRead } from './ports.js';

/** The sub-accounts and locations an order can go to. Both throw CarrierError. */
export interface ListPlaces {
  sites(): Promise<PartlyRead<Site>>;
  locations(siteId: string): Promise<PartlyRead<Location>>;
}

/** People type ahead: each letter asks again, Bandwidth need not hear every one of them. */
const FRESH_MS = 60_000;

export function makeListPlaces(needs: {
  carrier: Pick<Carrier, 'sites' | 'locations'>;
  clock: Pick<Clock, 'now'>;
}): ListPlaces {
  const remember = makeMemory(needs.clock);
  const sites = remember(() => needs.carrier.sites());
  const locations = remember((siteId: string) => needs.carrier.locations(siteId));
  return { sites: () => sites(''), locations };
}

/** Keeps an answer for a while and shares one question among all who ask meanwhile. A failure is not kept. */
function makeMemory(clock: Pick<Clock, 'now'>) {
  return <T>(ask: (key: string) => Promise<T>) => {
    const kept = new Map<string, { answer: Promise<T>; until: Timestamp }>();
    return (key: string): Promise<T> => {
      const known = kept.get(key);
      if (known !== undefined && known.until > clock.now()) return known.answer;
      const answer = ask(key);
      kept.set(key, { answer, until: clock.now() + FRESH_MS });
      answer.catch(() => kept.delete(key));
      return answer;
    };
  };
}

/** What an order form may fill in by itself, or why it cannot. */
export type OfferedPlace =
  | { readonly site?: Site; readonly location?: Location }
  | { readonly problem: 'no-sites' | 'no-such-site' | 'no-such-location' }
  | { readonly advice: string };

/** One that can't be read may be the one that is configured. */
const NOT_WHOLE =
  "Some entries of Bandwidth's list can't be read, and the configured one isn't among the others.";

/** The configured sub-account and location if they exist on the account, else the only sub-account there is. */
export async function offeredPlace(
  places: ListPlaces,
  configured: { readonly siteId?: string; readonly peerId?: string },
): Promise<OfferedPlace> {
  try {
    const sites = await places.sites();
    if (sites.length === 0) return { problem: 'no-sites' };
    const site =
      configured.siteId === undefined && sites.length === 1 && sites.unread === undefined
        ? sites[0]
        : sites.find(({ id }) => id === configured.siteId);
    if (site === undefined && configured.siteId === undefined) return {};
    if (site === undefined)
      return sites.unread === undefined ? { problem: 'no-such-site' } : { advice: NOT_WHOLE };
    if (configured.peerId === undefined) return { site };
    const locations = await places.locations(site.id);
    const location = locations.find(({ id }) => id === configured.peerId);
    if (location !== undefined) return { site, location };
    return locations.unread === undefined ? { problem: 'no-such-location' } : { advice: NOT_WHOLE };
  } catch (error) {
    if (error instanceof CarrierError) return { advice: error.advice };
    throw error;
  }
}
