import type { Timestamp } from '../orders/domain/request.js';

/**
 * Bandwidth has announced this day for the end of HTTP Basic (https://dev.bandwidth.com/docs/account/credentials), but
 * no hour and no error. So nothing here says that it has happened, only what was announced.
 */
const ENDS_AT: Timestamp = Date.UTC(2026, 11, 2);
const DAY = 'December 2, 2026';

export const isBasicDue = (now: Timestamp): boolean => now >= ENDS_AT;

const MAKE_OTHERS =
  'create OAuth 2.0 credentials in the Bandwidth App, and set BW_CLIENT_ID and BW_CLIENT_SECRET instead of BW_USERNAME and BW_PASSWORD.';

/** The warning at startup for an app that signs in with HTTP Basic. */
export function basicWarning(now: Timestamp): string {
  return isBasicDue(now)
    ? `Bandwidth announced the end of HTTP Basic for ${DAY}, so BW_USERNAME and BW_PASSWORD may no longer work, and then nothing can be searched, ordered or followed. To fix it, ${MAKE_OTHERS}`
    : `BW_USERNAME and BW_PASSWORD stop working on ${DAY}, when Bandwidth ends HTTP Basic. Before that day, ${MAKE_OTHERS}`;
}

/** What people are told when Bandwidth refuses HTTP Basic with a 401. */
export function basicRefused(now: Timestamp): string {
  return isBasicDue(now)
    ? `Bandwidth doesn't accept this app's user name and password. It announced the end of HTTP Basic for ${DAY}. An admin should ${MAKE_OTHERS}`
    : `Bandwidth doesn't accept this app's user name and password. An admin should check BW_USERNAME and BW_PASSWORD. Bandwidth ends HTTP Basic on ${DAY}; before that day, ${MAKE_OTHERS}`;
}
