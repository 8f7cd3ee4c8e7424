import type { Config } from '../config/config.js';
import { makeLeaseGuard } from '../orders/engine/lease-guard.js';
import { makeInventory } from '../orders/inventory/inventory.js';
import { makeInventoryKeeper } from '../orders/inventory/keep-inventory.js';
import { makeOrigins } from '../orders/inventory/origins.js';
import type { RecordUpdates } from '../orders/inventory/record-updates.js';
import { makeExplanationJournal } from '../orders/journal/journal-explanations.js';
import type { Clock } from '../orders/ports/clock.js';
import type { NumberHistory } from '../orders/ports/drift.js';
import type { InventorySource } from '../orders/ports/inventory.js';
import type { Log } from '../orders/ports/log.js';
import type { OrderStore } from '../orders/ports/order-store.js';
import type { Accounts } from '../orders/ports/people.js';
import type { LinkOf } from '../orders/use-cases/card-link.js';
import { makeExplainDrift, makeMayExplain } from '../orders/use-cases/explain-drift.js';
import { makeFindDrift } from '../orders/use-cases/find-drift.js';
import { makeLinksOf } from '../orders/use-cases/links-of.js';
import { makeExportInventory, makeListInventory } from '../orders/use-cases/list-inventory.js';
import { makeAskDrift, makeDriftBar, makeReportDrift } from '../orders/use-cases/report-drift.js';
import { makeScheduledReport } from '../orders/use-cases/scheduled-report.js';
import { readReportSchedule } from '../report-schedule.js';
import { makeReportBoard } from '../slack/messages/drift-board.js';
import type { Store } from '../store/open-store.js';

/** Builds what keeps the account's numbers, lists them, and compares them with the orders. Starts nothing. */
export function buildAccountNumbers(deps: {
  config: Pick<Config, 'report' | 'policy'>;
  store: Store;
  carrier: { readonly inventory: InventorySource; readonly history: NumberHistory };
  orders: OrderStore;
  recordUpdates: Pick<RecordUpdates, 'idle'>;
  accounts: Accounts;
  linkOf: LinkOf;
  /** For messages that no one waits for. */
  background: Parameters<typeof makeReportBoard>[0]['client'];
  clock: Clock;
  log: Log;
}) {
  const { config, store, carrier, orders, recordUpdates, accounts, linkOf, background, clock, log } = deps;
  const inventory = makeInventory(store.inventory);
  const origins = makeOrigins({ index: store.index, orders, log });
  const keeper = makeInventoryKeeper({
    source: carrier.inventory,
    store: store.inventory,
    lease: makeLeaseGuard(store.leases, 'inventory'),
    boughtBy: origins.boughtBy,
    clock,
    log,
  });
  const { readNow } = keeper;
  const linksOf = makeLinksOf({ orders, linkOf });
  const { explanations, driftReports: reports } = store;
  const findDrift = makeFindDrift({
    archive: store.orders,
    inventory,
    source: carrier.inventory,
    history: carrier.history,
    explanations,
    clock,
    log,
  });
  const reportDrift = makeReportDrift({ findDrift, reports });
  const driftBarOf = makeDriftBar({ accounts });
  const journal = makeExplanationJournal({ explanations, journal: store.journal, log });
  const explaining = { explanations, journal, reports, driftBarOf, clock, log };
  const listing = { inventory, origins, explanations, upToDate: recordUpdates.idle, readNow };
  const scheduledReports =
    config.report &&
    makeScheduledReport({
      schedule: readReportSchedule(config.report.schedule),
      reports,
      reportDrift,
      board: makeReportBoard({
        client: background,
        channelId: config.report.channelId,
        linksOf,
        policy: config.policy,
        log,
      }),
      leases: store.leases,
      clock,
      log,
    });
  return {
    useCases: {
      listInventory: makeListInventory({ ...listing, linksOf }),
      exportInventory: makeExportInventory(listing),
      askDrift: makeAskDrift({ reportDrift, driftBarOf, readNow }),
      mayExplainDrift: makeMayExplain(explaining),
      explainDrift: makeExplainDrift(explaining),
      linksOf,
    },
    /** Starts what is due, without waiting for it. Call it in each pass, from the leader only. */
    pass() {
      keeper.readIfDue();
      void scheduledReports?.postDue();
    },
    /** Completes the journal if it couldn't be written when someone explained drift. Never rejects. */
    journalAll: journal.catchUp,
    /** Ends a walk in progress, which the next start continues. */
    async stop(): Promise<void> {
      await Promise.all([keeper.stop(), scheduledReports?.stop(), journal.catchUp()]);
    },
  };
}
