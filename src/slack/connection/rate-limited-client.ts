import { setTimeout as pause } from 'node:timers/promises';
import {
  type WebAPICallResult,
  WebAPIRateLimitedError,
  WebClient,
  type WebClientOptions,
} from '@slack/web-api';

/** How long a call waits in line. If it would take longer, the caller decides, because it has other work to do. */
const PATIENCE_MS = 2_500;
/** After this many answers with 429 in a row, the caller is told. */
const MAX_ATTEMPTS = 3;

export interface RateLimits {
  /**
   * Makes a call, unless Slack has limited calls with this key: then it waits, or rejects with WebAPIRateLimitedError if
   * that would take longer than 2.5 seconds. Calls with other keys aren't held up.
   */
  run<T>(key: string, call: () => Promise<T>): Promise<T>;
}

/** @param deps.now a monotonic clock in milliseconds. */
export function makeRateLimits(deps: {
  readonly wait: (ms: number) => Promise<unknown>;
  readonly now: () => number;
}): RateLimits {
  const limitedUntil = new Map<string, number>();
  return {
    async run(key, call) {
      for (let attempt = 1; ; ) {
        const waitMs = (limitedUntil.get(key) ?? Number.NEGATIVE_INFINITY) - deps.now();
        if (waitMs > PATIENCE_MS) throw new WebAPIRateLimitedError(Math.ceil(waitMs / 1000));
        if (waitMs > 0) {
          await deps.wait(waitMs);
          continue;
        }
        limitedUntil.delete(key);
        try {
          return await call();
        } catch (error) {
          if (!(error instanceof WebAPIRateLimitedError)) throw error;
          limitedUntil.set(key, deps.now() + error.retryAfter * 1000);
          if (attempt === MAX_ATTEMPTS) throw error;
          attempt += 1;
        }
      }
    },
  };
}

/**
 * A client for work that nobody is waiting for. Slack limits most calls by method and channel; its own client would
 * stop all calls after a 429 to any of them.
 */
export class RateLimitedClient extends WebClient {
  readonly #limits: RateLimits;

  /** @param stopping aborts the calls that are waiting. */
  constructor(token: string, options: WebClientOptions, stopping: AbortSignal) {
    super(token, { ...options, rejectRateLimitedCalls: true });
    this.#limits = makeRateLimits({
      wait: (ms) => pause(ms, undefined, { signal: stopping, ref: false }),
      now: () => performance.now(),
    });
  }

  override apiCall(method: string, options: Record<string, unknown> = {}): Promise<WebAPICallResult> {
    const { channel, channel_id, users } = options;
    const place = channel ?? channel_id ?? users;
    const key = typeof place === 'string' ? `${method} ${place}` : method;
    return this.#limits.run(key, () => super.apiCall(method, options));
  }
}

/** People are waiting for these calls, and a trigger id expires after three seconds. */
const MAX_SECONDS_FOR_A_PERSON = 2;

/** Returns a fetch that waits out a short rate limit once, without holding up other calls. */
export function waitingBriefly(send: typeof fetch): typeof fetch {
  return async (input, init) => {
    const answer = await send(input, init);
    const seconds =
      answer.status === 429 ? Number(answer.headers.get('retry-after') ?? Number.NaN) : Number.NaN;
    // A missing or invalid Retry-After gives NaN, which is never at most two.
    if (!(seconds <= MAX_SECONDS_FOR_A_PERSON)) return answer;
    await answer.body?.cancel();
    await pause(seconds * 1000);
    return send(input, init);
  };
}
