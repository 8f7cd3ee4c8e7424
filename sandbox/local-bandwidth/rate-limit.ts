export interface RateLimit {
  readonly perMinute: number;
  /** Shorter than a minute in tests. */
  readonly windowSeconds?: number;
}

/** Returns the name of the endpoint group by which Bandwidth counts calls. */
export function rateGroup(method: string, path: string): string {
  if (/\/(?:availableNumbers|cities|rateCenters)$/.test(path)) return 'SEARCH';
  if (/\/inserviceNumbers\//.test(path)) return 'INSERVICE_NPANXX';
  if (method !== 'GET' && /\/orders(?:\/|$)/.test(path)) return 'ORDER';
  if (method !== 'GET' && /\/disconnects(?:\/|$)/.test(path)) return 'DISCONNECT';
  if (/\/(?:orders|disconnects|tns)(?:\/|$)/.test(path)) return 'HISTORY';
  return 'OTHER';
}

export interface RateLimiter {
  limit(rate: RateLimit | undefined): void;
  /** Counts a call. When it exceeds the limit, returns the epoch second of the reset. */
  count(group: string): number | undefined;
}

export function makeRateLimiter(now: () => number): RateLimiter {
  let rate: RateLimit | undefined;
  const windows = new Map<string, { readonly endsAt: number; calls: number }>();
  return {
    limit(next) {
      rate = next;
      windows.clear();
    },
    count(group) {
      if (rate === undefined) return undefined;
      const open = windows.get(group);
      const window =
        open !== undefined && open.endsAt > now()
          ? open
          : { endsAt: now() + (rate.windowSeconds ?? 60) * 1000, calls: 0 };
      window.calls += 1;
      windows.set(group, window);
      return window.calls > rate.perMinute ? Math.ceil(window.endsAt / 1000) : undefined;
    },
  };
}
