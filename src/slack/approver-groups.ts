import type { WebClient } from '@slack/web-api';
import type { Timestamp } from '../orders/order.js';
import type { ApproverGroups, Clock, Log } from '../orders/ports.js';

/** A new approver may have to wait this long; in return a press rarely waits for Slack. */
const FRESH_MS = 3 * 60_000;
/** While Slack cannot be asked, members we knew count for this long and no longer. */
const USABLE_MS = 60 * 60_000;

/** Slack could not say who is in an approver group, and nothing recent enough is known. */
export class ApproverGroupUnknown extends Error {
  override readonly name = 'ApproverGroupUnknown';
  readonly groupId: string;
  readonly advice =
    'Slack does not tell me just now who the approvers are, so I changed nothing. Please try again in a minute.';

  constructor(groupId: string, cause: unknown) {
    super(`the members of user group ${groupId} cannot be read`, { cause });
    this.groupId = groupId;
  }
}

interface Members {
  readonly userIds: ReadonlySet<string>;
  readonly readAt: Timestamp;
}

/** Asks Slack for the members of user groups. Throws {@link ApproverGroupUnknown}. */
export function makeApproverGroups(needs: {
  client: WebClient;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'warn'>;
}): ApproverGroups {
  const { client, clock, log } = needs;
  const known = new Map<string, Members>();
  const underWay = new Map<string, Promise<Members>>();

  async function read(groupId: string): Promise<Members> {
    const answer = await client.usergroups.users.list({ usergroup: groupId });
    const members = { userIds: new Set(answer.users ?? []), readAt: clock.now() };
    known.set(groupId, members);
    return members;
  }

  function readOnce(groupId: string): Promise<Members> {
    const running = underWay.get(groupId);
    if (running !== undefined) return running;
    const reading = read(groupId).finally(() => underWay.delete(groupId));
    underWay.set(groupId, reading);
    return reading;
  }

  async function members(groupId: string): Promise<ReadonlySet<string>> {
    const before = known.get(groupId);
    const age = before === undefined ? Number.POSITIVE_INFINITY : ageOf(before, clock.now());
    if (before !== undefined && age < FRESH_MS) return before.userIds;
    try {
      return (await readOnce(groupId)).userIds;
    } catch (cause) {
      if (before === undefined || age >= USABLE_MS) throw new ApproverGroupUnknown(groupId, cause);
      log.warn(
        { groupId, err: cause },
        'Slack does not list an approver group; using the members known before',
      );
      return before.userIds;
    }
  }

  return {
    /** True as soon as one group is known to include the person, whatever became of the others. */
    async includesAny(groupIds, userId) {
      const answers = await Promise.allSettled(groupIds.map(members));
      if (answers.some((answer) => answer.status === 'fulfilled' && answer.value.has(userId))) return true;
      const failure = answers.find((answer) => answer.status === 'rejected');
      if (failure !== undefined) throw failure.reason;
      return false;
    },
  };
}

/** Where the clock has been set back nobody knows any more how old they are. */
function ageOf({ readAt }: Members, now: Timestamp): number {
  return now < readAt ? Number.POSITIVE_INFINITY : now - readAt;
}
