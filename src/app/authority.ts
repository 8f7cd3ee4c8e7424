import { settingNaming } from '../config/policy-settings.js';
import { makeAdmit } from '../orders/policy/admit.js';
import { makeCheckApproval } from '../orders/policy/check-approval.js';
import { makeCircumstances } from '../orders/policy/circumstances.js';
import { makeDelegates } from '../orders/policy/delegates.js';
import { makeLimits } from '../orders/policy/limits.js';
import type { Policy } from '../orders/policy/policy.js';
import type { Clock } from '../orders/ports/clock.js';
import type { Log } from '../orders/ports/log.js';
import { makeAccounts } from '../slack/access/accounts.js';
import { makeApproverGroups } from '../slack/access/approver-groups.js';
import { makeChannels } from '../slack/access/channels.js';
import type { ReadInstallation } from '../slack/access/installation.js';
import type { Connection } from '../slack/connection/connection.js';
import type { Store } from '../store/open-store.js';

/** Builds what knows who people are in Slack, what the policy lets them do, and how much of it is used up. */
export function buildAuthority(deps: {
  policy: Policy;
  lookups: Connection['lookups'];
  installation: ReadInstallation;
  store: Pick<Store, 'delegations' | 'ledger' | 'orders'>;
  /** The orders as the limits read them. */
  orders: Parameters<typeof makeLimits>[0]['orders'];
  clock: Clock;
  log: Log;
}) {
  const { policy, lookups, installation, store, orders, clock, log } = deps;
  const asking = { client: lookups, installation, clock, log };
  const accounts = makeAccounts(asking);
  const groups = makeApproverGroups({
    ...asking,
    settingOf: (groupId) => settingNaming(policy, groupId),
  });
  const channels = makeChannels(asking);
  const circumstances = makeCircumstances({ accounts, groups, channels, policy, log });
  const limits = makeLimits({ ledger: store.ledger, orders, archive: store.orders, policy, clock, log });
  return {
    policy,
    accounts,
    groups,
    channels,
    circumstances,
    delegates: makeDelegates({ delegations: store.delegations, clock }),
    limits,
    admit: makeAdmit({ accounts, policy }),
    checkApproval: makeCheckApproval({ policy, groups, accounts, circumstances, limits, clock, log }),
  };
}

export type Authority = ReturnType<typeof buildAuthority>;
