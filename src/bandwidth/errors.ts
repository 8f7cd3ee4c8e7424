import type { CarrierFault } from '../orders/domain/carrier-report.js';
import type { Timestamp } from '../orders/domain/request.js';
import { CarrierError, type CarrierTrouble } from '../orders/ports/carrier.js';
import { type ProxyTrouble, proxyFailureIn } from '../proxy/proxy-failed.js';
import type { HttpAnswer, NoAnswer } from './http.js';

/** What was requested, as a sentence names it: "this search", "the list of sub-accounts". */
export type RequestName = string;

/**
 * The longest wait accepted from a header, in milliseconds. Waits of a minute or two are normal; a wrong value must not
 * stop the app for hours.
 */
const MAX_WAIT_MS = 15 * 60 * 1000;

/**
 * Returns when Bandwidth allows the next call, from X-RateLimit-Reset or Retry-After: a date, a Unix time or a span.
 * Their clock may differ from ours, so the wait is measured from their Date header if there is one. A Retry-After in
 * the future takes precedence over a reset in the past.
 */
export function retryAtFrom(headers: HttpAnswer['headers'], now: Timestamp): Timestamp | undefined {
  const theirNow = httpDate(headers.date) ?? now;
  const waits = [headers['x-ratelimit-reset'], headers['retry-after']].flatMap(
    (value) => waitFrom(value, theirNow) ?? [],
  );
  const wait = waits.find((each) => each > 0) ?? waits[0];
  return wait === undefined ? undefined : now + Math.min(Math.max(wait, 0), MAX_WAIT_MS);
}

function waitFrom(value: string | undefined, theirNow: Timestamp): number | undefined {
  const text = value?.trim() ?? '';
  if (!/^\d+(?:\.\d+)?$/.test(text)) {
    const date = httpDate(text);
    return date === undefined ? undefined : date - theirNow;
  }
  const figure = Number(text);
  const moment = momentOf(figure);
  return moment === undefined ? figure * 1000 : moment - theirNow;
}

/**
 * Converts a Unix time in seconds or milliseconds; Bandwidth publishes seconds for one API and milliseconds for
 * another. Undefined for a number so small that it means seconds from now.
 */
function momentOf(figure: number): Timestamp | undefined {
  if (figure >= 1e17) return figure / 1e6;
  if (figure >= 1e14) return figure / 1e3;
  if (figure >= 1e11) return figure;
  return figure >= 1e9 ? figure * 1000 : undefined;
}

/** Parses an HTTP or ISO 8601 date. Date.parse alone also finds one in "in 5". */
function httpDate(value: string | undefined): Timestamp | undefined {
  const written = /^(?:[A-Za-z]{3,9},? .*\d{2}:\d{2}:\d{2}|\d{4}-\d{2}-\d{2}T)/.test(value ?? '');
  const at = written ? Date.parse(value ?? '') : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** Classifies an unsuccessful status. */
export function troubleOf(status: number): CarrierTrouble {
  if (status === 401) return 'credentials';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'missing';
  if (status === 429) return 'throttled';
  return status >= 400 && status < 500 && status !== 408 ? 'refused' : 'broken';
}

/**
 * Returns one or two sentences that tell a telephony person what is wrong and who can fix it.
 *
 * @param waitMs how long Bandwidth asked us to wait, if it did.
 */
export function adviceFor(
  trouble: CarrierTrouble,
  asked: RequestName,
  status?: number,
  waitMs?: number,
): string {
  const http = status === undefined ? '' : ` (HTTP ${status})`;
  switch (trouble) {
    case 'unreachable':
      return "I couldn't reach Bandwidth, or its answer was cut off. Try again in a minute.";
    case 'broken':
      return status !== undefined && status < 400
        ? `Bandwidth sent an answer I can't read${http}. Try again. If it happens again, an admin should check BW_API_URL.`
        : `Bandwidth is having problems${http}. Try again in a few minutes.`;
    case 'throttled':
      return `Bandwidth is getting too many requests from this account. Wait ${waitMs === undefined ? 'a minute' : duration(waitMs)}.`;
    case 'credentials':
      return "Bandwidth doesn't accept this app's credentials. An admin should check BW_CLIENT_ID and BW_CLIENT_SECRET (or BW_USERNAME and BW_PASSWORD).";
    case 'forbidden':
      return `Bandwidth doesn't allow ${asked}. My credentials need the roles Ordering and Numbers, and access to the account in BW_ACCOUNT_ID.`;
    case 'missing':
      return `Bandwidth can't find ${asked}. If it happens again, an admin should check BW_ACCOUNT_ID and BW_API_URL.`;
    case 'refused':
      return `Bandwidth refused ${asked}${status === 400 ? '' : http}.`;
  }
}

/** Formats a duration as `40 seconds` or `12 minutes`, rounded up. */
function duration(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  const [count, unit] = seconds < 100 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** Formats Bandwidth's own words and codes for a sentence: `“The SiteId submitted is invalid.” (5016)`. */
export function faultsInWords(faults: readonly CarrierFault[]): string {
  const each = faults
    .slice(0, FAULTS_IN_A_SENTENCE)
    .map(({ code, description }) =>
      description === '' ? code : `“${shortened(description)}”${code === '' ? '' : ` (${code})`}`,
    );
  const more = faults.length - each.length;
  return [...each, ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}

const FAULTS_IN_A_SENTENCE = 3;
const WORDS_IN_A_SENTENCE = 250;

const shortened = (words: string): string =>
  words.length <= WORDS_IN_A_SENTENCE ? words : `${words.slice(0, WORDS_IN_A_SENTENCE - 1)}…`;

/** Appends Bandwidth's own words to the advice. */
export function withWords(advice: string, faults: readonly CarrierFault[]): string {
  return faults.length === 0 ? advice : `${advice} Bandwidth says: ${faultsInWords(faults)}`;
}

/** Returns an unsuccessful answer as a CarrierError. */
export function statusError(
  answer: HttpAnswer,
  asked: RequestName,
  faults: readonly CarrierFault[],
  now: Timestamp,
): CarrierError {
  const trouble = troubleOf(answer.status);
  const retryAt = retryAtFrom(answer.headers, now);
  return new CarrierError(trouble, `${asked}: HTTP ${answer.status}${codesOf(faults)}`, {
    advice: withWords(
      answer.advice ??
        adviceFor(trouble, asked, answer.status, retryAt === undefined ? undefined : retryAt - now),
      faults,
    ),
    retryAt,
    faults,
  });
}

/** Returns a refusal that came inside a success. */
export function refusal(asked: RequestName, faults: readonly CarrierFault[]): CarrierError {
  return new CarrierError('refused', `${asked}: refused${codesOf(faults)}`, {
    advice: withWords(adviceFor('refused', asked, 400), faults),
    faults,
  });
}

/** Returns the error for a success that can't be read. */
export function unreadable(
  asked: RequestName,
  why: string,
  faults: readonly CarrierFault[] = [],
): CarrierError {
  return new CarrierError('broken', `${asked}: ${why}`, {
    advice: withWords(adviceFor('broken', asked, 200), faults),
    faults,
  });
}

export function unreachable(asked: RequestName, error: NoAnswer): CarrierError {
  return new CarrierError('unreachable', `${asked}: ${error.message}`, {
    advice: unreachableAdvice(asked, error),
    cause: error,
  });
}

export const unreachableAdvice = (asked: RequestName, error: NoAnswer): string =>
  proxyAdvice(error) ?? adviceFor('unreachable', asked);

/** What people should be told when the proxy is why Bandwidth couldn't be reached. Its address is in the log. */
export function proxyAdvice(error: NoAnswer): string | undefined {
  const failure = proxyFailureIn(error);
  if (failure === undefined) return undefined;
  return `I couldn't reach Bandwidth: the proxy between us ${proxyTroubles[failure.code]}. Try again in a minute. If it happens again, an admin should run npm run doctor and check HTTPS_PROXY.`;
}

const proxyTroubles: Readonly<Record<ProxyTrouble, string>> = {
  PROXY_CREDENTIALS: 'asks for other credentials',
  PROXY_UNREACHABLE: "can't be reached",
  PROXY_REFUSED: 'refused the connection',
  PROXY_GATEWAY: "couldn't connect me",
  PROXY_SILENT: "didn't answer",
  PROXY_BROKEN: "gave an answer I can't read",
};

export function codesOf(faults: readonly CarrierFault[]): string {
  return faults.length === 0 ? '' : ` (${faults.map(({ code }) => code || 'no code').join(', ')})`;
}
