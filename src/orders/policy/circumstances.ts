import type { Order } from '../domain/order.js';
import type { Person } from '../domain/request.js';
import type { Age, Circumstances } from '../domain/standing.js';
import type { Log } from '../ports/log.js';
import type { Accounts, ApproverGroups, Channels } from '../ports/people.js';
import { type Policy, requesterGroups } from './policy.js';

/** The facts from Slack that the policy uses. */
export interface CircumstancesOf {
  /** For a new request. */
  request(
    asked: { readonly requester: Person; readonly channelId: string },
    age: Age,
  ): Promise<Circumstances>;
  /** For an order on record. Its card stays where it is, even if the channel has been shared since. */
  order(order: Pick<Order, 'requester'>, age: Age): Promise<Circumstances>;
}

export function makeCircumstances(deps: {
  readonly accounts: Accounts;
  readonly channels: Channels;
  readonly groups: ApproverGroups;
  readonly policy: Policy;
  readonly log: Pick<Log, 'warn'>;
}): CircumstancesOf {
  const { accounts, channels, policy, log } = deps;

  async function aboutRequester(
    requester: Person,
    age: Age,
  ): Promise<Pick<Circumstances, 'standing' | 'requesterGroups' | 'requesterGroupsUnknown'>> {
    const [standing, groups] = await Promise.all([
      accounts.standingOf(requester, age),
      requesterGroupsOf(deps, requester, age).catch((err: unknown) => {
        log.warn({ err, userId: requester.userId }, 'requester groups not checked');
        return 'unknown' as const;
      }),
    ]);
    if (groups === 'unknown') return { standing, requesterGroupsUnknown: true };
    return groups === undefined ? { standing } : { standing, requesterGroups: groups };
  }

  return {
    async request({ requester, channelId }, age) {
      const [person, place] = await Promise.all([
        aboutRequester(requester, age),
        channels.about(channelId, policy.externalChannels === 'refuse'),
      ]);
      return { ...person, ...place };
    },
    order: async ({ requester }, age) => ({
      ...(await aboutRequester(requester, age)),
      sharing: 'internal',
    }),
  };
}

/**
 * Returns the user groups with requesters that this person is in; undefined if the policy names no such group. Throws
 * what {@link ApproverGroups} throws.
 */
export async function requesterGroupsOf(
  { groups, policy }: { readonly groups: ApproverGroups; readonly policy: Policy },
  { userId }: Person,
  age: Age,
): Promise<readonly string[] | undefined> {
  const named = requesterGroups(policy);
  if (named.length === 0) return undefined;
  const isIn = await Promise.all(named.map((groupId) => groups.includesAny([groupId], userId, age)));
  return named.filter((_, index) => isIn[index]);
}
