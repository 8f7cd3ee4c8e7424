import type { ListedCampaign } from '../domain/request.js';
import { type Carrier, CarrierError } from '../ports/carrier.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import { makeMemory } from './ask-carrier.js';

/** Returns the account's campaigns for a menu; none if they can't be read. */
export type ListCampaigns = () => Promise<readonly ListedCampaign[]>;

/** A type-ahead menu asks with each keystroke. */
const FRESH_MS = 60_000;

export function makeListCampaigns(deps: {
  carrier: Pick<Carrier, 'campaigns'>;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'warn'>;
}): ListCampaigns {
  const campaigns = makeMemory(deps.clock, FRESH_MS)(() => deps.carrier.campaigns());
  return async () => {
    try {
      return await campaigns('');
    } catch (err) {
      if (!(err instanceof CarrierError)) throw err;
      deps.log.warn({ err }, 'campaigns could not be read');
      return [];
    }
  };
}
