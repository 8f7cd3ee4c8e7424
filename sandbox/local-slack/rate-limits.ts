import type { Args } from './answer.js';

interface Limit {
  /** How many calls at once. */
  readonly burst: number;
  readonly perSecond: number;
  readonly key: (args: Args) => string;
}

/**
 * Posting: one message a second in a channel with short bursts; their size isn't documented, and five is a guess.
 * Updates: tier 3, fifty a minute. Views and facts about files: tier 4, a hundred a minute. https://docs.slack.dev/apis/web-api/rate-limits
 */
const limits: Readonly<Record<string, Limit>> = {
  'chat.postMessage': { burst: 5, perSecond: 1, key: (args) => String(args.channel) },
  'chat.update': { burst: 50, perSecond: 50 / 60, key: () => '' },
  'files.info': { burst: 100, perSecond: 100 / 60, key: () => '' },
  'views.open': { burst: 100, perSecond: 100 / 60, key: () => '' },
  'views.publish': { burst: 100, perSecond: 100 / 60, key: () => '' },
  'views.update': { burst: 100, perSecond: 100 / 60, key: () => '' },
};

export interface RateLimits {
  /** Counts one call; returns the seconds to wait if it came too early. */
  take(method: string, args: Args): number | undefined;
  /** Enforces Slack's limits sped up by this factor, starting with full buckets; undefined for no limits. */
  enforce(speed: number | undefined): void;
}

export function makeRateLimits(enforced: boolean, now: () => number = Date.now): RateLimits {
  let speed = enforced ? 1 : undefined;
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(method, args) {
      const limit = limits[method];
      if (speed === undefined || limit === undefined) return undefined;
      const perSecond = limit.perSecond * speed;
      const key = `${method} ${limit.key(args)}`;
      const bucket = buckets.get(key) ?? { tokens: limit.burst, at: now() };
      const grown = bucket.tokens + ((now() - bucket.at) / 1000) * perSecond;
      const tokens = Math.min(limit.burst, grown);
      const allowed = tokens >= 1;
      buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, at: now() });
      return allowed ? undefined : Math.ceil((1 - tokens) / perSecond);
    },
    enforce(next) {
      speed = next;
      buckets.clear();
    },
  };
}
