import type { CarrierFault } from '../orders/domain/carrier-report.js';
import type { Timestamp } from '../orders/domain/request.js';
import { CarrierError, type CarrierTrouble } from '../orders/ports.js';
import type { HttpAnswer, NoAnswer } from './http.js';

/** What was asked for, as a sentence names it: "this search", "the list of sub-accounts". */
export type RequestName = string;

/** The longest wait that a header is believed: waits of a minute or two are normal, and a slip must not stop us for hours. */
const LONGEST_WAIT = 15 * 60 * 1000;

/**
 * When Bandwidth allows the next call: X-RateLimit-Reset or Retry-After, as a date, a moment since 1970 or a span.
 * Their clock need not agree with ours, so the wait is measured from their own Date header where there is one. A reset
 * that has passed says less than a Retry-After that hasn't.
 */
export function retryAtFrom(headers: HttpAnswer['headers'], now: Timestamp): Timestamp | undefined {
  const theirNow = httpDate(headers.date) ?? now;
  const waits = [headers['x-ratelimit-reset'], headers['retry-after']].flatMap(
    (value) => waitFrom(value, theirNow) ?? [],
  );
  const wait = waits.find((each) => each > 0) ?? waits[0];
  return wait === undefined ? undefined : now + Math.min(Math.max(wait, 0), LONGEST_WAIT);
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
 * The moment that a number since 1970 names, in whatever unit it must be counted: Bandwidth publishes seconds for one of
 * its APIs and milliseconds for another. Undefined for a number so small that it counts seconds from now.
 */
function momentOf(figure: number): Timestamp | undefined {
  if (figure >= 1e17) return figure / 1e6;
  if (figure >= 1e14) return figure / 1e3;
  if (figure >= 1e11) return figure;
  return figure >= 1e9 ? figure * 1000 : undefined;
}

/** A date as HTTP or ISO 8601 writes it. Date.parse alone finds one in "in 5" as well. */
function httpDate(value: string | undefined): Timestamp | undefined {
  const written = /^(?:[A-Za-z]{3,9},? .*\d{2}:\d{2}:\d{2}|\d{4}-\d{2}-\d{2}T)/.test(value ?? '');
  const at = written ? Date.parse(value ?? '') : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** What an answer that is not a success means. */
export function troubleOf(status: number): CarrierTrouble {
  if (status === 401) return 'credentials';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'missing';
  if (status === 429) return 'throttled';
  return status >= 400 && status < 500 && status !== 408 ? 'refused' : 'broken';
}

/**
 * One sentence or two that tell a telephone person what is wrong and who can mend it.
 *
 * @param waitMs how long Bandwidth wants to be left alone, if it said so.
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
      return 'Bandwidth could not be reached, or its answer did not arrive whole. Please try again in a minute.';
    case 'broken':
      return status !== undefined && status < 400
        ? `Bandwidth answered something I cannot read${http}. Try again; if this lasts, an admin should check BW_API_URL.`
        : `Bandwidth has trouble at its end${http}. Please try again in a few minutes.`;
    case 'throttled':
      return `Bandwidth is getting too many requests from this account. Please wait ${waitMs === undefined ? 'a minute' : duration(waitMs)}.`;
    case 'credentials':
      return "Bandwidth doesn't accept this app's credentials. An admin should check BW_CLIENT_ID and BW_CLIENT_SECRET (or BW_USERNAME and BW_PASSWORD).";
    case 'forbidden':
      return `Bandwidth forbids ${asked}. My credentials need the roles Ordering and Numbers, and access to the account in BW_ACCOUNT_ID.`;
    case 'missing':
      return `Bandwidth cannot find ${asked}. If this lasts, an admin should check BW_ACCOUNT_ID and BW_API_URL.`;
    case 'refused':
      return `Bandwidth refused ${asked}${status === 400 ? '' : http}.`;
  }
}

/** `40 seconds`, `12 minutes`; rather too long than too short. */
function duration(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  const [count, unit] = seconds < 100 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** Bandwidth's own words and codes, in a sentence: `“The SiteId submitted is invalid.” (5016)`. */
export function wordsOf(faults: readonly CarrierFault[]): string {
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

/** The advice, followed by what Bandwidth itself says. */
export function withWords(advice: string, faults: readonly CarrierFault[]): string {
  return faults.length === 0 ? advice : `${advice} Bandwidth says: ${wordsOf(faults)}`;
}

/** An answer that is not a success, as the error everybody outside knows. */
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
      adviceFor(trouble, asked, answer.status, retryAt === undefined ? undefined : retryAt - now),
      faults,
    ),
    retryAt,
    faults,
  });
}

/** A refusal that came inside a success. */
export function refusal(asked: RequestName, faults: readonly CarrierFault[]): CarrierError {
  return new CarrierError('refused', `${asked}: refused${codesOf(faults)}`, {
    advice: withWords(adviceFor('refused', asked, 400), faults),
    faults,
  });
}

/** A success that cannot be read. */
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
    advice: adviceFor('unreachable', asked),
  });
}

export function codesOf(faults: readonly CarrierFault[]): string {
  return faults.length === 0 ? '' : ` (${faults.map(({ code }) => code || 'no code').join(', ')})`;
}
