import type { HomeView } from '@slack/types';
import { WebAPIRateLimitedError, type WebClient } from '@slack/web-api';
import type { Log } from '../../orders/ports/log.js';
import { homeSentence } from '../blocks/home/home-tab.js';
import { errorSentence } from './error-middleware.js';
import { slackCode, slackIsBusy } from './slack-errors.js';

/** Slack's code for an app without a Home tab. */
const NOT_ENABLED = 'not_enabled';

/** Slack's codes for a view that it can't show. */
const contentRefused: ReadonlySet<string> = new Set([
  'invalid_arguments',
  'invalid_blocks',
  'invalid_blocks_format',
  'view_too_large',
]);

/** A Home tab that Slack took, with its hash of the view, or why it didn't. */
export type PublishedHome =
  | { readonly hash: string | undefined }
  /** Worth another try, after this many milliseconds if Slack said so. */
  | { readonly problem: 'failed'; readonly retryAfterMs?: number }
  /** Not worth another try; `not-enabled` for no one. */
  | { readonly problem: 'refused' | 'not-enabled' };

/**
 * Publishes a Home tab. If Slack can't show the view, a sentence that says so takes its place, below `notice`. Never
 * rejects.
 */
export type PublishHome = (userId: string, view: HomeView, notice?: string) => Promise<PublishedHome>;

export function makePublishHome(deps: {
  /** Must reject rate-limited calls instead of waiting. */
  readonly client: Pick<WebClient, 'views'>;
  readonly log: Pick<Log, 'warn'>;
}): PublishHome {
  const { client, log } = deps;

  async function publish(userId: string, view: HomeView) {
    const { view: published } = await client.views.publish({ user_id: userId, view });
    return { hash: published?.hash };
  }

  return async (userId, view, notice) => {
    try {
      return await publish(userId, view);
    } catch (err) {
      const code = slackCode(err);
      if (code === NOT_ENABLED) {
        log.warn({ code }, 'home tab is off in slack: turn it on under App Home, as in manifest.yml');
        return { problem: 'not-enabled' };
      }
      log.warn({ err, code, userId }, 'views.publish failed');
      if (err instanceof WebAPIRateLimitedError) {
        return { problem: 'failed', retryAfterMs: err.retryAfter * 1_000 };
      }
      if (code === undefined || slackIsBusy.has(code)) return { problem: 'failed' };
      if (!contentRefused.has(code)) return { problem: 'refused' };
      // It must not stay empty, or show what is no longer true.
      const sentences = [notice, errorSentence(err)].filter((each) => each !== undefined);
      return publish(userId, homeSentence(sentences.join('\n'))).catch(
        () => ({ problem: 'refused' }) as const,
      );
    }
  };
}
