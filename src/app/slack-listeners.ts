import type { Config } from '../config/config.js';
import type { SentOrders } from '../orders/engine/placing/sent-orders.js';
import type { Reachability } from '../orders/engine/reachability.js';
import type { Clock } from '../orders/ports/clock.js';
import type { LinkOf } from '../orders/use-cases/card-link.js';
import type { DecisionDeps } from '../orders/use-cases/conclude-action.js';
import type { DelegateApprovals } from '../orders/use-cases/delegate-approvals.js';
import { makeReportStatus } from '../orders/use-cases/report-status.js';
import type { Outbound } from '../proxy/outbound.js';
import type { ReadInstallation } from '../slack/access/installation.js';
import type { Connection } from '../slack/connection/connection.js';
import { makeFetchFile } from '../slack/import/fetch-file.js';
import { listen } from '../slack/listen.js';
import { makePrivateAnswers } from '../slack/messages/private-answers.js';
import type { Store } from '../store/open-store.js';
import type { buildAccountNumbers } from './account-numbers.js';
import type { Authority } from './authority.js';
import type { buildBandwidth } from './bandwidth.js';
import { buildOrderUseCases } from './order-use-cases.js';
import type { buildSlackDisplay } from './slack-display.js';

/** Builds everything people can do, and has Slack's commands, buttons and forms lead to it. */
export function listenToSlack(deps: {
  config: Config;
  slack: Pick<Connection, 'bolt'>;
  store: Store;
  carrier: ReturnType<typeof buildBandwidth>['carrier'];
  outbound: Outbound;
  deciding: DecisionDeps & Authority & { readonly clock: Clock };
  sent: SentOrders;
  linkOf: LinkOf;
  accountNumbers: Pick<ReturnType<typeof buildAccountNumbers>, 'useCases'>;
  delegateApprovals: DelegateApprovals;
  installation: ReadInstallation;
  display: Pick<ReturnType<typeof buildSlackDisplay>, 'homes' | 'collapser'>;
  reachability: Readonly<Record<'Slack' | 'Bandwidth', Reachability>>;
}): void {
  const { config, slack, store, carrier, outbound, deciding, sent, linkOf, reachability } = deps;
  const { accountNumbers, delegateApprovals, installation } = deps;
  const { homes, collapser } = deps.display;
  const { checkApproval, admit, policy, clock, log } = deciding;
  listen(slack.bolt, {
    ...buildOrderUseCases({ deciding, store, carrier, checkApproval, sent, linkOf }),
    ...accountNumbers.useCases,
    reportStatus: makeReportStatus({
      index: store.index,
      carrier,
      reachDatabase: store.reach,
      reachability,
      clock,
    }),
    delegateApprovals,
    fetchFile: makeFetchFile({ ...config.slack, fetch: outbound.fetch }),
    collapser,
    policy,
    offered: config.offered,
    installation,
    admit,
    answers: makePrivateAnswers({
      client: slack.bolt.client,
      log,
      sayOnHome: homes.say,
      fetch: outbound.fetch,
    }),
    homes,
    clock,
    log,
  });
}
