import type { Order } from '../domain/order.js';
import type { Person } from '../domain/request.js';
import type { Age, Circumstances } from '../domain/standing.js';
import type { Accounts, Channels } from '../ports.js';
import type { Policy } from './policy.js';

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
