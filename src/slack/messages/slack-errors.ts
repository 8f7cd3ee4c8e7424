import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { placeCodes, type SlackProblem, slackProblem } from '../blocks/slack-problems.js';

const RATE_LIMITED = 'ratelimited';

/** Returns the Web API's error code, e.g. `not_in_channel`; undefined for any other failure. */
export function slackCode(error: unknown): string | undefined {
  if (error instanceof WebAPIRateLimitedError) return RATE_LIMITED;
  return error instanceof WebAPIPlatformError ? error.data.error : undefined;
}

/** Whether Slack limits how often it takes such a call, so it is worth the same call later. */
export const isRateLimit = (code: string): boolean => code === RATE_LIMITED || code === 'rate_limited';

/** The thread can't take a reply; its channel still may. */
const threadProblems = [
  'message_not_found',
  'thread_not_found',
  'cannot_reply_to_message',
  'restricted_action_non_threadable_channel',
  'restricted_action_thread_locked',
  'thread_locked',
] as const;

/** Errors about the thread: the same text may be posted to the channel. */
export const threadClosed: ReadonlySet<string> = new Set(threadProblems);

/** With these codes Slack refuses every message in a place until a person changes something. */
export const placeClosed: ReadonlySet<string> = new Set(placeCodes);

/** Temporary trouble on Slack's side, worth retrying. */
export const slackIsBusy: ReadonlySet<string> = new Set([
  'fatal_error',
  'internal_error',
  'ratelimited',
  'rate_limited',
  'request_timeout',
  'service_unavailable',
  'message_limit_exceeded',
]);

/** Says why Slack refused something and what to do, for a person in Slack. */
export function slackRefusal(code: string): SlackProblem {
  if (isRateLimit(code)) return slackProblem(code, 'rate-limited');
  return slackProblem(code, slackIsBusy.has(code) ? 'busy' : 'unknown');
}
