import type { Order } from '../domain/order.js';
import type { Person } from '../domain/request.js';
import type { Age, Circumstances } from '../domain/standing.js';
import type { Accounts, Channels } from '../ports.js';
import type { Policy } from './policy.js';

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
  readonly policy: Policy;
}): CircumstancesOf {
  const { accounts, channels, policy } = deps;
  return {
    async request({ requester, channelId }, age) {
      const [standing, place] = await Promise.all([
        accounts.standingOf(requester, age),
        channels.about(channelId, policy.externalChannels === 'refuse'),
      ]);
      return { standing, ...place };
    },
    order: async ({ requester }, age) => ({
      standing: await accounts.standingOf(requester, age),
      sharing: 'internal',
    }),
  };
}
