import { WebAPIPlatformError } from '@slack/web-api';
import pRetry, { AbortError } from 'p-retry';
import type { Log } from '../../orders/ports/log.js';

/** Slack rejects our tokens. Retrying doesn't help; an operator has to fix the settings. */
export class SlackRefused extends Error {
  override readonly name = 'SlackRefused';
  /** Slack's error code, e.g. `invalid_auth`. */
  readonly code: string;
  readonly advice: string;

  constructor(code: string, setting: string) {
    super(`Slack refused ${setting}: ${code}`);
    this.code = code;
    this.advice = `Slack doesn't accept ${setting} (${code}). Copy it again from the app's settings page at api.slack.com/apps.`;
  }
}

/** https://docs.slack.dev/reference/methods/apps.connections.open and auth.test: errors that retrying can't fix. */
const FATAL = new Set([
  'not_authed',
  'invalid_auth',
  'account_inactive',
  'user_removed_from_team',
  'team_disabled',
  'team_access_not_granted',
  'token_revoked',
  'token_expired',
  'no_permission',
  'missing_scope',
  'not_allowed_token_type',
  'forbidden_team',
]);

const MIN_PAUSE_MS = 500;
const MAX_PAUSE_MS = 30_000;

/** @param setting the variable that holds the token this attempt uses. */
export type Retry = <T>(setting: string, attempt: () => Promise<T>) => Promise<T>;

/** One failed attempt. p-retry doesn't retry a TypeError, which fetch may throw for any reason. */
class AttemptFailed extends Error {
  override readonly name = 'AttemptFailed';
}

/**
 * Returns a function that retries with backoff until it succeeds. Rejects with {@link SlackRefused} when Slack rejects
 * our tokens, and with the last error once `stopping` aborts.
 */
export function makeRetry(deps: { log: Log; stopping: AbortSignal; shortestPauseMs?: number }): Retry {
  const { log, stopping, shortestPauseMs = MIN_PAUSE_MS } = deps;
  return async (setting, attempt) => {
    const tryOnce = async () => {
      try {
        return await attempt();
      } catch (cause) {
        if (cause instanceof WebAPIPlatformError && FATAL.has(cause.data.error)) {
          throw new AbortError(new SlackRefused(cause.data.error, setting));
        }
        throw new AttemptFailed('an attempt failed', { cause });
      }
    };
    let last: unknown;
    try {
      return await pRetry(tryOnce, {
        retries: Number.POSITIVE_INFINITY,
        minTimeout: shortestPauseMs,
        // p-retry's jitter stops at the maximum, where all instances would retry at the same moment.
        maxTimeout: MAX_PAUSE_MS * (0.5 + Math.random() / 2),
        randomize: true,
        unref: true,
        signal: stopping,
        onFailedAttempt({ error, attemptNumber }) {
          if (error instanceof AttemptFailed) last = error.cause;
          if (stopping.aborted) return;
          log.warn({ err: last, failures: attemptNumber }, 'slack unreachable, will retry');
        },
      });
    } catch (error) {
      throw error instanceof SlackRefused ? error : (last ?? error);
    }
  };
}
