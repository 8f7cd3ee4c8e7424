import type { makeBandwidth } from '../bandwidth/client.js';
import type { Config } from '../config/config.js';
import { makeStartChecks } from '../doctor/at-start.js';
import type { Clock } from '../orders/ports/clock.js';
import type { Log } from '../orders/ports/log.js';
import type { Outbound } from '../proxy/outbound.js';
import { makeSlackFacts } from '../slack/access/slack-facts.js';
import { boltLogger } from '../slack/connection/bolt-logger.js';

/** Builds the checks at startup with what they ask Slack and Bandwidth. */
export function buildStartChecks(deps: {
  config: Config;
  carrier: Pick<ReturnType<typeof makeBandwidth>, 'sites' | 'locations' | 'now'>;
  outbound: Pick<Outbound, 'fetch'>;
  clock: Clock;
  log: Log;
}) {
  const { config, carrier, outbound, clock, log } = deps;
  const slack = makeSlackFacts({
    ...config.slack,
    logger: boltLogger(log),
    now: clock.now,
    fetch: outbound.fetch,
  });
  const bandwidth = {
    sites: carrier.sites,
    locations: carrier.locations,
    aheadMs() {
      const theirs = carrier.now();
      return theirs === undefined ? undefined : clock.now() - theirs;
    },
  };
  return makeStartChecks({ config, asking: { slack, bandwidth }, log });
}
