import { WebAPIRateLimitedError } from '@slack/web-api';
import { BoardLimited, BoardUnreachable } from '../../orders/ports/order-board.js';
import { placeClosed, slackCode } from './slack-errors.js';

/** Returns BoardUnreachable if a person has to change something first; otherwise like {@link orLimited}. */
export function orUnreachable(error: unknown): unknown {
  const why = slackCode(error);
  return why !== undefined && placeClosed.has(why) ? new BoardUnreachable(why, error) : orLimited(error);
}

/** Returns BoardLimited for a rate limit, and any other error as it is. */
export function orLimited(error: unknown): unknown {
  return error instanceof WebAPIRateLimitedError ? new BoardLimited(error.retryAfter * 1000, error) : error;
}
