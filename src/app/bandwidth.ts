import { makeBandwidth } from '../bandwidth/client.js';
import { makeCredentials } from '../bandwidth/credentials.js';
import { makeLookupLimit } from '../bandwidth/lookup-limit.js';
import { makeQuotaSharing } from '../bandwidth/quota-sharing.js';
import type { Config } from '../config/config.js';
import type { makeMeasurements } from '../metrics.js';
import type { Clock } from '../orders/ports/clock.js';
import type { Log } from '../orders/ports/log.js';
import type { Outbound } from '../proxy/outbound.js';
import type { Store } from '../store/open-store.js';

/** Builds the client of Bandwidth's API and what keeps it within the rate limit. Sends nothing yet. */
export function buildBandwidth(deps: {
  config: Pick<Config, 'bandwidth'>;
  store: Pick<Store, 'lookups'>;
  outbound: Pick<Outbound, 'httpsAgent'>;
  /** The maximum duration of one attempt to place an order. */
  placeWithinMs: number;
  measure: ReturnType<typeof makeMeasurements>;
  clock: Clock;
  log: Log;
}) {
  const { store, placeWithinMs, measure, clock, log } = deps;
  const { httpsAgent } = deps.outbound;
  const { bandwidth: config } = deps.config;
  const perMinute = config.lookUpsPerMinute;
  const quotaSharing = store.lookups && makeQuotaSharing({ perMinute, shared: store.lookups, clock, log });
  const carrier = makeBandwidth({
    accountId: config.accountId,
    apiUrl: config.apiUrl,
    credentials: makeCredentials(config.credentials, { clock, log, measure, httpsAgent }),
    httpsAgent,
    clock,
    log,
    placeWithinMs,
    lookupLimit: makeLookupLimit({ perMinute, clock, sharedQuota: quotaSharing, measure }),
    measure,
  });
  return {
    carrier,
    /** Present if other instances may be using the store. */
    quotaSharing,
  };
}
