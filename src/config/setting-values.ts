import { MAX_APPROVAL_TTL_MS } from '../orders/domain/expiry.js';
import { MIN_RETENTION_MS } from '../orders/domain/retention.js';
import type { Approvers } from '../orders/policy/policy.js';

/** Parses and displays values that occur both in the environment and in the policy file. */

/** U… and W… (Enterprise Grid) are people; S… is a user group. */
const approverId = /^[UWS][A-Z0-9]{2,}$/;

/** Describes what is wrong with a list of approvers, as text that follows its name, or returns undefined. */
export function approversProblem(entries: readonly string[]): string | undefined {
  if (entries.length === 0) return 'is empty.';
  const wrong = entries.filter((entry) => entry !== '*' && !approverId.test(entry));
  if (wrong.length === 0) return undefined;
  return `contains ${wrong.map(shown).join(', ')}: use ids (U… or W… for a person, from the profile's menu "Copy member ID"; S… for a user group), or * alone for anyone but the requester.`;
}

/** The same for a list of people who may request, where `*` has no meaning. */
export function requestersProblem(entries: readonly string[]): string | undefined {
  const wrong = entries.filter((entry) => !approverId.test(entry));
  if (wrong.length === 0) return undefined;
  return `contains ${wrong.map(shown).join(', ')}: use ids (U… or W… for a person, from the profile's menu "Copy member ID"; S… for a user group).`;
}

/** A channel that the app can post to; a direct message isn't one. */
export const channelProblem = (value: string): string | undefined =>
  /^[CG][A-Z0-9]{2,}$/.test(value)
    ? undefined
    : `is ${shown(value)}, but must be the id of a channel (C…, at the end of its "About" tab).`;

/** Expects entries without problems. */
export function readApprovers(entries: readonly string[]): Approvers {
  return {
    anyone: entries.includes('*'),
    users: entries.filter((entry) => /^[UW]/.test(entry)),
    groups: entries.filter((entry) => entry.startsWith('S')),
  };
}

/**
 * Returns why these approvers can't reach the required number of approvals, or undefined. The size of a group isn't
 * known.
 */
export function tooFewApproversProblem(
  { anyone, users, groups }: Approvers,
  required: number,
): string | undefined {
  if (anyone || groups.length > 0 || users.length >= required) return undefined;
  return `asks for ${required} approvals by different people, but ${users.length === 1 ? 'only one person is' : `only ${users.length} people are`} named as approvers.`;
}

export const MAX_APPROVALS = 10;
export const MAX_STAGES = 5;
/** More than any customer orders in a month, so more digits are a typo. */
export const MAX_NUMBERS = 1_000_000;

export const wholeNumberProblem = (
  value: string | number,
  least: number,
  most: number,
): string | undefined =>
  /^\d{1,9}$/.test(String(value)) && Number(value) >= least && Number(value) <= most
    ? undefined
    : `is ${shown(value)}, but must be a whole number from ${least} to ${most}.`;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const unitLengths: Readonly<Record<string, number>> = { '': SECOND, s: SECOND, m: MINUTE, h: HOUR, d: DAY };

/**
 * Parses `90s`, `30m`, `24h` or `2d` into milliseconds; a bare number is seconds. Returns undefined for anything else.
 */
export function milliseconds(value: string): number | undefined {
  const [, figure, unit = ''] = /^(\d{1,9})([smhd]?)$/.exec(value) ?? [];
  const length = unitLengths[unit];
  return figure === undefined || length === undefined ? undefined : Number(figure) * length;
}

/** An undo window longer than a day, such as 24000h, is a typo. */
export function undoWindowProblem(value: string): string | undefined {
  const length = milliseconds(value);
  return length !== undefined && length <= DAY
    ? undefined
    : `is ${shown(value)}, but must be a time of at most 24h, such as 90s, 30m or 2h; 0 for none.`;
}

/** A shorter request would expire before anyone has read it. */
const MIN_APPROVAL_TTL_MS = 5 * MINUTE;

export function approvalTtlProblem(value: string): string | undefined {
  const length = milliseconds(value);
  return length !== undefined && length >= MIN_APPROVAL_TTL_MS && length <= MAX_APPROVAL_TTL_MS
    ? undefined
    : `is ${shown(value)}, but must be a time from 5m to 14d, such as 90m, 24h or 3d.`;
}

export function retentionProblem(value: string): string | undefined {
  const length = milliseconds(value);
  return length !== undefined && length >= MIN_RETENTION_MS
    ? undefined
    : `is ${shown(value)}, but must be a time of at least ${MIN_RETENTION_MS / DAY}d, such as 400d.`;
}

const SHOWN_AT_MOST = 40;

/** Shortens a value for display. A long text isn't shown at all: half of a secret couldn't be masked. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  if (typeof value === 'string' && value.length > SHOWN_AT_MOST)
    return `a text of ${value.length} characters`;
  return text.length > SHOWN_AT_MOST ? 'something else' : text;
}
