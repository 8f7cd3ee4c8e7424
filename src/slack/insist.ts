import { WebAPIPlatformError } from '@slack/web-api';
import type { Log } from '../orders/ports.js';

/** Slack does not accept our tokens. Trying again would not help; a person must look at the settings. */
export class SlackRefused extends Error {
  override readonly name = 'SlackRefused';
  /** Slack's error code, e.g. `invalid_auth`. */
  readonly code: string;
  readonly advice: string;

  constructor(code: string, setting: string) {
    super(`Slack refused ${setting}: ${code}`);
    this.code = code;
    this.advice = `Slack does not accept ${setting} (${code}). Copy it again from the app's settings page at api.slack.com/apps.`;
  }
}

/** https://docs.slack.dev/reference/methods/apps.connections.open and auth.test: errors no retry can mend. */
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

const LONGEST_PAUSE_MS = 30_000;

/** @param setting the variable that holds the token this attempt uses. */
export type Insist = <T>(setting: string, attempt: () => Promise<T>) => Promise<T>;

/**
 * Gives a function that tries until it works, with growing pauses. It rejects with {@link SlackRefused} when Slack will
 * not have us, and with what went wrong last once `stopping` says that it does not matter any more.
 */
export function makeInsist({ log, stopping }: { log: Log; stopping: AbortSignal }): Insist {
  return async (setting, attempt) => {
    for (let failures = 1; ; failures += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (error instanceof WebAPIPlatformError && FATAL.has(error.data.error)) {
          throw new SlackRefused(error.data.error, setting);
        }
        if (!stopping.aborted) {
          log.warn({ err: error, failures }, 'Slack cannot be reached; trying again');
          await pause(backoff(failures), stopping);
        }
        if (stopping.aborted) throw error;
      }
    }
  };
}

function backoff(failures: number): number {
  const full = Math.min(500 * 2 ** failures, LONGEST_PAUSE_MS);
  return full / 2 + Math.random() * (full / 2);
}

/** Resolves after the time, or at once when called off. Does not keep the process alive. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    timer.unref();
    signal?.addEventListener('abort', done);
  });
}
