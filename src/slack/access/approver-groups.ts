import { WebAPIPlatformError, WebAPIRateLimitedError, type WebClient } from '@slack/web-api';
import type { Clock } from '../../orders/ports/clock.js';
import type { Log } from '../../orders/ports/log.js';
import type { ApproverGroups } from '../../orders/ports/people.js';
import { APPROVERS_NEED_PERMISSION, approversUnreadable, unknownApproverGroup } from '../blocks/failures.js';
import { AskedTooOften, makeSlackReads } from './reads.js';

/** For actions that spend nothing: a new approver may have to wait this long to decline. */
const FRESH_MS = 3 * 60_000;
/** The same limit while Slack can't be asked. */
const USABLE_MS = 60 * 60_000;

/** Slack's code for a user group that doesn't exist or is disabled. */
export const NO_SUCH_GROUP = 'no_such_subteam';

/** Slack couldn't say who is in an approver group, and no recent answer is known. */
export class ApproverGroupUnknown extends Error {
  override readonly name = 'ApproverGroupUnknown';
  readonly groupId: string;
  readonly advice: string;

  constructor(groupId: string, advice: string, cause: unknown) {
    super(`the members of user group ${groupId} cannot be read`, { cause });
    this.groupId = groupId;
    this.advice = advice;
  }
}

/**
 * Returns a reader of user group members. Its methods throw {@link ApproverGroupUnknown}.
 *
 * @param deps.settingOf the setting that names a group, for the person who has to correct it.
 */
export function makeApproverGroups(deps: {
  client: Pick<WebClient, 'usergroups'>;
  settingOf: (groupId: string) => string;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'warn' | 'error'>;
}): ApproverGroups {
  const { client, settingOf, clock, log } = deps;
  const reads = makeSlackReads(async (groupId): Promise<ReadonlySet<string>> => {
    const answer = await client.usergroups.users.list({ usergroup: groupId });
    return new Set(answer.users ?? []);
  }, clock);

  function members(groupId: string, age: 'recent' | 'fresh'): Promise<ReadonlySet<string>> {
    if (age === 'fresh') return reads.fresh(groupId);
    const onStale = (err: unknown) =>
      log.warn({ groupId, err }, 'usergroups.users.list failed, using the last known members');
    return reads.recent(groupId, { freshMs: FRESH_MS, usableMs: USABLE_MS, onStale });
  }

  /** Logs and returns why a group can't be read. */
  function unknown(groupId: string, reason: unknown): ApproverGroupUnknown {
    const setting = settingOf(groupId);
    if (isNoSuchGroup(reason)) {
      log.error({ groupId, setting }, 'setting names an unknown or disabled user group');
    }
    return new ApproverGroupUnknown(groupId, adviceFor(reason, groupId, setting), reason);
  }

  return {
    /** Returns true as soon as one group includes the person, even if another can't be read. */
    async includesAny(groupIds, userId, age = 'recent') {
      const answers = await Promise.allSettled(groupIds.map((groupId) => members(groupId, age)));
      if (answers.some((answer) => answer.status === 'fulfilled' && answer.value.has(userId))) return true;
      for (const [index, answer] of answers.entries()) {
        if (answer.status === 'fulfilled') continue;
        throw unknown(groupIds[index] ?? '', answer.reason);
      }
      return false;
    },
    async membersOf(groupIds) {
      const lists = await Promise.all(
        groupIds.map((groupId) =>
          members(groupId, 'recent').catch((reason: unknown) => {
            throw unknown(groupId, reason);
          }),
        ),
      );
      return [...new Set(lists.flatMap((list) => [...list]))];
    },
  };
}

const isNoSuchGroup = (error: unknown): boolean =>
  error instanceof WebAPIPlatformError && error.data.error === NO_SUCH_GROUP;

function adviceFor(cause: unknown, groupId: string, setting: string): string {
  if (isNoSuchGroup(cause)) {
    return unknownApproverGroup(setting, groupId);
  }
  if (cause instanceof WebAPIPlatformError && cause.data.error === 'missing_scope') {
    return APPROVERS_NEED_PERMISSION;
  }
  return approversUnreadable(cause instanceof AskedTooOften || cause instanceof WebAPIRateLimitedError);
}
