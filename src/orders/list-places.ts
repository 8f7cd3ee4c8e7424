import type { Location, Site, Timestamp } from './order.js';
import { type Carrier, CarrierError, type Clock } from './ports.js';

/** The sub-accounts and locations an order can go to. Both throw CarrierError. */
export interface ListPlaces {
  sites(): Promise<readonly Site[]>;
  locations(siteId: string): Promise<readonly Location[]>;
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

/** The configured sub-account and location if they exist on the account, else the only sub-account there is. */
export async function offeredPlace(
  places: ListPlaces,
  configured: { readonly siteId?: string; readonly peerId?: string },
): Promise<OfferedPlace> {
  try {
    const sites = await places.sites();
    if (sites.length === 0) return { problem: 'no-sites' };
    const site =
      configured.siteId === undefined && sites.length === 1
        ? sites[0]
        : sites.find(({ id }) => id === configured.siteId);
    if (site === undefined) return configured.siteId === undefined ? {} : { problem: 'no-such-site' };
    if (configured.peerId === undefined) return { site };
    const location = (await places.locations(site.id)).find(({ id }) => id === configured.peerId);
    return location === undefined ? { problem: 'no-such-location' } : { site, location };
  } catch (error) {
    if (error instanceof CarrierError) return { advice: error.advice };
    throw error;
  }
}
