import type { Order, Person } from './order.js';
import type { Policy } from './policy.js';
import type { Accounts, Channels } from './ports.js';
import { type Age, askingBar, type Circumstances } from './standing.js';

/** Slack's side of what the policy looks at. */
export interface CircumstancesOf {
  /** Of something about to be requested. */
  request(
    asked: { readonly requester: Person; readonly channelId: string },
    age: Age,
  ): Promise<Circumstances>;
  /** Of an order on record: its card stays where it is, whoever the channel is shared with since. */
  order(order: Pick<Order, 'requester'>, age: Age): Promise<Circumstances>;
}

export function makeCircumstances(needs: {
  readonly accounts: Accounts;
  readonly channels: Channels;
  readonly policy: Policy;
}): CircumstancesOf {
  const { accounts, channels, policy } = needs;
  return {
    async request({ requester, channelId }, age) {
      const standing = await accounts.standingOf(requester, age);
      if (askingBar(standing, policy) !== undefined) return { standing, sharing: 'unknown' };
      return { standing, ...(await channels.about(channelId, policy.externalChannels === 'refuse')) };
    },
    order: async ({ requester }, age) => ({
      standing: await accounts.standingOf(requester, age),
      sharing: 'internal',
    }),
  };
}
